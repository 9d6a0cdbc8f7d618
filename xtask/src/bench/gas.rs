//! Gas of what people do, ours beside OpenZeppelin's Solidity contracts, on one chain in one run.

use super::programs::InitGas;
use alloy::{
    network::TransactionBuilder,
    primitives::{Address, U256, aliases::U48, keccak256},
    providers::Provider,
    rpc::types::{TransactionReceipt, TransactionRequest},
    sol,
    sol_types::{SolCall, SolConstructor},
};
use consilium_bindings::{Governor, Timelock, VotingToken};
use devnode::ArbosVersion;
use eyre::{Result, ensure};
use harness::{
    chain::{Account, Chain},
    cost::Cost,
    deploy,
    peers::{Peer, token_arguments},
};

// What both suites answer: the same selectors, so the same calls are measured.
sol! {
    interface Suite {
        function transfer(address to, uint256 value) external returns (bool);
        function delegate(address delegatee) external;
        function grantRole(bytes32 role, address account) external;
        function updateQuorumNumerator(uint256 newQuorumNumerator) external;
        function propose(address[] targets, uint256[] values, bytes[] calldatas, string description) external returns (uint256);
        function castVote(uint256 proposalId, uint8 support) external returns (uint256);
        function queue(uint256 proposalId) external;
        function execute(uint256 proposalId) external payable;
    }
}

const VOTING_DELAY: u64 = 10;
const VOTING_PERIOD: u64 = 1_000;
const MIN_DELAY: u64 = 100;

/// What is measured, in the order in which it is done.
pub(crate) const ACTIONS: [&str; 6] = ["delegate", "transfer", "propose", "castVote", "queue", "execute"];

/// What each of [`ACTIONS`] cost.
pub(crate) type Costs = [Cost<{ CONTRACTS.len() }>; ACTIONS.len()];

/// The contracts that act in this story, as a reader knows them, in the order in which they are counted.
pub(crate) const CONTRACTS: [&str; 3] = ["voting token", "timelock", "governor"];

/// One table's worth of numbers, on the chain that people deploy to but where it says otherwise.
pub(crate) struct Table {
    pub(crate) openzeppelin: Costs,
    /// On ArbOS 51, where a program that is entered again pays as much again.
    pub(crate) uncached_51: Costs,
    /// Since ArbOS 60 it pays as a cached one, if it is entered again in the same block.
    pub(crate) uncached: Costs,
    /// Of cached programs, and of ones that the block has called before.
    pub(crate) cached: Costs,
    /// What entering each of [`CONTRACTS`] costs.
    pub(crate) init_gas: [InitGas; CONTRACTS.len()],
}

impl Table {
    /// What an action of ours pays for entering programs that are not cached.
    pub(crate) fn entering_uncached(&self, action: usize) -> u64 {
        let calls = self.uncached[action].calls.iter().zip(&self.init_gas);
        calls.map(|(calls, gas)| if *calls == 0 { 0 } else { gas.uncached + (calls - 1) * gas.cached }).sum()
    }

    /// The same on ArbOS 51.
    pub(crate) fn entering_uncached_51(&self, action: usize) -> u64 {
        self.uncached_51[action].calls.iter().zip(&self.init_gas).map(|(calls, gas)| calls * gas.uncached).sum()
    }

    /// The same with cached programs.
    pub(crate) fn entering_cached(&self, action: usize) -> u64 {
        self.cached[action].calls.iter().zip(&self.init_gas).map(|(calls, gas)| calls * gas.cached).sum()
    }
}

/// Deploys both suites and measures: OpenZeppelin's, ours as deployed, ours with its programs cached. The middle one is
/// measured on a chain with ArbOS 51 as well.
pub(crate) async fn measure() -> Result<Table> {
    let old = Chain::start_with(ArbosVersion::V51)?;
    let people = People::new(&old).await?;
    let uncached_51 = Contracts::ours(&old, &people).await?.run(&old, &people).await?;
    let chain = &Chain::start()?;
    let people = People::new(chain).await?;
    let peers = Contracts::peers(chain, &people).await?;
    let openzeppelin = peers.run(chain, &people).await?;
    let ours = Contracts::ours(chain, &people).await?;
    let uncached = ours.run(chain, &people).await?;
    let again = Contracts::ours(chain, &people).await?;
    let init_gas = [
        InitGas::cache(chain, again.token).await?,
        InitGas::cache(chain, again.timelock).await?,
        InitGas::cache(chain, again.governor).await?,
    ];
    let cached = again.run(chain, &people).await?;
    Ok(Table { openzeppelin, uncached_51, uncached, cached, init_gas })
}

/// Who acts: alice delegates first and so pays for new storage; bob does before anything is measured.
struct People {
    dev: Account,
    alice: Account,
    bob: Account,
}

impl People {
    async fn new(chain: &Chain) -> Result<Self> {
        let (alice, bob) = (chain.account("alice").await?, chain.account("bob").await?);
        Ok(Self { dev: chain.dev_account()?, alice, bob })
    }

    fn holders(&self) -> [(Address, U256); 2] {
        let tokens = |amount: u64| U256::from(amount) * U256::from(10).pow(U256::from(18));
        [(self.alice.address(), tokens(1_000)), (self.bob.address(), tokens(10))]
    }
}

/// A token, a timelock and a governor that belong together.
struct Contracts {
    token: Address,
    timelock: Address,
    governor: Address,
}

impl Contracts {
    async fn ours(chain: &Chain, people: &People) -> Result<Self> {
        let (holders, amounts): (Vec<_>, Vec<_>) = people.holders().into_iter().unzip();
        let token = VotingToken::constructorCall {
            name: "Votes".into(),
            symbol: "VOTE".into(),
            holders,
            amounts,
            timestampClock: true,
        };
        let token = deploy::program(chain, "voting-token", &token.abi_encode()).await?;
        let timelock = deploy::program(chain, "timelock", &timelock_arguments(people)).await?;
        let governor = deploy::program(chain, "governor", &governor_arguments(token, timelock)).await?;
        Self { token, timelock, governor }.wired(people).await
    }

    async fn peers(chain: &Chain, people: &People) -> Result<Self> {
        let create = async |name, arguments: Vec<u8>| chain.create(Peer::load(name)?.init_code(&arguments)).await;
        let token = create("PeerTokenTime", token_arguments("Votes", "VOTE", &people.holders())).await?;
        let timelock = create("PeerTimelock", timelock_arguments(people)).await?;
        let governor = create("PeerGovernor", governor_arguments(token, timelock)).await?;
        Self { token, timelock, governor }.wired(people).await
    }

    async fn wired(self, people: &People) -> Result<Self> {
        for role in ["PROPOSER_ROLE", "CANCELLER_ROLE"] {
            let grant = Suite::grantRoleCall { role: keccak256(role), account: self.governor };
            people.dev.send(self.timelock, grant.abi_encode()).await.and_then(succeeded)?;
        }
        Ok(self)
    }

    /// In the order of [`CONTRACTS`].
    fn all(&self) -> [Address; CONTRACTS.len()] {
        [self.token, self.timelock, self.governor]
    }

    /// Does everything once.
    async fn run(&self, chain: &Chain, people: &People) -> Result<Costs> {
        let (alice, bob) = (&people.alice, &people.bob);
        let by = async |who: &Account, to, data: Vec<u8>| {
            // Each action at a timepoint of its own, as in life: none shares another's checkpoint.
            chain.advance(1).await?;
            Cost::of(who, to, data, self.all()).await
        };
        by(bob, self.token, Suite::delegateCall { delegatee: bob.address() }.abi_encode()).await?;
        let own = Suite::delegateCall { delegatee: alice.address() }.abi_encode();
        let delegate = by(alice, self.token, own).await?;
        let one = Suite::transferCall { to: bob.address(), value: U256::from(1) }.abi_encode();
        let transfer = by(alice, self.token, one).await?;

        let action = Suite::updateQuorumNumeratorCall { newQuorumNumerator: U256::from(5) }.abi_encode();
        let proposal = Suite::proposeCall {
            targets: vec![self.governor],
            values: vec![U256::ZERO],
            calldatas: vec![action.into()],
            description: "Raise the quorum to five percent of the supply".into(),
        };
        let proposal = proposal.abi_encode();
        let id = self.proposal_id(alice, proposal.clone()).await?;
        let propose = by(alice, self.governor, proposal).await?;
        chain.advance(VOTING_DELAY + 1).await?;
        let vote = Suite::castVoteCall { proposalId: id, support: 1 }.abi_encode();
        let cast_vote = by(alice, self.governor, vote).await?;
        chain.advance(VOTING_PERIOD + 1).await?;
        let queue = by(bob, self.governor, Suite::queueCall { proposalId: id }.abi_encode()).await?;
        chain.advance(MIN_DELAY + 1).await?;
        let execute = by(bob, self.governor, Suite::executeCall { proposalId: id }.abi_encode()).await?;
        Ok([delegate, transfer, propose, cast_vote, queue, execute])
    }

    /// What `propose` is going to answer.
    async fn proposal_id(&self, proposer: &Account, proposal: Vec<u8>) -> Result<U256> {
        let request =
            TransactionRequest::default().with_from(proposer.address()).with_to(self.governor).with_input(proposal);
        Ok(U256::from_be_slice(&proposer.provider.call(request).await?))
    }
}

/// The development account administers until the roles are set; anyone executes.
fn timelock_arguments(people: &People) -> Vec<u8> {
    let constructor = Timelock::constructorCall {
        minDelay: U256::from(MIN_DELAY),
        proposers: Vec::new(),
        executors: vec![Address::ZERO],
        admin: people.dev.address(),
    };
    constructor.abi_encode()
}

fn governor_arguments(token: Address, timelock: Address) -> Vec<u8> {
    let constructor = Governor::constructorCall {
        name: "Council".into(),
        token,
        timelock,
        votingDelay: U48::from(VOTING_DELAY),
        votingPeriod: VOTING_PERIOD as u32,
        proposalThreshold: U256::ZERO,
        quorumNumerator: U256::from(4),
        superQuorumNumerator: U256::from(90),
        lateQuorumVoteExtension: U48::from(100),
        proposalGuardian: Address::ZERO,
    };
    constructor.abi_encode()
}

fn succeeded(receipt: TransactionReceipt) -> Result<TransactionReceipt> {
    ensure!(receipt.status(), "transaction {} reverted", receipt.transaction_hash);
    Ok(receipt)
}

#[cfg(test)]
mod tests {
    use super::{ACTIONS, measure};

    #[tokio::test(flavor = "multi_thread")]
    async fn nothing_costs_less_than_its_floor_and_its_programs() {
        let table = measure().await.unwrap();
        for (index, action) in ACTIONS.iter().enumerate() {
            let [solidity, uncached, cached] = [table.openzeppelin[index], table.uncached[index], table.cached[index]];
            let old = table.uncached_51[index];
            assert!(cached.floor <= solidity.used, "{action}: {cached:?} {solidity:?}");
            assert!(solidity.floor <= solidity.used, "{action}: {solidity:?}");
            assert!(uncached.floor + table.entering_uncached(index) <= uncached.used, "{action}: {uncached:?}");
            assert!(old.floor + table.entering_uncached_51(index) <= old.used, "{action}: {old:?}");
            let fewer = table.entering_uncached_51(index) - table.entering_uncached(index);
            assert_eq!(uncached.used + fewer, old.used, "{action}: {uncached:?} {old:?}");
            assert!(cached.floor + table.entering_cached(index) <= cached.used, "{action}: {cached:?}");
            // Whoever acts enters at least the program that is called.
            assert!(table.entering_cached(index) > 0 && cached.calls == uncached.calls, "{action}: {cached:?}");
        }
    }
}
