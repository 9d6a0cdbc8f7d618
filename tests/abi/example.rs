//! The contract of the ABI layer's guide (`crates/abi-example`), deployed and called as others call it.

use alloy::{
    primitives::{Address, Bytes, U256, aliases::U48, bytes, hex},
    sol,
    sol_types::{SolCall, SolConstructor, SolError, SolEvent, SolInterface, SolValue},
};
use eyre::Result;
use harness::{
    chain::{Account, Chain},
    declared::call,
    deploy,
};

use Counter::*;

sol! {
    #[derive(Debug)]
    contract Counter {
        constructor(uint256 first, address owner);
        function count() external view returns (uint256);
        function unit() external pure returns (string);
        function reset() external;
        function add(uint48 by, string reason) external returns (uint256 total);
        function add(address[] voters, bytes[] notes) external payable returns (uint256, bool);
        function owner() external view returns (address);
        function setOwner(address newOwner) external;
        event Counted(address indexed who, uint256 total, string reason);
        event OwnerChanged(address indexed newOwner);
        error CounterOnlyOwner(address caller, uint48 by);
        error NotOwner(address account);
    }

    interface IVotes {
        function getPastVotes(address account, uint256 timepoint) external view returns (uint256);
        function delegate(address to) external;
    }
}

const NAME: &str = "abi-example";
/// A stranger, who calls and sends nothing.
const STRANGER: Address = Address::repeat_byte(2);
/// What reverts without a reason.
const NOTHING: Result<Bytes, Bytes> = Err(Bytes::new());

/// The example with five steps, and its owner.
struct Example {
    chain: Chain,
    at: Address,
    owner: Account,
}

impl Example {
    async fn start() -> Result<Self> {
        let chain = Chain::start()?;
        let owner = chain.dev_account()?;
        let first = constructorCall { first: U256::from(5), owner: owner.address() };
        let at = deploy::program(&chain, NAME, &first.abi_encode()).await?;
        Ok(Self { chain, at, owner })
    }

    /// What a call would answer.
    async fn asked(&self, from: Address, data: impl Into<Vec<u8>>) -> Result<Result<Bytes, Bytes>> {
        call(&self.chain, self.at, from, 0, data.into()).await
    }

    /// The same for the owner's call with one wei.
    async fn paid(&self, data: impl Into<Vec<u8>>) -> Result<Result<Bytes, Bytes>> {
        call(&self.chain, self.at, self.owner.address(), 1, data.into()).await
    }

    async fn count(&self) -> Result<U256> {
        let answer = self.asked(STRANGER, countCall {}.abi_encode()).await?;
        Ok(U256::from_be_slice(&answer.expect("count() answers")))
    }

    /// Sends a call of the owner, which must succeed with just this event.
    async fn logs(&self, call: impl SolCall, event: impl SolEvent) -> Result<()> {
        let receipt = self.owner.send(self.at, call.abi_encode()).await?;
        assert!(receipt.status());
        let logs: Vec<_> = receipt.logs().iter().map(|log| log.data().clone()).collect();
        assert_eq!(logs, [event.encode_log_data()]);
        Ok(())
    }
}

fn add(by: u64, reason: &str) -> add_0Call {
    add_0Call { by: U48::from(by), reason: reason.into() }
}

fn returned(value: impl SolValue) -> Result<Bytes, Bytes> {
    Ok(value.abi_encode().into())
}

fn refused(error: impl SolError) -> Result<Bytes, Bytes> {
    Err(error.abi_encode().into())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_constructor_runs_once() -> Result<()> {
    let example = Example::start().await?;
    assert_eq!(example.count().await?, U256::from(5));
    let again = constructorCall { first: U256::from(9), owner: STRANGER }.abi_encode();
    let again = [&deploy::CONSTRUCTOR[..], &again].concat();
    assert_eq!(example.asked(example.owner.address(), again.clone()).await?, NOTHING);
    assert!(!example.owner.send(example.at, again).await?.status());
    assert_eq!(example.count().await?, U256::from(5));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_constructor_does_not_count_as_run() -> Result<()> {
    let chain = Chain::start()?;
    let owner = chain.dev_account()?;
    let at = deploy::unconstructed(&chain, NAME).await?;
    let first = constructorCall { first: U256::from(5), owner: owner.address() }.abi_encode();
    let first = [&deploy::CONSTRUCTOR[..], &first].concat();
    assert!(!owner.send(at, first[..36].to_vec()).await?.status(), "an argument is missing");
    assert!(!owner.send_with(at, first.clone(), 1).await?.status(), "it takes no value");
    assert!(owner.send(at, first).await?.status());
    let example = Example { chain, at, owner };
    assert_eq!(example.count().await?, U256::from(5));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn counting_returns_and_logs() -> Result<()> {
    let example = Example::start().await?;
    let (who, three) = (example.owner.address(), add(3, "because"));
    assert_eq!(example.asked(who, three.abi_encode()).await?, returned(U256::from(8)));
    example.logs(three, Counted { who, total: U256::from(8), reason: "because".into() }).await?;
    assert_eq!(example.count().await?, U256::from(8));
    // A string need not be text.
    let mut bytes = add(1, "??").abi_encode();
    let text = bytes.len() - 32;
    bytes[text..text + 2].copy_from_slice(&[0xff, 0xfe]);
    assert_eq!(example.asked(STRANGER, bytes).await?, returned(U256::from(9)));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_has_its_arguments() -> Result<()> {
    let example = Example::start().await?;
    let error = CounterOnlyOwner { caller: STRANGER, by: U48::from(2) };
    assert_eq!(example.asked(STRANGER, add(2, "").abi_encode()).await?, refused(error));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pure_function_answers_without_a_constructor() -> Result<()> {
    let chain = Chain::start()?;
    let at = deploy::unconstructed(&chain, NAME).await?;
    assert_eq!(call(&chain, at, STRANGER, 0, unitCall {}.abi_encode()).await?, returned("step"));
    Ok(())
}

/// The fragment's functions, events and errors are the contract's.
#[tokio::test(flavor = "multi_thread")]
async fn a_component_answers_and_guards() -> Result<()> {
    let example = Example::start().await?;
    let owner = example.owner.address();
    assert_eq!(example.asked(STRANGER, ownerCall {}.abi_encode()).await?, returned(owner));
    example.logs(setOwnerCall { newOwner: STRANGER }, OwnerChanged { newOwner: STRANGER }).await?;
    assert_eq!(example.asked(owner, ownerCall {}.abi_encode()).await?, returned(STRANGER));
    // The first owner is a stranger now, to the component's function and to the contract's own.
    for call in [CounterCalls::setOwner(setOwnerCall { newOwner: owner }), CounterCalls::reset(resetCall {})] {
        assert_eq!(example.asked(owner, call.abi_encode()).await?, refused(NotOwner { account: owner }));
        assert!(!example.owner.send(example.at, call.abi_encode()).await?.status());
    }
    assert_eq!(example.count().await?, U256::from(5));
    assert_eq!(example.asked(STRANGER, resetCall {}.abi_encode()).await?, Ok(Bytes::new()));
    // Malformed calldata comes before the guard.
    let malformed = [&setOwnerCall::SELECTOR[..], &[0xff; 32]].concat();
    assert_eq!(example.asked(owner, malformed).await?, NOTHING);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn value_is_refused_where_it_is_not_payable() -> Result<()> {
    let example = Example::start().await?;
    assert_eq!(example.paid(add(1, "").abi_encode()).await?, NOTHING);
    assert_eq!(example.paid(countCall {}.abi_encode()).await?, NOTHING);
    let many = add_1Call { voters: Vec::new(), notes: Vec::new() };
    assert_eq!(example.paid(many.abi_encode()).await?, returned((U256::from(5), true)));
    assert_eq!(example.paid(Vec::new()).await?, Ok(Bytes::new()), "receive takes it");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_and_what_is_malformed_reverts() -> Result<()> {
    let example = Example::start().await?;
    let good = add(1, "why").abi_encode();
    let dirty = [&good[..4], &[0xff], &good[5..]].concat();
    let count = "count(uint256)";
    let unknown = alloy::primitives::keccak256(count)[..4].to_vec();
    let short = [&good[..good.len() - 32], &good[..35], &good[..4], &[1], &[1, 2, 3]];
    for data in short.map(<[u8]>::to_vec).into_iter().chain([unknown, dirty, hex!("deadbeef").to_vec()]) {
        assert_eq!(example.asked(STRANGER, data.clone()).await?, NOTHING, "{}", hex::encode(&data));
        let receipt = example.owner.send(example.at, data).await?;
        assert!(!receipt.status() && receipt.logs().is_empty());
    }
    assert_eq!(example.count().await?, U256::from(5));
    Ok(())
}

/// Each voter reverts with the calldata that it is given: at once, or where it is not asked for votes.
#[tokio::test(flavor = "multi_thread")]
async fn calls_are_encoded_and_their_failure_bubbles() -> Result<()> {
    let example = Example::start().await?;
    let ask = async |voter: Bytes| {
        let voter = example.chain.create(deploy::init_code(&voter)).await?;
        let many = add_1Call { voters: vec![voter], notes: vec![Bytes::from_static(b"note")] };
        eyre::Ok((voter, example.asked(STRANGER, many.abi_encode()).await?))
    };
    // CALLDATACOPY of all, REVERT with it.
    let (voter, answer) = ask(bytes!("36 6000 6000 37 36 6000 fd")).await?;
    let votes = IVotes::getPastVotesCall { account: voter, timepoint: U256::ZERO };
    assert_eq!(answer, Err(votes.abi_encode().into()));
    // The same, unless the calldata has 68 bytes: then RETURN of a word.
    let (voter, answer) = ask(bytes!("36 6044 14 6011 57 36 6000 6000 37 36 6000 fd 5b 6020 6000 f3")).await?;
    assert_eq!(answer, Err(IVotes::delegateCall { to: voter }.abi_encode().into()));
    // RETURN of a word to whatever is asked.
    let (_, answer) = ask(bytes!("6020 6000 f3")).await?;
    assert_eq!(answer, returned((U256::from(5), true)));
    // STOP: votes that are not returned.
    let (_, answer) = ask(bytes!("00")).await?;
    assert_eq!(answer, NOTHING);
    Ok(())
}
