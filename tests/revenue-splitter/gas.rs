//! What the contract costs, behind the proxy, and what OpenZeppelin 4.9's splitter and a distributor by Uniswap's rules
//! cost on the same chain, without a proxy.

use alloy::{
    primitives::{Address, B256, keccak256},
    sol,
    sol_types::{SolCall, SolValue},
};
use consilium_bindings::RevenueSplitter::*;
use eyre::{OptionExt, Result, ensure};
use harness::{
    chain::Account,
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

async fn gas(by: &Account, to: Address, call: Vec<u8>, wei: u64) -> Result<u64> {
    let receipt = by.send_with(to, call, wei).await?;
    ensure!(receipt.status(), "transaction {} reverted", receipt.transaction_hash);
    Ok(receipt.gas_used)
}

/// An action, its gas, and the peer's.
type Measured = (&'static str, u64, Option<u64>);

/// Does everything once.
async fn run(cached: bool) -> Result<Vec<Measured>> {
    let world = World::start().await?;
    if cached {
        for program in [world.implementation, world.manager] {
            let bid = CacheManager::placeBidCall { program }.abi_encode();
            ensure!(world.chain.dev_account()?.send(CACHE_MANAGER, bid).await?.status());
        }
    }
    let (anna, ben, stranger, at) = (&world.anna, &world.ben, &world.stranger, world.at);
    // The peers pay in another token, so that who is paid has nothing of it yet.
    let (token, other) = (world.token(18).await?, world.token(18).await?);
    // The same payees and shares.
    let (payees, shares) = (vec![anna.address(), ben.address()], vec![number(6_000), number(4_000)]);
    let peer = peers::create(&world.chain, "PeerPaymentSplitter", &(payees, shares).abi_encode_params()).await?;
    let payer = &world.payer;
    let pay = |token, amount: u64| payCall { token, amount: number(amount), source: NO_SOURCE }.abi_encode();
    let mut all: Vec<Measured> = Vec::new();

    let theirs = gas(payer, peer, vec![], UNIT).await?;
    all.push(("ether by itself", gas(payer, at, vec![], UNIT).await?, Some(theirs)));
    all.push(("pay in ether", gas(payer, at, pay(ETHER, UNIT), UNIT).await?, None));
    all.push(("pay in a token, its first", gas(payer, at, pay(token, UNIT), 0).await?, None));
    all.push(("pay in a token", gas(payer, at, pay(token, UNIT), 0).await?, None));
    let transfer = Token::transferCall { to: peer, amount: number(UNIT) };
    world.by(payer, other, transfer).await?;

    let ours = release_0Call { account: anna.address() }.abi_encode();
    let theirs = Peer::release_0Call { account: anna.address() }.abi_encode();
    let both = [gas(anna, at, ours.clone(), 0).await?, gas(anna, peer, theirs.clone(), 0).await?];
    all.push(("release of ether, the first", both[0], Some(both[1])));
    for to in [at, peer] {
        gas(payer, to, vec![], UNIT).await?;
    }
    let both = [gas(anna, at, ours.clone(), 0).await?, gas(anna, peer, theirs, 0).await?];
    all.push(("release of ether, a later one", both[0], Some(both[1])));
    gas(payer, at, vec![], UNIT).await?;
    all.push(("release of ether, by somebody else", gas(stranger, at, ours, 0).await?, None));
    let ours = release_1Call { token, account: anna.address() }.abi_encode();
    let theirs = Peer::release_1Call { token: other, account: anna.address() }.abi_encode();
    let both = [gas(anna, at, ours.clone(), 0).await?, gas(anna, peer, theirs.clone(), 0).await?];
    all.push(("release of a token, the first", both[0], Some(both[1])));
    for (token, to) in [(token, at), (other, peer)] {
        world.by(payer, token, Token::transferCall { to, amount: number(UNIT) }).await?;
    }
    let both = [gas(anna, at, ours, 0).await?, gas(anna, peer, theirs, 0).await?];
    all.push(("release of a token, a later one", both[0], Some(both[1])));

    // Claims: 51 of a million, the first of a word of 256 and those after it.
    let rows: Vec<_> = (0..52).map(|at| (number(at as u64), person(at), number(UNIT / 100))).collect();
    let leaves: Vec<_> = rows.iter().map(|(index, account, amount)| leaf(*index, *account, *amount)).collect();
    let (root, proofs) = among_a_million(&leaves);
    let distributor = peers::create(&world.chain, "PeerDistributor", &(other, root).abi_encode_params()).await?;
    world.by(payer, other, Token::transferCall { to: distributor, amount: number(UNIT) }).await?;
    gas(payer, at, fundPoolCall { token, amount: number(UNIT) }.abi_encode(), 0).await?;
    let deadline = time(world.chain.now().await? + MONTH);
    let epoch = publishEpochCall { token, total: number(UNIT), root, manifest: B256::ZERO, deadline };
    all.push(("publishEpoch", gas(&world.dao, at, epoch.abi_encode(), 0).await?, None));
    world.chain.advance(u64::from(WINDOW)).await?;
    for (place, action) in [(0, "claim of a token, the first of 256"), (1, "claim of a token among a million")] {
        let (index, account, amount) = rows[place];
        let proof = proofs[place].clone();
        let call = claimCall { number: 1, index, account, amount, proof: proof.clone() };
        let ours = gas(stranger, at, call.abi_encode(), 0).await?;
        let call = Peer::claimCall { index, account, amount, proof };
        all.push((action, ours, Some(gas(stranger, distributor, call.abi_encode(), 0).await?)));
    }
    let claims = rows.iter().zip(&proofs).skip(2);
    let claims: Vec<_> = claims
        .map(|((index, account, amount), proof)| Claim {
            index: *index,
            account: *account,
            amount: *amount,
            proof: proof.clone(),
        })
        .collect();
    let many = gas(stranger, at, claimManyCall { number: 1, claims }.abi_encode(), 0).await?;
    all.push(("claimMany of 50 among a million, each", many / 50, None));
    ensure!(world.balance(token, person(51)).await? == number(UNIT / 100), "the last was paid");

    // However many payees there are.
    let table: Vec<_> = (0..255).map(|at| (person(at), 39)).chain([(anna.address(), 55)]).collect();
    let set = set_table(&table, &[token]).abi_encode();
    all.push(("setTable of 256 payees, each", gas(&world.dao, at, set, 0).await? / 256, None));
    gas(payer, at, vec![], UNIT).await?;
    all.push(("pay in a token, of 256 payees", gas(payer, at, pay(token, UNIT), 0).await?, None));
    let release = release_0Call { account: anna.address() }.abi_encode();
    all.push(("release of ether, of 256 payees", gas(anna, at, release, 0).await?, None));
    Ok(all)
}

#[tokio::test(flavor = "multi_thread")]
async fn it_costs_what_it_promises() -> Result<()> {
    let (uncached, cached) = (run(false).await?, run(true).await?);
    let rows: Vec<_> = uncached
        .iter()
        .zip(&cached)
        .map(|((action, uncached, peer), (_, cached, _))| Row {
            action: (*action).to_owned(),
            peer: *peer,
            floor: None,
            uncached: *uncached,
            cached: *cached,
        })
        .collect();
    keep("revenue-splitter", &rows)?;
    let of = |action| rows.iter().find(|row| row.action == action).ok_or_eyre("each promise has a row");
    for (action, most) in PROMISED {
        let row = of(action)?;
        assert!(row.cached < most, "{action}: {} and not below {most}", row.cached);
    }
    assert!(rows.iter().all(|row| row.cached < row.uncached));
    // The number of payees changes nothing, but for the bytes of the amounts.
    let (few, many) = (of("pay in a token")?.cached, of("pay in a token, of 256 payees")?.cached);
    assert!(few.abs_diff(many) < 100, "{few} and {many}");
    Ok(())
}
