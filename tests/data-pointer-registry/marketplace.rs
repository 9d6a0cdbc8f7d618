//! The marketplace of `examples/solidity`, with the registry, the consent, a governor and a revenue splitter: who gets
//! which key, and where the money goes.

use alloy::{
    primitives::{Address, B256, LogData, U256, aliases::U96},
    providers::Provider,
    sol,
    sol_types::{SolCall, SolConstructor, SolError, SolEvent, SolValue},
};
use consilium_bindings::{Consent as C, Construct, DataPointerRegistry as R, Governor, RevenueSplitter as S};
use eyre::{Result, ensure};
use harness::{chain::Account, deploy, peers};

use crate::{access::*, world::*};

sol! {
    #[sol(all_derives)]
    interface ResearchMarketplace {
        event PriceSet(uint96 price);
        event SplitterSet(address splitter);
        event Licensed(
            uint256 indexed licence, address indexed researcher, uint8 purpose, uint48 until, bytes32 terms
        );
        event LicenceEnded(uint256 indexed licence);
        event RecordRequested(uint256 indexed licence, bytes32 indexed id, bytes32 indexed requestId, uint96 price);
        event RecordDenied(uint256 indexed licence, bytes32 indexed id);
        event Earned(bytes32 indexed requestId, address indexed splitter, uint96 amount);
        event Refunded(bytes32 indexed requestId, address indexed researcher, uint96 amount);
        error OnlyTheDao(address caller);
        error NotTheResearcher(address caller);
        error NoLicence(uint256 licence);
        error NoPrice();
        error WrongPayment(uint256 paid, uint256 due);
        error NothingPaid(bytes32 requestId);
        error StillDue(bytes32 requestId, uint48 dueBy);
        error PaymentRefused(address account);
        error AnotherRegistry(address registry);
        function setPrice(uint96 newPrice) external;
        function setSplitter(address newSplitter) external;
        function license(address researcher, uint8 purpose, uint48 until, bytes32 terms)
            external returns (uint256 licence);
        function endLicence(uint256 licence) external;
        function requestRecords(uint256 licence, bytes32[] ids, bytes32 encryptionKey)
            external payable returns (bytes32[] requestIds);
        function settle(bytes32 requestId) external;
    }
}
use ResearchMarketplace::*;

const PRICE: u64 = 1_000;
/// Who gets a fifth of what is earned. The pool gets the rest.
const CUSTODIANS: Address = Address::repeat_byte(0x7e);
const TERMS: B256 = B256::repeat_byte(0x11);

/// A marketplace whose DAO is the world's, and a researcher with a licence, 1, for a month. The patient lets the marketplace
/// have laboratory results for research.
struct Market {
    world: World,
    at: Address,
    governor: Address,
    splitter: Address,
    researcher: Account,
}

impl Market {
    async fn start() -> Result<Self> {
        let world = World::start().await?;
        let chain = &world.chain;
        let token = peers::create(chain, "PeerTokenTime", &peers::token_arguments("T", "T", &[])).await?;
        let governor = Governor::constructorCall {
            name: "DAO".into(),
            token,
            timelock: world.dao.address(),
            votingDelay: time(1),
            votingPeriod: 100,
            proposalThreshold: U256::ZERO,
            quorumNumerator: U256::from(4),
            superQuorumNumerator: U256::from(90),
            lateQuorumVoteExtension: time(1),
            proposalGuardian: Address::ZERO,
        };
        let governor = deploy::program(chain, "governor", &governor.abi_encode()).await?;
        let splitter = splitter(&world, world.at).await?;
        let arguments = (world.at, governor, U96::from(PRICE), splitter).abi_encode_params();
        let at = peers::create(chain, "ResearchMarketplace", &arguments).await?;
        let researcher = chain.account("researcher").await?;
        let market = Self { world, at, governor, splitter, researcher };
        market.grants(permit(at, LABS, RESEARCH)).await?;
        let until = time(market.world.chain.now().await? + 30 * DAY);
        let (researcher, purpose, terms) = (market.researcher.address(), RESEARCH, TERMS);
        let licensed = Licensed { licence: U256::from(1), researcher, purpose, until, terms }.encode_log_data();
        market.logs(&market.world.dao, licenseCall { researcher, purpose, until, terms }, 0, &[licensed]).await?;
        Ok(market)
    }

    async fn grants(&self, provision: C::Provision) -> Result<()> {
        let grantor = self.world.patient.address();
        self.world.consents(&self.world.patient, C::grantCall { grantor, provision }).await
    }

    /// Sends a call that must succeed, with just these events of the marketplace.
    async fn logs(&self, by: &Account, call: impl SolCall, wei: u64, events: &[LogData]) -> Result<()> {
        let receipt = by.send_with(self.at, call.abi_encode(), wei).await?;
        ensure!(receipt.status(), "the marketplace refused");
        let own = receipt.logs().iter().filter(|log| log.address() == self.at);
        assert_eq!(own.map(|log| log.data().clone()).collect::<Vec<_>>(), events);
        Ok(())
    }

    /// The call is refused with just this error, and a transaction of it leaves nothing.
    async fn refuses(&self, by: &Account, call: impl SolCall, error: impl SolError) -> Result<()> {
        let data = call.abi_encode();
        self.world.chain.ask(by.address(), self.at, data.clone()).await?.refused(error);
        let before = self.held().await?;
        assert!(!by.send(self.at, data).await?.status());
        assert_eq!(self.held().await?, before);
        Ok(())
    }

    /// Requests records by the licence; the requests' ids, zero for what was refused. Each that is not is paid for.
    async fn requests(&self, ids: &[B256], granted: &[bool]) -> Result<Vec<B256>> {
        let now = self.world.soon().await?;
        let (licence, price) = (U256::from(1), U96::from(PRICE));
        let request_ids: Vec<_> = ids
            .iter()
            .zip(granted)
            .map(|(id, is)| is.then(|| request_id(*id, self.at, Address::ZERO, RESEARCH, KEY, now)).unwrap_or_default())
            .collect();
        let told = ids.iter().zip(&request_ids).filter(|(_, requestId)| !requestId.is_zero());
        let told = told
            .map(|(&id, &requestId)| RecordRequested { licence, id, requestId, price }.encode_log_data())
            .collect::<Vec<_>>();
        let before = self.held().await?;
        let call = requestRecordsCall { licence, ids: ids.to_vec(), encryptionKey: KEY };
        self.logs(&self.researcher, call, PRICE * ids.len() as u64, &told).await?;
        assert_eq!(self.held().await?, before + U256::from(PRICE * told.len() as u64));
        Ok(request_ids)
    }

    /// What the marketplace holds, in wei.
    async fn held(&self) -> Result<U256> {
        Ok(self.world.chain.dev.get_balance(self.at).await?)
    }

    /// What the splitter got, in wei.
    async fn earned(&self) -> Result<U256> {
        Ok(self.world.chain.dev.get_balance(self.splitter).await?)
    }

    /// Anybody settles: the money goes back to the researcher.
    async fn refunds(&self, requestId: B256) -> Result<()> {
        let researcher = self.researcher.address();
        let before = self.world.chain.dev.get_balance(researcher).await?;
        let told = Refunded { requestId, researcher, amount: U96::from(PRICE) }.encode_log_data();
        self.logs(&self.world.stranger, settleCall { requestId }, 0, &[told]).await?;
        assert_eq!(self.world.chain.dev.get_balance(researcher).await?, before + U256::from(PRICE));
        self.refuses(&self.world.stranger, settleCall { requestId }, NothingPaid { requestId }).await
    }

    /// Anybody settles: the money is earned, and the splitter says for which request of which pointer.
    async fn earns(&self, id: B256, requestId: B256) -> Result<()> {
        let before = self.earned().await?;
        let amount = U256::from(PRICE);
        let receipt = self.world.stranger.send(self.at, settleCall { requestId }.abi_encode()).await?;
        ensure!(receipt.status(), "the marketplace refused");
        let earned = Earned { requestId, splitter: self.splitter, amount: U96::from(PRICE) }.encode_log_data();
        let received = S::RevenueReceived {
            token: Address::ZERO,
            payer: self.at,
            licence: B256::from(U256::from(1)),
            dataClass: LABS,
            request: requestId,
            amount,
            version: 1,
        };
        let (custodian, actor) = (self.world.lab.address(), self.at);
        let (licence, token) = (received.licence, Address::ZERO);
        let licence = S::LicencePaid { request: requestId, pointer: id, custodian, actor, licence, token, amount };
        let expected = [
            earned,
            S::PaymentReceived { from: self.at, amount }.encode_log_data(),
            received.encode_log_data(),
            licence.encode_log_data(),
        ];
        assert_eq!(receipt.logs().iter().map(|log| log.data().clone()).collect::<Vec<_>>(), expected);
        assert_eq!(self.earned().await?, before + amount);
        self.refuses(&self.world.stranger, settleCall { requestId }, NothingPaid { requestId }).await
    }
}

/// A splitter that asks a registry.
async fn splitter(world: &World, registry: Address) -> Result<Address> {
    let program = deploy::unconstructed(&world.chain, "revenue-splitter").await?;
    let at = deploy::unconstructed_proxy(&world.chain, program).await?;
    let constructor = S::constructorCall {
        initialAuthority: world.manager,
        registry,
        treasury: world.dao.address(),
        window: 3_600,
        recipients: vec![CUSTODIANS, at],
        basisPoints: vec![2_000, 8_000],
    };
    ensure!(world.dao.send(at, constructor.init_data()).await?.status(), "the constructor reverted");
    Ok(at)
}

/// What was delivered is earned; what was declined or is late goes back; what is refused costs nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_paid_for_when_it_was_delivered() -> Result<()> {
    let market = Market::start().await?;
    let world = &market.world;
    let [first, second] = [world.registered(1).await?, world.registered(2).await?];
    let [third, fourth] = [world.registered(3).await?, world.registered(4).await?];
    let unknown = B256::repeat_byte(9);
    let asked = [first, unknown, second, first, third, fourth];
    let requests = market.requests(&asked, &[true, false, true, false, true, true]).await?;
    let due = world.read(R::accessRequestCall { id: first, requestId: requests[0] }).await?.dueBy;
    for requestId in [requests[0], requests[2]] {
        market.refuses(&world.stranger, settleCall { requestId }, StillDue { requestId, dueBy: due }).await?;
    }
    for requestId in [B256::ZERO, unknown] {
        market.refuses(&world.stranger, settleCall { requestId }, NothingPaid { requestId }).await?;
    }
    let deliver = |id, requestId| R::deliverKeyCall { id, requestId, wrappedKeyHash: WRAPPED };
    world.does(&world.lab, deliver(first, requests[0])).await?;
    market.earns(first, requests[0]).await?;

    // The patient changes its mind before the key is delivered.
    world.revokes().await?;
    let askedAt = due - time(u64::from(WITHIN));
    let (id, requestId, purpose, encryptionKey) = (second, requests[2], RESEARCH, KEY);
    let decline = R::declineKeyCall { id, requestId, purpose, onBehalfOf: Address::ZERO, encryptionKey, askedAt };
    world.does(&world.lab, decline).await?;
    market.refunds(requests[2]).await?;

    // Too late to earn, whether it is delivered before it is settled or afterwards.
    world.chain.advance_to(due.to::<u64>() + 1).await?;
    world.does(&world.lab, deliver(third, requests[4])).await?;
    market.refunds(requests[4]).await?;
    market.refunds(requests[5]).await?;
    world.does(&world.lab, deliver(fourth, requests[5])).await?;
    let requestId = requests[5];
    market.refuses(&world.lab, settleCall { requestId }, NothingPaid { requestId }).await?;
    assert_eq!((market.held().await?, market.earned().await?), (U256::ZERO, U256::from(PRICE)));
    // The custodians have their fifth of it, and patients the rest, by epochs.
    for (account, due) in [(CUSTODIANS, PRICE / 5), (market.splitter, PRICE / 5 * 4)] {
        let answer = world.chain.ask(account, market.splitter, S::releasable_0Call { account }.abi_encode()).await?;
        assert_eq!(answer.output::<S::releasable_0Call>(), U256::from(due));
    }
    // Nothing is requested any more, and nothing costs.
    market.requests(&[second, third], &[false, false]).await?;
    Ok(())
}

/// The actor is the marketplace, so the patient's denial of the researcher would not be seen by the consent.
#[tokio::test(flavor = "multi_thread")]
async fn a_denied_researcher_gets_nothing() -> Result<()> {
    let market = Market::start().await?;
    let id = market.world.registered(1).await?;
    let denial = C::Provision { deny: true, ..permit(market.researcher.address(), LABS, RESEARCH) };
    market.grants(denial).await?;
    let call = requestRecordsCall { licence: U256::from(1), ids: vec![id], encryptionKey: KEY };
    let told = [RecordDenied { licence: U256::from(1), id }.encode_log_data()];
    market.logs(&market.researcher, call.clone(), PRICE, &told).await?;
    assert_eq!(market.held().await?, U256::ZERO);

    // Also where the DAO excluded the researcher, of whom the consent does not ask the subject then.
    let organization = market.researcher.address();
    for until in [time(market.world.chain.now().await? + 30), time(0)] {
        let admit = C::setOrganizationCall { organization, until, jurisdiction: 1 };
        market.world.consents(&market.world.dao, admit).await?;
        market.world.soon().await?;
        market.logs(&market.researcher, call.clone(), PRICE, &told).await?;
        assert_eq!(market.held().await?, U256::ZERO);
    }
    let log = C::accessLogCall { grantor: market.world.patient.address() }.abi_encode();
    let log = market.world.chain.ask(Address::ZERO, market.world.consent, log).await?;
    assert_eq!(log.output::<C::accessLogCall>().count, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_do_what() -> Result<()> {
    let market = Market::start().await?;
    let world = &market.world;
    let id = world.registered(1).await?;
    let ask = |licence: u64| requestRecordsCall { licence: U256::from(licence), ids: vec![id], encryptionKey: KEY };
    for by in [&world.stranger, &world.doctor, &market.researcher] {
        let caller = by.address();
        market.refuses(by, setPriceCall { newPrice: U96::from(1) }, OnlyTheDao { caller }).await?;
        market.refuses(by, setSplitterCall { newSplitter: caller }, OnlyTheDao { caller }).await?;
        market.refuses(by, endLicenceCall { licence: U256::from(1) }, OnlyTheDao { caller }).await?;
        let more =
            licenseCall { researcher: caller, purpose: RESEARCH, until: time(u64::from(u32::MAX)), terms: TERMS };
        market.refuses(by, more, OnlyTheDao { caller }).await?;
    }
    for by in [&world.stranger, &world.doctor, &world.dao] {
        market.refuses(by, ask(1), NotTheResearcher { caller: by.address() }).await?;
    }
    for licence in [0, 2] {
        market.refuses(&market.researcher, ask(licence), NoLicence { licence: U256::from(licence) }).await?;
    }
    let wrong = WrongPayment { paid: U256::ZERO, due: U256::from(PRICE) };
    market.refuses(&market.researcher, ask(1), wrong).await?;
    assert!(!market.researcher.send_with(market.at, ask(1).abi_encode(), PRICE + 1).await?.status());

    // A record that costs nothing could never be settled.
    market.refuses(&world.dao, setPriceCall { newPrice: U96::ZERO }, NoPrice {}).await?;
    let arguments = (world.at, market.governor, U96::ZERO, market.splitter).abi_encode_params();
    assert!(peers::create(&world.chain, "ResearchMarketplace", &arguments).await.is_err());

    // Another price counts from now on, and not for what was requested.
    let first = market.requests(&[id], &[true]).await?[0];
    let set = PriceSet { price: U96::from(PRICE * 2) }.encode_log_data();
    market.logs(&world.dao, setPriceCall { newPrice: U96::from(PRICE * 2) }, 0, &[set]).await?;
    let wrong = WrongPayment { paid: U256::ZERO, due: U256::from(2 * PRICE) };
    market.refuses(&market.researcher, ask(1), wrong).await?;
    world.chain.advance(u64::from(WITHIN) + 20).await?;
    market.refunds(first).await?;

    let ended = LicenceEnded { licence: U256::from(1) }.encode_log_data();
    market.logs(&world.dao, endLicenceCall { licence: U256::from(1) }, 0, &[ended]).await?;
    market.refuses(&market.researcher, ask(1), NoLicence { licence: U256::from(1) }).await
}

/// What the splitter refuses waits, until the DAO names another one, which has to ask the same registry.
#[tokio::test(flavor = "multi_thread")]
async fn revenue_that_is_refused_waits() -> Result<()> {
    let market = Market::start().await?;
    let world = &market.world;
    let id = world.registered(1).await?;
    let requestId = market.requests(&[id], &[true]).await?[0];
    world.does(&world.lab, R::deliverKeyCall { id, requestId, wrappedKeyHash: WRAPPED }).await?;
    // From now on the splitter asks nobody, so it takes no licence's payment.
    let nobody = S::setRegistryCall { registry: Address::ZERO }.abi_encode();
    ensure!(world.dao.send(market.splitter, nobody).await?.status(), "the splitter refused");
    let refused = S::SplitterInvalidRegistry { registry: Address::ZERO };
    market.refuses(&world.stranger, settleCall { requestId }, refused).await?;

    let set = |newSplitter| setSplitterCall { newSplitter };
    let other = AnotherRegistry { registry: Address::ZERO };
    market.refuses(&world.dao, set(market.splitter), other).await?;
    let next = splitter(world, world.at).await?;
    let told = SplitterSet { splitter: next }.encode_log_data();
    market.logs(&world.dao, set(next), 0, &[told]).await?;
    let market = Market { splitter: next, ..market };
    market.earns(id, requestId).await
}
