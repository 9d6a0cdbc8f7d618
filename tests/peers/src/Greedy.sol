// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

/// Calls back from within whatever pays it or asks it something: once, or each time. As an account it can make calls, and
/// it signs everything (ERC-1271).
contract Greedy {
    /// It called back.
    event Tried(bool success, bytes data);

    address private target;
    bytes private payload;
    bool private insists;

    function arm(address to, bytes calldata data, bool eachTime) external {
        (target, payload, insists) = (to, data, eachTime);
    }

    function run(address to, bytes calldata data) external {
        (bool success,) = to.call(data);
        require(success, "not run");
    }

    receive() external payable {
        again();
    }

    /// ERC-777's hook, by its name in HookToken.
    function tokensReceived(address, uint256) external {
        again();
    }

    /// Asked by a static call, it cannot log; it calls back all the same, and says yes.
    function isValidSignature(bytes32, bytes calldata) external returns (bytes4) {
        (bool success,) = target.call(payload);
        success;
        return 0x1626ba7e;
    }

    function again() private {
        address to = target;
        if (to == address(0)) return;
        if (!insists) target = address(0);
        (bool success, bytes memory data) = to.call(payload);
        emit Tried(success, data);
    }
}

/// A token that tells a contract when it receives, as ERC-777 does, after the balances have moved.
contract HookToken {
    mapping(address => uint256) public balanceOf;

    constructor(address holder, uint256 amount) {
        balanceOf[holder] = amount;
    }

    function transfer(address to, uint256 value) external returns (bool) {
        balanceOf[msg.sender] -= value;
        balanceOf[to] += value;
        if (to.code.length != 0) Greedy(payable(to)).tokensReceived(msg.sender, value);
        return true;
    }
}
