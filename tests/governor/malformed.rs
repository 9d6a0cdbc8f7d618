//! Functions that are not there, and value where none is taken. Damaged calldata is `tests/differential`'s.

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, B256, Bytes, U256},
    providers::Provider,
    rpc::types::TransactionRequest,
    sol_types::{SolCall, SolError},
};
use eyre::Result;

use crate::calls::*;
use crate::life::VOTES;
use crate::setup::Settings;
use crate::twins::Twins;

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
