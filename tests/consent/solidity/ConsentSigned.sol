// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {NoncesKeyed} from "@openzeppelin/contracts/utils/NoncesKeyed.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {WebAuthn} from "@openzeppelin/contracts/utils/cryptography/WebAuthn.sol";
import {ERC7913WebAuthnVerifier} from
    "@openzeppelin/contracts/utils/cryptography/verifiers/ERC7913WebAuthnVerifier.sol";
import {ConsentProvisions} from "./ConsentProvisions.sol";

/// Acts by signature.
abstract contract ConsentSigned is ConsentProvisions, EIP712, NoncesKeyed {
    /// The bytes of each word of an act's arguments; 0 for a bool.
    struct Kind {
        bytes widths;
        bytes32 typeHash;
    }

    bytes32 private constant GRANT = keccak256(
        "Grant(address grantor,address grantee,uint256 classes,uint64 purposes,bool deny,uint48 notBefore,uint48 expiry,bytes32 document,uint256 nonce,uint48 deadline,address relayer)"
    );
    bytes32 private constant AMEND = keccak256(
        "Amend(address grantor,uint32 number,address grantee,uint256 classes,uint64 purposes,bool deny,uint48 notBefore,uint48 expiry,bytes32 document,uint256 nonce,uint48 deadline,address relayer)"
    );
    bytes32 private constant REVOKE = keccak256(
        "Revoke(address grantor,address grantee,uint32 number,uint256 nonce,uint48 deadline,address relayer)"
    );
    bytes32 private constant REVOKE_GRANTEE =
        keccak256("RevokeGrantee(address grantor,address grantee,uint256 nonce,uint48 deadline,address relayer)");
    bytes32 private constant REVOKE_ALL =
        keccak256("RevokeAll(address grantor,uint256 nonce,uint48 deadline,address relayer)");
    bytes32 private constant SET_REPRESENTATIVE = keccak256(
        "SetRepresentative(address grantor,address representative,uint256 classes,uint64 purposes,uint48 until,uint256 nonce,uint48 deadline,address relayer)"
    );
    bytes32 private constant SET_RECOVERY =
        keccak256("SetRecovery(address grantor,address recoverer,uint256 nonce,uint48 deadline,address relayer)");
    bytes32 private constant START_RECOVERY =
        keccak256("StartRecovery(address grantor,address newKey,uint256 nonce,uint48 deadline,address relayer)");
    bytes32 private constant VETO_RECOVERY =
        keccak256("VetoRecovery(address grantor,uint256 nonce,uint48 deadline,address relayer)");

    /// A contract of its own: with it, this one would be too large to be deployed.
    ERC7913WebAuthnVerifier private immutable _passkeys = new ERC7913WebAuthnVerifier();

    /// Whose signed act is running: its caller, for the functions that can be signed.
    address private transient _signer;
    mapping(address key => bytes16) private _sites;

    constructor() EIP712("Consilium Consent", "1") {}

    function pinnedSite(address key) external view returns (bytes16) {
        return _sites[key];
    }

    function act(SignedAct calldata signed) external {
        if (block.timestamp > signed.deadline) revert ConsentExpiredSignature(signed.deadline);
        if (signed.relayer != address(0) && signed.relayer != msg.sender) revert ConsentWrongRelayer(signed.relayer);
        address signer = _account(signed.signer);
        _useCheckedNonce(signer, signed.nonce);
        Kind memory kind = _kind(signed.act);
        bytes32 hash = _hashTypedDataV4(
            keccak256(
                bytes.concat(kind.typeHash, signed.act[4:], abi.encode(signed.nonce, signed.deadline, signed.relayer))
            )
        );
        (bool good, bytes16 site) = _verify(signed.signer, hash, signed.signature);
        bytes16 pinned = _sites[signer];
        if (!good || (pinned != 0 && site != 0 && site != pinned)) revert ConsentInvalidSignature(signer);
        if (!_fits(signed.act[4:], kind.widths)) revert ConsentInvalidAct();
        _signer = signer;
        Address.functionDelegateCall(address(this), signed.act);
        _signer = address(0);
        if (site != 0 && pinned == 0) {
            _sites[signer] = site;
            emit SitePinned(signer, site);
        }
    }

    /// Each act runs in a call of its own, with the same caller, so that it can fail alone.
    function relay(SignedAct[] calldata signed) external returns (bool[] memory done) {
        done = new bool[](signed.length);
        for (uint256 i = 0; i < signed.length; ++i) {
            bytes memory reason;
            (done[i], reason) = address(this).delegatecall(abi.encodeCall(this.act, (signed[i])));
            if (!done[i]) emit ActSkipped(i, _account(signed[i].signer), signed[i].nonce, reason);
        }
    }

    function _by() internal view override returns (address) {
        return _signer == address(0) ? msg.sender : _signer;
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

    /// What an act is. Its length fits, and it begins with an address.
    function _kind(bytes calldata data) private pure returns (Kind memory kind) {
        if (data.length < 4) revert ConsentInvalidAct();
        bytes4 selector = bytes4(data);
        if (selector == this.grant.selector) kind = Kind(hex"1414200800060620", GRANT);
        else if (selector == this.amend.selector) kind = Kind(hex"140414200800060620", AMEND);
        else if (selector == this.revoke.selector) kind = Kind(hex"141404", REVOKE);
        else if (selector == this.revokeGrantee.selector) kind = Kind(hex"1414", REVOKE_GRANTEE);
        else if (selector == this.revokeAll.selector) kind = Kind(hex"14", REVOKE_ALL);
        else if (selector == this.setRepresentative.selector) kind = Kind(hex"1414200806", SET_REPRESENTATIVE);
        else if (selector == this.setRecovery.selector) kind = Kind(hex"1414", SET_RECOVERY);
        else if (selector == this.startRecovery.selector) kind = Kind(hex"1414", START_RECOVERY);
        else if (selector == this.vetoRecovery.selector) kind = Kind(hex"14", VETO_RECOVERY);
        else revert ConsentInvalidAct();
        bool hasLength = data.length == 4 + 32 * kind.widths.length;
        if (!hasLength || !_fits(data[4:36], hex"14")) revert ConsentInvalidAct();
    }

    /// Whether each word is of its type, so that it can be decoded.
    function _fits(bytes calldata arguments, bytes memory widths) private pure returns (bool) {
        for (uint256 i = 0; i < widths.length; ++i) {
            uint256 word = uint256(bytes32(arguments[32 * i:32 * i + 32]));
            uint256 bits = widths[i] == 0 ? 1 : 8 * uint256(uint8(widths[i]));
            if (bits < 256 && word >> bits != 0) return false;
        }
        return true;
    }
}
