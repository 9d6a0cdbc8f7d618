// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {ERC1155Holder} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol";
import {ERC721Holder} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Holder.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {WebAuthn} from "@openzeppelin/contracts/utils/cryptography/WebAuthn.sol";
import {NoncesKeyed} from "@openzeppelin/contracts/utils/NoncesKeyed.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

/// What crates/components-example is made of, made of OpenZeppelin's parts.
contract PeerParts is
    AccessControl,
    AccessManaged,
    ERC1155Holder,
    ERC721Holder,
    NoncesKeyed,
    ReentrancyGuard,
    UUPSUpgradeable
{
    using Checkpoints for Checkpoints.Trace208;

    bytes32 public constant WORKER_ROLE = keccak256("WORKER_ROLE");
    Checkpoints.Trace208 private history;

    constructor(address admin) AccessManaged(admin) {
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
    }

    /// What the constructor does, in a proxy's storage.
    function initialize(address admin) external {
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
        _setAuthority(admin);
    }

    function supportsInterface(bytes4 id) public view override(AccessControl, ERC1155Holder) returns (bool) {
        return super.supportsInterface(id);
    }

    function work() external onlyRole(WORKER_ROLE) {}

    function workOpen() external {
        if (!hasRole(WORKER_ROLE, address(0))) _checkRole(WORKER_ROLE);
    }

    function workManaged(uint256 amount, bytes calldata note) external restricted {}

    function useNonce(address owner) external returns (uint256) {
        return _useNonce(owner);
    }

    function useKeyedNonce(address owner, uint192 key) external returns (uint256) {
        return _useNonce(owner, key);
    }

    function useCheckedNonce(address owner, uint256 keyNonce) external {
        _useCheckedNonce(owner, keyNonce);
    }

    function leaf(address account, uint256 amount) external pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(account, amount))));
    }

    function verify(bytes32[] memory proof, bytes32 root, bytes32 node) external pure returns (bool) {
        return MerkleProof.verify(proof, root, node);
    }

    function multiProofVerify(bytes32[] memory proof, bool[] memory flags, bytes32 root, bytes32[] memory leaves)
        external
        pure
        returns (bool)
    {
        return MerkleProof.multiProofVerify(proof, flags, root, leaves);
    }

    function processMultiProof(bytes32[] memory proof, bool[] memory flags, bytes32[] memory leaves)
        external
        pure
        returns (bytes32)
    {
        return MerkleProof.processMultiProof(proof, flags, leaves);
    }

    function push(uint48 key, uint208 value) external returns (uint208, uint208) {
        return history.push(key, value);
    }

    function latest() external view returns (uint208) {
        return history.latest();
    }

    function upperLookup(uint48 key) external view returns (uint208) {
        return history.upperLookup(key);
    }

    function enter(address target, bytes calldata data) external nonReentrant {
        call(target, data);
    }

    function enterOpen(address target, bytes calldata data) external {
        call(target, data);
    }

    function guarded() external view nonReentrantView returns (bool) {
        return true;
    }

    function isValidSigner(bytes memory signer, bytes32 hash, bytes memory signature) external view returns (bool) {
        return SignatureChecker.isValidSignatureNow(signer, hash, signature);
    }

    function areValidSigners(bytes32 hash, bytes[] memory signers, bytes[] memory signatures)
        external
        view
        returns (bool)
    {
        return SignatureChecker.areValidSignaturesNow(hash, signers, signatures);
    }

    function verifyP256(bytes32 hash, bytes32 r, bytes32 s, bytes32 qx, bytes32 qy) external view returns (bool) {
        return P256.verify(hash, r, s, qx, qy);
    }

    function verifyWebAuthn(bytes calldata challenge, bytes calldata signature, bytes32 qx, bytes32 qy)
        external
        view
        returns (bool)
    {
        (bool decoded, WebAuthn.WebAuthnAuth calldata auth) = WebAuthn.tryDecodeAuth(signature);
        return decoded && WebAuthn.verify(challenge, auth, qx, qy);
    }

    function signerAddress(bytes calldata signer) external pure returns (address) {
        if (signer.length < 20) return address(0);
        return signer.length == 20 ? address(bytes20(signer)) : address(uint160(uint256(keccak256(signer))));
    }

    /// Gas is not limited here: OpenZeppelin has no such check.
    function hasSigned(uint64, bytes calldata signer, bytes32 hash, bytes calldata signature)
        external
        view
        returns (bool, bytes32)
    {
        if (signer.length != 64) return (SignatureChecker.isValidSignatureNow(signer, hash, signature), 0);
        (bool decoded, WebAuthn.WebAuthnAuth calldata auth) = WebAuthn.tryDecodeAuth(signature);
        (bytes32 qx, bytes32 qy) = (bytes32(signer), bytes32(signer[32:]));
        bool signed = decoded && WebAuthn.verify(abi.encode(hash), auth, qx, qy);
        return (signed, signed ? bytes32(auth.authenticatorData) : bytes32(0));
    }
    function _authorizeUpgrade(address) internal override restricted {}

    function call(address target, bytes calldata data) private {
        (bool success, bytes memory answer) = target.call(data);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(answer, 32), mload(answer))
            }
        }
    }
}

/// Verifies nothing: its key is the answer, so a test has any answer it likes (ERC-7913).
contract Verifier {
    function verify(bytes calldata key, bytes32, bytes calldata) external pure returns (bytes32) {
        if (key.length == 1) revert("no");
        assembly ("memory-safe") {
            calldatacopy(0, key.offset, key.length)
            return(0, key.length)
        }
    }
}
