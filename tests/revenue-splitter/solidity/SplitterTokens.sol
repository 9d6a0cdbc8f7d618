// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// OpenZeppelin's token, with any number of decimals, which anybody mints.
contract PlainToken is ERC20 {
    uint8 private immutable places;

    constructor(uint8 places_) ERC20("Plain", "PLN") {
        places = places_;
    }

    function decimals() public view override returns (uint8) {
        return places;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

/// As USDT on Ethereum: its functions return nothing, and an allowance changes only from zero or to zero.
contract StrictToken {
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;
    /// Whether it takes approvals and forgets them.
    bool private immutable forgetful;

    constructor(bool forgetful_) {
        forgetful = forgetful_;
    }

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function approve(address spender, uint256 amount) external {
        require(amount == 0 || allowance[msg.sender][spender] == 0, "not from one amount to another");
        if (!forgetful) allowance[msg.sender][spender] = amount;
    }

    function transfer(address to, uint256 amount) external {
        move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external {
        allowance[from][msg.sender] -= amount;
        move(from, to, amount);
    }

    function move(address from, address to, uint256 amount) private {
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}

/// A token of which everybody has another amount at each question: what `balanceOf` answers depends on the gas of the call.
contract UnsteadyToken {
    bool private paid;

    function allowance(address, address) external pure returns (uint256) {
        return type(uint256).max;
    }

    /// The later in a call it is asked, the less there is.
    function balanceOf(address) external view returns (uint256) {
        return paid ? 1e30 + gasleft() * 1e6 : 0;
    }

    function transferFrom(address, address, uint256) external returns (bool) {
        paid = true;
        return true;
    }
}

/// A token that behaves as somebody says, from now on. Anybody may take from anybody: allowances are not its subject.
contract WildToken {
    /// Who is paid by it or asks it:
    enum Mood {
        /// true, and it moves what it should
        Plain,
        /// no return value, as USDT
        Silent,
        /// false, and nothing moves
        No,
        /// true, and a hundredth of what moves is burned
        Fee,
        /// true, and the sender pays a hundredth more
        SenderFee,
        /// true, and nothing moves
        Lie,
        /// false, and it moves what it should
        Sly,
        /// a megabyte that begins with true
        Huge,
        /// it reverts with a megabyte
        HugeRevert,
        /// a number that is neither true nor false
        Seven,
        /// true, and one unit less moves, as where shares are rounded
        Less,
        /// it makes the armed call first, then as Plain
        Reenter,
        /// it uses up all its gas
        Burn,
        /// `balanceOf` reverts
        Blind,
        /// `balanceOf` answers with 31 bytes
        Short,
        /// `balanceOf` answers with a megabyte
        Long,
        /// `balanceOf` answers with the largest number
        Rich
    }

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Reentered(bool success, bytes data);

    Mood public mood;
    /// Balances are these by `scale` of 1e18.
    mapping(address => uint256) private held;
    mapping(address => bool) public banned;
    uint256 public scale = 1e18;
    address private target;
    bytes private payload;

    function be(Mood mood_) external {
        mood = mood_;
    }

    function mint(address to, uint256 amount) external {
        held[to] += amount * 1e18 / scale;
        emit Transfer(address(0), to, amount);
    }

    function ban(address account, bool yes) external {
        banned[account] = yes;
    }

    /// All balances become so many hundredths.
    function rebase(uint256 percent) external {
        scale = scale * percent / 100;
    }

    function arm(address to, bytes calldata data) external {
        (target, payload) = (to, data);
    }

    function balanceOf(address account) external view returns (uint256) {
        uint256 here = held[account] * scale / 1e18;
        if (mood == Mood.Blind) revert("blind");
        if (mood == Mood.Rich) return type(uint256).max;
        if (mood == Mood.Short) {
            assembly ("memory-safe") {
                mstore(0, here)
                return(0, 31)
            }
        }
        if (mood == Mood.Long) long(here, true);
        return here;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        return moves(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        return moves(from, to, amount);
    }

    function moves(address from, address to, uint256 amount) private returns (bool) {
        require(!banned[from] && !banned[to], "banned");
        if (mood == Mood.Burn) while (true) {}
        if (mood == Mood.HugeRevert) long(1, false);
        if (mood == Mood.No) return false;
        if (mood == Mood.Lie) return true;
        if (mood == Mood.Reenter && target != address(0)) {
            address callee = target;
            target = address(0);
            (bool success, bytes memory data) = callee.call(payload);
            emit Reentered(success, data);
        }
        uint256 parts = (mood == Mood.Less ? amount - 1 : amount) * 1e18 / scale;
        held[from] -= mood == Mood.SenderFee ? parts + parts / 100 : parts;
        held[to] += mood == Mood.Fee ? parts - parts / 100 : parts;
        emit Transfer(from, to, amount);
        if (mood == Mood.Huge) long(1, true);
        if (mood == Mood.Seven) {
            assembly ("memory-safe") {
                mstore(0, 7)
                return(0, 32)
            }
        }
        if (mood == Mood.Silent) {
            assembly ("memory-safe") {
                return(0, 0)
            }
        }
        return mood != Mood.Sly;
    }

    /// Ends the call with a megabyte that begins with a number.
    function long(uint256 first, bool success) private pure {
        assembly ("memory-safe") {
            let at := mload(0x40)
            mstore(at, first)
            if success {
                return(at, 1048576)
            }
            revert(at, 1048576)
        }
    }
}
