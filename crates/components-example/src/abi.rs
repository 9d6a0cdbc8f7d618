//! What the example answers: each component's own functions, and one for each of its rules.

use consilium_abi::sol_abi;
use consilium_components::access_control::{AccessControl, DEFAULT_ADMIN_ROLE, DefaultAdmin, HasRoles};
use consilium_components::access_managed::{AccessManaged, ObeysAuthority};
use consilium_components::checkpoints::Checkpoints;
use consilium_components::merkle::MerkleProofs;
use consilium_components::nonces::{HasKeyedNonces, HasNonces, KeyedNonces, Nonces};
use consilium_components::receivers::{Erc721Receiver, Erc1155Receiver, TakesTokens};
use consilium_components::reentrancy::{GuardsReentrance, ReentrancyGuard};
use consilium_components::upgradeable::{Upgradeable, Upgrades};

use crate::{Parts, WORKER_ROLE};

sol_abi! {
    /// A contract that is made of every component.
    interface IParts for Parts is
        DefaultAdmin, AccessControl, AccessManaged, Erc721Receiver, Erc1155Receiver, Nonces, KeyedNonces, MerkleProofs, Checkpoints,
        ReentrancyGuard, Upgradeable
    {
        /// `admin` gets DEFAULT_ADMIN_ROLE, and is the authority.
        constructor(address admin) => initialize;

        /// The role that `work` asks for.
        function WORKER_ROLE() external view returns (bytes32) => worker_role;
        /// Does nothing, for those who hold the role.
        function work() external only(WORKER_ROLE) => work;
        /// Does nothing, for those who hold the role, and for everybody while the zero address holds it.
        function workOpen() external only_or_open(WORKER_ROLE) => work;

        /// Does nothing, for those whom the authority lets pass.
        function workManaged(uint256 amount, bytes note) external restricted => work_managed;

        /// Uses up a nonce.
        function useNonce(address owner) external returns (uint256) => use_nonce;
        /// Uses up a nonce under a key.
        function useKeyedNonce(address owner, uint192 key) external returns (uint256) => use_keyed_nonce;
        /// Uses up this nonce, whose key is in its top 192 bits.
        function useCheckedNonce(address owner, uint256 keyNonce) external => use_checked_keyed_nonce;

        /// The leaf of a standard tree for an account and an amount.
        function leaf(address account, uint256 amount) external pure returns (bytes32) => leaf;
        /// Whether the proof proves the leaf.
        function verify(bytes32[] proof, bytes32 root, bytes32 leaf) external pure returns (bool) => verify;
        /// Whether the multiproof proves the leaves.
        function multiProofVerify(bytes32[] proof, bool[] proofFlags, bytes32 root, bytes32[] leaves)
            external pure returns (bool) => verify_multi;
        /// The root that the multiproof leads to.
        function processMultiProof(bytes32[] proof, bool[] proofFlags, bytes32[] leaves)
            external pure returns (bytes32) => process_multi;

        /// Adds a checkpoint.
        function push(uint48 key, uint208 value) external returns (uint208 before, uint208 since) => push;
        /// The last value.
        function latest() external view returns (uint208) => latest;
        /// The value at `key`.
        function upperLookup(uint48 key) external view returns (uint208) => upper_lookup;

        /// Calls `target`, and passes on what it reverts with.
        function enter(address target, bytes data) external non_reentrant
            reentrant "functions without the guard may be called back" => enter;
        /// The same without the guard.
        function enterOpen(address target, bytes data) external
            reentrant "for the test of the guard" => enter;
        /// Whether the guard accepts the caller.
        function guarded() external view non_reentrant returns (bool) => guarded;

        /// Whether `signer` has signed `hash` (ERC-7913).
        function isValidSigner(bytes signer, bytes32 hash, bytes signature) external view returns (bool)
            => is_valid_signer;
        /// Whether all of them have signed `hash`.
        function areValidSigners(bytes32 hash, bytes[] signers, bytes[] signatures) external view returns (bool)
            => are_valid_signers;

        /// Whether it is a signature over P-256 by the key.
        function verifyP256(bytes32 hash, bytes32 r, bytes32 s, bytes32 qx, bytes32 qy) external view returns (bool)
            => verify_p256;
        /// Whether the passkey agreed to the challenge.
        function verifyWebAuthn(bytes challenge, bytes signature, bytes32 qx, bytes32 qy) external view returns (bool)
            => verify_webauthn;
        /// The address that stands for `signer`; zero for nobody.
        function signerAddress(bytes signer) external pure returns (address) => signer_address;
        /// Whether `signer`, of any kind, has signed `hash`, and for whom: a passkey's relying party.
        function hasSigned(uint64 gasLimit, bytes signer, bytes32 hash, bytes signature)
            external view returns (bool signed, bytes32 rpIdHash) => has_signed;
    }
}
