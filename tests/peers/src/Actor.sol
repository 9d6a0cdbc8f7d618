// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

/// An account of a differential test: makes the calls it is given in one transaction, so that twins see the same caller,
/// time and block, and logs what each answered. A call that reverts does not stop the next.
contract Actor {
    /// Call number `index` is done; what it logged stands before this.
    event Answered(uint256 indexed index, bool success, bytes data);
    /// Call number `index` used up all the gas it was given, as a trap does.
    event Drained(uint256 indexed index);

    receive() external payable {}

    function each(address[] calldata targets, bytes[] calldata calls) external {
        for (uint256 i = 0; i < targets.length; ++i) {
            (bool success, bytes memory data) = targets[i].call(calls[i]);
            emit Answered(i, success, data);
        }
    }

    /// One call, with ether.
    function act(address target, uint256 value, bytes calldata data) external {
        (bool success, bytes memory answer) = target.call{value: value}(data);
        emit Answered(0, success, answer);
    }

    /// One call, with ether and `allowance` gas. A call without ether that leaves nothing of it is Drained: 100 gas are the
    /// call itself.
    function spare(address target, uint256 value, bytes memory data, uint256 allowance)
        external
        returns (bool success, bytes memory answer)
    {
        // The first touch of an account costs more, and is not part of the call.
        require(target.balance < type(uint128).max, "no such balance");
        uint256 used;
        assembly ("memory-safe") {
            used := gas()
            success := call(allowance, target, value, add(data, 32), mload(data), 0, 0)
            used := sub(used, gas())
            answer := mload(0x40)
            mstore(0x40, add(answer, and(add(returndatasize(), 63), not(31))))
            mstore(answer, returndatasize())
            returndatacopy(add(answer, 32), 0, returndatasize())
        }
        if (value == 0 && used >= allowance + 100) emit Drained(0);
        emit Answered(0, success, answer);
    }

    /// As `each` on one target, with `allowance` gas and `value` wei a call.
    function probe(address target, uint256 allowance, uint256 value, bytes[] calldata calls) external {
        for (uint256 i = 0; i < calls.length; ++i) {
            uint256 before = gasleft();
            (bool success, bytes memory data) = target.call{gas: allowance, value: value}(calls[i]);
            if (before - gasleft() >= allowance) emit Drained(i);
            emit Answered(i, success, data);
        }
    }
}
