// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Errors} from "@openzeppelin/contracts/utils/Errors.sol";
import {ERC165Checker} from "@openzeppelin/contracts/utils/introspection/ERC165Checker.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {RegistrySigned} from "./RegistrySigned.sol";

/// The registry in Solidity, by the text of its interface: what ours is compared with and measured against.
contract PeerRegistry is RegistrySigned, Multicall, UUPSUpgradeable, Initializable {
    /// `isPermitted`, `permittedClasses` and `arePermitted` (docs/erc-consent.md).
    bytes4 private constant QUESTION = 0x4cd64010;

    constructor() AccessManaged(address(0)) {
        _disableInitializers();
    }

    function initialize(
        address initialAuthority,
        address consentContract,
        uint8 purpose,
        uint32 period,
        bytes32[] calldata codes
    ) external initializer {
        if (!ERC165Checker.supportsInterface(consentContract, QUESTION)) {
            revert RegistryInvalidConsent(consentContract);
        }
        if (initialAuthority.code.length == 0) revert AccessManagedInvalidAuthority(initialAuthority);
        _setAuthority(initialAuthority);
        _settings.consent = consentContract;
        emit ConsentSet(consentContract);
        _setStorePurpose(purpose);
        _setAnswerWithin(period);
        for (uint16 i = 0; i < codes.length; ++i) {
            _setEncryption(i + 1, codes[i]);
        }
    }

    function _authorizeUpgrade(address) internal override restricted {}

    /// As OpenZeppelin's, but an upgrade is a call of its own.
    function multicall(bytes[] calldata data) public override returns (bytes[] memory results) {
        if (msg.sender == authority()) revert AccessManagedUnauthorized(msg.sender);
        results = new bytes[](data.length);
        for (uint256 i = 0; i < data.length; ++i) {
            if (bytes4(data[i]) == this.upgradeToAndCall.selector) revert Errors.FailedCall();
            results[i] = Address.functionDelegateCall(address(this), data[i]);
        }
    }

    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IAccessManaged).interfaceId || interfaceId == type(IERC5267).interfaceId
            || interfaceId == type(IERC165).interfaceId;
    }
}
