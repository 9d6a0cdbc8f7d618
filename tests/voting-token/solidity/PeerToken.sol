// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {ERC6372Utils} from "@openzeppelin/contracts/utils/ERC6372Utils.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";

/// OpenZeppelin's voting token, with the constructor of ours and nothing else of its own. The two clocks are two
/// contracts, as a Solidity developer writes them, so that neither pays for a choice at run time.
abstract contract PeerToken is ERC20, ERC20Permit, ERC20Votes {
    constructor(
        string memory name,
        string memory symbol,
        address[] memory holders,
        uint256[] memory amounts
    ) ERC20(name, symbol) ERC20Permit(name) {
        for (uint256 i = 0; i < holders.length; ++i) _mint(holders[i], amounts[i]);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }

    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }
}

/// The peer on OpenZeppelin's default clock, block.number.
contract PeerTokenBlocks is PeerToken {
    constructor(string memory n, string memory s, address[] memory h, uint256[] memory a) PeerToken(n, s, h, a) {}
}

/// The peer on block.timestamp.
contract PeerTokenTime is PeerToken {
    constructor(string memory n, string memory s, address[] memory h, uint256[] memory a) PeerToken(n, s, h, a) {}

    function clock() public view override returns (uint48) {
        return Time.timestamp();
    }

    function CLOCK_MODE() public view override returns (string memory) {
        return ERC6372Utils.timestampClockMode(clock);
    }
}
