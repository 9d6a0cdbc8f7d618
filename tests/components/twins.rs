//! The program and its twin, and who calls them.

use alloy::{
    primitives::Address,
    sol,
    sol_types::{SolCall, SolValue},
};
use eyre::{OptionExt, Result};
use harness::{actor::actors, answer::Answer, chain::Chain, deploy, peers, twins};

sol! {
    #[allow(missing_docs, clippy::too_many_arguments)]
    interface Parts {
        error AccessControlBadConfirmation();
        error AccessControlUnauthorizedAccount(address account, bytes32 neededRole);
        error AccessManagedUnauthorized(address caller);
        error AccessManagedInvalidAuthority(address authority);
        event AuthorityUpdated(address authority);
        error InvalidAccountNonce(address account, uint256 currentNonce);
        error MerkleProofInvalidMultiproof();
        error CheckpointUnorderedInsertion();
        error ReentrancyGuardReentrantCall();

        function hasRole(bytes32 role, address account) external view returns (bool);
        function getRoleAdmin(bytes32 role) external view returns (bytes32);
        function grantRole(bytes32 role, address account) external;
        function revokeRole(bytes32 role, address account) external;
        function renounceRole(bytes32 role, address callerConfirmation) external;
        function DEFAULT_ADMIN_ROLE() external view returns (bytes32);
        function WORKER_ROLE() external view returns (bytes32);
        function work() external;
        function workOpen() external;
        function authority() external view returns (address);
        function setAuthority(address newAuthority) external;
        function isConsumingScheduledOp() external view returns (bytes4);
        function workManaged(uint256 amount, bytes note) external;
        function onERC721Received(address operator, address from, uint256 tokenId, bytes data) external returns (bytes4);
        function onERC1155Received(address operator, address from, uint256 id, uint256 value, bytes data)
            external returns (bytes4);
        function onERC1155BatchReceived(
            address operator, address from, uint256[] ids, uint256[] values, bytes data
        ) external returns (bytes4);
        function useNonce(address owner) external returns (uint256);
        function useKeyedNonce(address owner, uint192 key) external returns (uint256);
        function useCheckedNonce(address owner, uint256 keyNonce) external;
        function leaf(address account, uint256 amount) external pure returns (bytes32);
        function verify(bytes32[] proof, bytes32 root, bytes32 node) external pure returns (bool);
        function multiProofVerify(bytes32[] proof, bool[] proofFlags, bytes32 root, bytes32[] leaves)
            external pure returns (bool);
        function processMultiProof(bytes32[] proof, bool[] proofFlags, bytes32[] leaves)
            external pure returns (bytes32);
        function push(uint48 key, uint208 value) external returns (uint208, uint208);
        function latest() external view returns (uint208);
        function upperLookup(uint48 key) external view returns (uint208);
        function enter(address target, bytes data) external;
        function enterOpen(address target, bytes data) external;
        function guarded() external view returns (bool);
        function isValidSigner(bytes signer, bytes32 hash, bytes signature) external view returns (bool);
        function areValidSigners(bytes32 hash, bytes[] signers, bytes[] signatures) external view returns (bool);
        function verifyP256(bytes32 hash, bytes32 r, bytes32 s, bytes32 qx, bytes32 qy) external view returns (bool);
        function verifyWebAuthn(bytes challenge, bytes signature, bytes32 qx, bytes32 qy) external view returns (bool);
        function signerAddress(bytes signer) external pure returns (address);
        function hasSigned(uint64 gasLimit, bytes signer, bytes32 hash, bytes signature)
            external view returns (bool signed, bytes32 rpIdHash);
    }
}

/// The twins and two callers: the admin, and a stranger.
pub(crate) struct Twins {
    pub(crate) twins: twins::Twins<Address>,
    pub(crate) admin: Address,
    pub(crate) stranger: Address,
}

harness::deref_to_twins!(Twins, Address);

impl Twins {
    /// Both, freshly deployed.
    pub(crate) async fn start() -> Result<Self> {
        let chain = Chain::start()?;
        let actors = actors(&chain, 2).await?;
        let (admin, stranger) = (actors[0], actors[1]);
        let arguments = admin.abi_encode();
        let ours = deploy::program(&chain, "components-example", &arguments).await?;
        let peer = peers::create(&chain, "PeerParts", &arguments).await?;
        let twins = twins::Twins::new(chain, [ours, peer], actors)?;
        twins.stands_for(ours, peer);
        Ok(Self { twins, admin, stranger })
    }

    /// The number of an actor, by its address.
    pub(crate) fn number(&self, actor: Address) -> Result<usize> {
        self.actors.iter().position(|known| *known == actor).ok_or_eyre("no actor has this address")
    }

    /// Makes one call on both, as `by`; what both answered.
    ///
    /// # Errors
    /// Where they differ.
    pub(crate) async fn call_by(&self, by: Address, call: impl SolCall) -> Result<Answer> {
        let call = call.abi_encode();
        self.at(self.number(by)?, |twin| (*twin, call.clone())).await
    }

    /// As `call_by`, as the stranger.
    pub(crate) async fn call(&self, call: impl SolCall) -> Result<Answer> {
        self.call_by(self.stranger, call).await
    }
}
