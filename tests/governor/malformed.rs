//! Bad input: whatever it is, it reverts as OpenZeppelin's governor reverts, and changes nothing.

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, B256, Bytes, U256},
    providers::Provider,
    rpc::types::TransactionRequest,
    sol_types::{Panic, SolCall, SolError},
};
use eyre::Result;
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use crate::calls::*;
use crate::life::VOTES;
use crate::proposals::Plan;
use crate::setup::Settings;
use crate::twins::{Call, Side, Twins};

/// A good call of each shape of arguments.
fn calls() -> Vec<Vec<u8>> {
    let (targets, values) = (vec![Address::repeat_byte(1); 2], vec![U256::from(3); 2]);
    let calldatas = vec![Bytes::from_static(b"some data"), Bytes::new()];
    let hash = B256::repeat_byte(4);
    let text = || "A text".to_owned();
    let id = U256::from(5);
    vec![
        proposeCall {
            targets: targets.clone(),
            values: values.clone(),
            calldatas: calldatas.clone(),
            description: text(),
        }
        .abi_encode(),
        hashProposalCall {
            targets: targets.clone(),
            values: values.clone(),
            calldatas: calldatas.clone(),
            descriptionHash: hash,
        }
        .abi_encode(),
        queue_0Call { targets, values: values.clone(), calldatas, descriptionHash: hash }.abi_encode(),
        castVoteCall { proposalId: id, support: 1 }.abi_encode(),
        castVoteBySigCall { proposalId: id, support: 1, voter: Address::repeat_byte(6), signature: vec![7; 65].into() }
            .abi_encode(),
        castVoteWithReasonAndParamsBySigCall {
            proposalId: id,
            support: 1,
            voter: Address::repeat_byte(6),
            reason: text(),
            params: vec![8; 48].into(),
            signature: vec![7; 65].into(),
        }
        .abi_encode(),
        onERC1155BatchReceivedCall {
            operator: Address::ZERO,
            from: Address::ZERO,
            ids: values.clone(),
            values,
            data: Bytes::from_static(b"data"),
        }
        .abi_encode(),
        supportsInterfaceCall { interfaceId: [1, 2, 3, 4].into() }.abi_encode(),
        setVotingDelayCall { newVotingDelay: alloy::primitives::aliases::U48::from(7) }.abi_encode(),
        setVotingPeriodCall { newVotingPeriod: 7 }.abi_encode(),
        hasVotedCall { proposalId: id, account: Address::repeat_byte(6) }.abi_encode(),
    ]
}

/// What happens to a good call.
#[derive(Clone, Debug)]
enum Damage {
    Cut(usize),
    Append(Vec<u8>),
    Byte(usize, u8),
    Word(usize, U256),
}

impl Damage {
    fn to(&self, call: &[u8]) -> Vec<u8> {
        let mut call = call.to_vec();
        match self {
            Self::Cut(left) => call.truncate(left % call.len()),
            Self::Append(more) => call.extend(more),
            Self::Byte(at, byte) => {
                let at = at % call.len();
                call[at] = *byte;
            }
            Self::Word(at, word) => {
                let words = (call.len() - 4) / 32;
                let at = 4 + 32 * (at % words);
                call[at..at + 32].copy_from_slice(&word.to_be_bytes::<32>());
            }
        }
        call
    }
}

fn damage() -> impl Strategy<Value = Damage> {
    let words = prop_oneof![
        (0u64..700).prop_map(U256::from),
        (0u32..256).prop_map(|bit| U256::from(1) << bit),
        Just(U256::MAX),
        Just(U256::from(u64::MAX)),
        any::<[u64; 4]>().prop_map(U256::from_limbs),
    ];
    prop_oneof![
        1 => any::<usize>().prop_map(Damage::Cut),
        1 => proptest::collection::vec(any::<u8>(), 1..70).prop_map(Damage::Append),
        2 => (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Damage::Byte(at, byte)),
        4 => (any::<usize>(), words).prop_map(|(at, word)| Damage::Word(at, word)),
    ]
}

/// Mutated calls, many in a transaction. The one difference there is, is named: where Solidity says `Panic(0x41)`, too
/// much memory asked for, ours says nothing, as to all malformed calldata.
#[tokio::test]
async fn damaged_calls_are_answered_alike() -> Result<()> {
    let twins = Twins::start(&Settings { threshold: 0, ..Settings::default() }, &VOTES).await?;
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        TestRng::from_seed(RngAlgorithm::ChaCha, b"a governor's damaged calls, 32 b"),
    );
    let too_much = Panic { code: U256::from(0x41) }.abi_encode();
    let (mut answered, mut refused) = (0, 0);
    for _ in 0..40 {
        let mut damaged = Vec::new();
        for call in calls() {
            for _ in 0..2 {
                let damage = damage().new_tree(&mut runner).expect("a damage").current();
                damaged.push((format!("{damage:?}"), damage.to(&call)));
            }
        }
        let calls: Vec<_> = damaged.iter().map(|(_, call)| move |s: &Side| (s.governor, call.clone())).collect();
        let calls: Vec<&Call<'_>> = calls.iter().map(|call| call as _).collect();
        for ((damage, call), (ours, peer)) in damaged.iter().zip(twins.pairs(0, &calls).await?) {
            if peer.data == too_much {
                assert!(!ours.success && ours.data.is_empty(), "{damage} {}", alloy::hex::encode(call));
            } else {
                assert_eq!(ours, peer, "{damage} {}", alloy::hex::encode(call));
            }
            if ours.success { answered += 1 } else { refused += 1 }
        }
    }
    // Both happen often: damage that hits nothing, and damage that does.
    assert!(answered > 100 && refused > 100, "{answered} answered, {refused} refused");
    twins.compare(&Plan::new("none")).await
}

#[tokio::test]
async fn unknown_functions_are_refused() -> Result<()> {
    let twins = Twins::start(&Settings::default(), &VOTES).await?;
    // The constructor's selector is among them: it runs once.
    for selector in [[0x55, 0x85, 0x25, 0x8d], [0; 4], [0xff; 4], [0xde, 0xad, 0xbe, 0xef]] {
        let call = [&selector[..], &[0; 320]].concat();
        twins.at(0, |s| (s.governor, call.clone())).await?.reverted_with(&[]);
        twins.at(0, |s| (s.governor, selector.to_vec())).await?.reverted_with(&[]);
        twins.at(0, |s| (s.governor, selector[..3].to_vec())).await?.reverted_with(&[]);
    }
    Ok(())
}

/// Value is taken where the interface says so, and nowhere else; nothing is said and nothing is kept.
#[tokio::test]
async fn value_is_refused() -> Result<()> {
    let twins = Twins::start(&Settings::default(), &VOTES).await?;
    for side in [twins.ours, twins.peer] {
        for call in
            calls().into_iter().chain([nameCall {}.abi_encode(), stateCall { proposalId: U256::ZERO }.abi_encode()])
        {
            let transaction =
                TransactionRequest::default().with_to(side.governor).with_value(U256::from(1)).with_input(call.clone());
            let error = twins.chain.dev.call(transaction).await.expect_err("value was taken");
            let data = error.as_error_resp().and_then(|error| error.as_revert_data()).unwrap_or_default();
            assert_eq!(data, Bytes::new(), "{}", alloy::hex::encode(call));
        }
        // Plain ether is refused with a reason.
        let gift = TransactionRequest::default().with_to(side.governor).with_value(U256::from(1));
        let error = twins.chain.dev.call(gift).await.expect_err("ether was taken");
        let data = error.as_error_resp().and_then(|error| error.as_revert_data()).unwrap_or_default();
        assert_eq!(data, Bytes::from(GovernorDisabledDeposit {}.abi_encode()));
        assert_eq!(twins.chain.dev.get_balance(side.governor).await?, U256::ZERO);
    }
    Ok(())
}
