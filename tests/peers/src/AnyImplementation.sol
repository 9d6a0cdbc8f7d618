// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

/// An implementation of a proxy that answers `proxiableUUID` in any way, and whose functions show what a delegated call
/// carries along.
contract AnyImplementation {
    /// A delegated call came in.
    event Ran(address self, address sender, uint256 value);

    enum Way {
        Answer,
        Refuse,
        TooShort,
        TooLong,
        Burn
    }

    Way private immutable way;
    bytes32 private immutable answer;

    constructor(Way way_, bytes32 answer_) {
        (way, answer) = (way_, answer_);
    }

    receive() external payable {}

    function proxiableUUID() external view returns (bytes32) {
        if (way == Way.Refuse) revert("no");
        uint256 size = way == Way.TooShort ? 31 : way == Way.TooLong ? 64 : 32;
        bool burns = way == Way.Burn;
        bytes32 word = answer;
        assembly ("memory-safe") {
            if burns { invalid() }
            mstore(0, word)
            return(0, size)
        }
    }

    function run() external payable returns (uint256) {
        emit Ran(address(this), msg.sender, msg.value);
        return msg.value;
    }

    function write(uint256 slot, uint256 word) external payable {
        assembly ("memory-safe") {
            sstore(slot, word)
        }
    }

    function read(uint256 slot) external view returns (uint256 word) {
        assembly ("memory-safe") {
            word := sload(slot)
        }
    }

    /// Returns or reverts with any data.
    function echo(bool succeeds, bytes calldata data) external payable {
        assembly ("memory-safe") {
            calldatacopy(0, data.offset, data.length)
            switch succeeds
            case 0 { revert(0, data.length) }
            default { return(0, data.length) }
        }
    }
}
