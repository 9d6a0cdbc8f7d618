// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {NoncesKeyed} from "@openzeppelin/contracts/utils/NoncesKeyed.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {WebAuthn} from "@openzeppelin/contracts/utils/cryptography/WebAuthn.sol";
import {ERC7913WebAuthnVerifier} from
    "@openzeppelin/contracts/utils/cryptography/verifiers/ERC7913WebAuthnVerifier.sol";
import {IRegistryConsent} from "./RegistryTypes.sol";
import {RegistryAccess} from "./RegistryAccess.sol";

/// Everything that is signed.
abstract contract RegistrySigned is RegistryAccess, EIP712, NoncesKeyed {
    bytes32 private constant REGISTER = keccak256(
        "Register(address subject,address custodian,uint8 dataClass,uint32 schema,uint64 hashCode,bytes32 digest,"
        "uint8 locatorKind,uint64 locatorCodec,bytes32 locator,uint16 encryption,bytes32 keyCommitment,"
        "bytes32 previous,uint256 nonce,uint48 deadline,address relayer)"
    );
    bytes32 private constant ERASE = keccak256("Erase(bytes32 id,uint256 nonce,uint48 deadline,address relayer)");
    bytes32 private constant REFUSE = keccak256("Refuse(bytes32 id,uint256 nonce,uint48 deadline,address relayer)");
    bytes32 private constant REQUEST_ACCESS = keccak256(
        "RequestAccess(address actor,bytes32 id,uint8 purpose,address onBehalfOf,bytes32 encryptionKey,"
        "uint256 nonce,uint48 deadline,address relayer)"
    );

    /// A contract of its own, as in the consent.
    ERC7913WebAuthnVerifier private immutable _passkeys = new ERC7913WebAuthnVerifier();

    mapping(address key => bytes16) private _sites;

    constructor() EIP712("Consilium Data Pointer Registry", "1") {}

    function pinnedSite(address key) external view returns (bytes16) {
        return _sites[key];
    }

    function registerSigned(Pointer calldata pointer, Signed calldata signed) external returns (bytes32 id) {
        uint24 by = _registering(pointer.custodian);
        id = _id(pointer);
        uint8 codes = _requireRegistrable(id, pointer, by);
        bytes32 structHash = keccak256(
            bytes.concat(REGISTER, abi.encode(pointer), abi.encode(signed.nonce, signed.deadline, signed.relayer))
        );
        _useSignature(_keyOf(pointer.subject), structHash, signed);
        _addWithContents(id, pointer, by, codes, 0);
    }

    function eraseSigned(bytes32 id, Signed calldata signed) external {
        Record memory stored = _existing(id);
        address by = _keyOf(stored.subject);
        bytes32 structHash = keccak256(abi.encode(ERASE, id, signed.nonce, signed.deadline, signed.relayer));
        _useSignature(by, structHash, signed);
        _bury(id, stored, by);
    }

    function refusePointerSigned(Pointer calldata pointer, Signed calldata signed) external {
        (bytes32 id, uint24 number) = _refusable(pointer);
        address by = _keyOf(pointer.subject);
        bytes32 structHash = keccak256(abi.encode(REFUSE, id, signed.nonce, signed.deadline, signed.relayer));
        _useSignature(by, structHash, signed);
        _refuse(id, pointer, number, by);
    }

    function requestAccessSigned(Request calldata request, address actor, Signed calldata signed)
        external
        returns (bytes32 requestId)
    {
        Record memory stored;
        (requestId, stored) = _requireRequestable(request, actor);
        if (_account(signed.signer) != actor) revert RegistryInvalidSignature(actor);
        bytes32 structHash = keccak256(
            abi.encode(
                REQUEST_ACCESS,
                actor,
                request.id,
                request.purpose,
                request.onBehalfOf,
                request.encryptionKey,
                signed.nonce,
                signed.deadline,
                signed.relayer
            )
        );
        _useSignature(actor, structHash, signed);
        _request(request, requestId, actor, stored);
    }

    // ----------------------------------------------------------------------------------------------- signatures

    function _useSignature(address by, bytes32 structHash, Signed calldata signed) private {
        if (block.timestamp > signed.deadline) revert RegistryExpiredSignature(signed.deadline);
        if (signed.relayer != address(0) && signed.relayer != msg.sender) {
            revert RegistryWrongRelayer(signed.relayer);
        }
        address signer = _account(signed.signer);
        if (signer != by) revert RegistryInvalidSignature(signer);
        _useCheckedNonce(signer, signed.nonce);
        (bool good, bytes16 site) = _verify(signed.signer, _hashTypedDataV4(structHash), signed.signature);
        if (!good) revert RegistryInvalidSignature(signer);
        if (site != 0) _checkSite(signer, site);
    }

    /// The consent's pin counts first, then the one here. Where there is none, this one is.
    function _checkSite(address key, bytes16 site) private {
        bytes16 pinned = IRegistryConsent(_settings.consent).pinnedSite(key);
        if (pinned == 0) pinned = _sites[key];
        if (pinned == 0) {
            _sites[key] = site;
            emit SitePinned(key, site);
        } else if (pinned != site) {
            revert RegistryInvalidSignature(key);
        }
    }

    function _account(bytes calldata signer) private pure returns (address) {
        if (signer.length < 20) return address(0);
        return signer.length == 20 ? address(bytes20(signer)) : address(uint160(uint256(keccak256(signer))));
    }

    function _verify(bytes calldata signer, bytes32 hash, bytes calldata signature)
        private
        view
        returns (bool, bytes16)
    {
        bool isPasskey = signer.length == 64;
        bytes memory full = isPasskey ? abi.encodePacked(_passkeys, signer) : signer;
        if (!SignatureChecker.isValidSignatureNow(full, hash, signature)) return (false, 0);
        if (!isPasskey) return (true, 0);
        (, WebAuthn.WebAuthnAuth calldata auth) = WebAuthn.tryDecodeAuth(signature);
        return (true, bytes16(auth.authenticatorData[:16]));
    }
}
