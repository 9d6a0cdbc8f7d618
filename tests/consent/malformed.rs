//! Malformed calldata and unknown selectors.

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, Bytes, U256},
    providers::Provider,
    rpc::types::TransactionRequest,
    sol_types::{SolCall, SolConstructor},
};
use consilium_abi_syntax::Interface;
use consilium_bindings::{Consent::*, Construct};
use encodings::types_with;
use eyre::{OptionExt, Result};
use harness::{
    answer::Answer, authority, chain::Chain, declared::calldata, deploy, differential::exceptions::has_negative_offset,
    peers, root,
};

use crate::world::*;

fn interface() -> Result<Interface> {
    let mut all = consilium_abi_syntax::contracts(root())?.into_iter();
    let found = all.find(|(_, interface)| interface.contract_name() == "Consent");
    Ok(found.ok_or_eyre("the consent is declared")?.1)
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_selectors_are_refused_without_a_reason() -> Result<()> {
    let world = World::start().await?;
    for call in [vec![], vec![0xde, 0xad, 0xbe, 0xef], vec![0; 4], vec![0xff; 100], vec![1], vec![0x55, 0x85, 0x25]] {
        world.chain.ask(world.dao.address(), world.at, call).await?.refused_with(&[]);
    }
    Ok(())
}

/// Every function that takes an argument, cut short by a byte and by a word. The padding of the last argument may be
/// missing, as Solidity has it.
#[tokio::test(flavor = "multi_thread")]
async fn calldata_that_is_cut_short_is_refused() -> Result<()> {
    let (world, interface) = (World::start().await?, interface()?);
    let mut cut = 0;
    for function in interface.all_functions().filter(|function| !function.params.is_empty()) {
        let whole = calldata(function);
        let padding = if function.params.iter().any(|param| param.ty.is_dynamic()) { 32 } else { 1 };
        for length in [whole.len() - padding, whole.len().saturating_sub(32).max(4), 4] {
            let answer = world.chain.ask(world.dao.address(), world.at, whole[..length].to_vec()).await?;
            assert!(!answer.success && answer.data.is_empty(), "{}: {answer:?}", function.signature());
            cut += 1;
        }
    }
    assert!(cut > 100, "{cut}");
    // At every length.
    let grantor = world.patient.address();
    let signed = world.message(&world.patient, revokeAllCall { grantor }).await?;
    for whole in
        [grantCall { grantor, provision: permit(world.doctor.address()) }.abi_encode(), actCall { signed }.abi_encode()]
    {
        let padding = if whole.starts_with(&actCall::SELECTOR) { 31 } else { 0 };
        for length in 0..whole.len() - padding {
            world.chain.ask(grantor, world.at, whole[..length].to_vec()).await?.refused_with(&[]);
        }
        world.chain.ask(grantor, world.at, whole.clone()).await?.succeeded();
        world.chain.ask(grantor, world.at, [&whole[..], &[7; 50]].concat()).await?.succeeded();
    }
    Ok(())
}

/// A number that is too large for its type is refused, whoever sends it, before it is asked who may.
#[tokio::test(flavor = "multi_thread")]
async fn dirty_words_are_refused() -> Result<()> {
    let world = World::start().await?;
    let grantor = world.patient.address();
    let now = world.chain.now().await?;
    let provision = Provision { expiry: time(now + DAY), ..permit(world.doctor.address()) };
    let grant = grantCall { grantor, provision }.abi_encode();
    let ask = isPermittedCall { grantor, actor: grantor, onBehalfOf: grantor, dataClass: 1, purpose: 1 }.abi_encode();
    let member = setMemberCall { member: grantor, until: time(5) }.abi_encode();
    let policy = setPolicyCall { policy: policy(), longest: LONGEST }.abi_encode();
    // The byte above: an address, the grantee, purposes, a boolean, uint48; uint8; uint32, uint16 of a list's end.
    for (call, word, byte) in [
        (&grant, 0, 11),
        (&grant, 1, 11),
        (&grant, 3, 23),
        (&grant, 4, 30),
        (&grant, 5, 25),
        (&grant, 6, 25),
        (&ask, 0, 0),
        (&ask, 2, 11),
        (&ask, 3, 30),
        (&ask, 4, 30),
        (&member, 1, 25),
        (&policy, 3, 27),
        (&policy, 8, 29),
        (&policy, 10, 11),
        (&policy, 11, 29),
        (&policy, 74, 29),
    ] {
        for by in [grantor, world.dao.address(), world.stranger.address()] {
            let mut dirty = call.clone();
            dirty[4 + 32 * word + byte] = 1;
            world.chain.ask(by, world.at, dirty).await?.refused_with(&[]);
        }
    }
    let mut boolean = grant;
    boolean[4 + 32 * 4 + 31] = 2;
    world.chain.ask(grantor, world.at, boolean).await?.refused_with(&[]);
    Ok(())
}

/// Offsets and lengths of what is dynamic, in the act, and in the list of a batch.
#[tokio::test(flavor = "multi_thread")]
async fn offsets_and_lengths_out_of_the_calldata_are_refused() -> Result<()> {
    let world = World::start().await?;
    let grantor = world.patient.address();
    let signed = world.message(&world.patient, revokeAllCall { grantor }).await?;
    let act = actCall { signed: signed.clone() }.abi_encode();
    let relay = relayCall { signed: vec![signed] }.abi_encode();
    let multicall = multicallCall { data: vec![revokeAllCall { grantor }.abi_encode().into()] }.abi_encode();
    // The tuple's offset, those of signer, act and signature, and the signer's length; then the lists'.
    for (whole, words) in [(act, vec![0, 1, 2, 6, 7]), (relay, vec![0, 1, 2, 3, 4, 8]), (multicall, vec![0, 1, 2, 3])] {
        for word in words {
            for byte in [0, 23, 24, 27, 28] {
                let mut call = whole.clone();
                call[4 + 32 * word + byte] = 0xff;
                world.chain.ask(grantor, world.at, call).await?.refused_with(&[]);
            }
        }
        world.chain.ask(grantor, world.at, whole).await?.succeeded();
    }
    Ok(())
}

/// To Solidity an offset of 2^255 or more in a struct of calldata is a negative number, where it finds nothing: it takes the
/// signature for an empty one and goes on. Ours refuses the calldata, as of any offset that leads out of it. A random walk
/// found this; comparisons leave such calls out.
#[tokio::test(flavor = "multi_thread")]
async fn a_negative_offset_is_refused_by_ours_alone() -> Result<()> {
    let chain = Chain::start_without_limit()?;
    let dao = chain.dev_account()?.address();
    let initialAuthority = authority::letting(&chain, dao).await?;
    let given = constructorCall { initialAuthority, policy: policy(), longest: LONGEST, codes: Vec::new() };
    let program = deploy::unconstructed(&chain, "consent").await?;
    let ours = deploy::proxy(&chain, program, given.init_data()).await?;
    let [peer, _] = peers::proxied(&chain, "PeerConsent", &given.abi_encode()).await?;
    let signed = SignedAct {
        signer: Bytes::copy_from_slice(dao.as_slice()),
        act: Bytes::new(),
        nonce: U256::ZERO,
        deadline: time(1 << 40),
        relayer: Address::ZERO,
        signature: Bytes::new(),
    };
    let mut call = relayCall { signed: vec![signed] }.abi_encode();
    for contract in [ours, peer] {
        assert_eq!(chain.ask(dao, contract, call.clone()).await?.output::<relayCall>(), [false]);
    }
    // The list's offset, its length, its element's offset, and five words of the element.
    let offset = 4 + 32 * (3 + 5);
    let inputs = types_with("struct S { bytes a; bytes b; uint256 c; uint48 d; address e; bytes f; }", "S[]");
    assert!(!has_negative_offset(&inputs, &call[4..]));
    call[offset] = 0xff;
    assert!(has_negative_offset(&inputs, &call[4..]));
    chain.ask(dao, ours, call.clone()).await?.refused_with(&[]);
    assert_eq!(chain.ask(dao, peer, call).await?.output::<relayCall>(), [false]);
    Ok(())
}

/// No function takes ether but the upgrade, and it is not sent to the contract by itself.
#[tokio::test(flavor = "multi_thread")]
async fn ether_is_refused() -> Result<()> {
    let (world, interface) = (World::start().await?, interface()?);
    let from = world.patient.address();
    let mut asked = 0;
    let calls = interface.all_functions().map(|function| (function.signature(), calldata(function)));
    for (name, data) in calls.chain([("nothing".to_owned(), vec![])]) {
        let request = TransactionRequest::default().with_from(from).with_to(world.at).with_input(data);
        let answer = Answer::asked(world.chain.dev.call(request.with_value(U256::ONE)).await)?;
        if name.starts_with("upgradeToAndCall") {
            answer.refused(AccessManagedUnauthorized { caller: from });
        } else {
            assert!(!answer.success && answer.data.is_empty(), "{name}: {answer:?}");
        }
        asked += 1;
    }
    assert!(asked > 50);
    assert_eq!(world.chain.dev.get_balance(world.at).await?, U256::ZERO);
    Ok(())
}
