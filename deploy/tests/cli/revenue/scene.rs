//! A splitter under a real access manager, beside the harness's registry, people, and a folder for their files.

use std::process::Output;

use alloy::primitives::{Address, FixedBytes, U256};
use alloy::sol_types::{SolCall, SolConstructor, SolValue};
use consilium_bindings::{
    AccessManager::{self, grantRoleCall, setTargetFunctionRoleCall},
    Construct, RevenueSplitter as S,
};
use eyre::Result;
use harness::chain::Account;
use harness::records::Records;
use harness::{deploy, peers};
use serde_json::Value;

use super::revenue;
use crate::consent::scene::{Desk, done};
use crate::{pending, run_by};

/// For how long an epoch can be disabled, in seconds.
pub(crate) const WINDOW: u32 = 1_000;
/// The office of the publishers.
pub(crate) const PUBLISHERS: u64 = 8;

alloy::sol! {
    /// What is called of a token.
    interface Token {
        function mint(address to, uint256 amount) external;
        function approve(address spender, uint256 amount) external;
        function transfer(address to, uint256 amount) external returns (bool);
        function allowance(address owner, address spender) external view returns (uint256);
        function balanceOf(address account) external view returns (uint256);
    }
}

/// A splitter whose table gives Anna 60 percent, Ben 30 and the pool 10. The DAO is the records' own.
pub(crate) struct Scene {
    pub(crate) records: Records,
    pub(crate) at: Address,
    pub(crate) manager: Address,
    pub(crate) payer: Account,
    pub(crate) publisher: Account,
    pub(crate) anna: Account,
    pub(crate) ben: Account,
    pub(crate) desk: Desk,
}

impl Scene {
    pub(crate) async fn start() -> Result<Self> {
        let records = Records::start().await?;
        let chain = &records.chain;
        let (payer, publisher) = (chain.account("payer").await?, chain.account("publisher").await?);
        let (anna, ben) = (chain.account("anna").await?, chain.account("ben").await?);
        let manager = AccessManager::constructorCall {
            initialAdmin: records.dao.address(),
            grants: Vec::new(),
            functions: Vec::new(),
        };
        let manager = deploy::program(chain, "access-manager", &manager.abi_encode()).await?;
        let program = deploy::unconstructed(chain, "revenue-splitter").await?;
        let at = deploy::unconstructed_proxy(chain, program).await?;
        let constructor = S::constructorCall {
            initialAuthority: manager,
            registry: records.at,
            treasury: records.dao.address(),
            window: WINDOW,
            recipients: vec![anna.address(), ben.address(), at],
            basisPoints: vec![6_000, 3_000, 1_000],
        };
        assert!(chain.dev_account()?.send(at, constructor.init_data()).await?.status());
        Ok(Self { at, manager, payer, publisher, anna, ben, desk: Desk::new(), records })
    }

    /// Makes the publisher's office.
    pub(crate) async fn with_publisher(&self) -> Result<()> {
        self.with_publisher_after(0).await
    }

    /// The same, whose member announces what it does so many seconds before.
    pub(crate) async fn with_publisher_after(&self, delay: u32) -> Result<()> {
        let selectors = vec![FixedBytes(S::publishEpochCall::SELECTOR)];
        let role = setTargetFunctionRoleCall { target: self.at, selectors, roleId: PUBLISHERS };
        self.records.sends(&self.records.dao, self.manager, role).await?;
        let account = self.publisher.address();
        let grant = grantRoleCall { roleId: PUBLISHERS, account, executionDelay: delay };
        self.records.sends(&self.records.dao, self.manager, grant).await
    }

    /// What a view of the splitter answers.
    pub(crate) async fn reads<C: SolCall>(&self, view: C) -> Result<C::Return> {
        Ok(self.records.chain.ask(Address::ZERO, self.at, view.abi_encode()).await?.output::<C>())
    }

    /// A token of which the payer has a million.
    pub(crate) async fn token(&self) -> Result<Address> {
        self.token_of("PlainToken", &U256::from(6).abi_encode()).await
    }

    /// The same of a kind.
    pub(crate) async fn token_of(&self, kind: &str, arguments: &[u8]) -> Result<Address> {
        let token = peers::create(&self.records.chain, kind, arguments).await?;
        let mint = Token::mintCall { to: self.payer.address(), amount: U256::from(1_000_000) };
        assert!(self.payer.send(token, mint.abi_encode()).await?.status());
        Ok(token)
    }

    /// What an account has of a token.
    pub(crate) async fn has(&self, token: Address, account: Address) -> Result<u64> {
        let call = Token::balanceOfCall { account };
        let has = self.records.chain.ask(account, token, call.abi_encode()).await?;
        Ok(has.output::<Token::balanceOfCall>().to())
    }

    /// Runs `consilium revenue` as an account.
    pub(crate) fn runs(&self, by: &Account, words: &[&str]) -> Output {
        run_by(by, revenue(words), self.at, &self.records.chain.url())
    }

    /// The same, which must succeed and print JSON.
    #[track_caller]
    pub(crate) fn does(&self, by: &Account, words: &[&str]) -> Value {
        let output = self.runs(by, &[words, &["--json"]].concat());
        crate::parsed(&done(&output))
    }

    /// The same of what is not done yet, and said so by the exit code.
    #[track_caller]
    pub(crate) fn leaves(&self, by: &Account, words: &[&str]) -> Value {
        let output = self.runs(by, &[words, &["--json"]].concat());
        crate::parsed(&pending(&output))
    }

    /// The same, for people.
    #[track_caller]
    pub(crate) fn says(&self, by: &Account, words: &[&str]) -> String {
        done(&self.runs(by, words))
    }

    /// An epoch of these rows, `payee,amount,alone`, in a folder of this name; its path.
    #[track_caller]
    pub(crate) fn built(&self, name: &str, rows: &[String], more: &[&str]) -> String {
        let text = format!("payee,amount,alone\n{}\n", rows.join("\n"));
        let (file, out) = (self.desk.file(&format!("{name}.csv"), text), self.desk.path(name));
        let mut command = revenue(&[&["epoch", "build", &file, "--out", &out], more].concat());
        let _ = done(&tokio::task::block_in_place(|| command.output().expect("the command runs")));
        out
    }

    /// Gives the pool ether.
    pub(crate) async fn fund(&self, wei: u64) -> Result<()> {
        let call = S::fundPoolCall { token: Address::ZERO, amount: U256::from(wei) };
        assert!(self.payer.send_with(self.at, call.abi_encode(), wei).await?.status());
        Ok(())
    }

    /// Publishes an epoch that was built, and lets its window pass; its number.
    pub(crate) async fn opened(&self, folder: &str) -> Result<String> {
        let published = self.does(&self.publisher, &["epoch", "publish", folder, "--deadline", "+90d"]);
        self.records.chain.advance(u64::from(WINDOW) + 1).await?;
        Ok(published["epoch"].to_string())
    }
}
