// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

/// The authority of the walk: it lets pass whom it is told to, at once or as by a scheduled operation.
contract ConsentAuthority {
    error NothingScheduled();

    /// 0 nobody; 1 at once; 2 after a delay, and every operation is scheduled; 3 after a delay, and none is.
    mapping(address caller => mapping(bytes4 selector => uint8)) private _kinds;

    function allow(address caller, bytes4 selector, uint8 kind) external {
        _kinds[caller][selector] = kind;
    }

    function canCall(address caller, address, bytes4 selector) external view returns (bool, uint32) {
        uint8 kind = _kinds[caller][selector];
        return (kind == 1, kind > 1 ? 60 : 0);
    }

    /// As an access manager, it asks its caller whether it is really consuming.
    function consumeScheduledOp(address caller, bytes calldata data) external {
        (bool success, bytes memory answer) = msg.sender.staticcall(abi.encodeWithSignature("isConsumingScheduledOp()"));
        bool consuming = success && bytes4(answer) == bytes4(keccak256("isConsumingScheduledOp()"));
        if (!consuming || _kinds[caller][bytes4(data)] != 2) revert NothingScheduled();
    }

    /// Calls as the authority, and answers as the target does.
    function callAs(address target, bytes calldata data) external returns (bytes memory) {
        (bool success, bytes memory answer) = target.call(data);
        if (success) return answer;
        assembly ("memory-safe") {
            revert(add(answer, 32), mload(answer))
        }
    }
}

/// Is told of emergencies that were not justified, and refuses every third.
contract ConsentWalkHook {
    event Told(uint64 id, address grantor, address actor);

    error Refused(uint64 id);

    function emergencyUnjustified(uint64 id, address grantor, address actor) external {
        if (id % 3 == 0) revert Refused(id);
        emit Told(id, grantor, actor);
    }
}
