//! A whole DAO on a test's chain: deployed as `consilium deploy` does it, with members who have
//! delegated to themselves, a guardian, and a treasury worth stealing.

pub mod life;
pub mod places;
mod proposal;
mod signing;

use std::sync::Arc;

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, Bytes, U256},
    providers::Provider,
    rpc::types::{TransactionReceipt, TransactionRequest},
    sol_types::{SolCall, SolError},
};
use consilium_bindings::VotingToken;
use consilium_deploy::{Artifacts, Chain as Node, Config, Holder, Silent, deploy, dev_key};
use eyre::{Context, Result, ensure};

use crate::{
    answer::Answer,
    chain::{Account, Chain},
    deploy::programs,
    root,
};

pub use life::State;
pub use proposal::Proposal;

/// The members and their tokens, of a million. What they do not have is the treasury's.
pub const MEMBERS: [(&str, u64); 5] =
    [("hospital", 200_000), ("clinic", 150_000), ("laboratory", 100_000), ("patients", 75_000), ("insurer", 50_000)];

/// The treasury's ether at the start.
pub const TREASURY_ETHER: u64 = 100;

/// The ether that each account gets for gas.
const GAS: u64 = 10;

/// A deployed DAO and those who act in it.
#[derive(Clone)]
pub struct Dao {
    /// The chain it stands on.
    pub chain: Arc<Chain>,
    /// What it was deployed from.
    pub config: Config,
    /// The voting token.
    pub token: Address,
    /// The timelock, which is the treasury.
    pub timelock: Address,
    /// The governor.
    pub governor: Address,
    /// Who deployed it, and holds nothing any more. Does what anyone may.
    pub deployer: Account,
    /// The proposal guardian.
    pub guardian: Account,
    /// In the order of [`MEMBERS`].
    pub members: Vec<Account>,
}

/// What there is to steal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Treasury {
    /// In wei.
    pub ether: U256,
    /// Voting tokens, in the smallest unit.
    pub tokens: U256,
}

/// Whole tokens, or whole ether, in the smallest unit.
pub fn whole(amount: u64) -> U256 {
    U256::from(amount) * U256::from(10).pow(U256::from(18))
}

impl Dao {
    /// The DAO of `deploy/config/devnet.toml` on a chain of its own, with [`MEMBERS`] as its holders.
    ///
    /// # Errors
    /// Where it cannot be deployed.
    pub async fn start() -> Result<Self> {
        Self::with(|_| {}).await
    }

    /// The same with other settings.
    ///
    /// # Errors
    /// Where it cannot be deployed.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Result<Self> {
        Self::found(Arc::new(Chain::start()?), change).await
    }

    /// Another DAO on the same chain.
    ///
    /// # Errors
    /// Where it cannot be deployed.
    pub async fn beside(&self, change: impl FnOnce(&mut Config)) -> Result<Self> {
        Self::found(self.chain.clone(), change).await
    }

    /// The DAO on a chain that a test has started.
    ///
    /// # Errors
    /// Where it cannot be deployed.
    pub async fn found(chain: Arc<Chain>, change: impl FnOnce(&mut Config)) -> Result<Self> {
        let (guardian, deployer) = (chain.account_with("guardian", GAS).await?, chain.dev_account()?);
        let mut members = Vec::new();
        for (name, _) in MEMBERS {
            members.push(chain.account_with(name, GAS).await?);
        }
        let mut config = Config::load(root().join("deploy/config/devnet.toml"))?;
        config.council = guardian.address();
        let tokens = MEMBERS.map(|(_, tokens)| whole(tokens));
        config.token_mut().holders =
            members.iter().zip(tokens).map(|(member, amount)| Holder { address: member.address(), amount }).collect();
        change(&mut config);

        let sender = Node::connect(&chain.url()).await?.with_key(dev_key())?;
        let artifacts = Artifacts::load(programs(), &config)?;
        let records = tempfile::tempdir()?;
        let deployment = deploy(&sender, &config, &artifacts, records.path(), &mut Silent).await?;
        let [token, timelock, governor] = ["voting-token", "timelock", "governor"].map(|name| deployment.address(name));
        let (token, timelock, governor) = (token?, timelock?, governor?);

        let dao = Self { chain, config, token, timelock, governor, deployer, guardian, members };
        for member in &dao.members {
            dao.does(member, token, VotingToken::delegateCall { delegatee: member.address() }).await?;
        }
        dao.fund(timelock, whole(TREASURY_ETHER)).await?;
        // The delegations are past, so they count.
        dao.pass(1).await?;
        Ok(dao)
    }

    /// A stranger with ether for gas and no tokens.
    ///
    /// # Errors
    /// Where the node refuses the ether.
    pub async fn stranger(&self, name: &str) -> Result<Account> {
        self.chain.account_with(name, GAS).await
    }

    /// A stranger whom a holder gave tokens to, and who votes with them from now on.
    ///
    /// # Errors
    /// Where the holder has too few.
    pub async fn stranger_with_votes(&self, name: &str, from: &Account, tokens: U256) -> Result<Account> {
        let stranger = self.stranger(name).await?;
        self.does(&stranger, self.token, VotingToken::delegateCall { delegatee: stranger.address() }).await?;
        self.give(from, stranger.address(), tokens).await?;
        self.pass(1).await?;
        Ok(stranger)
    }

    /// Sends ether from the development account.
    ///
    /// # Errors
    /// Where it is not taken.
    pub async fn fund(&self, to: Address, wei: U256) -> Result<()> {
        let gift = TransactionRequest::default().with_to(to).with_value(wei);
        let receipt = self.deployer.provider.send_transaction(gift).await?.get_receipt().await?;
        ensure!(receipt.status(), "{to} does not take ether");
        Ok(())
    }

    /// A member gives tokens away.
    ///
    /// # Errors
    /// Where it has too few.
    pub async fn give(&self, from: &Account, to: Address, tokens: U256) -> Result<()> {
        self.does(from, self.token, VotingToken::transferCall { to, value: tokens }).await?;
        Ok(())
    }

    /// What the treasury has.
    ///
    /// # Errors
    /// Where the node does not answer.
    pub async fn treasury(&self) -> Result<Treasury> {
        let ether = self.chain.dev.get_balance(self.timelock).await?;
        let tokens = self.read(self.token, VotingToken::balanceOfCall { account: self.timelock }).await?;
        Ok(Treasury { ether, tokens })
    }

    /// What a view answers at the head.
    ///
    /// # Errors
    /// Where it reverts.
    pub async fn read<C: SolCall>(&self, at: Address, call: C) -> Result<C::Return> {
        let request = TransactionRequest::default().with_to(at).with_input(call.abi_encode());
        let data = self.chain.dev.call(request).latest().await.wrap_err(C::SIGNATURE)?;
        Ok(C::abi_decode_returns_validate(&data)?)
    }

    /// Sends a call that must succeed.
    ///
    /// # Errors
    /// Where it reverts.
    pub async fn does(&self, by: &Account, to: Address, call: impl SolCall) -> Result<TransactionReceipt> {
        let receipt = by.send(to, call.abi_encode()).await?;
        if !receipt.status() {
            let reason = self.attempt(by, to, &call).await?;
            eyre::bail!("{} reverted with {reason:?}", signature(&call));
        }
        Ok(receipt)
    }

    /// Sends a call that must be refused with exactly this error. It is sent in earnest: mined, failed, without a log.
    ///
    /// # Errors
    /// Where it succeeds, or reverts with something else.
    pub async fn refuses(&self, by: &Account, to: Address, call: impl SolCall, error: impl SolError) -> Result<()> {
        let reason = self.attempt(by, to, &call).await?;
        let expected = Bytes::from(error.abi_encode());
        ensure!(reason == Err(expected.clone()), "{}: {reason:?}, not a revert with {expected}", signature(&call));
        let receipt = by.send(to, call.abi_encode()).await?;
        ensure!(!receipt.status(), "{} succeeded when it was sent", signature(&call));
        ensure!(receipt.logs().is_empty(), "{} failed and logged", signature(&call));
        Ok(())
    }

    /// What a call would answer in the next block: its return data, or what it reverts with.
    ///
    /// # Errors
    /// Where the node does not run it.
    pub async fn attempt(&self, by: &Account, to: Address, call: &impl SolCall) -> Result<Result<Bytes, Bytes>> {
        let request = TransactionRequest::default().with_from(by.address()).with_to(to).with_input(call.abi_encode());
        let Answer { success, data, .. } = Answer::asked(self.chain.dev.call(request).pending().await)?;
        Ok(if success { Ok(data) } else { Err(data) })
    }
}

fn signature<C: SolCall>(_: &C) -> &'static str {
    C::SIGNATURE
}
