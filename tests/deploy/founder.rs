//! The contract that founds a DAO: its bytes are its source's, and it does its plan once and nothing else.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::{SolCall, SolError, SolValue};
use consilium_bindings::VotingToken;
use consilium_deploy::{Founder, Step, proxy_code, proxy_init_code};
use eyre::{Result, ensure};
use harness::{actor::Actor, peers::Peer, root};

use crate::setup::Site;

/// Ether enough for the fees of all activations.
const FEE: u64 = 10_000_000_000_000_000;

/// A program that returns nothing and succeeds, whatever it is called with, made to be created.
fn init_code(site: &Site) -> Bytes {
    site.artifacts.of("timelock").expect("built").init_code()
}

/// A part that no constructor runs in: the timelock takes ether with empty calldata.
fn plain(site: &Site) -> Founder::Part {
    Founder::Part { initCode: init_code(site), isProgram: true, constructorCall: Bytes::new(), references: vec![] }
}

/// A Founder for these parts, by a plain creation.
async fn founder(site: &Site, parts: &[Founder::Part]) -> Result<(Address, Bytes)> {
    let call: Bytes = Founder::foundCall { parts: parts.to_vec() }.abi_encode().into();
    let code = [&Peer::load("Founder")?.bytecode[..], &keccak256(&call).abi_encode()].concat();
    let request = TransactionRequest::default().with_deploy_code(code);
    let receipt = site.sender().await?.chain().provider().send_transaction(request).await?.get_receipt().await?;
    ensure!(receipt.status());
    Ok((receipt.contract_address.expect("created"), call))
}

/// What a call reverts with.
async fn refusal(site: &Site, to: Address, call: Bytes, value: u64) -> Result<Bytes> {
    let sender = site.sender().await?;
    let request = TransactionRequest::default()
        .with_from(sender.account())
        .with_to(to)
        .with_input(call)
        .with_value(U256::from(value));
    let error = sender.chain().provider().call(request).await.expect_err("refused");
    Ok(error.as_error_resp().and_then(|payload| payload.as_revert_data()).unwrap_or_default())
}

async fn balance(site: &Site, of: Address) -> Result<U256> {
    Ok(site.chain().await?.provider().get_balance(of).await?)
}

#[test]
fn its_bytes_are_what_the_compiler_makes_of_its_source() -> Result<()> {
    for name in ["Founder", "Rehearsal"] {
        let committed = std::fs::read_to_string(root().join(format!("deploy/founder/{name}.hex")))?;
        assert_eq!(format!("0x{}", committed.trim()), Peer::load(name)?.bytecode.to_string(), "{name}");
    }
    Ok(())
}

#[tokio::test]
async fn it_takes_its_plan_alone_and_once() -> Result<()> {
    let site = Site::new()?;
    site.stop_after(&site.sender().await?, Step::Prepare).await?;
    let founder = site.plan().founder();
    let mine = Founder::foundCall { parts: vec![plain(&site)] }.abi_encode();
    assert_eq!(refusal(&site, founder, mine.into(), FEE).await?, Founder::OtherPlan {}.abi_encode());
    let nothing = Founder::foundCall { parts: vec![] }.abi_encode();
    assert_eq!(refusal(&site, founder, nothing.into(), 0).await?, Founder::OtherPlan {}.abi_encode());

    let deployment = site.finish().await?;
    let founding = deployment.founding.expect("founded");
    let provider = site.chain().await?.provider().clone();
    let sent = provider.get_transaction_by_hash(founding).await?.expect("a transaction");
    let call = alloy::consensus::Transaction::input(&sent).clone();
    assert_eq!(refusal(&site, founder, call.clone(), FEE).await?, Founder::AlreadyFounded {}.abi_encode());
    // Nor does one byte more make another plan of it.
    let longer = [&call[..], &[0]].concat();
    assert_eq!(refusal(&site, founder, longer.into(), FEE).await?, Founder::OtherPlan {}.abi_encode());

    let ask =
        async |call: Vec<u8>| provider.call(TransactionRequest::default().with_to(founder).with_input(call)).await;
    assert_eq!(ask(Founder::planCall {}.abi_encode()).await?, keccak256(&call).abi_encode());
    for (number, contract) in site.names().into_iter().enumerate() {
        let address = ask(Founder::addressOfCall { number: U256::from(number) }.abi_encode()).await?;
        assert_eq!(address, deployment.address(contract)?.abi_encode());
    }
    // What was not needed for the activations went back.
    assert_eq!(balance(&site, founder).await?, U256::ZERO);
    // It takes no ether for nothing.
    assert!(refusal(&site, founder, Bytes::new(), 1).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn what_fails_in_a_plan_undoes_all_of_it_and_is_named() -> Result<()> {
    let site = Site::new()?;
    let word = |offset: u64, number: u64| U256::from(offset << 8 | number);
    let with = |data: usize, references: Vec<U256>| Founder::Part {
        initCode: init_code(&site),
        isProgram: true,
        constructorCall: vec![0; data].into(),
        references,
    };
    let no_code = Founder::Part { initCode: vec![0xfe].into(), ..plain(&site) };
    let no_program = Founder::Part { initCode: vec![0x5f, 0x5f, 0xf3].into(), ..no_code.clone() };
    // Calldata that no function of the timelock has.
    let unknown = with(4, vec![]);
    let in_init_code = with(0, vec![word(init_code(&site).len() as u64 - 31, 0x80)]);
    let cases: [(Vec<Founder::Part>, Vec<u8>); 7] = [
        (vec![plain(&site), no_code], Founder::CreationFailed { part: U256::from(1) }.abi_encode()),
        (vec![with(31, vec![word(0, 0)])], Founder::BadReference { part: U256::ZERO, number: U256::ZERO }.abi_encode()),
        (
            vec![with(64, vec![word(32, 0), word(33, 0)])],
            Founder::BadReference { part: U256::ZERO, number: U256::from(1) }.abi_encode(),
        ),
        (vec![with(64, vec![word(0, 1)])], Founder::BadReference { part: U256::ZERO, number: U256::ZERO }.abi_encode()),
        (vec![in_init_code], Founder::BadReference { part: U256::ZERO, number: U256::ZERO }.abi_encode()),
        (vec![with(64, vec![U256::MAX])], Founder::BadReference { part: U256::ZERO, number: U256::ZERO }.abi_encode()),
        (
            vec![plain(&site), unknown],
            Founder::ConstructorFailed { part: U256::from(1), reason: Bytes::new() }.abi_encode(),
        ),
    ];
    for (parts, error) in cases {
        let (founder, call) = founder(&site, &parts).await?;
        assert_eq!(refusal(&site, founder, call, FEE).await?, error);
    }
    // Code that is no Stylus program cannot be activated: ArbWasm's refusal is handed on.
    let (founder, call) = founder(&site, &[no_program]).await?;
    assert_ne!(refusal(&site, founder, call, FEE).await?, Founder::AlreadyFounded {}.abi_encode());
    Ok(())
}

/// EVM code is created with an address of the plan in its creation code, and is not activated.
#[tokio::test]
async fn a_proxy_is_created_before_a_program_of_the_plan() -> Result<()> {
    let site = Site::new()?;
    let proxy = Founder::Part {
        initCode: proxy_init_code(Address::ZERO),
        isProgram: false,
        // The operand of the first instruction, in the creation code.
        references: vec![U256::from(1 << 8 | 0x80)],
        ..plain(&site)
    };
    let (founder, call) = founder(&site, &[plain(&site), proxy]).await?;
    let sender = site.sender().await?;
    assert!(sender.send(founder, call, U256::from(FEE)).await?.status());
    let provider = sender.chain().provider().clone();
    let [program, proxy] = [1, 2].map(|nonce| founder.create(nonce));
    assert_eq!(provider.get_code_at(proxy).await?, proxy_code());
    let slot = U256::from_be_bytes(keccak256("eip1967.proxy.implementation").0) - U256::from(1);
    assert_eq!(provider.get_storage_at(proxy, slot).await?, U256::from_be_bytes(program.into_word().0));
    Ok(())
}

/// Too little ether for the data fee undoes all, and too much comes back.
#[tokio::test]
async fn it_keeps_no_ether() -> Result<()> {
    let site = Site::new()?;
    let (founder, call) = founder(&site, &[plain(&site)]).await?;
    assert!(!refusal(&site, founder, call.clone(), 0).await?.is_empty());
    let sender = site.sender().await?;
    let before = balance(&site, sender.account()).await?;
    let receipt = sender.send(founder, call, U256::from(FEE)).await?;
    let spent = before - balance(&site, sender.account()).await?;
    let gas = U256::from(receipt.gas_used) * U256::from(receipt.effective_gas_price);
    assert!(spent > gas && spent < gas + U256::from(FEE), "{spent} of {gas}");
    assert_eq!(balance(&site, founder).await?, U256::ZERO);
    assert_ne!(receipt.transaction_hash, B256::ZERO);
    Ok(())
}

/// A contract sends the founding, and more in the same transaction. What comes after is no part of the founding; and the
/// contract counts as who founded, as its sender does.
#[tokio::test]
async fn a_contract_may_found_and_is_named() -> Result<()> {
    let mut site = Site::new()?;
    // The programs are active: the founding needs no ether.
    site.finish().await?;
    std::fs::remove_file(site.file())?;
    site.config.chain.salt = B256::repeat_byte(1);
    let sender = site.sender().await?;
    let creation = TransactionRequest::default().with_deploy_code(Peer::load("Actor")?.bytecode);
    let created = sender.chain().provider().send_transaction(creation).await?.get_receipt().await?;
    let actor = created.contract_address.expect("created");
    site.config.council = actor;
    site.stop_after(&sender, Step::Prepare).await?;

    let plan = site.plan();
    let delegate = VotingToken::delegateCall { delegatee: sender.account() }.abi_encode();
    let (targets, calls) =
        (vec![plan.founder(), plan.of("voting-token").address], vec![plan.founding_call().clone(), delegate.into()]);
    let receipt = sender.send(actor, Actor::eachCall { targets, calls }.abi_encode().into(), U256::ZERO).await?;
    let last =
        receipt.logs().iter().rfind(|log| log.address() == plan.of("voting-token").address).expect("the token logged");
    assert_eq!(last.topic0(), Some(&keccak256("DelegateChanged(address,address,address)")));

    let failures: Vec<String> = site.verify().await?.failures().map(ToString::to_string).collect();
    assert_eq!(failures, [format!("what {actor}, which founded it, is in the DAO is guardian, not nothing")]);
    site.config.deployer.may_be = vec!["guardian"];
    let proof = site.verify().await?;
    proof.ensure()?;
    assert_eq!(proof.founding, receipt.transaction_hash);
    assert!(site.finish().await?.complete);
    Ok(())
}
