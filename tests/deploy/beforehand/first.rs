//! Strangers who are first: they create, activate and construct the programs before, between and after our steps.

use std::sync::atomic::{AtomicUsize, Ordering};

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::{SolCall, SolError};
use consilium_bindings::{Consent, Construct, DataPointerRegistry, RevenueSplitter};
use consilium_deploy::parts::{consent, data_pointer_registry, revenue_splitter};
use consilium_deploy::{Chain, Step, dev_key, init_code};
use eyre::Result;
use harness::front::node;
use serde_json::json;

use super::*;

/// The program stands, active or not, because somebody else paid: it is taken, and paid no second time.
#[tokio::test]
async fn a_program_that_somebody_else_created_is_taken() -> Result<()> {
    for is_activated in [false, true] {
        let site = site()?;
        let (plan, stranger) = (site.plan(), stranger(&site).await?);
        for name in names(&site) {
            create(&stranger, &plan.of(name).program).await?;
            if is_activated {
                activate(&stranger, plan.of(name)).await?;
            }
        }
        let watch = deployed(&site).await?;
        for name in names(&site) {
            assert!(!was_sent(&watch, Step::Create(name)), "{name}");
            assert_eq!(was_sent(&watch, Step::Activate(name)), !is_activated, "{name}");
        }
    }
    Ok(())
}

/// Its code is active at another address, which says nothing about ours.
#[tokio::test]
async fn code_that_is_active_elsewhere_is_created_and_not_activated_again() -> Result<()> {
    let site = site()?;
    let stranger = stranger(&site).await?;
    for name in names(&site) {
        let planned = site.plan().of(name).clone();
        let call = [B256::repeat_byte(9).as_slice(), &planned.program.init_code()].concat();
        stranger.send(CREATE2_FACTORY, call.into(), U256::ZERO).await?;
        let implementation = CREATE2_FACTORY.create2_from_code(B256::repeat_byte(9), planned.program.init_code());
        activate(&stranger, &Planned { implementation, ..planned }).await?;
    }
    let watch = deployed(&site).await?;
    for name in names(&site) {
        assert!(was_sent(&watch, Step::Create(name)) && !was_sent(&watch, Step::Activate(name)), "{name}");
    }
    Ok(())
}

/// The constructors of the contracts, for a thief who is to be their authority.
fn constructors(site: &Site, authority: Address) -> [(Address, Bytes); 3] {
    let plan = site.plan();
    let policy = Consent::Policy {
        separatePurposes: 0,
        separateClasses: 0,
        emergencyPurposes: 1,
        refusedJurisdictions: 0,
        closedClasses: U256::ZERO,
        openFor: 1,
        reviewWithin: 1,
        window: 1,
        limit: 1,
        recoveryDelay: 1,
        hook: Address::ZERO,
    };
    let of_consent =
        Consent::constructorCall { initialAuthority: authority, policy, longest: [1; 64], codes: Vec::new() };
    let of_registry = DataPointerRegistry::constructorCall {
        initialAuthority: authority,
        consent: plan.of(consent::NAME).implementation,
        storePurpose: 1,
        answerWithin: 1,
        encryptions: Vec::new(),
    };
    let of_splitter = RevenueSplitter::constructorCall {
        initialAuthority: authority,
        registry: Address::ZERO,
        treasury: authority,
        window: 1,
        recipients: vec![authority],
        basisPoints: vec![10_000],
    };
    [
        (plan.of(consent::NAME).implementation, of_consent.init_data()),
        (plan.of(data_pointer_registry::NAME).implementation, of_registry.init_data()),
        (plan.of(revenue_splitter::NAME).implementation, of_splitter.init_data()),
    ]
}

/// A thief would construct the bare programs with an authority of its own, before the founding or after it, to have contracts
/// of its own at the addresses that the DAO's proxies name.
#[tokio::test]
async fn nobody_constructs_the_bare_programs() -> Result<()> {
    for is_early in [true, false] {
        let site = site()?;
        let thief = stranger(&site).await?;
        // An authority that lets everybody do everything: it answers with a word that is 1, and a word that is 0.
        let yes = alloy::primitives::hex!("600160005260406000f3");
        let creation = TransactionRequest::default().with_deploy_code(init_code(&yes));
        let created = thief.chain().provider().send_transaction(creation).await?.get_receipt().await?;
        let authority = created.contract_address.expect("created");
        let last = *names(&site).last().expect("a program");
        if is_early {
            site.stop_after(&site.sender().await?, Step::Activate(last)).await?;
        } else {
            deployed(&site).await?;
        }
        for (bare, constructor) in constructors(&site, authority) {
            let request =
                TransactionRequest::default().with_from(thief.account()).with_to(bare).with_input(constructor);
            let refused = thief.chain().provider().call(request).await.expect_err("no proxy");
            let reason = refused.as_error_resp().and_then(|error| error.as_revert_data()).unwrap_or_default();
            assert_eq!(reason, Consent::UUPSUnauthorizedCallContext {}.abi_encode());
        }
        nothing_is_lost(&site, &thief, authority).await?;
    }
    Ok(())
}

async fn nothing_is_lost(site: &Site, thief: &Sender, authority: Address) -> Result<()> {
    deployed(site).await?;
    let (plan, provider) = (site.plan(), thief.chain().provider().clone());
    let manager = plan.of("access-manager").address;
    for name in [consent::NAME, data_pointer_registry::NAME, revenue_splitter::NAME] {
        let planned = plan.of(name);
        let obeys = async |at| Consent::new(at, &provider).authority().call().await;
        assert_eq!((obeys(planned.address).await?, obeys(planned.implementation).await?), (manager, Address::ZERO));
        let next = Consent::upgradeToAndCallCall { newImplementation: planned.implementation, data: Bytes::new() };
        for at in [planned.address, planned.implementation] {
            let request = TransactionRequest::default().with_from(thief.account()).with_to(at);
            assert!(provider.call(request.with_input(next.abi_encode())).await.is_err(), "{name} at {at}");
        }
        // The proxy's constructor has run too.
        for (_, constructor) in constructors(site, authority) {
            let request = TransactionRequest::default().with_from(thief.account()).with_to(planned.address);
            assert!(provider.call(request.with_input(constructor)).await.is_err(), "{name}");
        }
    }
    Ok(())
}

/// Ether at a program's address keeps it from nothing, and is nobody's.
#[tokio::test]
async fn ether_sent_ahead_stops_no_program() -> Result<()> {
    let site = site()?;
    let (plan, stranger) = (site.plan(), stranger(&site).await?);
    for name in names(&site) {
        stranger.send(plan.of(name).implementation, Bytes::new(), U256::from(7)).await?;
    }
    deployed(&site).await?;
    Ok(())
}

/// Two accounts deploy at the same time: each program is created and activated once, and both see it done.
#[tokio::test(flavor = "multi_thread")]
async fn two_deployers_at_once_share_the_programs() -> Result<()> {
    let mut site = site()?;
    let (ours, theirs) = (site.sender().await?, stranger(&site).await?);
    let first = site.config.clone();
    site.config.chain.salt = keccak256("another DAO");
    let records = tempfile::tempdir()?;
    let (mut us, mut them) = (Watch::default(), Watch::default());
    let (one, two) = tokio::join!(
        consilium_deploy::deploy(&ours, &first, &site.artifacts, records.path(), &mut us),
        site.deploy(&theirs, &mut them)
    );
    let (one, two) = (one?, two?);
    assert!(one.complete && two.complete && one.founder != two.founder);
    for name in names(&site) {
        let [one, two] = [&one, &two].map(|record| record.contracts[name.folder()]);
        assert_eq!((one.implementation, one.code_hash), (two.implementation, two.code_hash));
        assert_ne!(one.address, two.address);
        for step in [Step::Create(name), Step::Activate(name)] {
            assert!(was_sent(&us, step) != was_sent(&them, step), "{step}");
        }
    }
    Ok(())
}

/// Somebody else creates and activates the programs while we ask the node what they would take: what is refused for that is
/// no reason to stop.
#[tokio::test]
async fn what_is_done_meanwhile_is_seen() -> Result<()> {
    let site = site()?;
    let stranger = stranger(&site).await?;
    for name in names(&site) {
        create(&stranger, &site.plan().of(name).program).await?;
        activate(&stranger, site.plan().of(name)).await?;
    }
    // As if nothing had been done yet, when each is first looked at.
    let proxied: Vec<_> = names(&site).into_iter().map(|name| site.plan().of(name).clone()).collect();
    let inactive = json!({ "error": {
        "code": 3, "message": "execution reverted", "data": Bytes::from(ArbWasm::ProgramNotActivated {}.abi_encode()),
    } });
    let signs = proxied.iter().flat_map(|planned| {
        let code_hash = alloy::primitives::hex::encode(planned.program.code_hash());
        let at = alloy::primitives::hex::encode(planned.implementation);
        [("eth_getCode", at, json!({ "result": "0x" })), ("eth_call", code_hash, inactive.clone())]
    });
    let signs: Vec<_> = signs.map(|(method, sign, said)| (method, sign, said, AtomicUsize::new(0))).collect();
    let url = node(site.node.http_url(), move |method, parameters, _| {
        let asked = parameters[0].to_string().to_lowercase();
        let (_, _, said, count) = signs.iter().find(|(of, sign, ..)| *of == method && asked.contains(sign))?;
        (count.fetch_add(1, Ordering::SeqCst) == 0).then(|| said.clone())
    });
    let sender = Chain::connect(&url.await?).await?.with_key(dev_key())?;
    let mut watch = Watch::default();
    assert!(site.deploy(&sender, &mut watch).await?.complete);
    for name in names(&site) {
        for step in [Step::Create(name), Step::Activate(name)] {
            assert!(matches!(watch.done(step), Some(Done::Already)), "{step}");
        }
    }
    site.verify().await?.ensure()
}

/// A factory that is none, or a node that lies: the code is compared byte for byte before anything is sent.
#[tokio::test]
async fn other_code_at_a_programs_address_is_refused() -> Result<()> {
    let site = site()?;
    for name in names(&site) {
        let planned = site.plan().of(name).clone();
        let at = planned.implementation;
        let mut other = planned.program.code().to_vec();
        *other.last_mut().expect("a byte") ^= 1;
        let (sought, other) = (at.to_string().to_lowercase(), Bytes::from(other));
        let url = node(site.node.http_url(), move |method, parameters, _| {
            let asked = method == "eth_getCode" && parameters[0].to_string().to_lowercase().contains(&sought);
            asked.then(|| json!({ "result": other }))
        });
        let sender = Chain::connect(&url.await?).await?.with_key(dev_key())?;
        let before = site.sent().await?;
        let error = format!("{:#}", site.deploy(&sender, &mut Watch::default()).await.expect_err("other code"));
        let expected = format!(
            "what stands at {at} is not the program of the {name}: correct chain.create2_factory, or ask another node"
        );
        assert_eq!(error, expected);
        assert_eq!(site.sent().await?, before);
    }
    Ok(())
}
