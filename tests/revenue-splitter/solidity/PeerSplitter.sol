// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Errors} from "@openzeppelin/contracts/utils/Errors.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {SplitterSigned} from "./SplitterSigned.sol";

/// The splitter in Solidity, by the text of its interface: what ours is compared with and measured against.
contract PeerSplitter is SplitterSigned, Multicall, UUPSUpgradeable, Initializable {
    constructor() AccessManaged(address(0)) {
        _disableInitializers();
    }

    function initialize(
        address initialAuthority,
        address asked,
        address treasurer,
        uint32 seconds_,
        address[] calldata recipients,
        uint16[] calldata basisPoints
    ) external initializer {
        if (initialAuthority.code.length == 0) revert AccessManagedInvalidAuthority(initialAuthority);
        _setAuthority(initialAuthority);
        _setRegistry(asked);
        _setTreasury(treasurer);
        _setWindow(seconds_);
        _replaceTable(recipients, basisPoints);
    }

    function _authorizeUpgrade(address) internal override restricted {}

    /// As OpenZeppelin's, but a call without data is no function: it would be `receive`. An upgrade is a call of its own.
    function multicall(bytes[] calldata data) public override returns (bytes[] memory results) {
        if (msg.sender == authority()) revert AccessManagedUnauthorized(msg.sender);
        results = new bytes[](data.length);
        for (uint256 i = 0; i < data.length; ++i) {
            if (data[i].length == 0 || bytes4(data[i]) == this.upgradeToAndCall.selector) revert Errors.FailedCall();
            results[i] = Address.functionDelegateCall(address(this), data[i]);
        }
    }

    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IAccessManaged).interfaceId || interfaceId == type(IERC5267).interfaceId
            || interfaceId == type(IERC165).interfaceId;
    }
}
