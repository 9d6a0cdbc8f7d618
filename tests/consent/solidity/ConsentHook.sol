// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

/// A hook of unjustified emergencies, which does what it was armed with.
contract ConsentHook {
    event Told(uint64 id, address grantor, address actor);
    /// It called back.
    event CalledBack(bool success, bytes data);

    address private target;
    bytes private payload;
    bytes private reason;
    bool private refuses;

    /// It calls `to` from within.
    function callBack(address to, bytes calldata data) external {
        (target, payload) = (to, data);
    }

    /// It reverts with `data` from now on.
    function refuse(bytes calldata data) external {
        (refuses, reason) = (true, data);
    }

    function emergencyUnjustified(uint64 id, address grantor, address actor) external {
        if (refuses) {
            bytes memory data = reason;
            assembly ("memory-safe") {
                revert(add(data, 32), mload(data))
            }
        }
        emit Told(id, grantor, actor);
        if (target != address(0)) {
            (bool success, bytes memory data) = target.call(payload);
            emit CalledBack(success, data);
        }
    }
}

/// A hook that needs nearly all the gas it may get.
contract ConsentHungryHook {
    event Told(uint64 id, address grantor, address actor);

    function emergencyUnjustified(uint64 id, address grantor, address actor) external {
        uint256 begin = gasleft();
        while (begin - gasleft() < 280_000) {}
        emit Told(id, grantor, actor);
    }
}

/// A hook that refuses with as many bytes as its gas is enough for.
contract ConsentLongHook {
    fallback() external {
        assembly {
            revert(0, 280000)
        }
    }
}
