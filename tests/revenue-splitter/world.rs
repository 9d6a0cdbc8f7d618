//! A splitter behind a proxy on a chain of its own, with an access manager, tokens and people, and the assertions about
//! it.

use alloy::{
    primitives::{Address, B256, Bytes, FixedBytes, LogData, U256, aliases::U48},
    providers::Provider,
    sol,
    sol_types::{SolCall, SolConstructor, SolEvent, SolValue},
};
use consilium_bindings::{
    AccessManager::{self, grantRoleCall, setTargetFunctionRoleCall},
    Construct,
    RevenueSplitter::*,
};
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
        event Transfer(address indexed from, address indexed to, uint256 value);
        function mint(address to, uint256 amount) external;
        function approve(address spender, uint256 amount) external returns (bool);
        function transfer(address to, uint256 amount) external returns (bool);
        function transferFrom(address from, address to, uint256 amount) external returns (bool);
        function balanceOf(address account) external view returns (uint256);
        // Of WildToken.
        event Reentered(bool success, bytes data);
        function be(uint8 mood) external;
        function ban(address account, bool yes) external;
        function rebase(uint256 percent) external;
        function arm(address to, bytes data) external;
    }
    /// What is called of an odd payee.
    interface OddPayee {
        function be(uint8 mood, address to, bytes data) external;
        function act(address to, bytes data) external returns (bytes);
    }
}

pub(crate) const ETHER: Address = Address::ZERO;

/// For how long an epoch can be disabled.
pub(crate) const WINDOW: u32 = 1_000;
/// The window, and a month more.
pub(crate) const MONTH: u64 = 30 * 86_400;

/// The role that may disable epochs.
pub(crate) const GUARDIAN: u64 = 7;

pub(crate) const NO_SOURCE: Source = Source { dataClass: 0, licence: B256::ZERO, request: B256::ZERO };

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

/// What a splitter's proxy calls when it is created.
pub(crate) fn constructor(initialAuthority: Address, treasury: Address, table: &[(Address, u16)]) -> Bytes {
    beginning(initialAuthority, treasury, table).init_data()
}

fn beginning(initialAuthority: Address, treasury: Address, table: &[(Address, u16)]) -> constructorCall {
    let (recipients, basisPoints) = table.iter().copied().unzip();
    let (registry, window) = (Address::ZERO, WINDOW);
    constructorCall { initialAuthority, registry, treasury, window, recipients, basisPoints }
}

/// A splitter, and who deals with it. At first Anna has 60 percent, Ben 30 and the pool 10.
pub(crate) struct World {
    pub(crate) chain: Chain,
    pub(crate) at: Address,
    pub(crate) implementation: Address,
    pub(crate) manager: Address,
    pub(crate) dao: Account,
    pub(crate) guardian: Account,
    pub(crate) payer: Account,
    pub(crate) stranger: Account,
    pub(crate) anna: Account,
    pub(crate) ben: Account,
    pub(crate) cleo: Account,
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
        Self::on(Chain::start()?).await
    }

    pub(crate) async fn on(chain: Chain) -> Result<Self> {
        let initialAdmin = chain.account("dao").await?.address();
        let manager = AccessManager::constructorCall { initialAdmin, grants: Vec::new(), functions: Vec::new() };
        let manager = deploy::program(&chain, "access-manager", &manager.abi_encode()).await?;
        let implementation = deploy::unconstructed(&chain, "revenue-splitter").await?;
        Self::of(chain, manager, implementation, |begin| Ok(begin.init_data())).await
    }

    /// The same in Solidity: the peers of splitter and access manager.
    pub(crate) async fn of_peers() -> Result<Self> {
        let chain = Chain::start()?;
        let dao = chain.account("dao").await?.address();
        let manager = peers::create(&chain, "PeerAccessManager", &dao.abi_encode()).await?;
        let implementation = peers::create(&chain, "PeerSplitter", &[]).await?;
        Self::of(chain, manager, implementation, |begin| Peer::load("PeerSplitter")?.initialize(&begin.abi_encode()))
            .await
    }

    /// Behind a proxy, with the people.
    async fn of(
        chain: Chain,
        manager: Address,
        implementation: Address,
        begins: impl FnOnce(constructorCall) -> Result<Bytes>,
    ) -> Result<Self> {
        let [dao, guardian, payer, stranger, anna, ben, cleo] = [
            chain.account("dao").await?,
            chain.account("guardian").await?,
            chain.account("payer").await?,
            chain.account("stranger").await?,
            chain.account("anna").await?,
            chain.account("ben").await?,
            chain.account("cleo").await?,
        ];
        let proxy = chain.create(consilium_deploy::proxy_init_code(implementation)).await?;
        let table = [(anna.address(), 6_000), (ben.address(), 3_000), (proxy, 1_000)];
        let call = begins(beginning(manager, treasury(), &table))?;
        ensure!(chain.dev_account()?.send(proxy, call).await?.status(), "the constructor reverted");
        let selectors = vec![FixedBytes(disableEpochCall::SELECTOR)];
        let role = setTargetFunctionRoleCall { target: proxy, selectors, roleId: GUARDIAN };
        let grant = grantRoleCall { roleId: GUARDIAN, account: guardian.address(), executionDelay: 0 };
        for call in [role.abi_encode(), grant.abi_encode()] {
            ensure!(dao.send(manager, call).await?.status(), "the manager refused");
        }
        Ok(Self { chain, at: proxy, implementation, manager, dao, guardian, payer, stranger, anna, ben, cleo })
    }

    // ------------------------------------------------------------------------------------------------- money

    /// Sends ether by itself.
    pub(crate) async fn earns(&self, wei: u64) -> Result<()> {
        ensure!(self.payer.send_with(self.at, Vec::new(), wei).await?.status(), "the ether was refused");
        Ok(())
    }

    /// An OpenZeppelin token, of which the payer has a lot and lets the splitter take it.
    pub(crate) async fn token(&self, decimals: u8) -> Result<Address> {
        let token = peers::create(&self.chain, "PlainToken", &U256::from(decimals).abi_encode()).await?;
        let most = U256::MAX >> 8;
        self.tells(token, Token::mintCall { to: self.payer.address(), amount: most >> 16 }).await?;
        self.by(&self.payer, token, Token::approveCall { spender: self.at, amount: U256::MAX }).await?;
        Ok(token)
    }

    /// A token that does as it is told; the payer has a lot of it.
    pub(crate) async fn wild(&self) -> Result<Address> {
        let token = peers::create(&self.chain, "WildToken", &[]).await?;
        self.tells(token, Token::mintCall { to: self.payer.address(), amount: number(1 << 60) }).await?;
        Ok(token)
    }

    /// Whoever it is calls any contract.
    pub(crate) async fn by(&self, by: &Account, to: Address, call: impl SolCall) -> Result<()> {
        ensure!(by.send(to, call.abi_encode()).await?.status(), "the call reverted");
        Ok(())
    }

    /// The same, by whom it does not matter.
    pub(crate) async fn tells(&self, to: Address, call: impl SolCall) -> Result<()> {
        self.by(&self.stranger, to, call).await
    }

    /// The payer pays in a token.
    pub(crate) async fn pays(&self, token: Address, amount: u64) -> Result<()> {
        let call = payCall { token, amount: number(amount), source: NO_SOURCE };
        self.sent_with(&self.payer, call, if token.is_zero() { amount } else { 0 }).await?;
        Ok(())
    }

    /// The payer sends a token by itself.
    pub(crate) async fn transfers(&self, token: Address, amount: u64) -> Result<()> {
        self.by(&self.payer, token, Token::transferCall { to: self.at, amount: number(amount) }).await
    }

    /// What an account has.
    pub(crate) async fn balance(&self, token: Address, account: Address) -> Result<U256> {
        if token.is_zero() {
            return Ok(self.chain.dev.get_balance(account).await?);
        }
        let answer = self.chain.ask(account, token, Token::balanceOfCall { account }.abi_encode()).await?;
        Ok(answer.output::<Token::balanceOfCall>())
    }

    /// What an account would be paid.
    pub(crate) async fn due(&self, token: Address, account: Address) -> Result<U256> {
        if token.is_zero() {
            return self.read(releasable_0Call { account }).await;
        }
        self.read(releasable_1Call { token, account }).await
    }

    /// Pays an account what it is due, by a stranger; what it got. The account does not pay for it.
    pub(crate) async fn releases(&self, token: Address, account: Address) -> Result<U256> {
        let before = self.balance(token, account).await?;
        if token.is_zero() {
            self.sent(&self.stranger, release_0Call { account }).await?;
        } else {
            self.sent(&self.stranger, release_1Call { token, account }).await?;
        }
        Ok(self.balance(token, account).await? - before)
    }

    // ------------------------------------------------------------------------------------------------ tables

    /// The DAO sets a table.
    pub(crate) async fn splits(&self, table: &[(Address, u16)], tokens: &[Address]) -> Result<()> {
        self.sent(&self.dao, set_table(table, tokens)).await?;
        Ok(())
    }

    /// All that is owed in ether or a token is there, and nothing else: what payees are due, what rounding leaves and
    /// what epochs have is the balance.
    pub(crate) async fn conserves(&self, token: Address, payees: &[Address]) -> Result<()> {
        let mut owed = self.read(remainderCall { token }).await?;
        for payee in payees.iter().chain([&self.at]) {
            owed += self.due(token, *payee).await?;
        }
        for number in 1..=self.read(epochCountCall {}).await? {
            let epoch = self.read(epochCall { number }).await?;
            if epoch.token == token && epoch.state == 1 {
                owed += epoch.remaining;
            }
        }
        assert_eq!(owed, self.balance(token, self.at).await?, "what is owed is not what is there");
        Ok(())
    }
}

/// Who gets what was not claimed.
pub(crate) fn treasury() -> Address {
    Address::repeat_byte(0xda)
}

/// The call that sets a table.
pub(crate) fn set_table(table: &[(Address, u16)], tokens: &[Address]) -> setTableCall {
    let (recipients, basisPoints) = table.iter().copied().unzip();
    setTableCall { recipients, basisPoints, tokens: tokens.to_vec() }
}
