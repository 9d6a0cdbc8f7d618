// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {NamelessClockToken} from "./OddTokens.sol";

/// How an `AtOnceToken` answers all at once.
enum Manner {
    /// With the truth.
    Truth,
    /// It refuses.
    Refusal,
    /// It takes all the gas that it is given.
    Hunger,
    /// With less than it should.
    Half,
    /// With a time before the governor was made.
    Past,
    /// With a time at which every vote is over.
    Future,
    /// With ten times the votes, and no supply.
    Lie
}

/// Says by ERC-165 that it answers a vote's questions in one call, and does so in the manner that somebody set last.
contract AtOnceToken is NamelessClockToken {
    Manner private manner;

    constructor(string memory n, string memory s, address[] memory h, uint256[] memory a) NamelessClockToken(n, s, h, a) {}

    function set(Manner manner_) external {
        manner = manner_;
    }

    function supportsInterface(bytes4 id) external pure virtual returns (bool) {
        return id == 0x01ffc9a7 || id == this.getPastVotesAndSupply.selector;
    }

    function getPastVotesAndSupply(address account, uint256 timepoint)
        external
        view
        returns (uint48 clock, uint256 votes, uint256 supply)
    {
        (clock, votes, supply) = (uint48(block.timestamp), balanceOf[account], totalSupply);
        require(timepoint < clock, "not yet past");
        require(manner != Manner.Refusal, "not now");
        if (manner == Manner.Half) {
            assembly {
                return(0, 64)
            }
        }
        if (manner == Manner.Hunger) {
            assembly {
                invalid()
            }
        }
        if (manner == Manner.Past) clock = 1;
        if (manner == Manner.Future) clock = type(uint48).max;
        if (manner == Manner.Lie) (votes, supply) = (10 * votes, 0);
    }
}

/// Says yes to whatever it is asked, by a fallback: so it has no ERC-165, and does not answer at once.
contract YesToken is NamelessClockToken {
    constructor(string memory n, string memory s, address[] memory h, uint256[] memory a) NamelessClockToken(n, s, h, a) {}

    fallback() external {
        assembly {
            mstore(0, 1)
            return(0, 32)
        }
    }
}

/// Takes all the gas of a question that it does not know.
contract HungryToken is NamelessClockToken {
    constructor(string memory n, string memory s, address[] memory h, uint256[] memory a) NamelessClockToken(n, s, h, a) {}

    fallback() external {
        assembly {
            invalid()
        }
    }
}

/// Tells of its operations that they have another id, and says which one it was asked to cancel.
contract LyingTimelock {
    event Canceled(bytes32 id);

    function getMinDelay() external pure returns (uint256) {
        return 100;
    }

    function hashOperationBatch(
        address[] calldata, uint256[] calldata, bytes[] calldata, bytes32, bytes32
    ) external pure returns (bytes32) {
        return bytes32(uint256(7));
    }

    function isOperationPending(bytes32) external pure returns (bool) {
        return true;
    }

    function scheduleBatch(
        address[] calldata, uint256[] calldata, bytes[] calldata, bytes32, bytes32, uint256
    ) external {}

    function cancel(bytes32 id) external {
        emit Canceled(id);
    }
}

/// A timelock that names its operations by a rule of its own, as a subclass of OpenZeppelin's may.
contract TaggedTimelock is TimelockController {
    constructor(address admin) TimelockController(100, new address[](0), new address[](1), admin) {}

    function hashOperationBatch(
        address[] calldata targets, uint256[] calldata values, bytes[] calldata payloads, bytes32 predecessor, bytes32 salt
    ) public pure override returns (bytes32) {
        return keccak256(abi.encode("tagged", super.hashOperationBatch(targets, values, payloads, predecessor, salt)));
    }
}
