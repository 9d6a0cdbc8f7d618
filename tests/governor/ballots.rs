//! Votes by signature: whose they are, where they count, and that each counts once.

use alloy::primitives::{Address, B256, Bytes, Signature, U256, keccak256};
use alloy::signers::SignerSync;
use alloy::sol_types::{Eip712Domain, SolStruct, eip712_domain};
use eyre::Result;
use harness::answer::Answer;
use harness::{
    peers,
    typed_data::{Ballot, ExtendedBallot},
};

use crate::calls::*;
use crate::life::VOTES;
use crate::proposals::Plan;
use crate::setup::{NAME, Settings};
use crate::twins::{Governors, Side};

const CHAIN: u64 = nitro::CHAIN_ID;

fn domain(side: &Side, chain: u64) -> Eip712Domain {
    eip712_domain! { name: NAME, version: "1", chain_id: chain, verifying_contract: side.governor, }
}

/// A ballot of the signer on both sides, each signed for its own governor.
struct Signed {
    ballot: fn(&Plan, &Side, Address, U256) -> Ballot,
    nonce: u64,
    chain: u64,
}

impl Signed {
    const FOR: Self = Self {
        ballot: |plan, side, voter, nonce| Ballot { proposalId: plan.id(side), support: 1, voter, nonce },
        nonce: 0,
        chain: CHAIN,
    };

    fn signature(&self, twins: &Governors, plan: &Plan, side: &Side) -> Signature {
        let ballot = (self.ballot)(plan, side, twins.signer.address(), U256::from(self.nonce));
        let hash = ballot.eip712_signing_hash(&domain(side, self.chain));
        twins.signer.signer.sign_hash_sync(&hash).expect("the key signs")
    }
}

/// Brings a signature, whatever it is, as a vote for of `voter`.
async fn bring(twins: &Governors, plan: &Plan, voter: Address, signature: impl Fn(&Side) -> Bytes) -> Result<Answer> {
    twins.call(1, |s| castVoteBySigCall { proposalId: plan.id(s), support: 1, voter, signature: signature(s) }).await
}

#[tokio::test]
async fn a_signed_ballot_counts_once() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let voter = twins.signer.address();
    let plan = Plan::payment("By letter", 0);
    twins.open(&plan).await?;
    let voted = bring(&twins, &plan, voter, |s| Signed::FOR.signature(&twins, &plan, s).as_bytes().into()).await?;
    let event = voted.event::<VoteCast>();
    assert_eq!((event.voter, event.weight), (voter, U256::from(25)));
    let nonce = twins.call(0, |_| noncesCall { owner: voter }).await?.output::<noncesCall>();
    assert_eq!(nonce, U256::from(1));
    // The same letter again: its nonce is used.
    let again = bring(&twins, &plan, voter, |s| Signed::FOR.signature(&twins, &plan, s).as_bytes().into()).await?;
    again.refused(GovernorInvalidSignature { voter });
    // A new letter: the votes are used.
    let next = Signed { nonce: 1, ..Signed::FOR };
    let again = bring(&twins, &plan, voter, |s| next.signature(&twins, &plan, s).as_bytes().into()).await?;
    again.refused(GovernorAlreadyCastVote { voter });
    let nonce = twins.call(0, |_| noncesCall { owner: voter }).await?.output::<noncesCall>();
    assert_eq!(nonce, U256::from(1), "a refused ballot uses no nonce");
    twins.compare(&plan).await
}

#[tokio::test]
async fn a_ballot_is_for_one_vote_of_one_voter_in_one_place() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let voter = twins.signer.address();
    let plan = Plan::payment("Forgeries", 0);
    twins.open(&plan).await?;
    let refused = || GovernorInvalidSignature { voter };

    let forged = [
        ("another chain", Signed { chain: 1, ..Signed::FOR }),
        ("a later nonce", Signed { nonce: 1, ..Signed::FOR }),
        (
            "another choice",
            Signed {
                ballot: |plan, side, voter, nonce| Ballot { proposalId: plan.id(side), support: 0, voter, nonce },
                ..Signed::FOR
            },
        ),
        (
            "another proposal",
            Signed {
                ballot: |_, _, voter, nonce| Ballot { proposalId: U256::from(7), support: 1, voter, nonce },
                ..Signed::FOR
            },
        ),
        (
            "another voter",
            Signed {
                ballot: |plan, side, _, nonce| Ballot {
                    proposalId: plan.id(side),
                    support: 1,
                    voter: side.token,
                    nonce,
                },
                ..Signed::FOR
            },
        ),
    ];
    for (what, signed) in forged {
        let answer = bring(&twins, &plan, voter, |s| signed.signature(&twins, &plan, s).as_bytes().into()).await?;
        assert!(!answer.success, "{what}");
        answer.refused(refused());
    }
    // Signed for the other governor.
    let other = |s: &Side| if s.governor == twins.ours.governor { twins.peer } else { twins.ours };
    bring(&twins, &plan, voter, |s| Signed::FOR.signature(&twins, &plan, &other(s)).as_bytes().into())
        .await?
        .refused(refused());
    // Somebody else's.
    let stranger = twins.actors[0];
    bring(&twins, &plan, Address::repeat_byte(9), |s| Signed::FOR.signature(&twins, &plan, s).as_bytes().into())
        .await?
        .refused(GovernorInvalidSignature { voter: Address::repeat_byte(9) });
    // An account with code is asked, and this one does not know the question.
    bring(&twins, &plan, stranger, |s| Signed::FOR.signature(&twins, &plan, s).as_bytes().into())
        .await?
        .refused(GovernorInvalidSignature { voter: stranger });
    twins.compare(&plan).await
}

#[tokio::test]
async fn a_signature_has_one_form() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let voter = twins.signer.address();
    let plan = Plan::payment("Forms", 0);
    twins.open(&plan).await?;
    let bytes = |s: &Side| Signed::FOR.signature(&twins, &plan, s).as_bytes();
    let malleable = |s: &Side| {
        let signature = Signed::FOR.signature(&twins, &plan, s);
        let order = alloy::primitives::uint!(0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141_U256);
        Signature::new(signature.r(), order - signature.s(), !signature.v()).as_bytes().into()
    };
    let compact = |s: &Side| {
        let signature = Signed::FOR.signature(&twins, &plan, s);
        let s: U256 = signature.s() | (U256::from(signature.v()) << 255);
        [signature.r().to_be_bytes::<32>(), s.to_be_bytes::<32>()].concat().into()
    };
    let forms: [&dyn Fn(&Side) -> Bytes; 7] = [
        &malleable,
        &compact,
        &|_| Bytes::new(),
        &|s| bytes(s)[..64].to_vec().into(),
        &|s| [&bytes(s)[..], &[0]].concat().into(),
        &|s| [&bytes(s)[..64], &[0]].concat().into(),
        &|_| vec![0xff; 65].into(),
    ];
    for form in forms {
        bring(&twins, &plan, voter, form).await?.refused(GovernorInvalidSignature { voter });
    }
    // The zero address is nobody's, though nothing is recovered to it too.
    bring(&twins, &plan, Address::ZERO, |_| vec![0; 65].into())
        .await?
        .refused(GovernorInvalidSignature { voter: Address::ZERO });
    bring(&twins, &plan, voter, |s| bytes(s).into()).await?.succeeded();
    Ok(())
}

#[tokio::test]
async fn an_extended_ballot_covers_reason_and_parameters() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let voter = twins.signer.address();
    let plan = Plan::payment("With reasons", 0);
    twins.open(&plan).await?;
    let params: Bytes = [5u128, 10, 10].iter().flat_map(|votes| votes.to_be_bytes()).collect::<Vec<_>>().into();
    let call = |s: &Side, signed_reason: &str, signed_params: &Bytes| {
        let ballot = ExtendedBallot {
            proposalId: plan.id(s),
            support: 255,
            voter,
            nonce: U256::ZERO,
            reason: signed_reason.into(),
            params: signed_params.clone(),
        };
        let hash = ballot.eip712_signing_hash(&domain(s, CHAIN));
        castVoteWithReasonAndParamsBySigCall {
            proposalId: plan.id(s),
            support: 255,
            voter,
            reason: "My reason".into(),
            params: params.clone(),
            signature: twins.signer.signer.sign_hash_sync(&hash).expect("the key signs").as_bytes().into(),
        }
    };
    twins.call(1, |s| call(s, "Another reason", &params)).await?.refused(GovernorInvalidSignature { voter });
    twins.call(1, |s| call(s, "My reason", &Bytes::new())).await?.refused(GovernorInvalidSignature { voter });
    let voted = twins.call(1, |s| call(s, "My reason", &params)).await?;
    let event = voted.event::<VoteCastWithParams>();
    assert_eq!((event.voter, event.weight, event.reason.as_str()), (voter, U256::from(25), "My reason"));
    twins.compare(&plan).await
}

/// A contract's own word counts: exactly the one that ERC-1271 asks for.
#[tokio::test]
async fn a_contract_is_asked() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let wallet = peers::create(&twins.chain, "Wallet", &[]).await?;
    let token = twins.ours.token;
    let delegate = Token::delegateCall { delegatee: wallet };
    twins.once(0, token, alloy::sol_types::SolCall::abi_encode(&delegate)).await?;
    let plan = Plan::payment("Asked", 0);
    twins.propose(1, &plan).await?.succeeded();
    twins.pass(101).await?;
    for answer in ["", "no", "nearly", "revert", "short"] {
        bring(&twins, &plan, wallet, |_| answer.as_bytes().to_vec().into())
            .await?
            .refused(GovernorInvalidSignature { voter: wallet });
    }
    let voted = bring(&twins, &plan, wallet, |_| b"yes".to_vec().into()).await?;
    assert_eq!(voted.event::<VoteCast>().weight, U256::from(40));
    twins.compare(&plan).await
}

/// The domain that signatures are made for, as wallets read it.
#[tokio::test]
async fn the_domain_is_the_published_one() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let found = twins.call(0, |_| eip712DomainCall {}).await?.output::<eip712DomainCall>();
    assert_eq!((found.name.as_str(), found.version.as_str()), (NAME, "1"));
    assert_eq!((found.chainId, found.verifyingContract), (U256::from(CHAIN), twins.ours.governor));
    assert_eq!((found.fields.0, found.salt, found.extensions), ([0x0f], B256::ZERO, vec![]));
    let hash = twins.call(0, |_| BALLOT_TYPEHASHCall {}).await?.output::<BALLOT_TYPEHASHCall>();
    assert_eq!(hash, keccak256(Ballot::eip712_encode_type().as_bytes()));
    let hash = twins.call(0, |_| EXTENDED_BALLOT_TYPEHASHCall {}).await?;
    assert_eq!(
        hash.output::<EXTENDED_BALLOT_TYPEHASHCall>(),
        keccak256(ExtendedBallot::eip712_encode_type().as_bytes())
    );
    Ok(())
}
