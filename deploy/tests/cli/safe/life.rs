//! Owners propose, sign and execute.

use alloy::primitives::{B256, U256, hex};
use alloy::providers::Provider;
use alloy::sol_types::{SolCall, SolValue};
use consilium_bindings::Safe as abi;
use eyre::Result;
use harness::peers;

use super::scene::*;
use crate::consent::scene::done;

#[tokio::test(flavor = "multi_thread")]
async fn owners_sign_copies_of_a_file_and_anybody_executes() -> Result<()> {
    for of in BOTH {
        let scene = Scene::start(of).await?;
        let (ann, ben, eve) = (scene.ann.address(), scene.ben.address(), scene.eve.address());
        let to = scene.relayer.address();
        let file = scene.pays("pay.json", "5", &[]);
        let made = scene.json(&file);
        assert_eq!(made["says"][1], format!("sends 5 wei to {to}"));
        let hash = abi::getTransactionHashCall {
            to,
            value: U256::from(5),
            data: vec![].into(),
            operation: 0,
            safeTxGas: U256::ZERO,
            baseGas: U256::ZERO,
            gasPrice: U256::ZERO,
            gasToken: Default::default(),
            refundReceiver: Default::default(),
            nonce: U256::ZERO,
        };
        let hash = scene.reads(hash).await?;
        assert_eq!(made["safeTxHash"], hash.to_string());
        assert_eq!(made["domainHash"], scene.reads(abi::domainSeparatorCall {}).await?.to_string());

        let told = done(&scene.runs(&scene.relayer, &["show", &file]));
        let hashes = format!("domain hash   {}\nmessage hash  ", made["domainHash"].as_str().expect("a hash"));
        assert!(told.contains(&hashes) && told.contains(&format!("\nsafeTxHash    {hash}\n")), "{told}");
        assert!(told.contains("is of version 1.4.1; 2 of its 3 owners have to sign"), "{told}");
        assert!(told.contains(&format!("\nmissing   {ann}\n")) && told.ends_with("\nlacks 2 more\n"), "{told}");

        // Each signs the first file, and neither waits for the other.
        let told = done(&scene.runs(&scene.ann, &["sign", &file, "--out", &scene.desk.path("ann.json")]));
        assert!(told.contains(&format!("\nsigned by {ann}\nwritten to ")), "{told}");
        let by_ben = scene.signs(&scene.ben, &file, &["--eth-sign"]);
        let copies = [&*scene.desk.path("ann.json"), &by_ben];
        let told = done(&scene.runs(&scene.relayer, &[&["show"], &copies[..]].concat()));
        for line in [
            &*format!("signed    {ann}, typed data"),
            &format!("signed    {ben}, eth_sign"),
            &format!("missing   {eve}"),
        ] {
            assert!(told.contains(&format!("\n{line}\n")), "{line}: {told}");
        }
        assert!(told.ends_with("\ncan be executed\n"), "{told}");

        let before = scene.chain.dev.get_balance(scene.safe).await?;
        let done_ = scene.does(&scene.relayer, &[&["execute"], &copies[..]].concat());
        let mut signers = [ann, ben];
        signers.sort_unstable();
        assert_eq!(done_["signers"], serde_json::json!(signers));
        assert_eq!((&done_["success"], &done_["payment"]), (&true.into(), &"0".into()));
        assert_eq!(scene.chain.dev.get_balance(scene.safe).await?, before - U256::from(5));
        let transaction: B256 = done_["transaction"].as_str().expect("a hash").parse()?;
        let told = done(&scene.runs(&scene.relayer, &[&["show"], &copies[..]].concat()));
        assert!(told.ends_with(&format!("\nexecuted in {transaction}\n")), "{told}");
        let shown = scene.does(&scene.relayer, &["show", &file]);
        assert_eq!(
            (&shown["stage"], &shown["success"], &shown["nextNonce"]),
            (&"executed".into(), &true.into(), &"1".into())
        );
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn owners_approve_on_the_chain_or_send_themselves() -> Result<()> {
    for of in BOTH {
        let scene = Scene::start(of).await?;
        let (ann, eve) = (scene.ann.address(), scene.eve.address());
        let file = scene.pays("pay.json", "5", &[]);
        let told = done(&scene.runs(&scene.ann, &["sign", "--on-chain", &file]));
        assert!(told.contains(&format!("\napproved by {ann}, on the chain\n")), "{told}");
        let shown = scene.does(&scene.eve, &["show", &file]);
        assert_eq!((&shown["approved"], &shown["stage"]), (&serde_json::json!([ann]), &"signing".into()));
        // The approval counts, and so does who sends.
        let done_ = scene.does(&scene.eve, &["execute", &file]);
        let mut signers = [ann, eve];
        signers.sort_unstable();
        assert_eq!(done_["signers"], serde_json::json!(signers));

        // Two approvals, and somebody else sends.
        let file = scene.pays("again.json", "6", &[]);
        for by in [&scene.ann, &scene.eve] {
            scene.does(by, &["sign", "--on-chain", &file]);
        }
        assert_eq!(scene.does(&scene.relayer, &["execute", &file])["success"], true);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_safe_changes_itself_and_what_it_does_is_told() -> Result<()> {
    let scene = Scene::start(Of::Us).await?;
    let (safe, to) = (scene.safe.to_string(), scene.relayer.address().to_string());
    let words = ["--to", &safe, "--call", "addOwnerWithThreshold(address,uint256)", &to, "3"];
    let file = scene.proposes("add.json", &words);
    let says = scene.json(&file)["says"][1].clone();
    let expected = format!("calls addOwnerWithThreshold(owner: {to}, threshold: 3) of the Safe itself - Adds an owner");
    assert!(says.as_str().expect("words").starts_with(&expected), "{says}");
    // A file that was proposed before can be signed by the owners there are now.
    let later = scene.pays("later.json", "5", &["--nonce", "1"]);
    assert_eq!(scene.does(&scene.ann, &["show", &later])["stage"], "waiting");
    let told = done(&scene.runs(&scene.eve, &["sign", &later, "--out", &scene.desk.path("eve.json")]));
    assert!(told.contains("\n1 transactions come before it (the next nonce is 0)\n"), "{told}");
    let told = scene.does(&scene.ann, &["sign", &later, "--out", &scene.desk.path("ann.json")]);
    assert_eq!((&told["before"], &told["nextNonce"]), (&"1".into(), &"0".into()));
    assert_eq!(scene.does(&scene.relayer, &["execute", &scene.signed(&file, &[])])["success"], true);
    assert_eq!(scene.reads(abi::getThresholdCall {}).await?, U256::from(3));
    let told = done(&scene.runs(&scene.ann, &["show", &later]));
    assert!(told.contains("its owners, threshold or version were others when this was proposed"), "{told}");
    let by_new = scene.signs(&scene.relayer, &scene.signed(&later, &[]), &[]);
    assert_eq!(scene.does(&scene.relayer, &["execute", &by_new])["success"], true);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_a_delegated_call_which_is_asked_for_each_time() -> Result<()> {
    for of in BOTH {
        let scene = Scene::start(of).await?;
        let library = peers::create(&scene.chain, "MultiSendCallOnly", &[]).await?.to_string();
        let to = scene.relayer.address();
        // Operation, target, value and the length of data, of which there is none.
        let call = |wei: u64| [&[0][..], &(to, U256::from(wei), U256::ZERO).abi_encode_packed()].concat();
        let packed = hex::encode_prefixed([call(5), call(6)].concat());
        let words = ["--to", &library, "--call", "multiSend(bytes)", "--allow-delegatecall", &packed];
        let file = scene.proposes("batch.json", &words);
        let says = scene.json(&file)["says"].clone();
        assert!(says[1].as_str().expect("words").starts_with("DELEGATECALL: the code of "), "{says}");
        // Safe's own, where its package does not have it.
        assert!(says[3].as_str().expect("words").starts_with("NOT SAFE'S MULTISEND AS KNOWN HERE"), "{says}");
        assert_eq!(
            (&says[4], &says[5]),
            (&format!("  sends 5 wei to {to}").into(), &format!("  sends 6 wei to {to}").into())
        );

        let error = crate::refusal(scene.runs(&scene.ann, &["sign", &file, "--out", &scene.desk.path("no.json")]));
        assert!(error.contains("it is a DELEGATECALL") && error.contains("--allow-delegatecall"), "{error}");
        let signed = scene.signed(&file, &["--allow-delegatecall"]);
        assert!(crate::refusal(scene.runs(&scene.relayer, &["execute", &signed])).contains("it is a DELEGATECALL"));
        let done = scene.does(&scene.relayer, &["execute", "--allow-delegatecall", &signed]);
        assert_eq!(done["success"], true);
        assert_eq!(scene.chain.dev.get_balance(scene.safe).await?, U256::from(MONEY - 11));
    }
    Ok(())
}

/// The calldata of a proposal is that of the function.
#[tokio::test(flavor = "multi_thread")]
async fn calldata_is_given_as_such_or_as_a_function() -> Result<()> {
    let scene = Scene::start(Of::Us).await?;
    let safe = scene.safe.to_string();
    let data = abi::changeThresholdCall { threshold: U256::from(1) }.abi_encode();
    let data = hex::encode_prefixed(data);
    let first = scene.proposes("data.json", &["--to", &safe, "--data", &data]);
    let second = scene.proposes("call.json", &["--to", &safe, "--call", "changeThreshold(uint256)", "1"]);
    assert_eq!(scene.json(&first), scene.json(&second));
    Ok(())
}
