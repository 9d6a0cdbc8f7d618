// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

/// A voting token from before ERC-6372: votes at past blocks, and no clock. Nobody moves anything.
contract ClocklessToken {
    mapping(address => uint256) public balanceOf;
    uint256 public totalSupply;

    constructor(string memory, string memory, address[] memory holders, uint256[] memory amounts) {
        for (uint256 i = 0; i < holders.length; ++i) {
            balanceOf[holders[i]] += amounts[i];
            totalSupply += amounts[i];
        }
    }

    function delegate(address) external {}

    function getPastVotes(address account, uint256 timepoint) external view returns (uint256) {
        require(timepoint < present(), "not yet past");
        return balanceOf[account];
    }

    function getPastTotalSupply(uint256 timepoint) external view virtual returns (uint256) {
        require(timepoint < present(), "not yet past");
        return totalSupply;
    }

    function present() internal view virtual returns (uint256) {
        return block.number;
    }
}

/// The same with a clock that it does not describe.
contract NamelessClockToken is ClocklessToken {
    constructor(string memory n, string memory s, address[] memory h, uint256[] memory a) ClocklessToken(n, s, h, a) {}

    function clock() external view returns (uint48) {
        return uint48(present());
    }

    function present() internal view override returns (uint256) {
        return block.timestamp;
    }
}

/// Everybody has as many votes as it was made with: more than a governor can count.
contract InflatedToken {
    uint256 private immutable votes;

    constructor(uint256 votes_) {
        votes = votes_;
    }

    function clock() external view returns (uint48) {
        return uint48(block.timestamp);
    }

    function getPastVotes(address, uint256) external view returns (uint256) {
        return votes;
    }

    function getPastTotalSupply(uint256) external view returns (uint256) {
        return votes;
    }
}

/// Its past supply, at any time, is what somebody said last; where that is zero, it does not answer.
contract FickleToken is NamelessClockToken {
    constructor(string memory n, string memory s, address[] memory h, uint256[] memory a) NamelessClockToken(n, s, h, a) {}

    function say(uint256 supply) external {
        totalSupply = supply;
    }

    function getPastTotalSupply(uint256) external view override returns (uint256) {
        require(totalSupply > 0, "no answer");
        return totalSupply;
    }
}

/// A clock that can be silenced and turned back by anyone.
contract FickleClockToken is ClocklessToken {
    bool public silent;
    uint256 public behind;

    constructor(string memory n, string memory s, address[] memory h, uint256[] memory a) ClocklessToken(n, s, h, a) {}

    function set(bool silent_, uint256 behind_) external {
        (silent, behind) = (silent_, behind_);
    }

    function clock() external view returns (uint48) {
        require(!silent, "no answer");
        return uint48(block.timestamp - behind);
    }

    function present() internal view override returns (uint256) {
        return block.timestamp;
    }
}

/// The same, silent at first.
contract LateClockToken is FickleClockToken {
    constructor(string memory n, string memory s, address[] memory h, uint256[] memory a) FickleClockToken(n, s, h, a) {
        silent = true;
    }
}
