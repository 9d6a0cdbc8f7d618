//! Permits and delegations by signature: good, expired, replayed, altered, signed for another chain or by another key.

use alloy::{
    primitives::{Address, B256, Signature, U256},
    signers::Signer,
    sol_types::{Eip712Domain, SolStruct, eip712_domain},
};
use consilium_bindings::VotingToken::*;
use eyre::Result;
use harness::{
    chain::Account,
    typed_data::{Delegation, Permit},
};
use nitro::CHAIN_ID;

use crate::setup::*;

/// A signature as the functions take it.
struct Parts {
    v: u8,
    r: B256,
    s: B256,
}

impl From<Signature> for Parts {
    fn from(signature: Signature) -> Self {
        Self { v: 27 + u8::from(signature.v()), r: signature.r().into(), s: signature.s().into() }
    }
}

impl Token {
    fn domain(&self, chain_id: u64) -> Eip712Domain {
        eip712_domain! { name: NAME, version: "1", chain_id: chain_id, verifying_contract: self.at, }
    }

    async fn sign(&self, who: &Account, message: &impl SolStruct) -> Result<Parts> {
        self.sign_for(CHAIN_ID, who, message).await
    }

    async fn sign_for(&self, chain_id: u64, who: &Account, message: &impl SolStruct) -> Result<Parts> {
        let hash = message.eip712_signing_hash(&self.domain(chain_id));
        Ok(who.signer.sign_hash(&hash).await?.into())
    }

    async fn soon(&self) -> Result<U256> {
        Ok(timepoint(&self.chain).await? + unit(3_600))
    }
}

#[tokio::test]
async fn the_domain_is_what_wallets_sign() -> Result<()> {
    let token = Token::on_time().await?;
    let read = token.read();
    assert_eq!(read.DOMAIN_SEPARATOR().call().await?, token.domain(CHAIN_ID).separator());
    let domain = read.eip712Domain().call().await?;
    assert_eq!(domain.fields.0, [0x0f]);
    assert_eq!((domain.name.as_str(), domain.version.as_str()), (NAME, "1"));
    assert_eq!((domain.chainId, domain.verifyingContract), (unit(CHAIN_ID), token.at));
    assert_eq!((domain.salt, domain.extensions), (B256::ZERO, vec![]));
    Ok(())
}

#[tokio::test]
async fn a_permit_approves_and_is_used_up() -> Result<()> {
    let token = Token::on_time().await?;
    let (owner, spender, value) = (token.alice.address(), token.bob.address(), unit(42));
    let deadline = token.soon().await?;
    let permit = Permit { owner, spender, value, nonce: U256::ZERO, deadline };
    let Parts { v, r, s } = token.sign(&token.alice, &permit).await?;

    // Anyone relays it.
    let by_carol = token.by(&token.carol);
    let receipt = send(by_carol.permit(owner, spender, value, deadline, v, r, s)).await?;
    assert_logs(&receipt, token.at, &[&Approval { owner, spender, value }]);
    assert_eq!(token.read().allowance(owner, spender).call().await?, value);
    assert_eq!(token.read().nonces(owner).call().await?, unit(1));

    // Replayed, the nonce differs, so the signature is someone else's.
    let replayed = Permit { nonce: unit(1), ..permit };
    let hash = replayed.eip712_signing_hash(&token.domain(CHAIN_ID));
    let signature = Signature::new(r.into(), s.into(), v == 28);
    let signer = signature.recover_address_from_prehash(&hash)?;
    assert_reverts(
        by_carol.permit(owner, spender, value, deadline, v, r, s).call().await,
        ERC2612InvalidSigner { signer, owner },
    );
    Ok(())
}

#[tokio::test]
async fn a_permit_expires_by_the_second() -> Result<()> {
    // Deadlines are time where timepoints are blocks, too.
    for token in [Token::on_time().await?, Token::on_blocks().await?] {
        let (owner, spender, value) = (token.alice.address(), token.bob.address(), unit(1));
        token.chain.advance(10).await?;
        let now = timepoint(&token.chain).await?;
        let deadline = now - unit(1);
        let permit = Permit { owner, spender, value, nonce: U256::ZERO, deadline };
        let Parts { v, r, s } = token.sign(&token.alice, &permit).await?;
        assert_reverts(
            token.by(&token.carol).permit(owner, spender, value, deadline, v, r, s).call().await,
            ERC2612ExpiredSignature { deadline },
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_permit_by_another_key_chain_or_for_other_values_names_the_wrong_signer() -> Result<()> {
    let token = Token::on_time().await?;
    let (owner, spender, value) = (token.alice.address(), token.bob.address(), unit(1));
    let deadline = token.soon().await?;
    let permit = Permit { owner, spender, value, nonce: U256::ZERO, deadline };
    let by_carol = token.by(&token.carol);

    let Parts { v, r, s } = token.sign(&token.bob, &permit).await?;
    assert_reverts(
        by_carol.permit(owner, spender, value, deadline, v, r, s).call().await,
        ERC2612InvalidSigner { signer: token.bob.address(), owner },
    );

    let right = permit.eip712_signing_hash(&token.domain(CHAIN_ID));
    let elsewhere = token.sign_for(42_161, &token.alice, &permit).await?;
    let signature = Signature::new(elsewhere.r.into(), elsewhere.s.into(), elsewhere.v == 28);
    let signer = signature.recover_address_from_prehash(&right)?;
    assert_ne!(signer, owner);
    let Parts { v, r, s } = elsewhere;
    assert_reverts(
        by_carol.permit(owner, spender, value, deadline, v, r, s).call().await,
        ERC2612InvalidSigner { signer, owner },
    );

    let Parts { v, r, s } = token.sign(&token.alice, &permit).await?;
    let outcome = by_carol.permit(owner, spender, unit(2), deadline, v, r, s).call().await;
    let refused = outcome.expect_err("another value was approved").as_decoded_error::<ERC2612InvalidSigner>();
    assert_eq!(refused.expect("the signer is wrong").owner, owner);
    assert_eq!(token.read().nonces(owner).call().await?, U256::ZERO);
    Ok(())
}

#[tokio::test]
async fn a_signature_that_nobody_made_is_refused_as_such() -> Result<()> {
    let token = Token::on_time().await?;
    let (owner, spender, value) = (token.alice.address(), token.bob.address(), unit(1));
    let deadline = token.soon().await?;
    let permit = Permit { owner, spender, value, nonce: U256::ZERO, deadline };
    let Parts { v, r, s } = token.sign(&token.alice, &permit).await?;
    let by_carol = token.by(&token.carol);

    for v in [0, 1, 26, 29, 255] {
        let outcome = by_carol.permit(owner, spender, value, deadline, v, r, s).call().await;
        assert_reverts(outcome, ECDSAInvalidSignature {});
        let outcome = by_carol.delegateBySig(spender, U256::ZERO, deadline, v, r, s).call().await;
        assert_reverts(outcome, ECDSAInvalidSignature {});
    }
    // r and s of zero; an r that is on no point of the curve.
    for (r, s) in [(B256::ZERO, s), (r, B256::ZERO), (B256::repeat_byte(0xff), s)] {
        let outcome = by_carol.permit(owner, spender, value, deadline, v, r, s).call().await;
        assert_reverts(outcome, ECDSAInvalidSignature {});
    }
    // For an owner of zero as well: "recovered nobody" must not read as "nobody signed".
    let outcome = by_carol.permit(Address::ZERO, spender, value, deadline, 0, r, s).call().await;
    assert_reverts(outcome, ECDSAInvalidSignature {});
    Ok(())
}

#[tokio::test]
async fn the_other_form_of_a_signature_is_refused() -> Result<()> {
    let token = Token::on_time().await?;
    let (owner, spender, value) = (token.alice.address(), token.bob.address(), unit(1));
    let deadline = token.soon().await?;
    let permit = Permit { owner, spender, value, nonce: U256::ZERO, deadline };
    let Parts { v, r, s } = token.sign(&token.alice, &permit).await?;
    let order: U256 = "0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141".parse()?;
    let (v, s) = (55 - v, B256::from(order - U256::from_be_bytes(s.0)));
    let by_carol = token.by(&token.carol);
    assert_reverts(
        by_carol.permit(owner, spender, value, deadline, v, r, s).call().await,
        ECDSAInvalidSignatureS { s },
    );
    assert_reverts(
        by_carol.delegateBySig(spender, U256::ZERO, deadline, v, r, s).call().await,
        ECDSAInvalidSignatureS { s },
    );
    Ok(())
}

#[tokio::test]
async fn a_permit_for_nobody_is_refused() -> Result<()> {
    let token = Token::on_time().await?;
    let (owner, spender, value) = (token.alice.address(), Address::ZERO, unit(1));
    let deadline = token.soon().await?;
    let permit = Permit { owner, spender, value, nonce: U256::ZERO, deadline };
    let Parts { v, r, s } = token.sign(&token.alice, &permit).await?;
    assert_reverts(
        token.by(&token.carol).permit(owner, spender, value, deadline, v, r, s).call().await,
        ERC20InvalidSpender { spender },
    );
    Ok(())
}

#[tokio::test]
async fn a_signed_delegation_counts_once() -> Result<()> {
    let token = Token::on_time().await?;
    let (alice, bob) = (token.alice.address(), token.bob.address());
    let expiry = token.soon().await?;
    let delegation = Delegation { delegatee: bob, nonce: U256::ZERO, expiry };
    let Parts { v, r, s } = token.sign(&token.alice, &delegation).await?;
    let by_carol = token.by(&token.carol);
    let receipt = send(by_carol.delegateBySig(bob, U256::ZERO, expiry, v, r, s)).await?;
    assert_logs(
        &receipt,
        token.at,
        &[
            &DelegateChanged { delegator: alice, fromDelegate: Address::ZERO, toDelegate: bob },
            &DelegateVotesChanged { delegate: bob, previousVotes: U256::ZERO, newVotes: unit(SUPPLY_OF_ALICE) },
        ],
    );
    assert_eq!(token.read().nonces(alice).call().await?, unit(1));
    assert_reverts(
        by_carol.delegateBySig(bob, U256::ZERO, expiry, v, r, s).call().await,
        InvalidAccountNonce { account: alice, currentNonce: unit(1) },
    );
    Ok(())
}

#[tokio::test]
async fn a_signed_delegation_expires_and_needs_its_nonce() -> Result<()> {
    let token = Token::on_time().await?;
    let bob = token.bob.address();
    let by_carol = token.by(&token.carol);

    token.chain.advance(10).await?;
    let expired = timepoint(&token.chain).await? - unit(1);
    let late = Delegation { delegatee: bob, nonce: U256::ZERO, expiry: expired };
    let Parts { v, r, s } = token.sign(&token.alice, &late).await?;
    assert_reverts(
        by_carol.delegateBySig(bob, U256::ZERO, expired, v, r, s).call().await,
        VotesExpiredSignature { expiry: expired },
    );

    let expiry = token.soon().await?;
    let early = Delegation { delegatee: bob, nonce: unit(5), expiry };
    let Parts { v, r, s } = token.sign(&token.alice, &early).await?;
    assert_reverts(
        by_carol.delegateBySig(bob, unit(5), expiry, v, r, s).call().await,
        InvalidAccountNonce { account: token.alice.address(), currentNonce: U256::ZERO },
    );
    Ok(())
}

/// Signed for another chain, a delegation would be that of an account nobody has: it must not be Alice's.
#[tokio::test]
async fn a_delegation_for_another_chain_is_not_the_signers() -> Result<()> {
    let token = Token::on_time().await?;
    let (alice, bob) = (token.alice.address(), token.bob.address());
    let expiry = token.soon().await?;
    let delegation = Delegation { delegatee: bob, nonce: U256::ZERO, expiry };
    let Parts { v, r, s } = token.sign_for(42_161, &token.alice, &delegation).await?;
    send(token.by(&token.carol).delegateBySig(bob, U256::ZERO, expiry, v, r, s)).await?;
    assert_eq!(token.read().delegates(alice).call().await?, Address::ZERO);
    assert_eq!(token.read().nonces(alice).call().await?, U256::ZERO);
    assert_eq!(token.votes().await?, units([0, 0, 0]));
    Ok(())
}

#[tokio::test]
async fn permits_and_delegations_share_the_nonce() -> Result<()> {
    let token = Token::on_time().await?;
    let (alice, bob) = (token.alice.address(), token.bob.address());
    let deadline = token.soon().await?;
    let by_carol = token.by(&token.carol);
    let delegation = Delegation { delegatee: bob, nonce: U256::ZERO, expiry: deadline };
    let Parts { v, r, s } = token.sign(&token.alice, &delegation).await?;
    send(by_carol.delegateBySig(bob, U256::ZERO, deadline, v, r, s)).await?;
    let permit = Permit { owner: alice, spender: bob, value: unit(1), nonce: unit(1), deadline };
    let Parts { v, r, s } = token.sign(&token.alice, &permit).await?;
    send(by_carol.permit(alice, bob, unit(1), deadline, v, r, s)).await?;
    assert_eq!(token.read().nonces(alice).call().await?, unit(2));
    Ok(())
}
