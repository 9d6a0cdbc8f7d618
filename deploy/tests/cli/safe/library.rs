//! Batches by what stands where Safe's library does on ordinary chains.

use alloy::primitives::{Address, Bytes, U256, address, hex};
use alloy::providers::Provider;
use alloy::sol_types::SolValue;
use devnode::ArbosVersion;
use eyre::Result;
use harness::chain::Chain;
use harness::safes;
use serde_json::Value;

use super::scene::*;
use crate::refusal;

/// Where Safe's MultiSendCallOnly 1.4.1 is.
const LIBRARY: Address = address!("9641d764fc13c8B624c04430C7356C1C7C8102e2");

impl Scene {
    /// Puts code at an address.
    async fn puts(&self, at: Address, code: Bytes) -> Result<()> {
        let _: Value = self.chain.rpc("hardhat_setCode", (at, code)).await?;
        Ok(())
    }

    /// Puts one of Safe's own libraries at an address.
    async fn puts_own(&self, name: &str, at: Address) -> Result<()> {
        let made = safes::create(&self.chain.dev, safes::packaged("libraries", name)?).await?;
        let code = self.chain.dev.get_code_at(made).await?;
        // MultiSend has its own address in its code.
        let code = hex::encode(code).replace(&hex::encode(made), &hex::encode(at));
        self.puts(at, hex::decode(code)?.into()).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_by_safes_own_library_is_taken_and_one_by_other_code_at_its_address_is_not() -> Result<()> {
    let scene = Scene::on(Chain::start_as_hardhat(ArbosVersion::default())?, Of::Us, &[], 2).await?;
    scene.puts_own("MultiSendCallOnly", LIBRARY).await?;
    let (library, to) = (LIBRARY.to_string(), scene.relayer.address());
    // Operation, target, value and the length of data, of which there is none.
    let call = |wei: u64| [&[0][..], &(to, U256::from(wei), U256::ZERO).abi_encode_packed()].concat();
    let packed = hex::encode_prefixed([call(5), call(6)].concat());
    let batch = ["--to", &library, "--call", "multiSend(bytes)", "--allow-delegatecall", &packed];
    let file = scene.proposes("batch.json", &batch);
    let says = scene.json(&file)["says"].clone();
    let own = format!("Safe's MultiSendCallOnly 1.4.1 {library}");
    assert!(
        says[1].as_str().expect("words").starts_with(&format!("DELEGATECALL: the code of {own} runs as ")),
        "{says}"
    );
    assert_eq!(says[2], format!("calls multiSend of {own}, a batch:"));
    assert_eq!(
        (&says[3], &says[4]),
        (&format!("  sends 5 wei to {to}").into(), &format!("  sends 6 wei to {to}").into())
    );
    let signed = scene.signed(&file, &["--allow-delegatecall"]);
    let done = scene.does(&scene.relayer, &["execute", "--allow-delegatecall", &signed]);
    assert_eq!(done["success"], true, "{done}");
    assert_eq!(scene.chain.dev.get_balance(scene.safe).await?, U256::from(MONEY - 11));

    // The other library.
    let other = address!("38869bf66a61cF6bDB996A6aE40D5853Fd43B526");
    scene.puts_own("MultiSend", other).await?;
    let at = other.to_string();
    let words = [&["--to", &*at], &batch[2..]].concat();
    let says = scene.json(&scene.proposes("other.json", &words))["says"].clone();
    assert_eq!(says[2], format!("calls multiSend of Safe's MultiSend 1.4.1 {other}, a batch:"));

    // Proposed while it was Safe's own.
    let file = scene.proposes("next.json", &batch);
    let by_ann = scene.signs(&scene.ann, &file, &["--allow-delegatecall"]);
    scene.puts(LIBRARY, Bytes::from_static(&[0])).await?;
    let reason = format!(
        "error: {library} is the address of Safe's MultiSendCallOnly 1.4.1, and on chain 412346 other code is there, which \
         may do anything: do not sign, and name another contract"
    );
    let (safe, out) = (scene.safe.to_string(), scene.desk.path("no.json"));
    let proposes = [&["propose", "--safe", &safe, "--out", &out], &batch[..]].concat();
    assert_eq!(refusal(scene.runs(&scene.relayer, &proposes)), reason);
    let signs = ["sign", "--allow-delegatecall", &by_ann, "--out", &out];
    assert_eq!(refusal(scene.runs(&scene.ben, &signs)), reason);
    assert!(!std::path::Path::new(&out).exists());
    assert_eq!(refusal(scene.runs(&scene.relayer, &["execute", "--allow-delegatecall", &by_ann])), reason);
    // A batch within another call is one, too.
    let inner = ["--to", &safe, "--call", "setup(address[],uint256,address,bytes,address,address,uint256,address)"];
    let zero = Address::ZERO.to_string();
    let data = hex::encode_prefixed(multi_send(&packed)?);
    let arguments = [&*format!("[{}]", scene.ann.address()), "1", &library, &data, &zero, &zero, "0", &zero];
    let proposes = [&["propose", "--safe", &safe, "--out", &out], &inner[..], &arguments].concat();
    assert_eq!(refusal(scene.runs(&scene.relayer, &proposes)), reason);
    Ok(())
}

/// The calldata of a batch.
fn multi_send(packed: &str) -> Result<Vec<u8>> {
    let packed = Bytes::from(hex::decode(packed)?);
    Ok([&hex!("8d80ff0a")[..], &(packed,).abi_encode_params()].concat())
}
