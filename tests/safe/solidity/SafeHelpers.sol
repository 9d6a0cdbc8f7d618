// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

/// An owner that is a contract, of both versions of ERC-1271. What its own signature begins with says how it answers.
contract SafeSigner {
    bytes4 private constant OF_DATA = 0x20c13b0b;
    bytes4 private constant OF_HASH = 0x1626ba7e;

    error Refused(bytes32 hash);

    function isValidSignature(bytes calldata data, bytes calldata signature) external view returns (bytes4) {
        return answers(keccak256(data), signature, OF_DATA, OF_HASH);
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        return answers(hash, signature, OF_HASH, OF_DATA);
    }

    function answers(bytes32 hash, bytes calldata signature, bytes4 magic, bytes4 other) private view returns (bytes4) {
        uint8 kind = signature.length == 0 ? 0 : uint8(signature[0]);
        if (kind == 1) return other;
        if (kind == 2) revert Refused(hash);
        if (kind == 3) answer(abi.encodePacked(magic, bytes27(0)));
        if (kind == 4) answer(abi.encodePacked(magic, bytes28(uint224(7))));
        if (kind == 5) answer(abi.encode(magic, uint256(9)));
        // It signs only what it is told the hash of.
        if (kind == 6) return hash == bytes32(signature[1:33]) ? magic : bytes4(0);
        if (kind == 7) answer("");
        // It is asked by a static call, and may read the Safe meanwhile.
        if (kind == 8) return SafeSigner(msg.sender).nonce() == uint8(signature[1]) ? magic : bytes4(0);
        return magic;
    }

    function nonce() external pure virtual returns (uint256) {
        return 0;
    }

    function answer(bytes memory data) private pure {
        assembly ("memory-safe") {
            return(add(data, 32), mload(data))
        }
    }
}

/// A guard that does as it was told last.
contract SafeGuard {
    uint256 public mode;
    bytes public errand;

    event Before(bytes32 arguments);
    event After(bytes32 txHash, bool success);
    event Called(bool success, bytes answer);

    /// 0 lets pass, 1 refuses before, 2 refuses after, 3 makes a call of the caller before, 4 the same after.
    function set(uint256 mode_, bytes calldata errand_) external {
        (mode, errand) = (mode_, errand_);
    }

    /// 10 and more say how ERC-165 is answered.
    function supportsInterface(bytes4 id) external view returns (bool) {
        if (mode == 10) return false;
        if (mode == 11) revert("no interface");
        uint256 word = mode == 12 ? 2 : 1 << 255;
        uint256 length = mode == 13 ? 31 : 64;
        if (mode >= 12) {
            assembly ("memory-safe") {
                mstore(0, word)
                return(0, length)
            }
        }
        return id == interfaceId();
    }

    function interfaceId() internal pure virtual returns (bytes4) {
        return 0xe6d7a83a;
    }

    function checkTransaction(
        address,
        uint256,
        bytes calldata,
        uint8,
        uint256,
        uint256,
        uint256,
        address,
        address payable,
        bytes calldata,
        address
    ) external {
        require(mode != 1, "refused before");
        emit Before(keccak256(msg.data));
        if (mode == 3) call();
    }

    function checkAfterExecution(bytes32 txHash, bool success) external {
        require(mode != 2, "refused after");
        emit After(txHash, success);
        if (mode == 4) call();
    }

    function call() internal {
        (bool success, bytes memory answer) = msg.sender.call(errand);
        emit Called(success, answer);
    }
}

/// What a Safe calls, or runs in its own storage.
contract SafeTarget {
    event Did(address self, address sender, uint256 value, bytes data);
    event Called(bool success, bytes answer);

    error Failed(bytes data);

    receive() external payable {}

    function log(bytes calldata data) external payable {
        emit Did(address(this), msg.sender, msg.value, data);
    }

    function echo(bytes calldata data) external payable {
        bytes memory copy = data;
        assembly ("memory-safe") {
            return(add(copy, 32), mload(copy))
        }
    }

    function fail(bytes calldata data) external payable {
        bytes memory copy = data;
        assembly ("memory-safe") {
            revert(add(copy, 32), mload(copy))
        }
    }

    /// Uses up all the gas it has.
    function burn() external payable {
        assembly ("memory-safe") {
            invalid()
        }
    }

    /// Uses up so much gas.
    function spend(uint256 gas) external payable {
        uint256 end = gasleft() - gas;
        while (gasleft() > end) {}
    }

    /// Says how much gas it has, in steps.
    function gas(uint256 step) external payable {
        emit Did(address(this), msg.sender, gasleft() / step, "");
    }

    function store(uint256 slot, bytes32 word) external payable {
        assembly ("memory-safe") {
            sstore(slot, word)
        }
    }

    /// Calls an account.
    function call(address to, uint256 value, bytes calldata data) external payable {
        (bool success, bytes memory answer) = to.call{value: value}(data);
        emit Called(success, answer);
    }

    /// In a Safe's storage: the Safe calls itself.
    function callSelf(bytes[] calldata calls) external payable {
        for (uint256 i = 0; i < calls.length; ++i) {
            (bool success, bytes memory answer) = address(this).call(calls[i]);
            if (!success) revert Failed(answer);
        }
    }
}

/// A token that does as it was told last.
contract SafeToken {
    mapping(address => uint256) public balanceOf;
    uint256 public mode;
    address public target;
    bytes public errand;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Called(bool success, bytes answer);

    function mint(address to, uint256 value) external {
        balanceOf[to] += value;
    }

    /// 0 answers true, 1 false, 2 nothing, 3 a two, 4 two words, 5 31 bytes, 6 reverts, 7 makes a call before it
    /// answers true.
    function set(uint256 mode_, address target_, bytes calldata errand_) external {
        (mode, target, errand) = (mode_, target_, errand_);
    }

    function transfer(address to, uint256 value) external returns (bool) {
        require(mode != 6, "no transfer");
        if (mode == 7) {
            (bool success, bytes memory answer) = target.call(errand);
            emit Called(success, answer);
        }
        balanceOf[msg.sender] -= value;
        balanceOf[to] += value;
        emit Transfer(msg.sender, to, value);
        uint256 word = mode == 1 ? 0 : mode == 3 ? 2 : 1;
        uint256 length = mode == 2 ? 0 : mode == 4 ? 64 : mode == 5 ? 31 : 32;
        assembly ("memory-safe") {
            mstore(0, word)
            mstore(32, 0)
            return(0, length)
        }
    }
}

/// Takes no ether, or tries to do much with what it is sent.
contract SafePayee {
    uint256 private immutable mode;
    uint256 private count;

    constructor(uint256 mode_) {
        mode = mode_;
    }

    receive() external payable {
        require(mode != 0, "no ether");
        // More gas than it is given.
        if (mode == 1) ++count;
    }
}

/// Answers what a Safe hands on: the caller, and the calldata with what the Safe put behind it.
contract SafeHandler {
    fallback() external payable {
        bytes memory all = abi.encode(msg.sender, msg.value, msg.data);
        if (msg.data.length > 4 && msg.data[4] == 0xee) {
            assembly ("memory-safe") {
                revert(add(all, 32), mload(all))
            }
        }
        assembly ("memory-safe") {
            return(add(all, 32), mload(all))
        }
    }
}

/// Pays its caller as Solidity's contracts do.
contract SafeDebtor {
    receive() external payable {}

    /// Leaves 2,300 gas, and reverts where that is not enough.
    function byTransfer(uint256 amount) external {
        payable(msg.sender).transfer(amount);
    }

    /// The same, and says so by itself.
    function bySend(uint256 amount) external {
        require(payable(msg.sender).send(amount), "not sent");
    }

    /// Leaves so much gas, 2,300 of it what comes with ether.
    function byCall(uint256 amount, uint256 gas) external {
        (bool success,) = msg.sender.call{value: amount, gas: gas - 2300}("");
        require(success, "not taken");
    }
}

/// Asks by ERC-165 with so much gas.
contract SafeChecker {
    function answers(address account, bytes4 id, uint256 gas) external view returns (bool) {
        bytes memory question = abi.encodeWithSignature("supportsInterface(bytes4)", id);
        (bool success, bytes memory answer) = account.staticcall{gas: gas}(question);
        return success && answer.length == 32 && uint256(bytes32(answer)) == 1;
    }
}
