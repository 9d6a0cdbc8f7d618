//! Two voting tokens, ours and OpenZeppelin's, and who holds them.

use alloy::{
    primitives::{Address, B256, Signature, U256},
    signers::SignerSync,
    sol_types::{Eip712Domain, SolCall, SolConstructor, SolStruct, eip712_domain},
};
use consilium_bindings::VotingToken::*;
use eyre::Result;
use harness::{
    actor::actors,
    answer::Answer,
    chain::{Account, Chain},
    deploy,
    peers::{self, token_arguments},
    twins::Twins,
};
use nitro::CHAIN_ID;

pub(crate) const SUPPLY_OF_ALICE: u64 = 1_000;
pub(crate) const SUPPLY_OF_BOB: u64 = 500;
/// What the account with a key has.
pub(crate) const SUPPLY_OF_SIGNER: u64 = 200;
pub(crate) const SUPPLY: u64 = SUPPLY_OF_ALICE + SUPPLY_OF_BOB + SUPPLY_OF_SIGNER;
pub(crate) const NAME: &str = "Health Exchange Vote";
const SYMBOL: &str = "HXV";

/// Who makes a call: each is a contract. Carol has nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Who {
    Alice,
    Bob,
    Carol,
}

/// Both tokens, and the accounts that hold them.
pub(crate) struct Tokens {
    twins: Twins<Address>,
    /// An account with a key, which has tokens too.
    pub(crate) signer: Account,
}

harness::deref_to_twins!(Tokens, Address);

impl Tokens {
    /// Both tokens, freshly made, whose clock is block.timestamp.
    pub(crate) async fn on_time() -> Result<Self> {
        Self::start(true, "PeerTokenTime").await
    }

    /// The same, whose clock is block.number.
    pub(crate) async fn on_blocks() -> Result<Self> {
        Self::start(false, "PeerTokenBlocks").await
    }

    async fn start(timestamp_clock: bool, peer: &str) -> Result<Self> {
        let chain = Chain::start()?;
        let signer = chain.account("a holder with a key").await?;
        let actors = actors(&chain, 3).await?;
        let holders = [
            (actors[Who::Alice as usize], unit(SUPPLY_OF_ALICE)),
            (actors[Who::Bob as usize], unit(SUPPLY_OF_BOB)),
            (signer.address(), unit(SUPPLY_OF_SIGNER)),
        ];
        let ours = deploy::program(&chain, "voting-token", &arguments(&holders, timestamp_clock)).await?;
        let peer = peers::create(&chain, peer, &token_arguments(NAME, SYMBOL, &holders)).await?;
        let twins = Twins::new(chain, [ours, peer], actors)?;
        twins.stands_for(ours, peer);
        twins.stands_for(domain(ours).separator(), domain(peer).separator());
        Ok(Self { twins, signer })
    }

    /// An account's address.
    pub(crate) fn account(&self, who: Who) -> Address {
        self.actors[who as usize]
    }

    /// The addresses of alice, bob and carol.
    pub(crate) fn accounts(&self) -> [Address; 3] {
        [Who::Alice, Who::Bob, Who::Carol].map(|who| self.account(who))
    }

    /// Calls both tokens as `who`; what both answered.
    pub(crate) async fn call(&self, who: Who, call: impl SolCall) -> Result<Answer> {
        let call = call.abi_encode();
        self.at(who as usize, |token| (*token, call.clone())).await
    }

    /// The same with a call for each token.
    pub(crate) async fn call_each<C: SolCall>(&self, who: Who, call: impl Fn(Address) -> C) -> Result<Answer> {
        self.at(who as usize, |token| (*token, call(*token).abi_encode())).await
    }

    /// Reads both tokens, in the state of the head; what both answered.
    pub(crate) async fn read(&self, call: impl SolCall) -> Result<Answer> {
        let call = call.abi_encode();
        self.ask(self.account(Who::Carol), |token| (*token, call.clone())).await
    }

    /// Balances of alice, bob and carol.
    pub(crate) async fn balances(&self) -> Result<[U256; 3]> {
        let mut balances = [U256::ZERO; 3];
        for (balance, account) in balances.iter_mut().zip(self.accounts()) {
            *balance = self.read(balanceOfCall { account }).await?.output::<balanceOfCall>();
        }
        Ok(balances)
    }

    /// Votes of alice, bob and carol.
    pub(crate) async fn votes(&self) -> Result<[U256; 3]> {
        let mut votes = [U256::ZERO; 3];
        for (vote, account) in votes.iter_mut().zip(self.accounts()) {
            *vote = self.read(getVotesCall { account }).await?.output::<getVotesCall>();
        }
        Ok(votes)
    }

    /// The head's timestamp as a timepoint.
    pub(crate) async fn timepoint(&self) -> Result<U256> {
        Ok(unit(self.now().await?))
    }
}

/// The constructor with a list of holders, and what each gets.
pub(crate) fn constructor(holders: Vec<Address>, amounts: Vec<U256>, timestamp_clock: bool) -> constructorCall {
    let (name, symbol) = (NAME.into(), SYMBOL.into());
    constructorCall { name, symbol, holders, amounts, timestampClock: timestamp_clock }
}

/// The constructor's arguments.
pub(crate) fn arguments(holders: &[(Address, U256)], timestamp_clock: bool) -> Vec<u8> {
    let (addresses, amounts): (Vec<_>, Vec<_>) = holders.iter().copied().unzip();
    constructor(addresses, amounts, timestamp_clock).abi_encode()
}

/// The domain that holders of a token sign in.
pub(crate) fn domain(token: Address) -> Eip712Domain {
    domain_on(token, CHAIN_ID)
}

/// The same on another chain.
pub(crate) fn domain_on(token: Address, chain_id: u64) -> Eip712Domain {
    eip712_domain! { name: NAME, version: "1", chain_id: chain_id, verifying_contract: token, }
}

/// A signature as the functions take it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts {
    pub(crate) v: u8,
    pub(crate) r: B256,
    pub(crate) s: B256,
}

impl Parts {
    /// The signature of `message` in `domain`.
    pub(crate) fn sign(who: &Account, domain: &Eip712Domain, message: &impl SolStruct) -> Self {
        let signature = who.signer.sign_hash_sync(&message.eip712_signing_hash(domain)).expect("a key signs any hash");
        Self { v: 27 + u8::from(signature.v()), r: signature.r().into(), s: signature.s().into() }
    }

    /// Whose signature of `message` in `domain` this is.
    pub(crate) fn signer(self, domain: &Eip712Domain, message: &impl SolStruct) -> Result<Address> {
        let signature = Signature::new(self.r.into(), self.s.into(), self.v == 28);
        Ok(signature.recover_address_from_prehash(&message.eip712_signing_hash(domain))?)
    }
}

pub(crate) fn units<const N: usize>(amounts: [u64; N]) -> [U256; N] {
    amounts.map(unit)
}

pub(crate) fn unit(amount: u64) -> U256 {
    U256::from(amount)
}
