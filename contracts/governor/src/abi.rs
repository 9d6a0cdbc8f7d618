//! The interface of the governor, as its clients know it: OpenZeppelin Contracts 5.7, Governor with the extensions
//! Settings, CountingFractional, Votes, VotesSuperQuorumFraction, PreventLateQuorum, ProposalGuardian, Storage and
//! TimelockControl. Each function names the method that answers it.
//!
//! Units: a *timepoint* is a reading of the token's clock (ERC-6372): seconds since 1970, or a block number. Delays,
//! periods and extensions are in the same unit. Votes, weights and thresholds are in the token's smallest unit.
//! Etas are always seconds: the timelock counts those.

use consilium_abi::sol_abi;
use consilium_components::eip712::Eip712;
// Ballots are signed over the next nonce. One over another is an invalid signature, never InvalidAccountNonce.
use consilium_components::nonces::{HasNonces, Nonces};

use crate::Governor;

sol_abi! {
    /// Decides by votes of a token. A timelock executes the decisions.
    interface IGovernor for Governor is Nonces, Eip712 {
        /// Runs once, for whoever calls it first: call it in the deploying transaction. The clock and the votes are `token`'s from
        /// then on.
        ///
        /// @param proposalGuardian who may cancel any proposal; with the zero address proposers may cancel theirs.
        /// @custom:reverts GovernorInvalidVotingPeriod
        /// @custom:reverts GovernorInvalidQuorumFraction
        /// @custom:reverts GovernorInvalidSuperQuorumFraction
        /// @custom:reverts GovernorInvalidSuperQuorumTooSmall
        /// @custom:reverts GovernorPreventLateQuorumVoteExtensionTooLarge
        /// @custom:reverts ERC6372InconsistentClock
        constructor(
            string name,
            address token,
            address timelock,
            uint48 votingDelay,
            uint32 votingPeriod,
            uint256 proposalThreshold,
            uint256 quorumNumerator,
            uint256 superQuorumNumerator,
            uint48 lateQuorumVoteExtension,
            address proposalGuardian
        ) => initialize;

        // ---- Voting ----

        /// Casts all the caller's votes on a proposal: 0 against, 1 for, 2 abstain.
        ///
        /// @return weight the votes cast.
        /// @custom:reverts GovernorNonexistentProposal
        /// @custom:reverts GovernorUnexpectedProposalState
        /// @custom:reverts GovernorAlreadyCastVote also if the caller had no votes at the snapshot
        /// @custom:reverts GovernorInvalidVoteType
        /// @custom:reverts GovernorInvalidVoteParams
        function castVote(uint256 proposalId, uint8 support) external returns (uint256 weight) => cast_vote;
        /// `castVote` with a reason, which is only logged.
        function castVoteWithReason(uint256 proposalId, uint8 support, string reason) external returns (uint256 weight)
            => cast_vote_with_reason;
        /// `castVote` with a reason and parameters. With `support` 255 the vote is split: `params` is three packed
        /// `uint128`, the votes against, for and abstaining; what is left can be cast later. With any other support
        /// `params` must be empty.
        ///
        /// @custom:reverts what `castVote` reverts with
        /// @custom:reverts GovernorExceedRemainingWeight
        function castVoteWithReasonAndParams(uint256 proposalId, uint8 support, string reason, bytes params)
            external returns (uint256 weight) => cast_vote_with_reason_and_params;
        /// `castVote` for `voter`, who signed a `Ballot` (EIP-712; ERC-1271 for contracts) over their next nonce.
        ///
        /// @custom:reverts what `castVote` reverts with
        /// @custom:reverts GovernorInvalidSignature
        function castVoteBySig(uint256 proposalId, uint8 support, address voter, bytes signature)
            external by "anyone who has the voter's signature" returns (uint256 weight) => cast_vote_by_sig;
        /// `castVoteWithReasonAndParams` for `voter`, who signed an `ExtendedBallot` over their next nonce.
        function castVoteWithReasonAndParamsBySig(
            uint256 proposalId, uint8 support, address voter, string reason, bytes params, bytes signature
        ) external by "anyone who has the voter's signature" returns (uint256 weight) => cast_vote_with_reason_and_params_by_sig;

        // ---- A proposal's life ----

        /// Proposes to make the calls `calldatas[i]` to `targets[i]` with `values[i]` wei, in this order, all or none.
        /// A description that ends with `#proposer=0x` and 40 hex digits can be proposed by that account alone.
        ///
        /// @return proposalId the hash of all arguments; see `hashProposal`.
        /// @custom:reverts GovernorRestrictedProposer
        /// @custom:reverts GovernorInsufficientProposerVotes
        /// @custom:reverts GovernorInvalidProposalLength
        /// @custom:reverts GovernorUnexpectedProposalState if it was proposed before
        function propose(address[] targets, uint256[] values, bytes[] calldatas, string description)
            external
            by "who has the votes of the threshold, and is the proposer where the description names one"
            returns (uint256 proposalId) => propose;
        /// Schedules a succeeded proposal in the timelock. Anyone may.
        ///
        /// @custom:reverts GovernorNonexistentProposal
        /// @custom:reverts GovernorUnexpectedProposalState
        /// @custom:reverts what the timelock reverts with
        function queue(address[] targets, uint256[] values, bytes[] calldatas, bytes32 descriptionHash)
            external
            reentrant "state is written before the timelock is called; the timelock is trusted"
            returns (uint256 proposalId) => queue;
        /// `queue` of the stored proposal.
        function queue(uint256 proposalId) external
            reentrant "state is written before the timelock is called; the timelock is trusted" => queue_by_id;
        /// Executes a queued proposal whose delay is over, and passes on the value of this call. Anyone may.
        ///
        /// @custom:reverts GovernorNonexistentProposal
        /// @custom:reverts GovernorUnexpectedProposalState
        /// @custom:reverts what the timelock reverts with
        function execute(address[] targets, uint256[] values, bytes[] calldatas, bytes32 descriptionHash)
            external payable
            reentrant "the calls of a proposal may come back here by design; it counts as executed before they are made"
            returns (uint256 proposalId) => execute;
        /// `execute` of the stored proposal.
        function execute(uint256 proposalId) external payable
            reentrant "the calls of a proposal may come back here by design; it counts as executed before they are made" => execute_by_id;
        /// Cancels a proposal that is not over. The guardian may do so at any time. The proposer may while it is pending, and
        /// at any time if there is no guardian.
        ///
        /// @custom:reverts GovernorNonexistentProposal
        /// @custom:reverts GovernorUnableToCancel
        /// @custom:reverts GovernorUnexpectedProposalState
        function cancel(address[] targets, uint256[] values, bytes[] calldatas, bytes32 descriptionHash)
            external
            by "the guardian; the proposer while it is pending, and at any time where there is no guardian"
            reentrant "state is written before the timelock is called; the timelock is trusted"
            returns (uint256 proposalId) => cancel;
        /// `cancel` of the stored proposal.
        function cancel(uint256 proposalId) external
            by "the guardian; the proposer while it is pending, and at any time where there is no guardian"
            reentrant "state is written before the timelock is called; the timelock is trusted" => cancel_by_id;

        // ---- What a proposal is ----

        /// 0 pending, 1 active, 2 canceled, 3 defeated, 4 succeeded, 5 queued, 6 expired (never here), 7 executed.
        ///
        /// @custom:reverts GovernorNonexistentProposal
        function state(uint256 proposalId) external view returns (uint8) => state;
        /// The id of a proposal: the hash of these arguments, ABI encoded.
        function hashProposal(address[] targets, uint256[] values, bytes[] calldatas, bytes32 descriptionHash)
            external pure returns (uint256) => hash_proposal;
        /// The same as `hashProposal`.
        function getProposalId(address[] targets, uint256[] values, bytes[] calldatas, bytes32 descriptionHash)
            external view returns (uint256) => get_proposal_id;
        /// The timepoint at which votes are counted; voting begins after it. Zero for an unknown proposal.
        function proposalSnapshot(uint256 proposalId) external view returns (uint256) => proposal_snapshot;
        /// The last timepoint of voting, with the extension where quorum came late.
        function proposalDeadline(uint256 proposalId) external view returns (uint256) => proposal_deadline;
        /// Who proposed it.
        function proposalProposer(uint256 proposalId) external view returns (address) => proposal_proposer;
        /// When a queued proposal can be executed, in seconds since 1970; zero where it is not queued.
        function proposalEta(uint256 proposalId) external view returns (uint256) => proposal_eta;
        /// Always true: every proposal goes through the timelock.
        function proposalNeedsQueuing(uint256 proposalId) external view returns (bool) => proposal_needs_queuing;
        /// The votes cast so far.
        function proposalVotes(uint256 proposalId)
            external view returns (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes) => proposal_votes;
        /// Whether `account` cast any votes on the proposal.
        function hasVoted(uint256 proposalId, address account) external view returns (bool) => has_voted;
        /// How many votes `account` cast on the proposal.
        function usedVotes(uint256 proposalId, address account) external view returns (uint256) => used_votes;

        // ---- Stored proposals ----

        /// How many proposals there are.
        function proposalCount() external view returns (uint256) => proposal_count;
        /// The content of a proposal.
        ///
        /// @custom:reverts GovernorNonexistentProposal
        function proposalDetails(uint256 proposalId) external view
            returns (address[] targets, uint256[] values, bytes[] calldatas, bytes32 descriptionHash)
            => proposal_details;
        /// The content of the proposal number `index`, counted from zero.
        ///
        /// @custom:reverts Panic(0x32) if there is no such proposal
        function proposalDetailsAt(uint256 index) external view returns (
            uint256 proposalId, address[] targets, uint256[] values, bytes[] calldatas, bytes32 descriptionHash
        ) => proposal_details_at;

        // ---- Votes and quorum ----

        /// The token whose votes count.
        function token() external view returns (address) => token;
        /// The current timepoint of the token's clock; the block number where the token had none at deployment.
        ///
        /// @custom:reverts ERC6372InconsistentClock
        function clock() external view returns (uint48) => clock;
        /// The token's description of its clock (ERC-6372); that of the block number where the token has none.
        ///
        /// @custom:reverts ERC6372InconsistentClock
        function CLOCK_MODE() external view returns (string) => clock_mode;
        /// How votes are counted, as clients parse it.
        function COUNTING_MODE() external pure returns (string) => counting_mode;
        /// The votes of `account` at a past timepoint.
        function getVotes(address account, uint256 timepoint) external view returns (uint256) => get_votes;
        /// The same as `getVotes`; `params` has no meaning here.
        function getVotesWithParams(address account, uint256 timepoint, bytes params)
            external view returns (uint256) => get_votes_with_params;
        /// The votes for and abstaining that a proposal with this snapshot needs: a share of the supply at that time.
        function quorum(uint256 timepoint) external view returns (uint256) => quorum;
        /// The votes for that end the voting early.
        function superQuorum(uint256 timepoint) external view returns (uint256) => super_quorum;
        /// The quorum in percent of the supply.
        function quorumNumerator() external view returns (uint256) => quorum_numerator;
        /// The quorum in percent of the supply, as of a timepoint.
        function quorumNumerator(uint256 timepoint) external view returns (uint256) => quorum_numerator_at;
        /// The super-quorum in percent of the supply.
        function superQuorumNumerator() external view returns (uint256) => super_quorum_numerator;
        /// The super-quorum in percent of the supply, as of a timepoint.
        function superQuorumNumerator(uint256 timepoint) external view returns (uint256) => super_quorum_numerator_at;
        /// 100: numerators are percentages.
        function quorumDenominator() external view returns (uint256) => quorum_denominator;

        // ---- Settings ----

        /// The timelock, during the execution of a proposal that has exactly this call (Panic(0x31) if none has it).
        guard only_governance(msg.data) reverts GovernorOnlyExecutor => only_governance;

        /// The time between a proposal and its snapshot.
        function votingDelay() external view returns (uint256) => voting_delay;
        /// The time that voting is open.
        function votingPeriod() external view returns (uint256) => voting_period;
        /// The votes a proposer must have.
        function proposalThreshold() external view returns (uint256) => proposal_threshold;
        /// The voting time that is left at least when a proposal reaches quorum.
        function lateQuorumVoteExtension() external view returns (uint48) => late_quorum_vote_extension;
        /// Who may cancel any proposal.
        function proposalGuardian() external view returns (address) => proposal_guardian;
        /// The timelock that executes proposals. It alone changes settings.
        function timelock() external view returns (address) => timelock;
        /// Sets the voting delay.
        function setVotingDelay(uint48 newVotingDelay) external only_governance => set_voting_delay;
        /// Sets the voting period.
        ///
        /// @custom:reverts GovernorInvalidVotingPeriod
        function setVotingPeriod(uint32 newVotingPeriod) external only_governance => set_voting_period;
        /// Sets the proposal threshold.
        function setProposalThreshold(uint256 newProposalThreshold) external only_governance => set_proposal_threshold;
        /// Sets the late-quorum extension, at most the voting period.
        ///
        /// @custom:reverts GovernorPreventLateQuorumVoteExtensionTooLarge
        function setLateQuorumVoteExtension(uint48 newVoteExtension) external only_governance => set_late_quorum_vote_extension;
        /// Sets the guardian.
        function setProposalGuardian(address newProposalGuardian) external only_governance => set_proposal_guardian;
        /// Sets the quorum of proposals whose snapshot is still to come.
        ///
        /// @custom:reverts GovernorInvalidQuorumTooLarge
        /// @custom:reverts GovernorInvalidQuorumFraction
        function updateQuorumNumerator(uint256 newQuorumNumerator) external only_governance => update_quorum_numerator;
        /// Sets the super-quorum of proposals whose snapshot is still to come.
        ///
        /// @custom:reverts GovernorInvalidSuperQuorumFraction
        /// @custom:reverts GovernorInvalidSuperQuorumTooSmall
        function updateSuperQuorumNumerator(uint256 newSuperQuorumNumerator) external only_governance
            => update_super_quorum_numerator;
        /// Moves to another timelock. To this governor, proposals that are queued in the old one are canceled: it can
        /// neither execute nor cancel them any more. The old timelock still has them: its executors can execute them there.
        /// So execute or cancel what is queued first, and take the roles of this governor and of the executors in the old
        /// timelock away in the same proposal.
        function updateTimelock(address newTimelock) external only_governance => update_timelock;
        /// Calls any contract with what this governor holds: recovers what was sent here by mistake.
        ///
        /// @custom:reverts FailedCall
        /// @custom:reverts what the target reverts with
        function relay(address target, uint256 value, bytes data) external payable only_governance
            reentrant "its call has been taken from the queue of what the proposal may do" => relay;

        // ---- Identity and standards ----

        /// The name of the governor, part of its EIP-712 domain.
        function name() external view returns (string) => name;
        /// The version of its EIP-712 domain.
        function version() external view returns (string) => version;
        /// The EIP-712 type hash of `castVoteBySig`.
        function BALLOT_TYPEHASH() external view returns (bytes32) => ballot_typehash;
        /// The EIP-712 type hash of `castVoteWithReasonAndParamsBySig`.
        function EXTENDED_BALLOT_TYPEHASH() external view returns (bytes32) => extended_ballot_typehash;
        /// ERC-165: IGovernor (with and without `getProposalId`), IERC1155Receiver, IERC165.
        function supportsInterface(bytes4 interfaceId) external view returns (bool) => supports_interface;
        /// Refused: the treasury is the timelock.
        ///
        /// @custom:reverts GovernorDisabledDeposit unless this governor is its own executor
        receive() external payable by "nobody, unless this governor is its own executor" => receive;
        /// Refused, as ether is.
        function onERC721Received(address operator, address from, uint256 tokenId, bytes data)
            external by "nobody, unless this governor is its own executor" returns (bytes4) => on_erc721_received;
        /// Refused, as ether is.
        function onERC1155Received(address operator, address from, uint256 id, uint256 value, bytes data)
            external by "nobody, unless this governor is its own executor" returns (bytes4) => on_erc1155_received;
        /// Refused, as ether is.
        function onERC1155BatchReceived(
            address operator, address from, uint256[] ids, uint256[] values, bytes data
        ) external by "nobody, unless this governor is its own executor" returns (bytes4) => on_erc1155_batch_received;

        // ---- Events ----

        /// A proposal was made. `signatures` is as many empty strings as there are targets.
        event ProposalCreated(
            uint256 proposalId, address proposer, address[] targets, uint256[] values, string[] signatures,
            bytes[] calldatas, uint256 voteStart, uint256 voteEnd, string description
        );
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
        event VoteCastWithParams(
            address indexed voter, uint256 proposalId, uint8 support, uint256 weight, string reason, bytes params
        );
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

        // ---- Errors ----

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
        /// The token had a clock at deployment, and now does not answer, or went backwards; or it does not describe its clock,
        /// and it is not the block number.
        error ERC6372InconsistentClock();
        /// `value` does not fit into `bits` bits.
        error SafeCastOverflowedUintDowncast(uint8 bits, uint256 value);
        /// A relayed call failed without a reason.
        error FailedCall();
    }
}

sol_abi! {
    /// What the governor asks of the token: ERC-5805 votes. `clock.rs` asks for its clock, as a token may
    /// have none.
    interface IVotes {
        /// The votes of `account` at `timepoint`.
        function getPastVotes(address account, uint256 timepoint) external view returns (uint256);
        /// The supply of votes at `timepoint`.
        function getPastTotalSupply(uint256 timepoint) external view returns (uint256);
    }
}

sol_abi! {
    /// What the governor asks of a token that answers a vote's questions at once: the component `PastVotes`.
    interface IPastVotes {
        /// The present timepoint, and the votes of `account` and of all at `timepoint`.
        function getPastVotesAndSupply(address account, uint256 timepoint)
            external view returns (uint48 clock, uint256 votes, uint256 supply);
    }
}

sol_abi! {
    /// What the governor asks of the timelock: OpenZeppelin's TimelockController.
    interface ITimelock {
        /// The shortest delay it accepts, in seconds.
        function getMinDelay() external view returns (uint256);
        /// Whether an operation is scheduled and not done.
        function isOperationPending(bytes32 id) external view returns (bool);
        /// Whether an operation is done.
        function isOperationDone(bytes32 id) external view returns (bool);
        /// Schedules an operation.
        function scheduleBatch(
            address[] targets, uint256[] values, bytes[] payloads, bytes32 predecessor, bytes32 salt, uint256 delay
        ) external;
        /// Executes an operation.
        function executeBatch(
            address[] targets, uint256[] values, bytes[] payloads, bytes32 predecessor, bytes32 salt
        ) external payable;
        /// Cancels an operation.
        function cancel(bytes32 id) external;
    }
}
