// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

/// An authority that answers `canCall` with any bytes, or not at all, and consumes whatever it is asked to.
contract OddAuthority {
    /// It consumed an operation, and this is what the target said of it.
    event Consumed(address target, address caller, bytes data, bytes4 consuming);

    enum Way {
        Answer,
        Refuse,
        Burn
    }

    bytes private answer;
    Way private way;
    bool private refusesToConsume;
    address private heir;

    function set(bytes calldata answer_, Way way_, bool refusesToConsume_) external {
        (answer, way, refusesToConsume) = (answer_, way_, refusesToConsume_);
    }

    /// Hands its targets over to `heir_` while it consumes an operation for them.
    function handOver(address heir_) external {
        heir = heir_;
    }

    function consumeScheduledOp(address caller, bytes calldata data) external {
        if (refusesToConsume) revert IAccessManager.AccessManagerNotReady(keccak256(data));
        if (heir != address(0)) IAccessManaged(msg.sender).setAuthority(heir);
        emit Consumed(msg.sender, caller, data, IAccessManaged(msg.sender).isConsumingScheduledOp());
    }

    fallback(bytes calldata) external returns (bytes memory) {
        if (way == Way.Burn) {
            assembly ("memory-safe") {
                invalid()
            }
        }
        if (way == Way.Refuse) {
            bytes memory reason = answer;
            assembly ("memory-safe") {
                revert(add(reason, 32), mload(reason))
            }
        }
        return answer;
    }
}
