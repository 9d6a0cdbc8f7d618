// Made by `cargo xtask abi` from contracts/governor/src/abi.rs: do not edit.

//! `Governor`: typed calls, events and errors.

alloy::sol! {
    #[sol(rpc)]
    #[derive(Debug, PartialEq, Eq)]
    /// Decides by votes of a token. A timelock executes the decisions.
    contract Governor {
        /// Runs once, for whoever calls it first: call it in the deploying transaction. The clock and the votes are
        /// `token`'s from
        /// then on.
        /// @param proposalGuardian who may cancel any proposal; with the zero address proposers may cancel theirs.
        /// @custom:reverts GovernorInvalidVotingPeriod;
        /// GovernorInvalidQuorumFraction;
        /// GovernorInvalidSuperQuorumFraction;
        /// GovernorInvalidSuperQuorumTooSmall;
        /// GovernorPreventLateQuorumVoteExtensionTooLarge;
        /// ERC6372InconsistentClock
        constructor(string memory name, address token, address timelock, uint48 votingDelay, uint32 votingPeriod, uint256 proposalThreshold, uint256 quorumNumerator, uint256 superQuorumNumerator, uint48 lateQuorumVoteExtension, address proposalGuardian);

        /// Refused: the treasury is the timelock.
        /// @custom:reverts GovernorDisabledDeposit unless this governor is its own executor
        receive() external payable;

        /// A proposal was made. `signatures` is as many empty strings as there are targets.
        event ProposalCreated(uint256 proposalId, address proposer, address[] targets, uint256[] values, string[] signatures, bytes[] calldatas, uint256 voteStart, uint256 voteEnd, string description);

        /// A proposal was scheduled in the timelock, to be executed from `etaSeconds` on.
        event ProposalQueued(uint256 proposalId, uint256 etaSeconds);

        /// A proposal was executed through this governor.
        event ProposalExecuted(uint256 proposalId);

        /// A proposal was canceled through this governor.
        event ProposalCanceled(uint256 proposalId);

        /// Quorum came late: voting is open until `extendedDeadline`.
        event ProposalExtended(uint256 indexed proposalId, uint64 extendedDeadline);

        /// Votes were cast without parameters.
        event VoteCast(address indexed voter, uint256 proposalId, uint8 support, uint256 weight, string reason);

        /// Votes were cast with parameters.
        event VoteCastWithParams(address indexed voter, uint256 proposalId, uint8 support, uint256 weight, string reason, bytes params);

        /// The voting delay changed.
        event VotingDelaySet(uint256 oldVotingDelay, uint256 newVotingDelay);

        /// The voting period changed.
        event VotingPeriodSet(uint256 oldVotingPeriod, uint256 newVotingPeriod);

        /// The proposal threshold changed.
        event ProposalThresholdSet(uint256 oldProposalThreshold, uint256 newProposalThreshold);

        /// The late-quorum extension changed.
        event LateQuorumVoteExtensionSet(uint64 oldVoteExtension, uint64 newVoteExtension);

        /// The guardian changed.
        event ProposalGuardianSet(address oldProposalGuardian, address newProposalGuardian);

        /// The quorum changed.
        event QuorumNumeratorUpdated(uint256 oldQuorumNumerator, uint256 newQuorumNumerator);

        /// The super-quorum changed.
        event SuperQuorumNumeratorUpdated(uint256 oldSuperQuorumNumerator, uint256 newSuperQuorumNumerator);

        /// The timelock changed.
        event TimelockChange(address oldTimelock, address newTimelock);

        /// Declared by ERC-5267; a domain that never changes is never logged.
        event EIP712DomainChanged();

        /// No proposal has this id.
        error GovernorNonexistentProposal(uint256 proposalId);

        /// The proposal is in state `current`. Bit `n` of `expectedStates` is set where state `n` is accepted.
        error GovernorUnexpectedProposalState(uint256 proposalId, uint8 current, bytes32 expectedStates);

        /// A proposal needs one value and one calldata for each target, and at least one target.
        error GovernorInvalidProposalLength(uint256 targets, uint256 calldatas, uint256 values);

        /// The description names another proposer.
        error GovernorRestrictedProposer(address proposer);

        /// The proposer had too few votes one timepoint ago.
        error GovernorInsufficientProposerVotes(address proposer, uint256 votes, uint256 threshold);

        /// The account may not cancel this proposal.
        error GovernorUnableToCancel(uint256 proposalId, address account);

        /// Part of the standard interface; never raised here: the time of an operation is later than now, and so not zero.
        error GovernorProposalQueueingFailed(uint256 proposalId);

        /// Part of the standard interface; never raised here, since every proposal needs queuing.
        error GovernorProposalQueueingNotRequired(uint256 proposalId);

        /// Part of the standard interface; never raised here: a proposal that is queued is in the wrong state.
        error GovernorAlreadyQueuedProposal(uint256 proposalId);

        /// The voter has no votes left for this proposal.
        error GovernorAlreadyCastVote(address voter);

        /// `support` is not 0, 1, 2 or 255.
        error GovernorInvalidVoteType();

        /// `params` is neither empty for a plain vote nor 48 bytes long for a split one.
        error GovernorInvalidVoteParams();

        /// A split vote asks for more votes than the voter has left.
        error GovernorExceedRemainingWeight(address voter, uint256 usedVotes, uint256 remainingWeight);

        /// The signature is not `voter`'s over this ballot and their next nonce.
        error GovernorInvalidSignature(address voter);

        /// Only the timelock may call this.
        error GovernorOnlyExecutor(address account);

        /// This contract takes no deposits.
        error GovernorDisabledDeposit();

        /// A voting period of zero.
        error GovernorInvalidVotingPeriod(uint256 votingPeriod);

        /// The extension exceeds the voting period.
        error GovernorPreventLateQuorumVoteExtensionTooLarge(uint256 newVoteExtension, uint256 maxVoteExtension);

        /// The quorum exceeds the whole.
        error GovernorInvalidQuorumFraction(uint256 quorumNumerator, uint256 quorumDenominator);

        /// The super-quorum exceeds the whole.
        error GovernorInvalidSuperQuorumFraction(uint256 superQuorumNumerator, uint256 denominator);

        /// The super-quorum would be less than the quorum.
        error GovernorInvalidSuperQuorumTooSmall(uint256 superQuorumNumerator, uint256 quorumNumerator);

        /// The quorum would be more than the super-quorum.
        error GovernorInvalidQuorumTooLarge(uint256 quorumNumerator, uint256 superQuorumNumerator);

        /// Part of the standard interface; never raised here: a clock that went backwards is inconsistent.
        error CheckpointUnorderedInsertion();

        /// The token had a clock at deployment, and now does not answer, or went backwards; or it does not describe its
        /// clock,
        /// and it is not the block number.
        error ERC6372InconsistentClock();

        /// `value` does not fit into `bits` bits.
        error SafeCastOverflowedUintDowncast(uint8 bits, uint256 value);

        /// A relayed call failed without a reason.
        error FailedCall();

        /// The nonce is not the account's next one.
        error InvalidAccountNonce(address account, uint256 currentNonce);

        /// Casts all the caller's votes on a proposal: 0 against, 1 for, 2 abstain.
        /// @return weight the votes cast.
        /// @custom:reverts GovernorNonexistentProposal;
        /// GovernorUnexpectedProposalState;
        /// GovernorAlreadyCastVote also if the caller had no votes at the snapshot;
        /// GovernorInvalidVoteType;
        /// GovernorInvalidVoteParams
        /// @custom:access anyone
        function castVote(uint256 proposalId, uint8 support) external returns (uint256 weight);

        /// `castVote` with a reason, which is only logged.
        /// @custom:access anyone
        function castVoteWithReason(uint256 proposalId, uint8 support, string calldata reason) external returns (uint256 weight);

        /// `castVote` with a reason and parameters. With `support` 255 the vote is split: `params` is three packed
        /// `uint128`, the votes against, for and abstaining; what is left can be cast later. With any other support
        /// `params` must be empty.
        /// @custom:reverts what `castVote` reverts with;
        /// GovernorExceedRemainingWeight
        /// @custom:access anyone
        function castVoteWithReasonAndParams(uint256 proposalId, uint8 support, string calldata reason, bytes calldata params) external returns (uint256 weight);

        /// `castVote` for `voter`, who signed a `Ballot` (EIP-712; ERC-1271 for contracts) over their next nonce.
        /// @custom:reverts what `castVote` reverts with;
        /// GovernorInvalidSignature
        /// @custom:access anyone who has the voter's signature
        function castVoteBySig(uint256 proposalId, uint8 support, address voter, bytes calldata signature) external returns (uint256 weight);

        /// `castVoteWithReasonAndParams` for `voter`, who signed an `ExtendedBallot` over their next nonce.
        /// @custom:access anyone who has the voter's signature
        function castVoteWithReasonAndParamsBySig(uint256 proposalId, uint8 support, address voter, string calldata reason, bytes calldata params, bytes calldata signature) external returns (uint256 weight);

        /// Proposes to make the calls `calldatas[i]` to `targets[i]` with `values[i]` wei, in this order, all or none.
        /// A description that ends with `#proposer=0x` and 40 hex digits can be proposed by that account alone.
        /// @return proposalId the hash of all arguments; see `hashProposal`.
        /// @custom:reverts GovernorRestrictedProposer;
        /// GovernorInsufficientProposerVotes;
        /// GovernorInvalidProposalLength;
        /// GovernorUnexpectedProposalState if it was proposed before
        /// @custom:access who has the votes of the threshold, and is the proposer where the description names one
        function propose(address[] calldata targets, uint256[] calldata values, bytes[] calldata calldatas, string calldata description) external returns (uint256 proposalId);

        /// Schedules a succeeded proposal in the timelock. Anyone may.
        /// @custom:reverts GovernorNonexistentProposal;
        /// GovernorUnexpectedProposalState;
        /// what the timelock reverts with
        /// @custom:access anyone
        /// @custom:reentrant state is written before the timelock is called; the timelock is trusted
        function queue(address[] calldata targets, uint256[] calldata values, bytes[] calldata calldatas, bytes32 descriptionHash) external returns (uint256 proposalId);

        /// `queue` of the stored proposal.
        /// @custom:access anyone
        /// @custom:reentrant state is written before the timelock is called; the timelock is trusted
        function queue(uint256 proposalId) external;

        /// Executes a queued proposal whose delay is over, and passes on the value of this call. Anyone may.
        /// @custom:reverts GovernorNonexistentProposal;
        /// GovernorUnexpectedProposalState;
        /// what the timelock reverts with
        /// @custom:access anyone
        /// @custom:reentrant the calls of a proposal may come back here by design; it counts as executed before they are
        /// made
        function execute(address[] calldata targets, uint256[] calldata values, bytes[] calldata calldatas, bytes32 descriptionHash) external payable returns (uint256 proposalId);

        /// `execute` of the stored proposal.
        /// @custom:access anyone
        /// @custom:reentrant the calls of a proposal may come back here by design; it counts as executed before they are
        /// made
        function execute(uint256 proposalId) external payable;

        /// Cancels a proposal that is not over. The guardian may do so at any time. The proposer may while it is pending,
        /// and
        /// at any time if there is no guardian.
        /// @custom:reverts GovernorNonexistentProposal;
        /// GovernorUnableToCancel;
        /// GovernorUnexpectedProposalState
        /// @custom:access the guardian; the proposer while it is pending, and at any time where there is no guardian
        /// @custom:reentrant state is written before the timelock is called; the timelock is trusted
        function cancel(address[] calldata targets, uint256[] calldata values, bytes[] calldata calldatas, bytes32 descriptionHash) external returns (uint256 proposalId);

        /// `cancel` of the stored proposal.
        /// @custom:access the guardian; the proposer while it is pending, and at any time where there is no guardian
        /// @custom:reentrant state is written before the timelock is called; the timelock is trusted
        function cancel(uint256 proposalId) external;

        /// 0 pending, 1 active, 2 canceled, 3 defeated, 4 succeeded, 5 queued, 6 expired (never here), 7 executed.
        /// @custom:reverts GovernorNonexistentProposal
        function state(uint256 proposalId) external view returns (uint8);

        /// The id of a proposal: the hash of these arguments, ABI encoded.
        function hashProposal(address[] calldata targets, uint256[] calldata values, bytes[] calldata calldatas, bytes32 descriptionHash) external pure returns (uint256);

        /// The same as `hashProposal`.
        function getProposalId(address[] calldata targets, uint256[] calldata values, bytes[] calldata calldatas, bytes32 descriptionHash) external view returns (uint256);

        /// The timepoint at which votes are counted; voting begins after it. Zero for an unknown proposal.
        function proposalSnapshot(uint256 proposalId) external view returns (uint256);

        /// The last timepoint of voting, with the extension where quorum came late.
        function proposalDeadline(uint256 proposalId) external view returns (uint256);

        /// Who proposed it.
        function proposalProposer(uint256 proposalId) external view returns (address);

        /// When a queued proposal can be executed, in seconds since 1970; zero where it is not queued.
        function proposalEta(uint256 proposalId) external view returns (uint256);

        /// Always true: every proposal goes through the timelock.
        function proposalNeedsQueuing(uint256 proposalId) external view returns (bool);

        /// The votes cast so far.
        function proposalVotes(uint256 proposalId) external view returns (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes);

        /// Whether `account` cast any votes on the proposal.
        function hasVoted(uint256 proposalId, address account) external view returns (bool);

        /// How many votes `account` cast on the proposal.
        function usedVotes(uint256 proposalId, address account) external view returns (uint256);

        /// How many proposals there are.
        function proposalCount() external view returns (uint256);

        /// The content of a proposal.
        /// @custom:reverts GovernorNonexistentProposal
        function proposalDetails(uint256 proposalId) external view returns (address[] memory targets, uint256[] memory values, bytes[] memory calldatas, bytes32 descriptionHash);

        /// The content of the proposal number `index`, counted from zero.
        /// @custom:reverts Panic(0x32) if there is no such proposal
        function proposalDetailsAt(uint256 index) external view returns (uint256 proposalId, address[] memory targets, uint256[] memory values, bytes[] memory calldatas, bytes32 descriptionHash);

        /// The token whose votes count.
        function token() external view returns (address);

        /// The current timepoint of the token's clock; the block number where the token had none at deployment.
        /// @custom:reverts ERC6372InconsistentClock
        function clock() external view returns (uint48);

        /// The token's description of its clock (ERC-6372); that of the block number where the token has none.
        /// @custom:reverts ERC6372InconsistentClock
        function CLOCK_MODE() external view returns (string memory);

        /// How votes are counted, as clients parse it.
        function COUNTING_MODE() external pure returns (string memory);

        /// The votes of `account` at a past timepoint.
        function getVotes(address account, uint256 timepoint) external view returns (uint256);

        /// The same as `getVotes`; `params` has no meaning here.
        function getVotesWithParams(address account, uint256 timepoint, bytes calldata params) external view returns (uint256);

        /// The votes for and abstaining that a proposal with this snapshot needs: a share of the supply at that time.
        function quorum(uint256 timepoint) external view returns (uint256);

        /// The votes for that end the voting early.
        function superQuorum(uint256 timepoint) external view returns (uint256);

        /// The quorum in percent of the supply.
        function quorumNumerator() external view returns (uint256);

        /// The quorum in percent of the supply, as of a timepoint.
        function quorumNumerator(uint256 timepoint) external view returns (uint256);

        /// The super-quorum in percent of the supply.
        function superQuorumNumerator() external view returns (uint256);

        /// The super-quorum in percent of the supply, as of a timepoint.
        function superQuorumNumerator(uint256 timepoint) external view returns (uint256);

        /// 100: numerators are percentages.
        function quorumDenominator() external view returns (uint256);

        /// The time between a proposal and its snapshot.
        function votingDelay() external view returns (uint256);

        /// The time that voting is open.
        function votingPeriod() external view returns (uint256);

        /// The votes a proposer must have.
        function proposalThreshold() external view returns (uint256);

        /// The voting time that is left at least when a proposal reaches quorum.
        function lateQuorumVoteExtension() external view returns (uint48);

        /// Who may cancel any proposal.
        function proposalGuardian() external view returns (address);

        /// The timelock that executes proposals. It alone changes settings.
        function timelock() external view returns (address);

        /// Sets the voting delay.
        /// @custom:access The timelock, during the execution of a proposal that has exactly this call (Panic(0x31) if none
        /// has it); others get GovernorOnlyExecutor
        function setVotingDelay(uint48 newVotingDelay) external;

        /// Sets the voting period.
        /// @custom:reverts GovernorInvalidVotingPeriod
        /// @custom:access The timelock, during the execution of a proposal that has exactly this call (Panic(0x31) if none
        /// has it); others get GovernorOnlyExecutor
        function setVotingPeriod(uint32 newVotingPeriod) external;

        /// Sets the proposal threshold.
        /// @custom:access The timelock, during the execution of a proposal that has exactly this call (Panic(0x31) if none
        /// has it); others get GovernorOnlyExecutor
        function setProposalThreshold(uint256 newProposalThreshold) external;

        /// Sets the late-quorum extension, at most the voting period.
        /// @custom:reverts GovernorPreventLateQuorumVoteExtensionTooLarge
        /// @custom:access The timelock, during the execution of a proposal that has exactly this call (Panic(0x31) if none
        /// has it); others get GovernorOnlyExecutor
        function setLateQuorumVoteExtension(uint48 newVoteExtension) external;

        /// Sets the guardian.
        /// @custom:access The timelock, during the execution of a proposal that has exactly this call (Panic(0x31) if none
        /// has it); others get GovernorOnlyExecutor
        function setProposalGuardian(address newProposalGuardian) external;

        /// Sets the quorum of proposals whose snapshot is still to come.
        /// @custom:reverts GovernorInvalidQuorumTooLarge;
        /// GovernorInvalidQuorumFraction
        /// @custom:access The timelock, during the execution of a proposal that has exactly this call (Panic(0x31) if none
        /// has it); others get GovernorOnlyExecutor
        function updateQuorumNumerator(uint256 newQuorumNumerator) external;

        /// Sets the super-quorum of proposals whose snapshot is still to come.
        /// @custom:reverts GovernorInvalidSuperQuorumFraction;
        /// GovernorInvalidSuperQuorumTooSmall
        /// @custom:access The timelock, during the execution of a proposal that has exactly this call (Panic(0x31) if none
        /// has it); others get GovernorOnlyExecutor
        function updateSuperQuorumNumerator(uint256 newSuperQuorumNumerator) external;

        /// Moves to another timelock. To this governor, proposals that are queued in the old one are canceled: it can
        /// neither execute nor cancel them any more. The old timelock still has them: its executors can execute them there.
        /// So execute or cancel what is queued first, and take the roles of this governor and of the executors in the old
        /// timelock away in the same proposal.
        /// @custom:access The timelock, during the execution of a proposal that has exactly this call (Panic(0x31) if none
        /// has it); others get GovernorOnlyExecutor
        function updateTimelock(address newTimelock) external;

        /// Calls any contract with what this governor holds: recovers what was sent here by mistake.
        /// @custom:reverts FailedCall;
        /// what the target reverts with
        /// @custom:access The timelock, during the execution of a proposal that has exactly this call (Panic(0x31) if none
        /// has it); others get GovernorOnlyExecutor
        /// @custom:reentrant its call has been taken from the queue of what the proposal may do
        function relay(address target, uint256 value, bytes calldata data) external payable;

        /// The name of the governor, part of its EIP-712 domain.
        function name() external view returns (string memory);

        /// The version of its EIP-712 domain.
        function version() external view returns (string memory);

        /// The EIP-712 type hash of `castVoteBySig`.
        function BALLOT_TYPEHASH() external view returns (bytes32);

        /// The EIP-712 type hash of `castVoteWithReasonAndParamsBySig`.
        function EXTENDED_BALLOT_TYPEHASH() external view returns (bytes32);

        /// ERC-165: IGovernor (with and without `getProposalId`), IERC1155Receiver, IERC165.
        function supportsInterface(bytes4 interfaceId) external view returns (bool);

        /// Refused, as ether is.
        /// @custom:access nobody, unless this governor is its own executor
        function onERC721Received(address operator, address from, uint256 tokenId, bytes calldata data) external returns (bytes4);

        /// Refused, as ether is.
        /// @custom:access nobody, unless this governor is its own executor
        function onERC1155Received(address operator, address from, uint256 id, uint256 value, bytes calldata data) external returns (bytes4);

        /// Refused, as ether is.
        /// @custom:access nobody, unless this governor is its own executor
        function onERC1155BatchReceived(address operator, address from, uint256[] calldata ids, uint256[] calldata values, bytes calldata data) external returns (bytes4);

        /// The next nonce of `owner`.
        function nonces(address owner) external view returns (uint256);

        /// The EIP-712 domain that is signed in: name, version, chain id and this contract (ERC-5267).
        function eip712Domain() external view returns (bytes1 fields, string memory name, string memory version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] memory extensions);
    }
}
