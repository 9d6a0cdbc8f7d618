//! Without a node.

use alloy::primitives::{B256, U256, eip191_hash_message, hex};
use alloy::signers::SignerSync;
use alloy::sol_types::{SolCall, SolValue};
use consilium_bindings::Safe as abi;
use eyre::Result;
use harness::peers;

use super::scene::*;
use crate::consent::scene::done;
use crate::refusal;

/// Nothing listens there.
const NOWHERE: &str = "http://127.0.0.1:1";

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_is_proposed_shown_and_signed_without_a_node() -> Result<()> {
    let scene = Scene::start(Of::Us).await?;
    let (safe, to) = (scene.safe.to_string(), scene.relayer.address().to_string());
    let owners = [&scene.ann, &scene.ben, &scene.eve].map(|owner| owner.address().to_string()).join(",");
    let out = scene.desk.path("offline.json");
    let words = [
        "propose",
        "--offline",
        "--safe",
        &safe,
        "--chain",
        "412346",
        "--safe-version",
        "1.4.1",
        "--owners",
        &owners,
        "--threshold",
        "2",
        "--nonce",
        "0",
        "--to",
        &to,
        "--value",
        "5",
        "--out",
        &out,
    ];
    let told = done(&scene.runs_at(NOWHERE, &scene.ann, &words));
    assert!(told.contains("not checked, since no node was asked: "), "{told}");
    assert_eq!(scene.json(&out), scene.json(&scene.pays("online.json", "5", &[])));

    let signed = scene.desk.path("signed.json");
    let told = done(&scene.runs_at(NOWHERE, &scene.ann, &["sign", "--offline", &out, "--out", &signed]));
    assert!(told.contains("not checked, since no node was asked: ") && told.contains("\nsigned by "), "{told}");
    let words = ["sign", "--offline", &out, "--out", &scene.desk.path("no.json")];
    let error = refusal(scene.runs_at(NOWHERE, &scene.relayer, &words));
    assert!(error.contains("is no owner of the Safe"), "{error}");
    let told = done(&scene.runs_at(NOWHERE, &scene.ann, &["show", "--offline", &signed]));
    assert!(told.contains(&format!("\nsigned    {}, typed data\n", scene.ann.address())), "{told}");
    assert!(told.contains("the file says that 2 of 3 owners have to sign"), "{told}");
    let shown = done(&scene.runs_at(NOWHERE, &scene.ann, &["show", "--offline", "--json", &signed]));
    assert!(shown.contains("\"notChecked\": \"not checked"), "{shown}");

    let both = scene.signs(&scene.ben, &signed, &["--offline"]);
    assert_eq!(scene.does(&scene.relayer, &["execute", &both])["success"], true);
    Ok(())
}

/// A byte behind a call that is passed on changes nothing for whoever is called.
#[tokio::test(flavor = "multi_thread")]
async fn a_delegated_call_with_a_byte_behind_it_is_not_signed_unasked() -> Result<()> {
    let scene = Scene::start(Of::Us).await?;
    let to = scene.relayer.address();
    let module = abi::execTransactionFromModuleCall { to, value: U256::ZERO, data: vec![].into(), operation: 1 };
    let inner = hex::encode_prefixed([&module.abi_encode()[..], &[0]].concat());
    let (at, nobody) = (scene.singleton.to_string(), B256::ZERO.to_string());
    let schedule = "schedule(address,uint256,bytes,bytes32,bytes32,uint256)";
    for (name, call, arguments) in [
        ("schedule.json", schedule, &[&*at, "0", &inner, &nobody, &nobody, "1"][..]),
        ("execute.json", "execute(address,bytes)", &[&at, &inner]),
        ("module.json", "execTransactionFromModule(address,uint256,bytes,uint8)", &[&at, "0", &inner, "0"]),
    ] {
        let file = scene.proposes(name, &[&["--to", &at, "--call", call], arguments].concat());
        let out = scene.desk.path("no.json");
        let error = refusal(scene.runs_at(NOWHERE, &scene.ann, &["sign", "--offline", &file, "--out", &out]));
        assert!(error.contains("it has a DELEGATECALL within it"), "{error}");
        let told = done(&scene.runs_at(NOWHERE, &scene.ann, &["show", "--offline", &file]));
        assert!(told.contains("DELEGATECALL: the code of ") && told.contains("and 1 bytes more: 0x00\n"), "{told}");
        scene.signs(&scene.ann, &file, &["--offline", "--allow-delegatecall"]);
    }
    Ok(())
}

/// A hardware wallet shows the hashes, and hands over 65 bytes.
#[tokio::test(flavor = "multi_thread")]
async fn what_another_wallet_signed_is_added() -> Result<()> {
    let scene = Scene::start(Of::Safe).await?;
    let file = scene.pays("pay.json", "5", &[]);
    let hash = scene.json(&file)["safeTxHash"].as_str().expect("a hash").parse()?;
    let typed = hex::encode_prefixed(scene.ann.signer.sign_hash_sync(&hash)?.as_bytes());
    let message = hex::encode_prefixed(scene.ben.signer.sign_hash_sync(&eip191_hash_message(hash))?.as_bytes());
    let stranger = hex::encode_prefixed(scene.relayer.signer.sign_hash_sync(&hash)?.as_bytes());
    let (first, second) = (scene.desk.path("first.json"), scene.desk.path("second.json"));
    let told = scene.does(&scene.relayer, &["sign", &file, "--signature", &typed, "--out", &first]);
    assert_eq!(told["signedBy"], scene.ann.address().to_string().to_lowercase());
    scene.does(&scene.relayer, &["sign", &first, "--signature", &message, "--out", &second]);
    for (signature, reason) in [
        (&*stranger, "that is no owner"),
        ("0x0102", "a signature has 65 bytes, and this has 2"),
        (&typed, "has signed it already"),
    ] {
        let words = ["sign", &second, "--signature", signature, "--out", &scene.desk.path("no.json")];
        let error = refusal(scene.runs(&scene.relayer, &words));
        assert!(error.contains(reason), "{error}");
    }
    assert_eq!(scene.does(&scene.relayer, &["execute", &second])["success"], true);
    Ok(())
}

/// Nobody asked a node whether there is a contract, so whoever signs with one is told.
#[tokio::test(flavor = "multi_thread")]
async fn a_target_without_code_is_told_before_it_is_signed() -> Result<()> {
    let scene = Scene::start(Of::Us).await?;
    let (safe, to) = (scene.safe.to_string(), scene.relayer.address().to_string());
    let owners = [&scene.ann, &scene.ben, &scene.eve].map(|owner| owner.address().to_string()).join(",");
    let (out, signed) = (scene.desk.path("offline.json"), scene.desk.path("signed.json"));
    let words = [
        "propose",
        "--offline",
        "--safe",
        &safe,
        "--chain",
        "412346",
        "--safe-version",
        "1.4.1",
        "--owners",
        &owners,
        "--threshold",
        "2",
        "--nonce",
        "0",
        "--to",
        &to,
        "--data",
        "0x01020304",
        "--out",
        &out,
    ];
    let proposed = done(&scene.runs_at(NOWHERE, &scene.ann, &[&words[..], &["--json"]].concat()));
    assert!(proposed.contains("\"notChecked\": \"not checked"), "{proposed}");
    let warning = format!("WARNING: there is no contract at {to}: the call would do nothing and succeed");
    let told = done(&scene.runs(&scene.ann, &["sign", &out, "--out", &signed]));
    assert!(told.contains(&format!("\n{warning}\n")), "{told}");
    assert_eq!(scene.does(&scene.ann, &["show", &signed])["warning"], warning);

    // So is one within a batch.
    let library = peers::create(&scene.chain, "MultiSendCallOnly", &[]).await?.to_string();
    let length = U256::from(4);
    let call = [&[0][..], &(scene.relayer.address(), U256::ZERO, length).abi_encode_packed(), &[1, 2, 3, 4]].concat();
    let words = ["--to", &library, "--call", "multiSend(bytes)", "--allow-delegatecall", &hex::encode_prefixed(call)];
    let batch = scene.proposes("batch.json", &words);
    assert_eq!(scene.does(&scene.ann, &["show", &batch])["warning"], warning);
    Ok(())
}
