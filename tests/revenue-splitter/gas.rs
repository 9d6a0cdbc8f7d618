//! What the contract costs, behind the proxy, under a real access manager; what the twin in Solidity costs in the same
//! place; and what OpenZeppelin 4.9's splitter and a distributor by Uniswap's rules cost, which have no proxy and know
//! one table, or one epoch, for ever.

use alloy::{
    primitives::{Address, B256, U256, keccak256},
    sol,
    sol_types::{SolCall, SolValue},
};
use consilium_bindings::RevenueSplitter::*;
use eyre::{OptionExt, Result, ensure};
use harness::{
    chain::Account,
    cost::Cost,
    gas_table::{Row, keep},
    merkle::pair,
    peers,
};
use nitro::{CACHE_MANAGER, CacheManager};

use crate::{claims::leaf, world::*};

/// Gas of a transaction, at most, where the programs are cached.
const PROMISED: [(&str, u64); 8] = [
    ("ether by itself", 60_000),
    ("pay in ether", 60_000),
    ("pay in a token", 60_000),
    ("release of ether, the first", 65_000),
    ("release of ether, a later one", 50_000),
    ("claim of a token among a million", 95_000),
    ("claimMany of 50 among a million, each", 45_000),
    ("release of ether, of 256 payees", 50_000),
];

/// Percent of the peer's that ours takes at most, by how the action begins. What no code can save, the floor, is most
/// of each. Ether is where a program has the least to gain: there is next to nothing to compute, and a program is
/// entered for some 1,400 gas.
const RATIOS: [(&str, u64); 15] = [
    // These stand without a proxy, have no second table or epoch, do not measure what a token moved, and book nothing.
    ("ether by itself; PaymentSplitter", 127),
    ("release of ether, the first; PaymentSplitter", 62),
    ("release of ether, a later one; PaymentSplitter", 108),
    ("release of ether, by somebody else; PaymentSplitter", 108),
    ("release of a token, the first; PaymentSplitter", 112),
    ("release of a token, a later one; PaymentSplitter", 122),
    ("claim of a token, the first of 256; MerkleDistributor", 120),
    ("claim of a token among a million; MerkleDistributor", 124),
    // These are the twin's.
    ("ether by itself", 105),
    ("pay in ether", 100),
    ("release of ether", 103),
    ("claim of a token, the first", 93),
    ("claim of a token", 91),
    ("claimMany", 86),
    ("publishEpoch", 95),
];
/// The same of all else.
const ELSE: u64 = 98;

/// An ether, or a token of 18 decimals.
const UNIT: u64 = 1_000_000_000_000_000_000;

/// The hashes of a proof in a tree of a million leaves.
const HEIGHT: u8 = 20;

sol! {
    interface Peer {
        function release(address account) external;
        function release(address token, address account) external;
        function claim(uint256 index, address account, uint256 amount, bytes32[] proof) external;
    }
}

/// So many leaves of a tree of a million, in a row, with their proofs; the root.
fn among_a_million(leaves: &[B256]) -> (B256, Vec<Vec<B256>>) {
    let wide = leaves.len().next_power_of_two();
    let mut rows = vec![leaves.to_vec()];
    rows[0].resize_with(wide, || keccak256("another leaf"));
    while rows.last().is_some_and(|row| row.len() > 1) {
        let next = rows[rows.len() - 1].chunks(2).map(|two| pair(two[0], two[1])).collect();
        rows.push(next);
    }
    let low = rows.len() as u8 - 1;
    let high: Vec<_> = (low..HEIGHT).map(|level| keccak256([level])).collect();
    let root = high.iter().fold(rows[usize::from(low)][0], |node, other| pair(node, *other));
    let proofs = (0..leaves.len()).map(|place| {
        let own = (0..usize::from(low)).map(|level| rows[level][(place >> level) ^ 1]);
        own.chain(high.iter().copied()).collect()
    });
    (root, proofs.collect())
}

fn person(at: usize) -> Address {
    Address::from_word(keccak256(format!("patient {at}")))
}

/// The first 52 leaves of an epoch of a million, with their proofs, and its root.
struct Million {
    rows: Vec<(U256, Address, U256)>,
    root: B256,
    proofs: Vec<Vec<B256>>,
}

impl Million {
    fn new() -> Self {
        let rows: Vec<_> = (0..52).map(|at| (number(at as u64), person(at), number(UNIT / 100))).collect();
        let leaves: Vec<_> = rows.iter().map(|(index, account, amount)| leaf(*index, *account, *amount)).collect();
        let (root, proofs) = among_a_million(&leaves);
        Self { rows, root, proofs }
    }

    fn claim(&self, at: usize) -> Claim {
        let (index, account, amount) = self.rows[at];
        Claim { index, account, amount, proof: self.proofs[at].clone() }
    }
}

type Measured = (&'static str, Cost<0>);

async fn cost(by: &Account, to: Address, call: impl SolCall, wei: u64) -> Result<Cost<0>> {
    Cost::paying(by, to, call.abi_encode(), wei, []).await
}

fn each(all: Cost<0>, count: u64) -> Cost<0> {
    Cost { used: all.used / count, floor: all.floor / count, ..all }
}

/// Does everything once.
async fn run(world: World) -> Result<Vec<Measured>> {
    let (anna, ben, stranger, payer, at) = (&world.anna, &world.ben, &world.stranger, &world.payer, world.at);
    let token = world.token(18).await?;
    let pay = |token| payCall { token, amount: number(UNIT), source: NO_SOURCE };
    let ether = || release_0Call { account: anna.address() };
    let tokens = || release_1Call { token, account: anna.address() };
    let mut all: Vec<Measured> = Vec::new();
    all.push(("ether by itself", Cost::paying(payer, at, Vec::new(), UNIT, []).await?));
    all.push(("pay in ether", cost(payer, at, pay(ETHER), UNIT).await?));
    all.push(("pay in a token, its first", cost(payer, at, pay(token), 0).await?));
    all.push(("pay in a token", cost(payer, at, pay(token), 0).await?));
    world.transfers(token, UNIT).await?;
    all.push(("notice", cost(stranger, at, noticeCall { token }, 0).await?));

    all.push(("release of ether, the first", cost(anna, at, ether(), 0).await?));
    world.earns(UNIT).await?;
    all.push(("release of ether, a later one", cost(anna, at, ether(), 0).await?));
    world.earns(UNIT).await?;
    all.push(("release of ether, by somebody else", cost(stranger, at, ether(), 0).await?));
    all.push(("release of a token, the first", cost(anna, at, tokens(), 0).await?));
    world.transfers(token, UNIT).await?;
    all.push(("release of a token, a later one", cost(anna, at, tokens(), 0).await?));

    // Claims: of a million, the first of a word of 256 and those after it.
    all.push(("fundPool in a token", cost(payer, at, fundPoolCall { token, amount: number(UNIT) }, 0).await?));
    let (million, deadline) = (Million::new(), time(world.chain.now().await? + MONTH));
    let epoch =
        |manifest| publishEpochCall { token, total: number(UNIT / 10 * 6), root: million.root, manifest, deadline };
    all.push(("publishEpoch", cost(&world.dao, at, epoch(B256::ZERO), 0).await?));
    world.does(&world.dao, epoch(B256::repeat_byte(1))).await?;
    all.push(("disableEpoch", cost(&world.guardian, at, disableEpochCall { number: 2 }, 0).await?));
    world.chain.advance(u64::from(WINDOW)).await?;
    for (place, action) in [(0, "claim of a token, the first of 256"), (1, "claim of a token among a million")] {
        let Claim { index, account, amount, proof } = million.claim(place);
        let call = claimCall { number: 1, index, account, amount, proof };
        all.push((action, cost(stranger, at, call, 0).await?));
    }
    let claims = (2..52).map(|place| million.claim(place)).collect();
    let many = cost(stranger, at, claimManyCall { number: 1, claims }, 0).await?;
    all.push(("claimMany of 50 among a million, each", each(many, 50)));
    ensure!(world.balance(token, person(51)).await? == number(UNIT / 100), "the last was paid");
    world.chain.advance(MONTH).await?;
    // Nothing of it is left: another one's rest is recovered.
    let deadline = time(world.chain.now().await? + u64::from(WINDOW) + 10);
    let rest = publishEpochCall { manifest: B256::repeat_byte(2), deadline, ..epoch(B256::ZERO) };
    world.does(&world.dao, rest).await?;
    world.chain.advance(u64::from(WINDOW) + 20).await?;
    all.push(("recoverEpoch", cost(&world.dao, at, recoverEpochCall { number: 3 }, 0).await?));

    // However many payees there are.
    let table: Vec<_> = (0..255).map(|at| (person(at), 39)).chain([(anna.address(), 55)]).collect();
    all.push(("setTable of 256 payees, each", each(cost(&world.dao, at, set_table(&table, &[token]), 0).await?, 256)));
    world.earns(UNIT).await?;
    all.push(("pay in a token, of 256 payees", cost(payer, at, pay(token), 0).await?));
    all.push(("release of ether, of 256 payees", cost(anna, at, ether(), 0).await?));
    ensure!(!world.due(ETHER, ben.address()).await?.is_zero(), "who is in no table any more keeps what was theirs");
    Ok(all)
}

/// What the two peers without tables and epochs can do, in the same way.
async fn run_others() -> Result<Vec<(&'static str, &'static str, u64)>> {
    const SPLITTER: &str = "PaymentSplitter";
    const DISTRIBUTOR: &str = "MerkleDistributor";
    let world = World::of_peers().await?;
    let (anna, ben, payer, stranger) = (&world.anna, &world.ben, &world.payer, &world.stranger);
    let token = world.token(18).await?;
    let (payees, shares) = (vec![anna.address(), ben.address()], vec![number(6_000), number(4_000)]);
    let peer = peers::create(&world.chain, "PeerPaymentSplitter", &(payees, shares).abi_encode_params()).await?;
    let ether = || Peer::release_0Call { account: anna.address() };
    let tokens = || Peer::release_1Call { token, account: anna.address() };
    let earns = async || Ok::<_, eyre::Report>(Cost::<0>::paying(payer, peer, Vec::new(), UNIT, []).await?.used);
    let transfers = async || world.by(payer, token, Token::transferCall { to: peer, amount: number(UNIT) }).await;
    let mut all = vec![("ether by itself", SPLITTER, earns().await?)];
    all.push(("release of ether, the first", SPLITTER, cost(anna, peer, ether(), 0).await?.used));
    earns().await?;
    all.push(("release of ether, a later one", SPLITTER, cost(anna, peer, ether(), 0).await?.used));
    earns().await?;
    all.push(("release of ether, by somebody else", SPLITTER, cost(stranger, peer, ether(), 0).await?.used));
    transfers().await?;
    all.push(("release of a token, the first", SPLITTER, cost(anna, peer, tokens(), 0).await?.used));
    transfers().await?;
    all.push(("release of a token, a later one", SPLITTER, cost(anna, peer, tokens(), 0).await?.used));

    let million = Million::new();
    let arguments = (token, million.root).abi_encode_params();
    let distributor = peers::create(&world.chain, "PeerDistributor", &arguments).await?;
    world.by(payer, token, Token::transferCall { to: distributor, amount: number(UNIT) }).await?;
    for (place, action) in [(0, "claim of a token, the first of 256"), (1, "claim of a token among a million")] {
        let Claim { index, account, amount, proof } = million.claim(place);
        let call = Peer::claimCall { index, account, amount, proof };
        all.push((action, DISTRIBUTOR, cost(stranger, distributor, call, 0).await?.used));
    }
    Ok(all)
}

/// A world whose programs are cached.
async fn cached() -> Result<World> {
    let world = World::start().await?;
    for program in [world.implementation, world.manager] {
        let bid = CacheManager::placeBidCall { program }.abi_encode();
        ensure!(world.chain.dev_account()?.send(CACHE_MANAGER, bid).await?.status());
    }
    Ok(world)
}

#[tokio::test(flavor = "multi_thread")]
async fn it_costs_what_it_promises() -> Result<()> {
    let (uncached, cached) = (run(World::start().await?).await?, run(cached().await?).await?);
    let twin = run(World::of_peers().await?).await?;
    let mut rows: Vec<_> = (uncached.iter().zip(&cached).zip(&twin))
        .map(|(((action, uncached), (_, cached)), (_, twin))| Row {
            action: (*action).to_owned(),
            peer: Some(twin.used),
            floor: Some(cached.floor),
            uncached: uncached.used,
            cached: cached.used,
        })
        .collect();
    let of = |rows: &[Row], action: &str| {
        rows.iter().find(|row| row.action == action).cloned().ok_or_eyre("each promise has a row")
    };
    for (action, peer, used) in run_others().await? {
        let row = of(&rows, action)?;
        rows.push(Row { action: format!("{action}; {peer}"), peer: Some(used), ..row });
    }
    keep("revenue-splitter", &rows)?;
    for (action, most) in PROMISED {
        let row = of(&rows, action)?;
        assert!(row.cached < most, "{action}: {} and not below {most}", row.cached);
    }
    for Row { action, peer, uncached, cached, floor } in &rows {
        let (peer, floor) = (peer.unwrap_or_default(), floor.unwrap_or_default());
        assert!(floor < *cached && cached < uncached, "{action}: {floor}, {cached}, {uncached}");
        let most = RATIOS.iter().find(|(begin, _)| action.starts_with(begin)).map_or(ELSE, |(_, most)| *most);
        assert!(cached * 100 <= peer * most, "{action}: {cached} and more than {most} % of {peer}");
    }
    // The number of payees changes nothing, but for the bytes of the amounts.
    let (few, many) = (of(&rows, "pay in a token")?.cached, of(&rows, "pay in a token, of 256 payees")?.cached);
    assert!(few.abs_diff(many) < 100, "{few} and {many}");
    Ok(())
}
