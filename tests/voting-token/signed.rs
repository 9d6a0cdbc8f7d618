//! Permits and delegations by signature: good, expired, replayed, altered, signed for another chain or by another key.
//!
//! The domains of the two tokens differ, so each gets a signature of its own for the same message.

use alloy::{
    primitives::{Address, B256, U256},
    sol_types::SolEvent,
};
use consilium_bindings::VotingToken::*;
use eyre::Result;
use harness::{
    answer::Answer,
    typed_data::{Delegation, Permit},
};
use nitro::CHAIN_ID;

use crate::setup::{Who::*, *};

const ELSEWHERE: u64 = 42_161;

impl Tokens {
    /// A permit for bob, signed with no nonce used before and due in an hour.
    async fn permit(&self, value: u64) -> Result<Permit> {
        let (owner, spender) = (self.signer.address(), self.account(Bob));
        Ok(Permit { owner, spender, value: unit(value), nonce: U256::ZERO, deadline: self.soon().await? })
    }

    /// A delegation to bob, the same.
    async fn delegation(&self) -> Result<Delegation> {
        Ok(Delegation { delegatee: self.account(Bob), nonce: U256::ZERO, expiry: self.soon().await? })
    }

    async fn soon(&self) -> Result<U256> {
        Ok(self.timepoint().await? + unit(3_600))
    }

    /// Relays a permit to both tokens, each with its own signature. Anyone may: carol does.
    async fn relay(&self, permit: &Permit, sign: impl Fn(Address) -> Parts) -> Result<Answer> {
        let Permit { owner, spender, value, deadline, .. } = *permit;
        self.call_each(Carol, |token| {
            let Parts { v, r, s } = sign(token);
            permitCall { owner, spender, value, deadline, v, r, s }
        })
        .await
    }

    /// Relays a delegation to both tokens.
    async fn relay_delegation(&self, delegation: &Delegation, sign: impl Fn(Address) -> Parts) -> Result<Answer> {
        let Delegation { delegatee, nonce, expiry } = *delegation;
        self.call_each(Carol, |token| {
            let Parts { v, r, s } = sign(token);
            delegateBySigCall { delegatee, nonce, expiry, v, r, s }
        })
        .await
    }

    async fn nonce(&self) -> Result<U256> {
        Ok(self.read(noncesCall { owner: self.signer.address() }).await?.output::<noncesCall>())
    }
}

#[tokio::test]
async fn the_domain_is_what_wallets_sign() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    tokens.read(DOMAIN_SEPARATORCall {}).await?.returned(domain(tokens.ours).separator());
    let found = tokens.read(eip712DomainCall {}).await?.output::<eip712DomainCall>();
    assert_eq!(found.fields.0, [0x0f]);
    assert_eq!((found.name.as_str(), found.version.as_str()), (NAME, "1"));
    assert_eq!((found.chainId, found.verifyingContract), (unit(CHAIN_ID), tokens.ours));
    assert_eq!((found.salt, found.extensions), (B256::ZERO, vec![]));
    Ok(())
}

#[tokio::test]
async fn a_permit_approves_and_is_used_up() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    let permit = tokens.permit(42).await?;
    let sign = |token| Parts::sign(&tokens.signer, &domain(token), &permit);
    let Permit { owner, spender, value, .. } = permit;
    tokens.relay(&permit, sign).await?.logged([Approval { owner, spender, value }.encode_log_data()]);
    tokens.read(allowanceCall { owner, spender }).await?.returned(value);
    assert_eq!(tokens.nonce().await?, unit(1));

    // Replayed, the nonce differs, so that the signature is another account's.
    let replayed = Permit { nonce: unit(1), ..permit.clone() };
    let signer = |token| sign(token).signer(&domain(token), &replayed);
    tokens.stands_for(signer(tokens.ours)?, signer(tokens.peer)?);
    let error = ERC2612InvalidSigner { signer: signer(tokens.ours)?, owner };
    tokens.relay(&permit, sign).await?.refused(error);
    Ok(())
}

#[tokio::test]
async fn a_permit_expires_by_the_second() -> Result<()> {
    // Deadlines are seconds even where timepoints are blocks.
    for tokens in [Tokens::on_time().await?, Tokens::on_blocks().await?] {
        let deadline = tokens.soon().await?;
        let permit = Permit { deadline, ..tokens.permit(1).await? };
        let sign = |token| Parts::sign(&tokens.signer, &domain(token), &permit);
        tokens.set_time(deadline.to::<u64>() + 1).await?;
        tokens.relay(&permit, sign).await?.refused(ERC2612ExpiredSignature { deadline });

        let deadline = tokens.soon().await?;
        let permit = Permit { deadline, ..permit };
        let sign = |token| Parts::sign(&tokens.signer, &domain(token), &permit);
        tokens.set_time(deadline.to()).await?;
        tokens.relay(&permit, sign).await?.succeeded();
    }
    Ok(())
}

#[tokio::test]
async fn a_permit_by_another_key_chain_or_for_other_values_names_the_wrong_signer() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    let permit = tokens.permit(1).await?;
    let owner = permit.owner;
    let stranger = tokens.chain.account("a stranger with a key").await?;

    let by_another = tokens.relay(&permit, |token| Parts::sign(&stranger, &domain(token), &permit)).await?;
    by_another.refused(ERC2612InvalidSigner { signer: stranger.address(), owner });

    let elsewhere = |token| Parts::sign(&tokens.signer, &domain_on(token, ELSEWHERE), &permit);
    let signer = |token| elsewhere(token).signer(&domain(token), &permit);
    assert_ne!(signer(tokens.ours)?, owner);
    tokens.stands_for(signer(tokens.ours)?, signer(tokens.peer)?);
    let error = ERC2612InvalidSigner { signer: signer(tokens.ours)?, owner };
    tokens.relay(&permit, elsewhere).await?.refused(error);

    let sign = |token| Parts::sign(&tokens.signer, &domain(token), &permit);
    let more = Permit { value: unit(2), ..permit.clone() };
    let signer = |token| sign(token).signer(&domain(token), &more);
    tokens.stands_for(signer(tokens.ours)?, signer(tokens.peer)?);
    let error = ERC2612InvalidSigner { signer: signer(tokens.ours)?, owner };
    tokens.relay(&more, sign).await?.refused(error);
    assert_eq!(tokens.nonce().await?, U256::ZERO);
    Ok(())
}

#[tokio::test]
async fn a_signature_that_nobody_made_is_refused_as_such() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    let (permit, delegation) = (tokens.permit(1).await?, tokens.delegation().await?);
    let sign = |token| Parts::sign(&tokens.signer, &domain(token), &permit);

    for v in [0, 1, 26, 29, 255] {
        let wrong = |token| Parts { v, ..sign(token) };
        tokens.relay(&permit, wrong).await?.refused(ECDSAInvalidSignature {});
        tokens.relay_delegation(&delegation, wrong).await?.refused(ECDSAInvalidSignature {});
    }
    // r and s of zero; an r that is on no point of the curve.
    let zero_r = |token| Parts { r: B256::ZERO, ..sign(token) };
    tokens.relay(&permit, zero_r).await?.refused(ECDSAInvalidSignature {});
    let zero_s = |token| Parts { s: B256::ZERO, ..sign(token) };
    tokens.relay(&permit, zero_s).await?.refused(ECDSAInvalidSignature {});
    let off_the_curve = |token| Parts { r: B256::repeat_byte(0xff), ..sign(token) };
    tokens.relay(&permit, off_the_curve).await?.refused(ECDSAInvalidSignature {});
    // For an owner of zero as well: "recovered nobody" must not read as "nobody signed".
    let of_nobody = Permit { owner: Address::ZERO, ..permit.clone() };
    let wrong = |token| Parts { v: 0, ..sign(token) };
    tokens.relay(&of_nobody, wrong).await?.refused(ECDSAInvalidSignature {});
    Ok(())
}

#[tokio::test]
async fn the_other_form_of_a_signature_is_refused() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    let order: U256 = "0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141".parse()?;
    let other = |Parts { v, r, s }| Parts { v: 55 - v, r, s: B256::from(order - U256::from_be_bytes(s.0)) };

    let permit = tokens.permit(1).await?;
    let sign = |token| other(Parts::sign(&tokens.signer, &domain(token), &permit));
    tokens.stands_for(sign(tokens.ours).s, sign(tokens.peer).s);
    tokens.relay(&permit, sign).await?.refused(ECDSAInvalidSignatureS { s: sign(tokens.ours).s });

    let delegation = tokens.delegation().await?;
    let sign = |token| other(Parts::sign(&tokens.signer, &domain(token), &delegation));
    tokens.stands_for(sign(tokens.ours).s, sign(tokens.peer).s);
    tokens.relay_delegation(&delegation, sign).await?.refused(ECDSAInvalidSignatureS { s: sign(tokens.ours).s });
    Ok(())
}

#[tokio::test]
async fn a_permit_for_nobody_is_refused() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    let spender = Address::ZERO;
    let permit = Permit { spender, ..tokens.permit(1).await? };
    let sign = |token| Parts::sign(&tokens.signer, &domain(token), &permit);
    tokens.relay(&permit, sign).await?.refused(ERC20InvalidSpender { spender });
    Ok(())
}

#[tokio::test]
async fn a_signed_delegation_counts_once() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    let (delegator, bob) = (tokens.signer.address(), tokens.account(Bob));
    let delegation = tokens.delegation().await?;
    let sign = |token| Parts::sign(&tokens.signer, &domain(token), &delegation);
    let (previous, new) = (U256::ZERO, unit(SUPPLY_OF_SIGNER));
    tokens.relay_delegation(&delegation, sign).await?.logged([
        DelegateChanged { delegator, fromDelegate: Address::ZERO, toDelegate: bob }.encode_log_data(),
        DelegateVotesChanged { delegate: bob, previousVotes: previous, newVotes: new }.encode_log_data(),
    ]);
    assert_eq!(tokens.nonce().await?, unit(1));
    let error = InvalidAccountNonce { account: delegator, currentNonce: unit(1) };
    tokens.relay_delegation(&delegation, sign).await?.refused(error);
    Ok(())
}

#[tokio::test]
async fn a_signed_delegation_expires_and_needs_its_nonce() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    let late = tokens.delegation().await?;
    let sign = |token| Parts::sign(&tokens.signer, &domain(token), &late);
    tokens.set_time(late.expiry.to::<u64>() + 1).await?;
    let error = VotesExpiredSignature { expiry: late.expiry };
    tokens.relay_delegation(&late, sign).await?.refused(error);

    let early = Delegation { nonce: unit(5), ..tokens.delegation().await? };
    let sign = |token| Parts::sign(&tokens.signer, &domain(token), &early);
    let error = InvalidAccountNonce { account: tokens.signer.address(), currentNonce: U256::ZERO };
    tokens.relay_delegation(&early, sign).await?.refused(error);
    Ok(())
}

/// Signed for another chain, a delegation is that of an account nobody has: it must not be the signer's.
#[tokio::test]
async fn a_delegation_for_another_chain_is_not_the_signers() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    let delegation = tokens.delegation().await?;
    let elsewhere = |token| Parts::sign(&tokens.signer, &domain_on(token, ELSEWHERE), &delegation);
    let recovered = |token| elsewhere(token).signer(&domain(token), &delegation);
    tokens.stands_for(recovered(tokens.ours)?, recovered(tokens.peer)?);
    let answer = tokens.relay_delegation(&delegation, elsewhere).await?;
    let delegator = recovered(tokens.ours)?;
    let changed = DelegateChanged { delegator, fromDelegate: Address::ZERO, toDelegate: delegation.delegatee };
    answer.logged([changed.encode_log_data()]);
    tokens.read(delegatesCall { account: tokens.signer.address() }).await?.returned(Address::ZERO);
    assert_eq!(tokens.nonce().await?, U256::ZERO);
    assert_eq!(tokens.votes().await?, units([0, 0, 0]));
    Ok(())
}

#[tokio::test]
async fn permits_and_delegations_share_the_nonce() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    let delegation = tokens.delegation().await?;
    let sign = |token| Parts::sign(&tokens.signer, &domain(token), &delegation);
    tokens.relay_delegation(&delegation, sign).await?.succeeded();
    let permit = Permit { nonce: unit(1), ..tokens.permit(1).await? };
    let sign = |token| Parts::sign(&tokens.signer, &domain(token), &permit);
    tokens.relay(&permit, sign).await?.succeeded();
    assert_eq!(tokens.nonce().await?, unit(2));
    Ok(())
}
