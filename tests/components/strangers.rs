//! Signers whose code nobody trusts: a check of one takes a limited amount of gas and memory, whatever the code does.

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, B256, Bytes},
    providers::Provider,
    rpc::types::TransactionRequest,
    sol_types::{SolCall, SolValue},
};
use eyre::{Result, ensure};
use harness::{chain::Account, peers};

use crate::passkeys::key::{Assertion, Key, has_signed};
use crate::twins::{Parts::*, Twins};

/// What the transaction and the contract itself take at most.
const OWN: u64 = 60_000;

/// Asks ours alone: OpenZeppelin's has no limit. The answer, and the gas of the whole transaction.
async fn ask(twins: &Twins, signer: &[u8], gas: u64) -> Result<(bool, u64)> {
    let call = hasSignedCall {
        gasLimit: gas,
        signer: Bytes::copy_from_slice(signer),
        hash: B256::repeat_byte(0x42),
        signature: Bytes::from_static(b"words"),
    };
    let answer = twins.chain.ask(twins.stranger, twins.ours, call.abi_encode()).await?;
    let signed = answer.output::<hasSignedCall>();
    ensure!(signed.rpIdHash.is_zero());
    let sender: &Account = &twins.sender;
    let receipt = sender.send(twins.ours, call.abi_encode()).await?;
    ensure!(receipt.status(), "the check itself failed");
    Ok((signed.signed, receipt.gas_used))
}

/// As an account (ERC-1271), and as a verifier of a key (ERC-7913).
fn kinds(code: Address) -> [Vec<u8>; 2] {
    [code.to_vec(), [code.as_slice(), b"a key"].concat()]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signer_that_burns_all_gas_gets_its_limit() -> Result<()> {
    let twins = Twins::start().await?;
    let burner = peers::create(&twins.chain, "Burner", &[]).await?;
    for signer in kinds(burner) {
        for limit in [0, 50_000, 1_000_000] {
            let (signed, used) = ask(&twins, &signer, limit).await?;
            assert!(!signed && used >= limit && used < limit + OWN, "{used} of {limit}");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_signer_needs_a_limit_that_is_high_enough() -> Result<()> {
    let twins = Twins::start().await?;
    let slow = peers::create(&twins.chain, "SlowSigner", &100_000u64.abi_encode()).await?;
    for signer in kinds(slow) {
        for (limit, expected) in [(90_000, false), (110_000, true), (u64::MAX, true)] {
            let (signed, used) = ask(&twins, &signer, limit).await?;
            assert!(signed == expected && used < 110_000 + OWN, "{limit}: {signed}, {used}");
        }
    }
    Ok(())
}

/// It says yes, and 190,000 bytes more. To read all of it would take three pages of memory.
#[tokio::test(flavor = "multi_thread")]
async fn of_a_long_answer_only_a_word_is_read() -> Result<()> {
    let twins = Twins::start().await?;
    let mut used = Vec::new();
    for long in [false, true] {
        let code = peers::create(&twins.chain, "LongSigner", &long.abi_encode()).await?;
        for signer in kinds(code) {
            let (signed, gas) = ask(&twins, &signer, 200_000).await?;
            assert!(signed);
            used.push(gas);
        }
    }
    let [short, short_key, long, long_key] = used[..] else { unreachable!("two signers of two kinds") };
    // The addresses differ in how many bytes are zero, which calldata costs.
    for (short, long) in [(short, long), (short_key, long_key)] {
        assert!(short.abs_diff(long) < 200, "{short} for a word, {long} for much");
    }
    Ok(())
}

/// With little gas a passkey's signature is refused, or the whole call fails. From some amount on it is taken.
#[tokio::test(flavor = "multi_thread")]
async fn a_starved_check_is_a_refusal() -> Result<()> {
    let twins = Twins::start().await?;
    let assertion = Assertion::of(&Key::new("member"), |_| ());
    let call = has_signed(&assertion.key, assertion.encode()).abi_encode();
    let mut outcomes = Vec::new();
    for gas in (24_000..80_000).step_by(250) {
        let request = TransactionRequest::default().with_to(twins.ours).with_input(call.clone()).with_gas_limit(gas);
        let answer = twins.chain.dev.call(request).await.ok();
        outcomes.push(answer.is_some_and(|answer| answer[..] == (true, assertion.rp_id_hash()).abi_encode()));
    }
    let enough = outcomes.iter().position(|taken| *taken).unwrap_or_default();
    assert!(enough > 0 && outcomes[enough..].iter().all(|taken| *taken), "{outcomes:?}");
    Ok(())
}
