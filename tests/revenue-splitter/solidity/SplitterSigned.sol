// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {NoncesKeyed} from "@openzeppelin/contracts/utils/NoncesKeyed.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {WebAuthn} from "@openzeppelin/contracts/utils/cryptography/WebAuthn.sol";
import {ERC7913WebAuthnVerifier} from
    "@openzeppelin/contracts/utils/cryptography/verifiers/ERC7913WebAuthnVerifier.sol";
import {SplitterEpochs} from "./SplitterEpochs.sol";

/// Claims by the account's signature.
abstract contract SplitterSigned is SplitterEpochs, EIP712, NoncesKeyed {
    bytes32 private constant CLAIM = keccak256(
        "Claim(uint32 epoch,uint256 index,uint256 amount,address to,uint256 nonce,uint48 deadline,address relayer)"
    );

    /// A contract of its own, as in the consent.
    ERC7913WebAuthnVerifier private immutable _passkeys = new ERC7913WebAuthnVerifier();

    mapping(address key => bytes16) private _sites;

    constructor() EIP712("Consilium Revenue Splitter", "1") {}

    function pinnedSite(address key) external view returns (bytes16) {
        return _sites[key];
    }

    function claimSigned(uint32 number, Claim calldata one, address to, Signed calldata signed)
        external
        nonReentrant
    {
        bytes32 structHash = keccak256(
            abi.encode(
                CLAIM, number, one.index, one.amount, to, signed.nonce, signed.deadline, signed.relayer
            )
        );
        _useSignature(one.account, structHash, signed);
        _claimTo(number, one, to, signed.relayer != address(0));
    }

    function _useSignature(address by, bytes32 structHash, Signed calldata signed) private {
        if (block.timestamp > signed.deadline) revert SplitterExpiredSignature(signed.deadline);
        if (signed.relayer != address(0) && signed.relayer != msg.sender) {
            revert SplitterWrongRelayer(signed.relayer);
        }
        address signer = _account(signed.signer);
        _useCheckedNonce(signer, signed.nonce);
        if (signer != by) revert SplitterInvalidSignature(signer);
        (bool good, bytes16 site) = _verify(signed.signer, _hashTypedDataV4(structHash), signed.signature);
        if (!good) revert SplitterInvalidSignature(signer);
        if (site == 0) return;
        bytes16 pinned = _sites[signer];
        if (pinned == 0) {
            _sites[signer] = site;
            emit SitePinned(signer, site);
        } else if (pinned != site) {
            revert SplitterInvalidSignature(signer);
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
