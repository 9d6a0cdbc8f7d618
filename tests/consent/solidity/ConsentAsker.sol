// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

/// A contract that asks whether an access is permitted, and measures what that takes.
contract ConsentAsker {
    /// Gas of the call alone, with the first touch of the contract.
    function ask(address consent, bytes calldata question)
        external
        view
        returns (uint256 used, bool success, bytes memory answer)
    {
        bytes memory data = question;
        uint256 before = gasleft();
        assembly ("memory-safe") {
            success := staticcall(gas(), consent, add(data, 32), mload(data), 0, 0)
        }
        used = before - gasleft();
        answer = new bytes(128);
        assembly ("memory-safe") {
            returndatacopy(add(answer, 32), 0, returndatasize())
        }
    }
}
