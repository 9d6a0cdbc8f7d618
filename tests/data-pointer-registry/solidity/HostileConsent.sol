// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

/// A consent that answers what it was told to, and calls back while it records.
contract HostileConsent {
    /// What its call from within `record` did.
    event CalledBack(bool success, bytes data);

    mapping(bytes4 => bytes) private answers;
    address private target;
    bytes private payload;

    /// It answers calls of `selector` with `data` from now on.
    function answer(bytes4 selector, bytes calldata data) external {
        answers[selector] = data;
    }

    /// It calls `to` from within `record`.
    function callBack(address to, bytes calldata data) external {
        (target, payload) = (to, data);
    }

    /// It looks like a consent. Who says yes to 0xffffffff too is refused by the registry's constructor.
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId != 0xffffffff;
    }

    fallback() external {
        // record(address,address,address,uint8,uint8,bytes32)
        if (msg.sig == bytes4(keccak256("record(address,address,address,uint8,uint8,bytes32)")) && target != address(0)) {
            (bool success, bytes memory data) = target.call(payload);
            emit CalledBack(success, data);
        }
        bytes memory data = answers[msg.sig];
        assembly ("memory-safe") {
            return(add(data, 32), mload(data))
        }
    }
}

/// It says that it is no contract of all interfaces, and fails when it is asked about any other one.
contract SilentConsent {
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        require(interfaceId == 0xffffffff);
        return false;
    }
}
