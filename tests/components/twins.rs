//! The program and its twin, and who calls them.

use alloy::{
    primitives::{Address, Bytes, LogData},
    sol,
    sol_types::{SolCall, SolError, SolEvent, SolValue},
};
use eyre::{Result, ensure, eyre};
use harness::{
    chain::{Account, Chain},
    deploy,
    peers::Peer,
};

sol! {
    interface Actor {
        event Answered(uint256 indexed index, bool success, bytes data);
        function each(address[] targets, bytes[] calls) external;
    }

    #[allow(missing_docs, clippy::too_many_arguments)]
    interface Parts {
        error AccessControlUnauthorizedAccount(address account, bytes32 neededRole);
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
    }
}

/// What a call did. Logs are those of everything it ran, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) success: bool,
    pub(crate) data: Bytes,
    pub(crate) logs: Vec<LogData>,
}

impl Answer {
    /// Asserts that the call reverted with just this error.
    #[track_caller]
    pub(crate) fn refused(&self, error: impl SolError) {
        assert!(!self.success, "the call was answered with {}", self.data);
        assert_eq!(self.data, error.abi_encode());
    }

    /// Asserts that the call returned just this value.
    #[track_caller]
    pub(crate) fn returned(&self, value: impl SolValue) {
        assert!(self.success, "the call reverted with {}", self.data);
        assert_eq!(self.data, value.abi_encode());
    }
}

/// The twins and two callers: the admin, and a stranger.
pub(crate) struct Twins {
    pub(crate) chain: Chain,
    pub(crate) ours: Address,
    pub(crate) peer: Address,
    pub(crate) admin: Address,
    pub(crate) stranger: Address,
    sender: Account,
}

impl Twins {
    /// Both, freshly deployed.
    pub(crate) async fn start() -> Result<Self> {
        let chain = Chain::start()?;
        let actor = Peer::load("Actor")?;
        let admin = chain.create(actor.bytecode.clone()).await?;
        let stranger = chain.create(actor.bytecode).await?;
        let arguments = admin.abi_encode();
        let ours = deploy::program(&chain, "components-example", &arguments).await?;
        let peer = chain.create(Peer::load("PeerParts")?.init_code(&arguments)).await?;
        let sender = chain.dev_account()?;
        Ok(Self { chain, ours, peer, admin, stranger, sender })
    }

    /// Makes calls on both, by the admin, and returns what each did: ours, then the peer's.
    pub(crate) async fn answers(&self, by: Address, calls: [Vec<u8>; 2]) -> Result<[Answer; 2]> {
        let targets = vec![self.ours, self.peer];
        let each = Actor::eachCall { targets, calls: calls.map(Bytes::from).to_vec() }.abi_encode();
        let receipt = self.sender.send(by, each).await?;
        ensure!(receipt.status(), "the actor itself ran out of gas");
        let (mut answers, mut logs) = (Vec::new(), Vec::new());
        for log in receipt.logs() {
            match Actor::Answered::decode_log_data(log.data()) {
                Ok(answer) if log.address() == by => {
                    let logs = std::mem::take(&mut logs);
                    answers.push(Answer { success: answer.success, data: answer.data, logs });
                }
                _ => logs.push(log.data().clone()),
            }
        }
        answers.try_into().map_err(|_| eyre!("an answer is missing"))
    }

    /// Makes one call on both, which must answer alike.
    pub(crate) async fn call_by(&self, by: Address, call: impl SolCall) -> Result<Answer> {
        let call = call.abi_encode();
        let [ours, peer] = self.answers(by, [call.clone(), call.clone()]).await?;
        ensure!(ours == peer, "{}\nours {ours:?}\npeer {peer:?}", Bytes::from(call));
        Ok(ours)
    }

    /// As `call_by`, by the stranger.
    pub(crate) async fn call(&self, call: impl SolCall) -> Result<Answer> {
        self.call_by(self.stranger, call).await
    }
}
