//! Claims against an epoch, by the rules of Uniswap's MerkleDistributor: once, for anybody, with a proof.

use alloy::{
    primitives::{Address, B256, U256, keccak256},
    sol_types::{SolError, SolValue},
};
use consilium_bindings::RevenueSplitter::*;
use eyre::Result;
use harness::merkle::Tree;

use crate::world::*;

/// A leaf of StandardMerkleTree, by alloy's encoder and not the contract's.
pub(crate) fn leaf(index: U256, account: Address, amount: U256) -> B256 {
    keccak256(keccak256((index, account, amount).abi_encode()))
}

/// The list of an epoch, and its tree.
pub(crate) struct List {
    rows: Vec<(U256, Address, U256)>,
    pub(crate) tree: Tree,
}

impl List {
    /// Accounts and amounts, with indexes from 0.
    pub(crate) fn of(rows: &[(Address, u64)]) -> Self {
        let numbered = rows.iter().enumerate();
        Self::with(numbered.map(|(at, (account, amount))| (number(at as u64), *account, number(*amount))).collect())
    }

    /// The same with any indexes.
    pub(crate) fn with(rows: Vec<(U256, Address, U256)>) -> Self {
        let leaves: Vec<_> = rows.iter().map(|(index, account, amount)| leaf(*index, *account, *amount)).collect();
        Self { rows, tree: Tree::of(&leaves) }
    }

    /// A row with its proof.
    pub(crate) fn leaf(&self, at: usize) -> Claim {
        let (index, account, amount) = self.rows[at];
        Claim { index, account, amount, proof: self.tree.proof(at) }
    }

    pub(crate) fn claim(&self, number: u32, at: usize) -> claimCall {
        let Claim { index, account, amount, proof } = self.leaf(at);
        claimCall { number, index, account, amount, proof }
    }
}

impl World {
    /// The DAO publishes an epoch for a month after the window; its number.
    pub(crate) async fn publishes(&self, token: Address, list: &List, total: u64) -> Result<u32> {
        let now = self.chain.now().await? + 10;
        let deadline = time(now + u64::from(WINDOW) + MONTH);
        let (root, manifest) = (list.tree.root(), keccak256("manifest"));
        let call = publishEpochCall { token, total: number(total), root, manifest, deadline };
        self.chain.set_time(now).await?;
        self.does(&self.dao, call).await
    }

    /// The pool has so much in ether and in a new token; the token.
    pub(crate) async fn with_pool(&self, amount: u64) -> Result<Address> {
        let token = self.wild().await?;
        self.sent(&self.payer, fundPoolCall { token, amount: number(amount) }).await?;
        self.sent_with(&self.payer, fundPoolCall { token: ETHER, amount: number(amount) }, amount).await?;
        Ok(token)
    }

    /// A world with an open epoch in ether (1) and one in a wild token (2), of the same list of ten, and that token.
    /// Each row has a hundred more than the one before.
    pub(crate) async fn with_epochs() -> Result<(Self, List, Address)> {
        let world = Self::start().await?;
        let token = world.with_pool(10_000).await?;
        let rows: Vec<_> = (1..=10_u8).map(|at| (Address::repeat_byte(at), 100 * u64::from(at))).collect();
        let list = List::of(&rows);
        world.publishes(ETHER, &list, 5_500).await?;
        let deadline = time(world.chain.now().await? + u64::from(WINDOW) + MONTH);
        let (root, manifest) = (list.tree.root(), keccak256("another manifest"));
        let call = publishEpochCall { token, total: number(5_500), root, manifest, deadline };
        assert_eq!(world.does(&world.dao, call).await?, 2);
        world.chain.advance(u64::from(WINDOW)).await?;
        Ok((world, list, token))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn anybody_claims_for_an_account_once() -> Result<()> {
    let (world, list, token) = World::with_epochs().await?;
    for (number, asset) in [(1, ETHER), (2, token)] {
        for at in [3, 0, 9] {
            let Claim { index, account, amount, .. } = list.leaf(at);
            assert!(!world.read(isClaimedCall { number, index }).await?);
            let event = log(Claimed { number, index, account, to: account, amount });
            world.logs(&world.stranger, list.claim(number, at), &[event]).await?;
            assert!(world.read(isClaimedCall { number, index }).await?);
            assert_eq!(world.balance(asset, account).await?, amount);
            let again = SplitterAlreadyClaimed { number, index };
            world.refuses(&world.stranger, list.claim(number, at), again).await?;
        }
        let epoch = world.read(epochCall { number }).await?;
        assert_eq!((epoch.total, epoch.remaining), (crate::number(5_500), crate::number(4_000)));
        assert!(!world.read(isClaimedCall { number, index: U256::ONE }).await?);
        world.conserves(asset, &[world.anna.address(), world.ben.address()]).await?;
    }
    Ok(())
}

/// A row with any member changed is no row; and no part of the tree passes for one.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_in_the_tree_is_refused() -> Result<()> {
    let (world, list, _) = World::with_epochs().await?;
    let good = list.claim(1, 4);
    let other = world.stranger.address();
    let mut longer = good.proof.clone();
    longer.push(B256::ZERO);
    for call in [
        claimCall { index: number(5), ..good.clone() },
        claimCall { account: other, ..good.clone() },
        claimCall { amount: good.amount + U256::ONE, ..good.clone() },
        claimCall { number: 3, ..good.clone() },
        claimCall { number: 0, ..good.clone() },
        claimCall { proof: vec![], ..good.clone() },
        claimCall { proof: longer, ..good.clone() },
        claimCall { proof: good.proof[1..].to_vec(), ..good.clone() },
        claimCall { proof: list.tree.proof(5), ..good.clone() },
    ] {
        let refusal = SplitterInvalidProof { number: call.number, index: call.index };
        world.refuses(&world.stranger, call, refusal).await?;
    }
    // An inner node has 64 bytes below it: two members of 32, and a third one is missing. A leaf has 96, hashed twice.
    for (place, node) in list.tree.nodes.iter().enumerate().take(9) {
        let [left, right] = [list.tree.nodes[2 * place + 1], list.tree.nodes[2 * place + 2]];
        assert_eq!(*node, harness::merkle::pair(left, right));
        let account = Address::from_word(right);
        let (index, amount) = (U256::from_be_bytes(left.0), U256::from_be_bytes(right.0));
        for (account, amount) in [(account, amount), (account, U256::ZERO), (other, amount)] {
            let call = claimCall { number: 1, index, account, amount, proof: vec![] };
            world.refuses(&world.stranger, call, SplitterInvalidProof { number: 1, index }).await?;
        }
    }
    Ok(())
}

/// Indexes of one word and of the next, and at the ends of the numbers: each has its own bit.
#[tokio::test(flavor = "multi_thread")]
async fn no_index_is_claimed_twice_across_words() -> Result<()> {
    let world = World::start().await?;
    let token = world.with_pool(10_000).await?;
    let indexes = [
        U256::ZERO,
        number(1),
        number(255),
        number(256),
        number(257),
        number(511),
        number(512),
        number(65_536),
        number(1 << 32),
        number(u64::MAX),
        U256::from(u128::MAX),
        U256::MAX >> 1,
        (U256::MAX >> 1) - number(255),
        (U256::MAX >> 1) - number(256),
    ];
    let rows = indexes.iter().map(|index| (*index, world.cleo.address(), number(7))).collect();
    let list = List::with(rows);
    world.publishes(token, &list, 7 * 14).await?;
    world.chain.advance(u64::from(WINDOW)).await?;
    for (at, index) in indexes.into_iter().enumerate() {
        world.sent(&world.stranger, list.claim(1, at)).await?;
        for (other, found) in indexes.into_iter().enumerate() {
            let is_claimed = world.read(isClaimedCall { number: 1, index: found }).await?;
            assert_eq!(is_claimed, other <= at, "{found} after {index}");
            assert!(!world.read(isClaimedCall { number: 2, index: found }).await?);
        }
        let refusal = SplitterAlreadyClaimed { number: 1, index };
        world.refuses(&world.stranger, list.claim(1, at), refusal).await?;
    }
    assert_eq!(world.balance(token, world.cleo.address()).await?, number(7 * 14));
    Ok(())
}

/// A tree that promises more than its epoch has takes nobody else's money: the last ones get nothing.
#[tokio::test(flavor = "multi_thread")]
async fn an_epoch_pays_no_more_than_it_has() -> Result<()> {
    let world = World::start().await?;
    let token = world.with_pool(10_000).await?;
    let people = [world.anna.address(), world.ben.address(), world.cleo.address()];
    let greedy = List::with(vec![
        (number(0), people[0], number(600)),
        (number(1), people[1], number(401)),
        (number(2), people[2], U256::MAX),
        (number(3), people[2], number(400)),
        (number(4), people[2], U256::ZERO),
    ]);
    for (asset, manifest) in [(ETHER, B256::ZERO), (token, B256::repeat_byte(1))] {
        let deadline = time(world.chain.now().await? + u64::from(WINDOW) + MONTH);
        let root = greedy.tree.root();
        let call = publishEpochCall { token: asset, total: number(1_000), root, manifest, deadline };
        let number = world.does(&world.dao, call).await?;
        world.chain.advance(u64::from(WINDOW)).await?;
        world.sent(&world.stranger, greedy.claim(number, 0)).await?;
        for at in [1, 2] {
            let refusal = SplitterEpochExhausted { number, remaining: crate::number(400) };
            world.refuses(&world.stranger, greedy.claim(number, at), refusal).await?;
        }
        world.refuses(&world.stranger, greedy.claim(number, 4), SplitterNothingDue { account: people[2] }).await?;
        world.sent(&world.stranger, greedy.claim(number, 3)).await?;
        assert_eq!(world.due(asset, world.at).await?, crate::number(9_000));
        world.conserves(asset, &people).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_nobody_pays() -> Result<()> {
    let world = World::start().await?;
    let token = world.with_pool(1_000).await?;
    let list = List::of(&[(Address::ZERO, 10), (world.at, 10)]);
    world.publishes(ETHER, &list, 20).await?;
    world.chain.advance(u64::from(WINDOW)).await?;
    for (at, account) in [(0, Address::ZERO), (1, world.at)] {
        let refusal = SplitterInvalidRecipient { account };
        world.refuses(&world.stranger, list.claim(1, at), refusal).await?;
    }
    assert_eq!(world.due(token, world.at).await?, number(1_000));
    Ok(())
}

/// An index of 2^255 or above is its account's alone: a stranger would send it to where nobody has a key.
#[tokio::test(flavor = "multi_thread")]
async fn a_reserved_index_is_claimed_by_its_account() -> Result<()> {
    let world = World::start().await?;
    world.with_pool(1_000).await?;
    let reserved = U256::ONE << 255;
    let cleo = world.cleo.address();
    let list = List::with(vec![(reserved, cleo, number(10)), (reserved - U256::ONE, cleo, number(20))]);
    world.publishes(ETHER, &list, 30).await?;
    world.chain.advance(u64::from(WINDOW)).await?;
    let refusal = SplitterSignatureNeeded { account: cleo };
    world.refuses(&world.stranger, list.claim(1, 0), refusal.clone()).await?;
    let many = claimManyCall { number: 1, claims: vec![list.leaf(0), list.leaf(1)] };
    let skipped = ClaimSkipped { number: 1, index: reserved, reason: refusal.abi_encode().into() };
    let index = reserved - U256::ONE;
    let paid = Claimed { number: 1, index, account: cleo, to: cleo, amount: number(20) };
    world.logs(&world.stranger, many, &[log(skipped), log(paid)]).await?;
    world.sent(&world.cleo, list.claim(1, 0)).await?;
    assert!(world.read(isClaimedCall { number: 1, index: reserved }).await?);
    Ok(())
}
