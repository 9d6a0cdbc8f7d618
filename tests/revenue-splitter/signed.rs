//! Claims by signature: to any account, for whoever brings them, by a key, a wallet or a passkey.

use alloy::{
    primitives::{Address, B256, Bytes, U256, aliases::U48, keccak256},
    signers::SignerSync,
    sol,
    sol_types::{Eip712Domain, SolCall, SolStruct, eip712_domain},
};
use consilium_bindings::RevenueSplitter::{self as abi, *};
use eyre::Result;
use harness::{chain::Account, passkey::Passkey, passkey::pin, peers};

use crate::{claims::*, world::*};

mod typed {
    super::sol! {
        struct Claim {
            uint32 epoch; uint256 index; uint256 amount; address to; uint256 nonce; uint48 deadline; address relayer;
        }
    }
}

const HERE: &str = "revenue.example";

/// What is signed beside the claim.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    pub(crate) nonce: U256,
    pub(crate) deadline: U48,
    pub(crate) relayer: Address,
}

impl Terms {
    pub(crate) fn signed(self, signer: &[u8], signature: impl Into<Bytes>) -> Signed {
        let Self { nonce, deadline, relayer } = self;
        Signed { signer: Bytes::copy_from_slice(signer), nonce, deadline, relayer, signature: signature.into() }
    }
}

pub(crate) fn domain(at: Address, chain: u64) -> Eip712Domain {
    eip712_domain! { name: "Consilium Revenue Splitter", version: "1", chain_id: chain, verifying_contract: at, }
}

pub(crate) fn hash(epoch: u32, claim: &abi::Claim, to: Address, terms: Terms, domain: &Eip712Domain) -> B256 {
    let &abi::Claim { index, amount, .. } = claim;
    let Terms { nonce, deadline, relayer } = terms;
    typed::Claim { epoch, index, amount, to, nonce, deadline, relayer }.eip712_signing_hash(domain)
}

fn sign(by: &Account, hash: B256) -> Bytes {
    by.signer.sign_hash_sync(&hash).expect("a key signs any hash").as_bytes().into()
}

/// A key above the count of a nonce.
fn keyed(key: u64, count: u64) -> U256 {
    U256::from(key) << 64 | U256::from(count)
}

fn to() -> Address {
    Address::repeat_byte(0x70)
}

impl World {
    /// A world with an open epoch in ether, whose rows are these accounts, each with an index of its own alone.
    async fn open_for(accounts: &[Address]) -> Result<(Self, List)> {
        let world = Self::start().await?;
        world.with_pool(10_000).await?;
        let reserved = U256::ONE << 255;
        let rows =
            accounts.iter().enumerate().map(|(at, account)| (reserved + number(at as u64), *account, number(100)));
        let list = List::with(rows.collect());
        world.publishes(ETHER, &list, 100 * accounts.len() as u64).await?;
        world.chain.advance(u64::from(WINDOW)).await?;
        Ok((world, list))
    }

    /// The same with Cleo's account three times.
    async fn open_for_cleo() -> Result<(Self, List, Terms)> {
        let cleo = keccak256("cleo");
        let cleo = alloy::signers::local::PrivateKeySigner::from_bytes(&cleo)?.address();
        let (world, list) = Self::open_for(&[cleo; 3]).await?;
        let terms = world.terms(cleo).await?;
        Ok((world, list, terms))
    }

    async fn terms(&self, owner: Address) -> Result<Terms> {
        let nonce = self.read(nonces_0Call { owner }).await?;
        Ok(Terms { nonce, deadline: time(self.chain.now().await? + 1_000), relayer: Address::ZERO })
    }

    fn domain(&self) -> Eip712Domain {
        domain(self.at, nitro::CHAIN_ID)
    }

    /// A claim that an account signs.
    fn lets_claim(&self, by: &Account, claim: abi::Claim, to: Address, terms: Terms) -> claimSignedCall {
        let signature = sign(by, hash(1, &claim, to, terms, &self.domain()));
        claimSignedCall { number: 1, claim, to, signed: terms.signed(by.address().as_slice(), signature) }
    }

    /// A claim that a passkey signs at a site.
    async fn passkey_claims(
        &self,
        key: &Passkey,
        claim: abi::Claim,
        to: Address,
        site: &str,
    ) -> Result<claimSignedCall> {
        let terms = self.terms(key.account()).await?;
        let signature = key.sign(hash(1, &claim, to, terms, &self.domain()), site)?;
        Ok(claimSignedCall { number: 1, claim, to, signed: terms.signed(&key.signer(), signature) })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_s_signature_pays_any_other() -> Result<()> {
    let (world, list, terms) = World::open_for_cleo().await?;
    let owner = world.cleo.address();
    for (at, nonce) in [keyed(0, 0), keyed(7, 0), keyed(0, 1)].into_iter().enumerate() {
        let claim = list.leaf(at);
        let (index, amount) = (claim.index, claim.amount);
        let call = world.lets_claim(&world.cleo, claim, to(), Terms { nonce, ..terms });
        let event = Claimed { number: 1, index, account: owner, to: to(), amount };
        world.logs(&world.stranger, call.clone(), &[log(event)]).await?;
        let used = InvalidAccountNonce { account: owner, currentNonce: nonce + U256::ONE };
        world.refuses(&world.stranger, call, used).await?;
        let key = (nonce >> 64_u32).to();
        assert_eq!(world.read(nonces_1Call { owner, key }).await?, nonce + U256::ONE);
    }
    assert_eq!(world.balance(ETHER, to()).await?, number(300));
    assert_eq!(world.read(nonces_0Call { owner }).await?, number(2));
    Ok(())
}

/// A message with any member changed is one that nobody signed.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_changes_what_was_signed() -> Result<()> {
    let (world, list, terms) = World::open_for_cleo().await?;
    let (cleo, by) = (&world.cleo, &world.stranger);
    let good = world.lets_claim(cleo, list.leaf(0), to(), terms);
    let invalid = |signer| SplitterInvalidSignature { signer };
    let signer = cleo.address();
    for call in [
        claimSignedCall { to: by.address(), ..good.clone() },
        claimSignedCall { claim: list.leaf(1), ..good.clone() },
        claimSignedCall { claim: abi::Claim { amount: number(101), ..list.leaf(0) }, ..good.clone() },
        claimSignedCall { number: 2, ..good.clone() },
    ] {
        world.refuses(by, call, invalid(signer)).await?;
    }
    let signed = good.signed.clone();
    for signed in [
        Signed { deadline: signed.deadline + time(1), ..signed.clone() },
        Signed { relayer: by.address(), ..signed.clone() },
        Signed { nonce: keyed(1, 0), ..signed.clone() },
        Signed { signature: vec![0; 65].into(), ..signed.clone() },
        Signed { signature: vec![].into(), ..signed.clone() },
    ] {
        world.refuses(by, claimSignedCall { signed, ..good.clone() }, invalid(signer)).await?;
    }
    // Another signer, nobody, and another account than the signer's.
    let theirs = world.lets_claim(by, list.leaf(0), to(), terms);
    world.refuses(by, theirs, invalid(by.address())).await?;
    let nobody = Signed { signer: vec![1; 19].into(), ..signed.clone() };
    world.refuses(by, claimSignedCall { signed: nobody, ..good.clone() }, invalid(Address::ZERO)).await?;
    let other = abi::Claim { account: by.address(), ..list.leaf(0) };
    world.refuses(by, world.lets_claim(cleo, other, to(), terms), invalid(signer)).await?;
    // Another contract, another chain.
    for domain in
        [domain(world.manager, nitro::CHAIN_ID), domain(world.at, 1), domain(world.implementation, nitro::CHAIN_ID)]
    {
        let signature = sign(cleo, hash(1, &list.leaf(0), to(), terms, &domain));
        let signed = Signed { signature, ..signed.clone() };
        world.refuses(by, claimSignedCall { signed, ..good.clone() }, invalid(signer)).await?;
    }
    // The rest is as `claim`, and a claim that fails does not use the nonce up.
    let wrong = abi::Claim { proof: vec![], ..list.leaf(0) };
    let index = wrong.index;
    let call = world.lets_claim(cleo, wrong, to(), terms);
    world.refuses(by, call.clone(), SplitterInvalidProof { number: 1, index }).await?;
    assert!(!by.send(world.at, call.abi_encode()).await?.status());
    for account in [Address::ZERO, world.at] {
        let call = world.lets_claim(cleo, list.leaf(0), account, terms);
        world.refuses(by, call, SplitterInvalidRecipient { account }).await?;
    }
    world.does(by, good).await?;
    let again = world.lets_claim(cleo, list.leaf(0), to(), Terms { nonce: U256::ONE, ..terms });
    world.refuses(by, again, SplitterAlreadyClaimed { number: 1, index }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_and_a_relayer() -> Result<()> {
    let (world, list, terms) = World::open_for_cleo().await?;
    let (relayer, deadline) = (world.anna.address(), terms.deadline);
    let call = world.lets_claim(&world.cleo, list.leaf(0), to(), Terms { relayer, ..terms });
    for by in [&world.stranger, &world.cleo] {
        world.refuses(by, call.clone(), SplitterWrongRelayer { relayer }).await?;
    }
    world.chain.advance_to(deadline.to()).await?;
    world.asked(relayer, call.clone()).await?.succeeded();
    world.chain.advance_to(deadline.to::<u64>() + 1).await?;
    world.refuses(&world.anna, call, SplitterExpiredSignature { deadline }).await
}

/// A patient without a wallet: the passkey's address is in the list, and its money goes where the passkey says.
#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_claims_to_any_account() -> Result<()> {
    let key = Passkey::new(B256::repeat_byte(0x21))?;
    let other = Passkey::new(B256::repeat_byte(0x22))?;
    let (world, list) = World::open_for(&[key.account(), key.account()]).await?;
    // A stranger would send it to where nobody has a key.
    let refusal = SplitterSignatureNeeded { account: key.account() };
    world.refuses(&world.stranger, list.claim(1, 0), refusal).await?;
    let call = world.passkey_claims(&key, list.leaf(0), to(), HERE).await?;
    let forged = Signed { signer: other.signer(), ..call.signed.clone() };
    let forged = claimSignedCall { signed: forged, ..call.clone() };
    world.refuses(&world.stranger, forged, SplitterInvalidSignature { signer: other.account() }).await?;
    let abi::Claim { index, account, amount, .. } = list.leaf(0);
    let events = [
        log(SitePinned { key: key.account(), site: pin(HERE) }),
        log(Claimed { number: 1, index, account, to: to(), amount }),
    ];
    world.logs(&world.stranger, call, &events).await?;
    assert_eq!(world.balance(ETHER, to()).await?, number(100));
    assert_eq!(world.read(pinnedSiteCall { key: account }).await?, pin(HERE));
    // From now on at this site alone.
    let elsewhere = world.passkey_claims(&key, list.leaf(1), to(), "evil.example").await?;
    world.refuses(&world.stranger, elsewhere, SplitterInvalidSignature { signer: account }).await?;
    let here = world.passkey_claims(&key, list.leaf(1), to(), HERE).await?;
    assert_eq!(world.sent(&world.stranger, here).await?.1.len(), 1);
    assert_eq!(world.balance(ETHER, to()).await?, number(200));
    // The user must be there, and verified.
    for flags in [0x00, 0x01, 0x04] {
        let terms = world.terms(account).await?;
        let signature = key.assertion(hash(1, &list.leaf(1), to(), terms, &world.domain()), HERE, flags)?;
        let signed = terms.signed(&key.signer(), signature);
        let call = claimSignedCall { number: 1, claim: list.leaf(1), to: to(), signed };
        world.refuses(&world.stranger, call, SplitterInvalidSignature { signer: account }).await?;
    }
    Ok(())
}

/// Several passkeys' claims go by one multicall.
#[tokio::test(flavor = "multi_thread")]
async fn a_relayer_brings_many() -> Result<()> {
    let keys = (1..=3_u8).map(|byte| Passkey::new(B256::repeat_byte(byte))).collect::<Result<Vec<_>>>()?;
    let accounts: Vec<_> = keys.iter().map(Passkey::account).collect();
    let (world, list) = World::open_for(&accounts).await?;
    let mut data = Vec::new();
    for (at, key) in keys.iter().enumerate() {
        data.push(world.passkey_claims(key, list.leaf(at), to(), HERE).await?.abi_encode().into());
    }
    world.does(&world.stranger, multicallCall { data }).await?;
    assert_eq!(world.balance(ETHER, to()).await?, number(300));
    Ok(())
}

/// A contract as the account: it is asked (ERC-1271), and can change nothing while it is.
#[tokio::test(flavor = "multi_thread")]
async fn a_contract_wallet_signs() -> Result<()> {
    let world = World::start().await?;
    let wallet = peers::create(&world.chain, "Wallet", &[]).await?;
    world.with_pool(1_000).await?;
    let list = List::of(&[(wallet, 100)]);
    world.publishes(ETHER, &list, 100).await?;
    world.chain.advance(u64::from(WINDOW)).await?;
    let terms = world.terms(wallet).await?;
    let says = |what: &str| {
        let signed = terms.signed(wallet.as_slice(), what.as_bytes().to_vec());
        claimSignedCall { number: 1, claim: list.leaf(0), to: to(), signed }
    };
    for no in ["no", "nearly", "revert", "burn", "short"] {
        world.refuses(&world.stranger, says(no), SplitterInvalidSignature { signer: wallet }).await?;
    }
    let call = says("yes");
    world.does(&world.stranger, call).await?;
    assert_eq!(world.balance(ETHER, to()).await?, number(100));
    Ok(())
}

/// Whoever brings a message chooses the second. So a loss is taken only where the account named who brings it.
#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_chooses_no_second_of_a_loss() -> Result<()> {
    let world = World::start().await?;
    let (token, cleo, anna) = (world.with_pool(10_000).await?, &world.cleo, &world.anna);
    let account = cleo.address();
    let list = List::of(&[(account, 500), (account, 600)]);
    world.publishes(token, &list, 1_100).await?;
    world.chain.advance(u64::from(WINDOW)).await?;
    world.tells(token, Token::rebaseCall { percent: number(80) }).await?;
    let terms = world.terms(account).await?;
    let open = world.lets_claim(cleo, list.leaf(0), to(), terms);
    for by in [&world.stranger, cleo] {
        world.refuses(by, open.clone(), SplitterShort { token }).await?;
    }
    let named = world.lets_claim(cleo, list.leaf(0), to(), Terms { relayer: anna.address(), ..terms });
    let events = [
        log(Claimed { number: 1, index: U256::ZERO, account, to: to(), amount: number(400) }),
        log(LossTaken { token, account, amount: number(100) }),
    ];
    world.logs(anna, named, &events).await?;
    // When the token has recovered, anybody brings the other one.
    world.tells(token, Token::rebaseCall { percent: number(125) }).await?;
    let nonce = world.terms(account).await?.nonce;
    let open = world.lets_claim(cleo, list.leaf(1), to(), Terms { nonce, ..terms });
    world.sent(&world.stranger, open).await?;
    assert_eq!(world.balance(token, to()).await?, number(500 + 600));
    Ok(())
}
