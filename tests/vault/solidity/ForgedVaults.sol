// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {Vault} from "deploy/vault/Vault.sol";

interface IApproves {
    function approve(address spender, uint256 amount) external returns (bool);
}

/// Leaves a vault's own code and logs a vault's own events. Its constructor has given away an allowance before.
contract ApprovingVault is Vault {
    constructor(address owner_, address[] memory programs_, Terms memory terms_, address token, address thief, bytes memory code)
        Vault(owner_, programs_, terms_)
    {
        IApproves(token).approve(thief, type(uint256).max);
        assembly ("memory-safe") {
            return(add(code, 32), mload(code))
        }
    }
}

/// The same, and its constructor has written a confirmed death of each program, of the round after the first: views hide it
/// until the owner's first call.
contract ConfirmedVault is Vault {
    constructor(address owner_, address[] memory programs_, Terms memory terms_, bytes memory code)
        Vault(owner_, programs_, terms_)
    {
        uint256 death = 1 | uint256(type(uint48).max) << 48 | 10 << 96 | 1 << 128 | 1 << 176;
        for (uint256 i = 0; i < programs_.length; ++i) {
            // The mapping is in slot 4.
            bytes32 slot = keccak256(abi.encode(programs_[i], uint256(4)));
            assembly ("memory-safe") {
                sstore(slot, death)
            }
        }
        assembly ("memory-safe") {
            // `reported` follows owner and round.
            sstore(0, or(sload(0), shl(224, 1)))
            return(add(code, 32), mload(code))
        }
    }
}
