// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";

/// A token that a DAO holds.
contract VaultCoin is ERC20("Coin", "COIN") {
    constructor(address holder, uint256 amount) {
        _mint(holder, amount);
    }
}

/// An ERC-721 token that asks its receiver.
contract VaultDeed is ERC721("Deed", "DEED") {
    function mint(address to, uint256 id) external {
        _safeMint(to, id);
    }
}

/// ERC-1155 tokens that ask their receiver.
contract VaultShares is ERC1155("") {
    function mint(address to, uint256[] calldata ids, uint256[] calldata amounts) external {
        if (ids.length == 1) _mint(to, ids[0], amounts[0], "");
        else _mintBatch(to, ids, amounts, "");
    }
}

/// Is paid by a vault, as a token or as an account, and tries everything against it meanwhile.
contract VaultThief {
    /// What it tried, and whether that succeeded.
    event Tried(bool success, bytes answer);

    bytes[] private calls;

    function arm(bytes[] calldata calls_) external {
        calls = calls_;
    }

    fallback() external payable {
        for (uint256 i = 0; i < calls.length; ++i) {
            (bool success, bytes memory answer) = msg.sender.call(calls[i]);
            emit Tried(success, answer);
        }
    }
}

/// Passes calls on to ArbWasm, until its view `programVersion` is retired: then a call of it takes all gas and answers nothing.
contract VaultArbWasm {
    address private constant ARB_WASM = 0x0000000000000000000000000000000000000071;
    bytes4 private constant PROGRAM_VERSION = bytes4(keccak256("programVersion(address)"));

    bool private retired;

    function retire() external {
        retired = true;
    }

    fallback(bytes calldata data) external payable returns (bytes memory) {
        if (retired && msg.sig == PROGRAM_VERSION) assembly { invalid() }
        (bool success, bytes memory answer) = ARB_WASM.call{value: msg.value}(data);
        if (!success) {
            assembly {
                revert(add(answer, 32), mload(answer))
            }
        }
        if (address(this).balance != 0) {
            (bool taken,) = msg.sender.call{value: address(this).balance}("");
            require(taken);
        }
        return answer;
    }

    receive() external payable {}
}
