//! What the demo reads and sends, as a client of the contracts would declare it.

#![allow(clippy::too_many_arguments, reason = "the decoders that `sol!` writes take an event's fields one by one")]

alloy::sol! {
    #[sol(rpc)]
    interface Token {
        event DelegateChanged(address indexed delegator, address indexed fromDelegate, address indexed toDelegate);
        event DelegateVotesChanged(address indexed delegate, uint256 previousVotes, uint256 newVotes);
        function balanceOf(address account) external view returns (uint256);
        function getVotes(address account) external view returns (uint256);
        function delegates(address account) external view returns (address);
        function delegate(address delegatee) external;
    }

    #[sol(rpc)]
    interface Governor {
        event ProposalCreated(
            uint256 proposalId, address proposer, address[] targets, uint256[] values, string[] signatures,
            bytes[] calldatas, uint256 voteStart, uint256 voteEnd, string description
        );
        event VoteCast(address indexed voter, uint256 proposalId, uint8 support, uint256 weight, string reason);
        event ProposalQueued(uint256 proposalId, uint256 etaSeconds);
        event ProposalExecuted(uint256 proposalId);
        event QuorumNumeratorUpdated(uint256 oldQuorumNumerator, uint256 newQuorumNumerator);
        function propose(address[] targets, uint256[] values, bytes[] calldatas, string description)
            external returns (uint256 proposalId);
        function getProposalId(address[] targets, uint256[] values, bytes[] calldatas, bytes32 descriptionHash)
            external view returns (uint256);
        function castVoteWithReason(uint256 proposalId, uint8 support, string reason) external returns (uint256);
        function queue(uint256 proposalId) external;
        function execute(uint256 proposalId) external payable;
        function updateQuorumNumerator(uint256 newQuorumNumerator) external;
        function state(uint256 proposalId) external view returns (uint8);
        function proposalSnapshot(uint256 proposalId) external view returns (uint256);
        function proposalDeadline(uint256 proposalId) external view returns (uint256);
        function proposalProposer(uint256 proposalId) external view returns (address);
        function proposalEta(uint256 proposalId) external view returns (uint256);
        function proposalVotes(uint256 proposalId)
            external view returns (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes);
        function hasVoted(uint256 proposalId, address account) external view returns (bool);
        function quorum(uint256 timepoint) external view returns (uint256);
        function quorumNumerator() external view returns (uint256);
    }

    #[sol(rpc)]
    interface Timelock {
        event CallScheduled(
            bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data, bytes32 predecessor,
            uint256 delay
        );
        event CallExecuted(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data);
        error TimelockUnexpectedOperationState(bytes32 operationId, bytes32 expectedStates);
    }
}
