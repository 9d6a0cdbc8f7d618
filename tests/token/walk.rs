//! A random walk: holders transfer, approve, delegate, sign and look back, in both clock modes, on our token and on
//! OpenZeppelin's at once. After every step everything that can be read is compared, too. The seed is fixed.

use alloy::{
    primitives::{Address, B256, Signature, U256},
    signers::SignerSync,
    sol_types::{SolCall, SolStruct, eip712_domain},
};
use consilium_bindings::VotingToken::*;
use eyre::Result;
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use crate::{
    setup::*,
    signed::{Delegation, Permit},
    twins::{Call, Twins},
};

const ACTORS: usize = 3;
const SIGNERS: usize = 2;
/// The actors, the signers, then one who has nothing, and the zero address.
const PEOPLE: usize = ACTORS + SIGNERS + 2;
const EACH: u64 = 1_000;

/// What happens next; numbers name people, actors and signers.
#[derive(Clone, Debug)]
enum Step {
    Transfer { to: usize, value: U256 },
    TransferFrom { from: usize, to: usize, value: U256 },
    Approve { spender: usize, value: U256 },
    Delegate { to: usize },
    Permit { signer: usize, owner: usize, spender: usize, value: U256, flaw: Flaw },
    DelegateBySig { signer: usize, to: usize, flaw: Flaw },
    LookBack { who: usize, back: i64, position: u32 },
    Wait { ticks: u64 },
}

/// What is wrong with a signature.
#[derive(Clone, Copy, Debug)]
enum Flaw {
    None,
    Expired,
    Nonce(u64),
    Chain,
    Recovery(u8),
    Flipped,
    UpperHalf,
    Noise(B256),
}

fn amounts() -> impl Strategy<Value = U256> {
    prop_oneof![
        4 => (0u64..=EACH / 2).prop_map(U256::from),
        1 => Just(U256::from(EACH)),
        1 => Just(U256::ZERO),
        1 => Just(U256::MAX),
        1 => any::<[u64; 4]>().prop_map(U256::from_limbs),
    ]
}

fn flaws() -> impl Strategy<Value = Flaw> {
    prop_oneof![
        8 => Just(Flaw::None),
        1 => Just(Flaw::Expired),
        1 => (0u64..3).prop_map(Flaw::Nonce),
        1 => Just(Flaw::Chain),
        1 => any::<u8>().prop_filter("a flaw", |v| *v != 27 && *v != 28).prop_map(Flaw::Recovery),
        1 => Just(Flaw::Flipped),
        1 => Just(Flaw::UpperHalf),
        1 => any::<[u8; 32]>().prop_map(|bytes| Flaw::Noise(bytes.into())),
    ]
}

fn steps() -> impl Strategy<Value = (usize, Step)> {
    let step = prop_oneof![
        6 => (0..PEOPLE, amounts()).prop_map(|(to, value)| Step::Transfer { to, value }),
        3 => (0..PEOPLE, 0..PEOPLE, amounts()).prop_map(|(from, to, value)| Step::TransferFrom { from, to, value }),
        3 => (0..PEOPLE, amounts()).prop_map(|(spender, value)| Step::Approve { spender, value }),
        6 => (0..PEOPLE).prop_map(|to| Step::Delegate { to }),
        3 => (0..SIGNERS, 0..PEOPLE, 0..PEOPLE, amounts(), flaws()).prop_map(
            |(signer, owner, spender, value, flaw)| {
                // Mostly the signer's own permit.
                let owner = if owner < ACTORS { ACTORS + signer } else { owner };
                Step::Permit { signer, owner, spender, value, flaw }
            }
        ),
        3 => (0..SIGNERS, 0..PEOPLE, flaws()).prop_map(|(signer, to, flaw)| Step::DelegateBySig { signer, to, flaw }),
        4 => (0..PEOPLE, -3i64..40, 0u32..8).prop_map(|(who, back, position)| Step::LookBack { who, back, position }),
        4 => (0u64..4).prop_map(|ticks| Step::Wait { ticks }),
    ];
    (0..ACTORS, step)
}

/// A walk in progress.
struct Walk {
    twins: Twins,
    people: Vec<Address>,
    timestamp_clock: bool,
    block_number: u64,
}

impl Walk {
    async fn start(timestamp_clock: bool) -> Result<Self> {
        let twins = Twins::start(timestamp_clock, ACTORS, SIGNERS, unit(EACH)).await?;
        let mut people = twins.holders();
        people.extend([Address::repeat_byte(0x77), Address::ZERO]);
        let walk = Self { twins, people, timestamp_clock, block_number: 100 };
        walk.twins.chain.set_block_number(walk.block_number).await?;
        Ok(walk)
    }

    async fn now(&self) -> Result<u64> {
        if self.timestamp_clock { self.twins.chain.now().await } else { Ok(self.block_number) }
    }

    async fn take(&mut self, actor: usize, step: &Step) -> Result<()> {
        let call = match *step {
            Step::Wait { ticks } => {
                self.block_number += ticks;
                self.twins.chain.set_block_number(self.block_number).await?;
                if ticks > 0 {
                    self.twins.chain.advance(ticks).await?;
                }
                None
            }
            Step::Transfer { to, value } => Some(transferCall { to: self.people[to], value }.into()),
            Step::TransferFrom { from, to, value } => {
                Some(transferFromCall { from: self.people[from], to: self.people[to], value }.into())
            }
            Step::Approve { spender, value } => Some(approveCall { spender: self.people[spender], value }.into()),
            Step::Delegate { to } => Some(delegateCall { delegatee: self.people[to] }.into()),
            Step::Permit { signer, owner, spender, value, flaw } => {
                Some(self.permit(signer, self.people[owner], self.people[spender], value, flaw).await?)
            }
            Step::DelegateBySig { signer, to, flaw } => {
                Some(self.delegate_by_sig(signer, self.people[to], flaw).await?)
            }
            Step::LookBack { who, back, position } => {
                let timepoint = U256::from(self.now().await?.saturating_add_signed(-back));
                let account = self.people[who];
                let calls = [
                    getPastVotesCall { account, timepoint }.into(),
                    getPastTotalSupplyCall { timepoint }.into(),
                    checkpointsCall { account, pos: position }.into(),
                ];
                self.twins.call(actor, &calls).await?;
                None
            }
        };
        let mut calls: Vec<Call> = call.into_iter().collect();
        calls.extend(self.everything());
        self.twins.call(actor, &calls).await?;
        Ok(())
    }

    /// Every view of every person.
    fn everything(&self) -> Vec<Call> {
        let mut calls: Vec<Call> = vec![totalSupplyCall {}.into(), clockCall {}.into(), CLOCK_MODECall {}.into()];
        for &account in &self.people {
            calls.extend([
                balanceOfCall { account }.into(),
                getVotesCall { account }.into(),
                delegatesCall { account }.into(),
                numCheckpointsCall { account }.into(),
                noncesCall { owner: account }.into(),
            ]);
            let pairs = self.people.iter().map(|&spender| allowanceCall { owner: account, spender }.into());
            calls.extend(pairs);
        }
        calls
    }

    async fn nonce(&self, owner: Address) -> Result<U256> {
        let token = VotingTokenInstance::new(self.twins.ours, self.twins.chain.dev.clone());
        Ok(token.nonces(owner).call().await?)
    }

    async fn deadline(&self, flaw: Flaw) -> Result<U256> {
        let now = self.twins.chain.now().await?;
        Ok(U256::from(if matches!(flaw, Flaw::Expired) { now - 1 } else { now + 100_000 }))
    }

    /// `message` signed for one of the tokens, as the flaw would have it, and whom that token recovers from it where it
    /// expects `expected`.
    fn sign<M: SolStruct>(
        &self,
        token: Address,
        signer: usize,
        [message, expected]: [&M; 2],
        flaw: Flaw,
    ) -> Result<Signed> {
        let domain = |chain_id: u64| {
            eip712_domain! { name: NAME, version: "1", chain_id: chain_id, verifying_contract: token, }
        };
        let right = expected.eip712_signing_hash(&domain(412_346));
        let signed = message.eip712_signing_hash(&domain(if matches!(flaw, Flaw::Chain) { 1 } else { 412_346 }));
        let signature = self.twins.signers[signer].signer.sign_hash_sync(&signed)?;
        let (mut v, mut r, mut s) =
            (27 + u8::from(signature.v()), B256::from(signature.r()), B256::from(signature.s()));
        match flaw {
            Flaw::Recovery(other) => v = other,
            Flaw::Flipped => v = 55 - v,
            Flaw::UpperHalf => s.0[0] |= 0x80,
            Flaw::Noise(noise) => r = noise,
            Flaw::None | Flaw::Expired | Flaw::Nonce(_) | Flaw::Chain => {}
        }
        let altered = Signature::new(r.into(), s.into(), v == 28);
        let recovered = altered.recover_address_from_prehash(&right).unwrap_or_default();
        Ok(Signed { v, r, s, recovered: recovered.into_word() })
    }

    /// A call with a signature for each token, as `encode` writes it.
    fn signed_call<C: SolCall, M: SolStruct>(
        &self,
        signer: usize,
        messages: [&M; 2],
        flaw: Flaw,
        encode: impl Fn(u8, B256, B256) -> C,
    ) -> Result<Call> {
        let [ours, peer] = [self.twins.ours, self.twins.peer].map(|token| self.sign(token, signer, messages, flaw));
        let (ours, peer) = (ours?, peer?);
        let data = |signed: &Signed| encode(signed.v, signed.r, signed.s).abi_encode();
        Ok(Call {
            ours: data(&ours),
            peer: data(&peer),
            alike: vec![(ours.recovered, peer.recovered), (ours.s, peer.s)],
        })
    }

    /// The token looks up the nonce itself: a flawed one is in the signature alone.
    async fn permit(&self, signer: usize, owner: Address, spender: Address, value: U256, flaw: Flaw) -> Result<Call> {
        let nonce = self.nonce(owner).await?;
        let deadline = self.deadline(flaw).await?;
        let expected = Permit { owner, spender, value, nonce, deadline };
        let message = Permit { nonce: nonce + skipped(flaw), ..expected };
        let encode = |v, r, s| permitCall { owner, spender, value, deadline, v, r, s };
        self.signed_call(signer, [&message, &expected], flaw, encode)
    }

    /// The nonce is an argument: a flawed one is in the signature and in the call.
    async fn delegate_by_sig(&self, signer: usize, delegatee: Address, flaw: Flaw) -> Result<Call> {
        let nonce = self.nonce(self.twins.signers[signer].address()).await? + skipped(flaw);
        let expiry = self.deadline(flaw).await?;
        let message = Delegation { delegatee, nonce, expiry };
        let encode = |v, r, s| delegateBySigCall { delegatee, nonce, expiry, v, r, s };
        self.signed_call(signer, [&message, &message], flaw, encode)
    }
}

/// How many nonces a flawed message is ahead.
fn skipped(flaw: Flaw) -> U256 {
    if let Flaw::Nonce(more) = flaw { unit(more) } else { U256::ZERO }
}

/// A signature as the functions take it, and the account it makes out, as a word.
struct Signed {
    v: u8,
    r: B256,
    s: B256,
    recovered: B256,
}

fn walks(timestamp_clock: bool, seed: u8) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let seed = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let config = Config { cases: 4, failure_persistence: None, max_shrink_iters: 12, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, seed);
    runner.run(&proptest::collection::vec(steps(), 60), |steps| {
        let walked = runtime.block_on(async {
            let mut walk = Walk::start(timestamp_clock).await?;
            for (actor, step) in &steps {
                walk.take(*actor, step).await.map_err(|error| eyre::eyre!("{step:?} by {actor}: {error:#}"))?;
            }
            eyre::Ok(())
        });
        walked.map_err(|error| TestCaseError::fail(format!("{error:#}")))
    })?;
    Ok(())
}

#[test]
fn the_twins_agree_on_time() -> Result<()> {
    walks(true, 1)
}

#[test]
fn the_twins_agree_on_blocks() -> Result<()> {
    walks(false, 2)
}
