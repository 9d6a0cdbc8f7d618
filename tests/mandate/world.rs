//! Mandates behind a proxy on a chain of its own, with an access manager, tokens and people, and the assertions about
//! them.

use alloy::{
    primitives::{Address, B256, Bytes, LogData, U256, aliases::U48},
    providers::Provider,
    sol,
    sol_types::{SolCall, SolConstructor, SolEvent, SolValue},
};
use consilium_bindings::{AccessManager, Construct, Mandate::*};
use eyre::{Result, ensure};
pub(crate) use harness::calls::Calls;
use harness::{
    chain::{Account, Chain},
    deploy,
    peers::{self, Peer},
};

sol! {
    /// What is called of the tokens.
    #[derive(Debug, PartialEq, Eq)]
    interface Token {
        function mint(address to, uint256 amount) external;
        function transfer(address to, uint256 amount) external returns (bool);
        function balanceOf(address account) external view returns (uint256);
        // Of WildToken.
        event Reentered(bool success, bytes data);
        function be(uint8 mood) external;
        function ban(address account, bool yes) external;
        function arm(address to, bytes data) external;
    }
    /// What is called of an odd recipient.
    interface OddPayee {
        function be(uint8 mood, address to, bytes data) external;
        function act(address to, bytes data) external returns (bytes);
    }
}

pub(crate) const ETHER: Address = Address::ZERO;

/// How long the first mandate lasts, and its calendar.
pub(crate) const TERM: u64 = 100_000;
pub(crate) const EVERY: u32 = 10_000;
/// The first period.
pub(crate) const PERIOD: u32 = 1_000;

pub(crate) fn time(seconds: u64) -> U48 {
    U48::from(seconds)
}

pub(crate) fn number(number: u64) -> U256 {
    U256::from(number)
}

/// An event as it is logged.
pub(crate) fn log(event: impl SolEvent) -> LogData {
    event.encode_log_data()
}

/// What a proxy calls when it is created.
pub(crate) fn constructor(
    initialAuthority: Address,
    mandates: Vec<InitialMandate>,
    allowances: Vec<InitialAllowance>,
) -> Bytes {
    beginning(initialAuthority, mandates, allowances).init_data()
}

pub(crate) fn beginning(
    initialAuthority: Address,
    mandates: Vec<InitialMandate>,
    allowances: Vec<InitialAllowance>,
) -> constructorCall {
    constructorCall { initialAuthority, mandates, allowances }
}

/// Mandates, and who deals with them. At first nobody has one.
pub(crate) struct World {
    pub(crate) chain: Chain,
    pub(crate) at: Address,
    pub(crate) implementation: Address,
    pub(crate) manager: Address,
    pub(crate) dao: Account,
    pub(crate) anna: Account,
    pub(crate) ben: Account,
    pub(crate) stranger: Account,
}

impl Calls for World {
    fn chain(&self) -> &Chain {
        &self.chain
    }

    fn at(&self) -> Address {
        self.at
    }

    /// Not the tokens.
    fn hears(&self, contract: Address) -> bool {
        contract == self.at
    }
}

impl World {
    pub(crate) async fn start() -> Result<Self> {
        let chain = Chain::start()?;
        let initialAdmin = chain.account("dao").await?.address();
        let manager = AccessManager::constructorCall { initialAdmin, grants: Vec::new(), functions: Vec::new() };
        let manager = deploy::program(&chain, "access-manager", &manager.abi_encode()).await?;
        let implementation = deploy::unconstructed(&chain, "mandate").await?;
        Self::of(chain, manager, implementation, beginning(manager, Vec::new(), Vec::new()).init_data()).await
    }

    /// The same in Solidity: the peers of the contract and of the access manager.
    pub(crate) async fn of_peers() -> Result<Self> {
        let chain = Chain::start()?;
        let dao = chain.account("dao").await?.address();
        let manager = peers::create(&chain, "PeerAccessManager", &dao.abi_encode()).await?;
        let implementation = peers::create(&chain, "PeerMandate", &[]).await?;
        let begin = beginning(manager, Vec::new(), Vec::new()).abi_encode();
        let begin = Peer::load("PeerMandate")?.initialize(&begin)?;
        Self::of(chain, manager, implementation, begin).await
    }

    /// Behind a proxy, which calls its constructor, with the people.
    async fn of(chain: Chain, manager: Address, implementation: Address, begin: Bytes) -> Result<Self> {
        let [dao, anna, ben, stranger] = [
            chain.account("dao").await?,
            chain.account("anna").await?,
            chain.account("ben").await?,
            chain.account("stranger").await?,
        ];
        let at = deploy::proxy(&chain, implementation, begin).await?;
        Ok(Self { chain, at, implementation, manager, dao, anna, ben, stranger })
    }

    /// The same with a mandate of Anna's: 1,000 of a kind of money in each period, of which 10,000 are there. Reports
    /// are due every [`EVERY`] seconds if `reports` says so. Returned is the second in which all that was.
    pub(crate) async fn with(token: Address, reports: bool) -> Result<(Self, u64)> {
        let world = Self::start().await?;
        let now = world.entrusts(token, reports).await?;
        Ok((world, now))
    }

    /// Gives Anna the mandate of [`Self::with`].
    pub(crate) async fn entrusts(&self, token: Address, reports: bool) -> Result<u64> {
        let now = self.at_once().await?;
        let first = if reports { now + u64::from(EVERY) } else { 0 };
        self.grants(&self.anna, now + TERM, if reports { EVERY } else { 0 }, first).await?;
        self.allows(&self.anna, token, 1_000, PERIOD).await?;
        if token.is_zero() {
            self.earns(10_000).await?;
        }
        Ok(now)
    }

    /// The second of the head, which is that of the next blocks: the clock stands.
    pub(crate) async fn at_once(&self) -> Result<u64> {
        self.chain.now().await
    }

    // -------------------------------------------------------------------------------------------------- deeds

    /// The DAO gives somebody a mandate.
    pub(crate) async fn grants(&self, holder: &Account, until: u64, reportEvery: u32, first: u64) -> Result<()> {
        self.sent(&self.dao, grant(holder.address(), until, reportEvery, first)).await?;
        Ok(())
    }

    /// The DAO sets an allowance.
    pub(crate) async fn allows(&self, holder: &Account, token: Address, limit: u128, period: u32) -> Result<()> {
        self.sent(&self.dao, setAllowanceCall { holder: holder.address(), token, limit, period }).await?;
        Ok(())
    }

    /// A holder pays the recipient of all tests.
    pub(crate) async fn spends(&self, by: &Account, token: Address, amount: u64) -> Result<()> {
        self.sent(by, spend(token, amount)).await?;
        Ok(())
    }

    /// A holder reports.
    pub(crate) async fn reports(&self, by: &Account) -> Result<()> {
        self.sent(by, report()).await?;
        Ok(())
    }

    /// What is left of an allowance.
    pub(crate) async fn left(&self, holder: &Account, token: Address) -> Result<u64> {
        Ok(self.read(allowanceCall { holder: holder.address(), token }).await?.left.to())
    }

    /// When the next report of somebody is due.
    pub(crate) async fn due(&self, holder: &Account) -> Result<u64> {
        Ok(self.read(mandateCall { holder: holder.address() }).await?.due.to())
    }

    // -------------------------------------------------------------------------------------------------- money

    /// Somebody sends ether.
    pub(crate) async fn earns(&self, wei: u64) -> Result<()> {
        ensure!(self.stranger.send_with(self.at, Vec::new(), wei).await?.status(), "the ether was refused");
        Ok(())
    }

    /// A token that does as it is told, of which the contract has so much.
    pub(crate) async fn wild(&self, amount: u64) -> Result<Address> {
        let token = peers::create(&self.chain, "WildToken", &[]).await?;
        self.tells(token, Token::mintCall { to: self.at, amount: number(amount) }).await?;
        Ok(token)
    }

    /// An OpenZeppelin token, of which the contract has so much.
    pub(crate) async fn plain(&self, amount: u64) -> Result<Address> {
        let token = peers::create(&self.chain, "PlainToken", &U256::from(6).abi_encode()).await?;
        self.tells(token, Token::mintCall { to: self.at, amount: number(amount) }).await?;
        Ok(token)
    }

    /// Anybody calls any contract.
    pub(crate) async fn tells(&self, to: Address, call: impl SolCall) -> Result<()> {
        ensure!(self.stranger.send(to, call.abi_encode()).await?.status(), "the call reverted");
        Ok(())
    }

    /// What an account has.
    pub(crate) async fn balance(&self, token: Address, account: Address) -> Result<U256> {
        if token.is_zero() {
            return Ok(self.chain.dev.get_balance(account).await?);
        }
        let answer = self.chain.ask(account, token, Token::balanceOfCall { account }.abi_encode()).await?;
        Ok(answer.output::<Token::balanceOfCall>())
    }
}

/// Who is paid.
pub(crate) fn payee() -> Address {
    Address::repeat_byte(0xbe)
}

pub(crate) fn grant(holder: Address, until: u64, reportEvery: u32, first: u64) -> grantMandateCall {
    grantMandateCall { holder, until: time(until), reportEvery, firstReportBy: time(first) }
}

pub(crate) fn spend(token: Address, amount: u64) -> spendCall {
    spendCall { token, to: payee(), amount: number(amount) }
}

/// What is reported.
pub(crate) const HASH: B256 = B256::repeat_byte(0x4a);
/// Where it is.
pub(crate) const LOCATOR: &str = "ipfs://bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy";

pub(crate) fn report() -> reportCall {
    reportCall { hash: HASH, locator: LOCATOR.to_owned() }
}

pub(crate) fn reported(holder: &Account, due: u64, nextDue: u64) -> LogData {
    let locator = LOCATOR.to_owned();
    log(Reported { holder: holder.address(), due: time(due), hash: HASH, locator, nextDue: time(nextDue) })
}
