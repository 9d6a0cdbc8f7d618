//! The reference vectors in `vectors.json`, told to ours and to the peer on one chain. docs/erc-consent.md explains the file.

mod file;

use std::collections::{BTreeMap, BTreeSet};

use alloy::{
    eips::BlockId,
    network::TransactionBuilder,
    primitives::{Address, U256, keccak256},
    providers::Provider,
    rpc::types::TransactionRequest,
    sol,
    sol_types::{SolCall, SolConstructor, SolValue},
};
use consilium_bindings::Consent as C;
use eyre::{OptionExt, Result, ensure};
use file::{Answer, Arguments, Step, Vector, Vectors};
use harness::{
    chain::{Account, Chain},
    deploy, peers,
    peers::Peer,
};
use serde_json::Value;

use crate::world::time;

sol! {
    interface Authority {
        function allow(address caller, bytes4 selector, uint8 kind) external;
    }
}

/// When the first steps happen.
const BEGINNING: u64 = 4_000_000_000;

/// A chain, who acts on it, and an authority that lets them do what the file says.
struct Scene {
    chain: Chain,
    people: BTreeMap<String, Account>,
    authority: Address,
}

async fn prepared(vectors: &Vectors) -> Result<Scene> {
    // The peer is larger than a chain lets contracts be.
    let (chain, mut people) = (Chain::start_without_limit()?, BTreeMap::new());
    // A program expires after a year, so it is deployed at the vectors' time.
    chain.advance_to(BEGINNING - 10_000).await?;
    for (name, address) in vectors.accounts.iter().filter(|(name, _)| *name != "nobody" && !name.starts_with("role ")) {
        let account = chain.account_with(name, 1).await?;
        ensure!(account.address() == *address, "the key of {name} is of {}", account.address());
        people.insert(name.clone(), account);
    }
    let (admin, authority) = (chain.dev_account()?, peers::create(&chain, "ConsentAuthority", &[]).await?);
    let abi = Peer::load("PeerConsent")?.abi;
    for (name, calls) in &vectors.restricted {
        for call in calls {
            let function = abi.function(call).and_then(|all| all.first()).ok_or_eyre(call.clone())?;
            let (caller, selector) = (vectors.account(name)?, function.selector());
            let allow = Authority::allowCall { caller, selector, kind: 1 };
            ensure!(admin.send(authority, allow.abi_encode()).await?.status());
        }
    }
    Ok(Scene { chain, people, authority })
}

/// What a contract says to a question in each of its forms.
async fn answered(chain: &Chain, contract: Address, question: &C::Question) -> Result<C::isPermittedReturn> {
    let C::Question { grantor, actor, onBehalfOf, dataClass, purpose } = question.clone();
    // In the last block: without that, the clock may have gone on.
    let ask = async |data: Vec<u8>| {
        let request = TransactionRequest::default().with_to(contract).with_input(data);
        eyre::Ok(chain.dev.call(request).block(BlockId::latest()).await?)
    };
    let one = C::isPermittedCall { grantor, actor, onBehalfOf, dataClass, purpose };
    let one = C::isPermittedCall::abi_decode_returns(&ask(one.abi_encode()).await?)?;
    let classes = U256::ONE << usize::from(dataClass);
    let masked = C::permittedClassesCall { grantor, actor, onBehalfOf, classes, purpose };
    let masked = C::permittedClassesCall::abi_decode_returns(&ask(masked.abi_encode()).await?)?;
    ensure!(masked == if one.permitted { classes } else { U256::ZERO }, "permittedClasses says {masked}");
    let many = C::arePermittedCall { questions: vec![question.clone()] };
    let many = C::arePermittedCall::abi_decode_returns(&ask(many.abi_encode()).await?)?;
    ensure!(many == [one.reason], "arePermitted says {many:?}");
    Ok(one)
}

/// Runs a vector on both; what was answered otherwise, and the reasons that were answered.
async fn run(vectors: &Vectors, vector: &Vector, scene: &Scene) -> Result<(Vec<String>, Vec<u8>)> {
    let Scene { chain, people, authority } = scene;
    let (policy, longest) = vectors.policy(&vector.policy)?;
    let arguments =
        C::constructorCall { initialAuthority: *authority, policy, longest, codes: Vec::new() }.abi_encode();
    let program = deploy::unconstructed(chain, "consent").await?;
    let ours = deploy::proxy(chain, program, [&deploy::CONSTRUCTOR[..], &arguments].concat()).await?;
    let [peer, _] = peers::proxied(chain, "PeerConsent", &arguments).await?;
    let contracts = [("ours", ours), ("the peer", peer)];
    let (mut wrong, mut reasons) = (Vec::new(), Vec::new());
    for (place, step) in vector.steps.iter().enumerate() {
        for (which, contract) in contracts {
            let here = format!("{}, step {place}, {which}", vector.name);
            match step {
                Step::Call { at, from, call, arguments } => {
                    chain.set_time(*at).await?;
                    let by = people.get(from).ok_or_eyre(format!("{from} has no key"))?;
                    let receipt = by.send(contract, Arguments(vectors, arguments).data(call)?).await?;
                    ensure!(receipt.status(), "{here}: {call} reverted");
                }
                Step::Question { at, ask, answer } => {
                    chain.advance_to(*at).await?;
                    ensure!(chain.now().await? == *at, "{here}: it is later than {at}");
                    let question = C::Question {
                        grantor: vectors.account(&ask.grantor)?,
                        actor: vectors.account(&ask.actor)?,
                        onBehalfOf: vectors.account(&ask.on_behalf_of)?,
                        dataClass: ask.data_class,
                        purpose: ask.purpose,
                    };
                    let found = answered(chain, contract, &question).await?;
                    let Answer { permitted, reason, ref grantee, number } = *answer;
                    let expected = (permitted, reason, vectors.account(grantee)?, number);
                    let found = (found.permitted, found.reason, found.grantee, found.number);
                    reasons.push(reason);
                    if found != expected {
                        wrong.push(format!("{here}: {found:?}, not {expected:?}"));
                    }
                }
            }
        }
    }
    Ok((wrong, reasons))
}

#[tokio::test(flavor = "multi_thread")]
async fn both_answer_every_vector() -> Result<()> {
    let vectors = Vectors::load()?;
    let scene = prepared(&vectors).await?;
    let chain = &scene.chain;
    let (mut wrong, mut reasons) = (Vec::new(), BTreeSet::new());
    for vector in &vectors.vectors {
        let snapshot: Value = chain.rpc("evm_snapshot", ()).await?;
        let (differences, answered) = run(&vectors, vector, &scene).await?;
        wrong.extend(differences);
        reasons.extend(answered);
        let reverted: bool = chain.rpc("evm_revert", (snapshot,)).await?;
        ensure!(reverted, "the chain did not go back");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // No reason is left out.
    assert_eq!(reasons, (1..=3).chain(16..=24).collect());
    Ok(())
}

/// A proof's leaf is that of the standard library of trees: here a list of one member.
#[test]
fn the_list_s_root_is_its_member_s_leaf() -> Result<()> {
    let vectors = Vectors::load()?;
    let calls = vectors.vectors.iter().flat_map(|vector| &vector.steps).filter_map(|step| match step {
        Step::Call { call, arguments, .. } => Some((call.as_str(), Arguments(&vectors, arguments))),
        Step::Question { .. } => None,
    });
    let (mut roots, mut leaves) = (BTreeSet::new(), BTreeSet::new());
    for (call, arguments) in calls {
        match call {
            "setMembers" => drop(roots.insert(arguments.word("root")?)),
            "proveMember" => {
                let member = (arguments.account("member")?, time(arguments.number("until")?));
                leaves.insert(keccak256(keccak256(member.abi_encode())));
            }
            _ => {}
        }
    }
    assert!(leaves.is_subset(&roots) && !leaves.is_empty(), "{leaves:?} {roots:?}");
    Ok(())
}
