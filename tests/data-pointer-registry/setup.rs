//! A board on a chain of its own, and the constructor.

use alloy::{
    primitives::{Address, LogData},
    providers::Provider,
    rpc::types::Filter,
    sol_types::{SolCall, SolConstructor, SolError, SolEvent},
};
use consilium_bindings::{Construct, DataPointerRegistry::*};
use eyre::{Result, ensure};
use harness::{
    authority,
    chain::{Account, Chain},
    declared::call,
    deploy,
};

/// In seconds.
pub(crate) const LIFETIME: u32 = 1_000;

/// A board, and who may post.
pub(crate) struct Board {
    pub(crate) chain: Chain,
    pub(crate) at: Address,
    pub(crate) authority: Address,
    /// The authority lets it pass.
    pub(crate) clerk: Account,
    /// The authority does not.
    pub(crate) stranger: Account,
}

impl Board {
    pub(crate) async fn start() -> Result<Self> {
        let chain = Chain::start()?;
        let (clerk, stranger) = (chain.account("clerk").await?, chain.account("stranger").await?);
        let authority = authority::letting(&chain, clerk.address()).await?;
        let constructor = constructorCall { initialAuthority: authority, lifetime: LIFETIME };
        let at = deploy::program(&chain, "data-pointer-registry", &constructor.abi_encode()).await?;
        Ok(Self { chain, at, authority, clerk, stranger })
    }

    /// What a view answers.
    pub(crate) async fn read<C: SolCall>(&self, view: C) -> Result<C::Return> {
        let answer = call(&self.chain, self.at, Address::ZERO, 0, view.abi_encode()).await?;
        let data = answer.map_err(|data| eyre::eyre!("{} reverted with {data}", C::SIGNATURE))?;
        Ok(C::abi_decode_returns_validate(&data)?)
    }

    /// Sends a call that must succeed, with just these events.
    pub(crate) async fn logs(&self, by: &Account, call: impl SolCall, events: &[LogData]) -> Result<()> {
        let receipt = by.send(self.at, call.abi_encode()).await?;
        ensure!(receipt.status(), "the call reverted");
        let logs: Vec<_> = receipt.logs().iter().map(|log| log.data().clone()).collect();
        assert_eq!(logs, events);
        Ok(())
    }

    /// Sends a call that must be refused with just this error.
    pub(crate) async fn refuses(&self, by: Address, refused: impl SolCall, error: impl SolError) -> Result<()> {
        let answer = call(&self.chain, self.at, by, 0, refused.abi_encode()).await?;
        assert_eq!(answer, Err(error.abi_encode().into()));
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_constructor_sets_what_it_is_given() -> Result<()> {
    let board = Board::start().await?;
    assert_eq!(board.read(authorityCall {}).await?, board.authority);
    assert_eq!(board.read(lifetimeCall {}).await?, LIFETIME);
    assert!(board.read(countCall {}).await?.is_zero());
    let filter = Filter::new().address(board.at).from_block(0);
    let logs: Vec<_> = board.chain.dev.get_logs(&filter).await?.into_iter().map(|log| log.data().clone()).collect();
    let authority = AuthorityUpdated { authority: board.authority }.encode_log_data();
    assert_eq!(logs, [authority, LifetimeSet { lifetime: LIFETIME }.encode_log_data()]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_constructor_refuses_no_lifetime_and_an_authority_without_code() -> Result<()> {
    let chain = Chain::start()?;
    let authority = authority::letting(&chain, Address::ZERO).await?;
    let nobody = Address::repeat_byte(7);
    let constructors = [
        (
            constructorCall { initialAuthority: authority, lifetime: 0 },
            DataPointerRegistryInvalidLifetime { lifetime: 0 }.abi_encode(),
        ),
        (
            constructorCall { initialAuthority: nobody, lifetime: 1 },
            AccessManagedInvalidAuthority { authority: nobody }.abi_encode(),
        ),
    ];
    let at = deploy::unconstructed(&chain, "data-pointer-registry").await?;
    for (constructor, error) in constructors {
        assert_eq!(call(&chain, at, nobody, 0, constructor.init_data().to_vec()).await?, Err(error.into()));
    }
    Ok(())
}
