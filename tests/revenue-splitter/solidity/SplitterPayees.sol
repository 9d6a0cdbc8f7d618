// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

/// A payee that does something of its own with ether.
contract OddPayee {
    enum Mood {
        Take,
        Refuse,
        /// uses up all its gas
        Burn,
        /// reverts with a megabyte
        Huge,
        /// makes the armed call first
        Reenter,
        /// sends it on to the armed target, as ether and nothing else
        Return,
        /// uses 450,000 gas
        Work
    }

    event Reentered(bool success, bytes data);

    Mood public mood;
    address private target;
    bytes private payload;

    function be(Mood mood_, address to, bytes calldata data) external {
        (mood, target, payload) = (mood_, to, data);
    }

    /// Any call, in its name.
    function act(address to, bytes calldata data) external returns (bytes memory) {
        (bool success, bytes memory answer) = to.call(data);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(answer, 32), mload(answer))
            }
        }
        return answer;
    }

    receive() external payable {
        if (mood == Mood.Refuse) revert("no");
        if (mood == Mood.Burn) while (true) {}
        if (mood == Mood.Huge) {
            assembly ("memory-safe") {
                revert(0, 1048576)
            }
        }
        if (mood == Mood.Work) {
            uint256 before = gasleft();
            while (before - gasleft() < 450_000) {}
        }
        if (mood == Mood.Reenter) {
            (bool success, bytes memory data) = target.call(payload);
            emit Reentered(success, data);
        }
        if (mood == Mood.Return) {
            (bool success,) = target.call{value: msg.value}("");
            require(success, "not taken");
        }
    }
}
