//! `consilium vault show` and what speaks against a vault: other code, earlier owners, a mortal heir, attempts that fail.

mod heirs;
mod using;

use std::process::Output;

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, U256, keccak256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::{SolCall, SolValue};
use consilium_bindings::Safe;
use consilium_deploy::CREATE2_FACTORY;
use consilium_deploy::vault::{self, Vault};
use devnode::ArbosVersion;
use eyre::{OptionExt, Result};
use harness::actor::{Actor, actors};
use harness::chain::Chain;
use harness::deploy::init_code;
use harness::front;
use harness::peers::{self, Peer};
use harness::raw_program::{self, LASTING};
use harness::safes;
use nitro::{ARB_OWNER, ARB_WASM, ArbOwner};

use crate::consent::scene::{done, told};
use crate::{consilium, run};

const DAY: u32 = 86_400;

/// A chain with a program to watch, and contracts that may be owner or heir.
struct Scene {
    chain: Chain,
    program: Address,
    people: Vec<Address>,
}

impl Scene {
    async fn start() -> Result<Self> {
        let chain = Chain::start_with(ArbosVersion::V51)?;
        let program = raw_program::deploy(&chain, LASTING).await?;
        let people = actors(&chain, 3).await?;
        Ok(Self { chain, program, people })
    }

    /// The creation code of a vault of the first owner with an heir.
    fn code(&self, heir: Address) -> Bytes {
        self.code_with(heir, 20_000_000)
    }

    /// The same, with this gas for an attempt.
    fn code_with(&self, heir: Address, gas: u64) -> Bytes {
        let terms =
            Vault::Terms { heir, deathPeriod: 30 * DAY, escapeDelay: 60 * DAY, minReports: 10, activationGas: gas };
        vault::init_code(&Vault::constructorCall { owner: self.people[0], programs: vec![self.program], terms })
    }

    /// What the CREATE2 factory creates from a creation code.
    async fn made(&self, code: &[u8]) -> Result<Address> {
        let call = [&[0; 32], code].concat();
        assert!(self.chain.dev_account()?.send(CREATE2_FACTORY, call).await?.status());
        Ok(CREATE2_FACTORY.create2_from_code([0; 32], code))
    }

    /// A vault of the first owner with an heir.
    async fn vault(&self, heir: Address) -> Result<Address> {
        self.made(&self.code(heir)).await
    }

    fn show(&self, vault: Address, more: &[&str]) -> Output {
        let vault = vault.to_string();
        let command =
            consilium(&[&["vault", "show", "--contract", &vault, "--rpc-url", &self.chain.url()], more].concat());
        tokio::task::block_in_place(|| run(command))
    }

    /// What it says of a vault that it warns of.
    #[track_caller]
    fn doubt(&self, vault: Address) -> String {
        let output = self.show(vault, &[]);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stderr).starts_with("error: do not trust this vault"), "{output:?}");
        let json = self.show(vault, &["--json"]);
        assert_eq!(json.status.code(), Some(1));
        let object: serde_json::Value = crate::parsed(&told(&json));
        let doubts = object["doubts"].as_array().expect("a list").iter().map(|doubt| doubt.as_str().expect("text"));
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        doubts.for_each(|doubt| assert!(text.contains(doubt), "{doubt} in {text}"));
        text
    }

    async fn safe(&self, singleton: Address, owners: Vec<Address>, threshold: u64) -> Result<Address> {
        self.safe_set_up_by(singleton, owners, threshold, Address::ZERO).await
    }

    /// A proxy of Safe's, whose setup runs the code of `to` last.
    async fn safe_set_up_by(
        &self,
        singleton: Address,
        owners: Vec<Address>,
        threshold: u64,
        to: Address,
    ) -> Result<Address> {
        let factory = peers::create(&self.chain, "SafeProxyFactory", &[]).await?;
        let setup = Safe::setupCall { to, ..safes::setup(&owners, threshold) };
        safes::proxy(&self.chain.dev_account()?, factory, singleton, setup.abi_encode(), 0).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_alike_is_no_vault() -> Result<()> {
    let scene = Scene::start().await?;
    let code = scene.code(scene.people[1]);
    let vault = scene.made(&code).await?;
    assert_eq!(keccak256(scene.chain.dev.get_code_at(vault).await?), vault::CODE_HASH);
    assert!(!done(&scene.show(vault, &[])).contains("BACKDOOR"));

    // The same views, with another byte in the code: a report is due after 8 days instead of 7.
    let week = [&[0x62][..], &(7 * DAY).to_be_bytes()[1..]].concat();
    let mut other = code.to_vec();
    let places: Vec<_> = (0..other.len() - 4).filter(|at| other[*at..at + 4] == week).collect();
    assert!(!places.is_empty());
    for at in places {
        other[at..at + 4].copy_from_slice(&[&[0x62][..], &(8 * DAY).to_be_bytes()[1..]].concat());
    }
    let vault = scene.made(&other).await?;
    let told = scene.doubt(vault);
    assert!(told.contains("BACKDOOR: its code is not the vault's"), "{told}");
    Ok(())
}

/// Who was the owner before may have approved anybody by `execute`, which logs nothing.
#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_owner_is_named() -> Result<()> {
    let scene = Scene::start().await?;
    let [first, heir, second] = scene.people[..] else { panic!("three") };
    let vault = scene.vault(heir).await?;
    done(&scene.show(vault, &[]));
    let hand_over = Vault::transferOwnershipCall { newOwner: second, newPrograms: vec![scene.program] };
    let act = Actor::actCall { target: vault, value: U256::ZERO, data: hand_over.abi_encode().into() };
    assert!(scene.chain.dev_account()?.send(first, act.abi_encode()).await?.status());
    let told = scene.doubt(vault);
    assert!(told.contains(&format!("BACKDOOR: it had other owners ({first})")), "{told}");
    // A DAO that has moved says so.
    assert!(!done(&scene.show(vault, &["--earlier-owner", &first.to_string()])).contains("BACKDOOR"));
    Ok(())
}

/// The code of a vault, and its events, prove nothing of what its constructor did. Nor does who sent the creation: what
/// a contract creates may follow another contract at the same address, which destroyed itself.
#[tokio::test(flavor = "multi_thread")]
async fn only_a_vault_at_the_address_of_its_creation_code_is_trusted() -> Result<()> {
    let scene = Scene::start().await?;
    let [owner, heir, thief] = scene.people[..] else { panic!("three") };
    let code = scene.code(heir);
    let good = scene.made(&code).await?;
    done(&scene.show(good, &[]));
    let runtime = scene.chain.dev.get_code_at(good).await?;
    let coin = peers::create(&scene.chain, "VaultCoin", &(owner, U256::ZERO).abi_encode_params()).await?;
    let terms = state_of(&scene, good).await?.terms;
    let programs = vec![scene.program];
    let approving = (owner, programs.clone(), terms, coin, thief, runtime.clone()).abi_encode_params();
    let approving = Peer::load("ApprovingVault")?.init_code(&approving);
    let confirmed = (owner, programs, terms, runtime.clone()).abi_encode_params();
    let confirmed = Peer::load("ConfirmedVault")?.init_code(&confirmed);
    // Creates a contract from all that follows its twelve bytes, and ends.
    let maker = |code: &[u8]| {
        let length = u16::try_from(code.len()).expect("less than 64 KB").to_be_bytes();
        [&[0x61, length[0], length[1], 0x80, 0x60, 12, 0x5f, 0x39, 0x5f, 0x5f, 0xf0, 0x00], code].concat()
    };
    for forged in [&approving, &confirmed] {
        for vault in [scene.chain.create(forged.clone()).await?, scene.made(forged).await?] {
            assert_eq!(scene.chain.dev.get_code_at(vault).await?, runtime);
            let told = scene.doubt(vault);
            assert!(told.contains("BACKDOOR: the CREATE2 factory"), "{told}");
        }
    }
    for code in [&code, &approving, &confirmed] {
        // Its gas is given: an estimate is content with an inner creation that fails.
        let request = TransactionRequest::default().with_deploy_code(maker(code)).with_gas_limit(20_000_000);
        let receipt = scene.chain.dev.send_transaction(request).await?.get_receipt().await?;
        let vault = receipt.contract_address.ok_or_eyre("a creation has an address")?.create(1);
        assert_eq!(scene.chain.dev.get_code_at(vault).await?, runtime);
        let told = scene.doubt(vault);
        assert!(told.contains("BACKDOOR: the CREATE2 factory"), "{told}");
    }
    // The factory is part of the address.
    let other = Address::repeat_byte(1).to_string();
    let output = scene.show(good, &["--factory", &other]);
    assert!(told(&output).contains(&format!("BACKDOOR: the CREATE2 factory {other}")), "{output:?}");
    Ok(())
}

/// What the doubt is for: the death that another constructor wrote is shown when the owner has called, and not before.
#[tokio::test(flavor = "multi_thread")]
async fn a_forged_vault_hides_a_death_until_its_owner_calls() -> Result<()> {
    let scene = Scene::start().await?;
    let [owner, heir, _] = scene.people[..] else { panic!("three") };
    let good = scene.vault(heir).await?;
    let runtime = scene.chain.dev.get_code_at(good).await?;
    let terms = state_of(&scene, good).await?.terms;
    let arguments = (owner, vec![scene.program], terms, runtime).abi_encode_params();
    let vault = peers::create(&scene.chain, "ConfirmedVault", &arguments).await?;
    let death = async || Ok::<_, eyre::Report>(state_of(&scene, vault).await?.programs[0].death.confirmed);
    assert!(death().await?.is_zero());
    let call = Vault::executeCall { target: heir, value: U256::ZERO, data: Bytes::new() };
    let act = Actor::actCall { target: vault, value: U256::ZERO, data: call.abi_encode().into() };
    assert!(scene.chain.dev_account()?.send(owner, act.abi_encode()).await?.status());
    assert!(!death().await?.is_zero());
    Ok(())
}

async fn state_of(scene: &Scene, vault: Address) -> Result<vault::State> {
    vault::state(&consilium_deploy::Chain::connect(&scene.chain.url()).await?, vault).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_heir_is_as_mortal_as_its_owners_and_its_guard() -> Result<()> {
    let scene = Scene::start().await?;
    let singleton = peers::create(&scene.chain, "Safe", &[]).await?;
    let [a, b, _] = scene.people[..] else { panic!("three") };
    let safe = async |owners: &[Address], threshold| scene.safe(singleton, owners.to_vec(), threshold).await;
    let account = Address::repeat_byte(0x51);
    let good = safe(&[account, a, scene.program], 2).await?;
    let dead = safe(&[account, scene.program], 2).await?;
    let nested = safe(&[dead, b], 2).await?;
    let living = safe(&[dead, good, b], 2).await?;
    // A Safe's setup may run any code. This one writes the guard's slot.
    let slot = keccak256("guard_manager.guard.address");
    let code = [&[0x73][..], scene.program.as_slice(), &[0x7f], slot.as_slice(), &[0x55]].concat();
    let setter = scene.chain.create(init_code(&code)).await?;
    let guarded = scene.safe_set_up_by(singleton, vec![account], 1, setter).await?;
    for (heir, reason) in [
        (good, None),
        (living, None),
        (dead, Some("2 owners of the Safe")),
        (nested, Some("2 owners of the Safe")),
        (guarded, Some("the guard of the Safe")),
    ] {
        let vault = scene.vault(heir).await?;
        match reason {
            None => assert!(!done(&scene.show(vault, &[])).contains("BAD HEIR")),
            Some(reason) => {
                let told = scene.doubt(vault);
                assert!(told.contains(&format!("BAD HEIR: {reason}")) && !told.contains("BACKDOOR"), "{told}");
            }
        }
    }
    Ok(())
}

/// Whether the heir dies with the programs is not known where the node is tired: that is no good sign.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_tired_node_does_not_say_is_not_checked() -> Result<()> {
    let scene = Scene::start().await?;
    let singleton = peers::create(&scene.chain, "Safe", &[]).await?;
    let heir = scene.safe(singleton, vec![Address::repeat_byte(0x51), scene.program], 2).await?;
    let vault = scene.vault(heir).await?.to_string();
    for (of, messages) in [(heir, ["too many requests", "header not found"]), (ARB_WASM, ["request timeout", "busy"])] {
        for message in messages {
            let alter = move |method: &str, params: &serde_json::Value, _: &serde_json::Value| {
                let is_its = params[0]["to"].as_str().is_some_and(|to| to.parse() == Ok(of));
                (method == "eth_call" && is_its).then(|| front::error(message))
            };
            let url = front::node(scene.chain.url(), alter).await?;
            let command = consilium(&["vault", "show", "--contract", &vault, "--rpc-url", &url]);
            let output = tokio::task::block_in_place(|| run(command));
            let said = format!("{}{}", told(&output), String::from_utf8_lossy(&output.stderr));
            // The state of a program is told; of the heir nothing is known.
            assert_eq!(output.status.code(), Some(4), "{output:?}");
            let is_known = said.contains("NOT CHECKED: ") || of == ARB_WASM;
            assert!(is_known && said.contains(message), "{said}");
        }
    }
    Ok(())
}

/// An activation costs more than an attempt has: what has merely expired would look dead.
#[tokio::test(flavor = "multi_thread")]
async fn attempts_with_too_little_gas_are_noticed() -> Result<()> {
    let scene = Scene::start().await?;
    let vault = scene.vault(scene.people[1]).await?;
    scene.chain.upgrade_arbos().await?;
    done(&scene.show(vault, &[]));
    for (price, is_low) in [(15_000_000, false), (15_000_001, true)] {
        let set = ArbOwner::setWasmActivationGasCall { gas: price }.abi_encode();
        assert!(scene.chain.dev_account()?.send(ARB_OWNER, set).await?.status());
        match is_low {
            false => drop(done(&scene.show(vault, &[]))),
            true => assert!(scene.doubt(vault).contains("LOW GAS: an activation may take 20000001 gas")),
        }
    }
    Ok(())
}

/// A report with all its gas, and what the node adds to its estimate, is more than a transaction can have.
#[tokio::test(flavor = "multi_thread")]
async fn attempts_with_more_gas_than_a_transaction_has_are_noticed() -> Result<()> {
    let scene = Scene::start().await?;
    for (gas, is_high) in [(26_053_126, false), (26_053_127, true)] {
        let vault = scene.made(&scene.code_with(scene.people[1], gas)).await?;
        match is_high {
            false => drop(done(&scene.show(vault, &[]))),
            true => assert!(scene.doubt(vault).contains(&format!("HIGH GAS: a report needs {gas} gas"))),
        }
    }
    Ok(())
}
