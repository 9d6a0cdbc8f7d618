// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

/// What an access manager guards in the tests: OpenZeppelin's AccessManaged with functions of every temper.
contract ManagedTarget is AccessManaged {
    /// A restricted function ran.
    event Noted(address caller, uint256 number, uint256 value);
    /// A call was made from within a restricted function.
    event Reentered(bool success, bytes data);

    constructor(address manager) AccessManaged(manager) {}

    function note(uint256 number) external payable restricted {
        emit Noted(msg.sender, number, msg.value);
    }

    /// Another selector, without ether.
    function mark(uint256 number) external restricted {
        emit Noted(msg.sender, number, 0);
    }

    /// Reverts with just these bytes.
    function fail(bytes calldata reason) external restricted {
        bytes memory data = reason;
        assembly ("memory-safe") {
            revert(add(data, 32), mload(data))
        }
    }

    /// Calls back, whatever comes of it.
    function reenter(address to, bytes calldata data) external payable restricted {
        (bool success, bytes memory answer) = to.call(data);
        emit Reentered(success, answer);
    }

    /// Returns this many bytes.
    function huge(uint256 length) external restricted {
        assembly ("memory-safe") {
            return(0, length)
        }
    }

    /// Uses up all its gas.
    function burn() external restricted {
        assembly ("memory-safe") {
            invalid()
        }
    }

    /// Not restricted: makes any call.
    function relay(address to, bytes calldata data) external returns (bytes memory) {
        (bool success, bytes memory answer) = to.call(data);
        if (success) return answer;
        assembly ("memory-safe") {
            revert(add(answer, 32), mload(answer))
        }
    }
}

/// Consumes scheduled operations, and answers `isConsumingScheduledOp` as it is told.
contract Consumer {
    bytes private answer;
    bool private fails;

    /// What it answers, and whether it reverts with it.
    function arm(bytes calldata data, bool revert_) external {
        (answer, fails) = (data, revert_);
    }

    function consume(address manager, address caller, bytes calldata data) external {
        (bool success, bytes memory reason) =
            manager.call(abi.encodeWithSignature("consumeScheduledOp(address,bytes)", caller, data));
        if (success) return;
        assembly ("memory-safe") {
            revert(add(reason, 32), mload(reason))
        }
    }

    /// isConsumingScheduledOp() and whatever else it is asked.
    fallback() external {
        (bytes memory data, bool reverts) = (answer, fails);
        assembly ("memory-safe") {
            if reverts { revert(add(data, 32), mload(data)) }
            return(add(data, 32), mload(data))
        }
    }
}

/// Asks an authority as AccessManaged does, and measures what that takes.
contract Asker {
    /// Gas of the call alone, with the first touch of the manager.
    function ask(address manager, address caller, address target, bytes4 selector)
        external
        view
        returns (uint256 used, bool success, bytes memory answer)
    {
        bytes memory data = abi.encodeWithSignature("canCall(address,address,bytes4)", caller, target, selector);
        uint256 before = gasleft();
        assembly ("memory-safe") {
            success := staticcall(gas(), manager, add(data, 32), mload(data), 0, 64)
        }
        used = before - gasleft();
        uint256 size;
        assembly ("memory-safe") {
            size := returndatasize()
        }
        answer = new bytes(size);
        assembly ("memory-safe") {
            returndatacopy(add(answer, 32), 0, size)
        }
    }
}
