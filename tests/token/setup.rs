//! A token on a chain of its own, and assertions that read like prose.

use alloy::{
    contract::CallBuilder,
    primitives::{Address, Bytes, U256},
    providers::DynProvider,
    rpc::types::TransactionReceipt,
    sol_types::{SolCall, SolConstructor, SolError, SolEvent},
};
use consilium_bindings::VotingToken::{VotingTokenInstance, constructorCall};
use eyre::{Context, Result};
use harness::{
    chain::{Account, Chain},
    deploy,
};

/// What alice has at first; bob has half of it, carol nothing.
pub(crate) const SUPPLY_OF_ALICE: u64 = 1_000;
pub(crate) const SUPPLY_OF_BOB: u64 = 500;
pub(crate) const SUPPLY: u64 = SUPPLY_OF_ALICE + SUPPLY_OF_BOB;
pub(crate) const NAME: &str = "Health Exchange Vote";

/// A token whose clock is block.timestamp, unless told otherwise.
pub(crate) struct Token {
    pub(crate) chain: Chain,
    pub(crate) at: Address,
    pub(crate) alice: Account,
    pub(crate) bob: Account,
    pub(crate) carol: Account,
}

/// The constructor with a list of holders, and what each gets.
pub(crate) fn constructor(holders: Vec<Address>, amounts: Vec<U256>, timestamp_clock: bool) -> constructorCall {
    let (name, symbol) = (NAME.into(), "HXV".into());
    constructorCall { name, symbol, holders, amounts, timestampClock: timestamp_clock }
}

/// The constructor's arguments.
pub(crate) fn arguments(holders: &[(Address, U256)], timestamp_clock: bool) -> Vec<u8> {
    let (addresses, amounts): (Vec<_>, Vec<_>) = holders.iter().copied().unzip();
    constructor(addresses, amounts, timestamp_clock).abi_encode()
}

impl Token {
    pub(crate) async fn on_time() -> Result<Self> {
        Self::new(true).await
    }

    pub(crate) async fn on_blocks() -> Result<Self> {
        Self::new(false).await
    }

    async fn new(timestamp_clock: bool) -> Result<Self> {
        let chain = Chain::start()?;
        let alice = chain.account("alice").await?;
        let bob = chain.account("bob").await?;
        let carol = chain.account("carol").await?;
        let holders = [(alice.address(), U256::from(SUPPLY_OF_ALICE)), (bob.address(), U256::from(SUPPLY_OF_BOB))];
        let at = deploy::program(&chain, "voting-token", &arguments(&holders, timestamp_clock)).await?;
        Ok(Self { chain, at, alice, bob, carol })
    }

    /// The token as `account` calls it.
    pub(crate) fn by(&self, account: &Account) -> VotingTokenInstance<DynProvider> {
        VotingTokenInstance::new(self.at, account.provider.clone())
    }

    /// The token as anyone reads it.
    pub(crate) fn read(&self) -> VotingTokenInstance<DynProvider> {
        VotingTokenInstance::new(self.at, self.chain.dev.clone())
    }

    /// Balances of alice, bob and carol.
    pub(crate) async fn balances(&self) -> Result<[U256; 3]> {
        let token = self.read();
        Ok([
            token.balanceOf(self.alice.address()).call().await?,
            token.balanceOf(self.bob.address()).call().await?,
            token.balanceOf(self.carol.address()).call().await?,
        ])
    }

    /// Votes of alice, bob and carol.
    pub(crate) async fn votes(&self) -> Result<[U256; 3]> {
        let token = self.read();
        Ok([
            token.getVotes(self.alice.address()).call().await?,
            token.getVotes(self.bob.address()).call().await?,
            token.getVotes(self.carol.address()).call().await?,
        ])
    }
}

pub(crate) fn units<const N: usize>(amounts: [u64; N]) -> [U256; N] {
    amounts.map(U256::from)
}

pub(crate) fn unit(amount: u64) -> U256 {
    U256::from(amount)
}

/// Sends, and asserts that it succeeded. Gas is given, not estimated: an estimate of this second is too low in the next one, where
/// the same call writes another checkpoint.
pub(crate) async fn send<C: SolCall>(
    call: CallBuilder<&DynProvider, core::marker::PhantomData<C>>,
) -> Result<TransactionReceipt> {
    let receipt = call.gas(5_000_000).send().await?.get_receipt().await?;
    assert!(receipt.status(), "{} was mined and reverted", C::SIGNATURE);
    Ok(receipt)
}

/// Asserts that the call reverts with exactly this error and these arguments.
#[track_caller]
pub(crate) fn assert_reverts<T: core::fmt::Debug>(outcome: Result<T, alloy::contract::Error>, error: impl SolError) {
    assert_reverts_raw(outcome, error.abi_encode());
}

/// Asserts that the call reverts with exactly this data.
#[track_caller]
pub(crate) fn assert_reverts_raw<T: core::fmt::Debug>(
    outcome: Result<T, alloy::contract::Error>,
    data: impl Into<Bytes>,
) {
    let error = outcome.expect_err("the call succeeded");
    let found = error.as_revert_data().unwrap_or_else(|| panic!("not a revert: {error}"));
    assert_eq!(found, data.into());
}

/// The data of Solidity's `Panic(uint256)`.
pub(crate) fn panic_data(code: u64) -> Vec<u8> {
    alloy::sol_types::Panic { code: U256::from(code) }.abi_encode()
}

/// Asserts that the receipt's logs are exactly these, from `emitter`, in this order.
#[track_caller]
pub(crate) fn assert_logs(receipt: &TransactionReceipt, emitter: Address, expected: &[&dyn LogData]) {
    let found: Vec<_> = receipt.logs().iter().map(|log| (log.address(), log.data().clone())).collect();
    let expected: Vec<_> = expected.iter().map(|event| (emitter, event.log_data())).collect();
    assert_eq!(found, expected);
}

/// An event as the chain stores it.
pub(crate) trait LogData {
    fn log_data(&self) -> alloy::primitives::LogData;
}

impl<E: SolEvent> LogData for E {
    fn log_data(&self) -> alloy::primitives::LogData {
        self.encode_log_data()
    }
}

/// The head's timestamp as a timepoint.
pub(crate) async fn timepoint(chain: &Chain) -> Result<U256> {
    Ok(U256::from(chain.now().await.wrap_err("reading the clock")?))
}
