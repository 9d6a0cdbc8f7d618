//! Proposing: who may, what is well formed, and what is kept.

use alloy::primitives::{Address, Bytes, U256};
use alloy::sol_types::SolCall;
use eyre::Result;

use crate::calls::*;
use crate::life::VOTES;
use crate::proposals::{Action, Plan, To};
use crate::setup::Settings;
use crate::twins::Governors;

#[tokio::test]
async fn a_proposal_needs_as_many_of_each() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    for (targets, values, calldatas) in [(0, 0, 0), (1, 0, 1), (1, 1, 0), (0, 1, 1), (2, 1, 2), (2, 2, 3), (3, 2, 2)] {
        let propose = proposeCall {
            targets: vec![Address::ZERO; targets],
            values: vec![U256::ZERO; values],
            calldatas: vec![Bytes::new(); calldatas],
            description: "Uneven".into(),
        };
        twins.call(0, |_| propose.clone()).await?.refused(GovernorInvalidProposalLength {
            targets: U256::from(targets),
            calldatas: U256::from(calldatas),
            values: U256::from(values),
        });
    }
    Ok(())
}

#[tokio::test]
async fn a_proposer_needs_votes_before_now() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let plan = Plan::payment("By someone with five votes", 0);
    let refused = |votes: u64| GovernorInsufficientProposerVotes {
        proposer: twins.actors[2],
        votes: U256::from(votes),
        threshold: U256::from(10),
    };
    twins.propose(2, &plan).await?.refused(refused(5));
    let token = twins.ours.token;
    let transfer = Token::transferCall { to: twins.actors[2], value: U256::from(5) };
    twins.once(0, token, transfer.abi_encode()).await?;
    twins.pass(10).await?;
    twins.propose(2, &plan).await?.succeeded();
    twins.compare(&plan).await
}

#[tokio::test]
async fn a_description_can_name_its_proposer() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let named = twins.actors[0];
    let lower = format!("{named:#x}");
    let restricted = [
        format!("#proposer={lower}"),
        format!("Fund us #proposer={named}"),
        format!("ünïcödé #proposer=0x{}", lower[2..].to_uppercase()),
    ];
    for description in restricted {
        let plan = Plan::payment(&description, 0);
        let refused = GovernorRestrictedProposer { proposer: twins.actors[1] };
        twins.propose(1, &plan).await?.refused(refused);
        twins.propose(0, &plan).await?.succeeded();
    }
    let open = [
        String::new(),
        format!("Fund us #proposer={lower} "),
        format!("Fund us #proposer={}", &lower[..41]),
        format!("Fund us #proposer=0X{}", &lower[2..]),
        format!("Fund us #proposer={}g", &lower[..41]),
        format!("Fund us #Proposer={lower}"),
        format!("Fund us proposer={lower}"),
    ];
    for description in open {
        let plan = Plan::payment(&description, 0);
        twins.propose(1, &plan).await?.succeeded();
        twins.compare(&plan).await?;
    }
    Ok(())
}

/// Content of any shape comes back as it was, and makes the id by its definition.
#[tokio::test]
async fn whatever_is_proposed_is_kept() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let bytes = |length: usize, of: fn(usize) -> u8| (0..length).map(of).collect::<Vec<u8>>();
    let contents: [Vec<(U256, Vec<u8>)>; 6] = [
        vec![(U256::MAX, vec![])],
        vec![(U256::ZERO, bytes(31, |_| 0)), (U256::from(1), bytes(33, |_| 0))],
        vec![(U256::ZERO, bytes(700, |_| 0))],
        vec![(U256::ZERO, bytes(700, |i| i as u8))],
        vec![(U256::ZERO, bytes(257, |i| if i % 2 == 0 { 0 } else { 0xff }))],
        (0..20).map(|i| (U256::from(i), bytes(i as usize, |i| i as u8))).collect(),
    ];
    for (index, content) in contents.into_iter().enumerate() {
        let mut plan = Plan::new(&format!("Content {index}"));
        for (value, data) in content {
            plan.actions.push(Action { to: To::Account(Address::with_last_byte(index as u8)), value, data });
        }
        assert_eq!(twins.propose(0, &plan).await?.output::<proposeCall>(), plan.id(&twins.ours));
        let index = U256::from(index);
        twins.call(0, |_| proposalDetailsAtCall { index }).await?.succeeded();
        let found = twins.call(0, |s| proposalDetailsCall { proposalId: plan.id(s) }).await?;
        let found = found.output::<proposalDetailsCall>();
        assert_eq!(found.targets, plan.targets(&twins.ours));
        assert_eq!(found.values, plan.values());
        assert_eq!(found.calldatas, plan.calldatas());
        assert_eq!(found.descriptionHash, plan.description_hash());
    }
    let count = twins.call(0, |_| proposalCountCall {}).await?.output::<proposalCountCall>();
    assert_eq!(count, U256::from(6));
    Ok(())
}

#[tokio::test]
async fn ids_are_hashes_of_everything() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let plan = Plan::payment("Hashed", 1).calling(To::Token, Token::delegateCall { delegatee: Address::ZERO });
    let hash = hashProposalCall {
        targets: plan.targets(&twins.ours),
        values: plan.values(),
        calldatas: plan.calldatas(),
        descriptionHash: plan.description_hash(),
    };
    let hashed = twins.call(0, |_| hash.clone()).await?.output::<hashProposalCall>();
    assert_eq!(hashed, plan.id(&twins.ours));
    let hashProposalCall { targets, values, calldatas, descriptionHash } = hash.clone();
    let get = getProposalIdCall { targets, values, calldatas, descriptionHash };
    assert_eq!(twins.call(0, |_| get.clone()).await?.output::<getProposalIdCall>(), hashed);
    // Uneven arrays have an id too.
    let uneven = hashProposalCall { values: Vec::new(), ..hash };
    assert_ne!(twins.call(0, |_| uneven.clone()).await?.output::<hashProposalCall>(), hashed);
    Ok(())
}
