//! Safe's own client, `@safe-global/protocol-kit`, drives our Safe as it drives Safe's: each script runs against either
//! singleton, on chains that are alike, where all addresses are the same. What it saw has to be the same too: hashes,
//! signatures, logs and states.

use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::SolCall;
use consilium_deploy::safe::{self, Confirmation, Manner, Names, Operation, Proposal, Transaction, listed};
use devnode::DEV_KEY;
use eyre::{Result, ensure, eyre};
use harness::chain::Chain;
use harness::{deploy, peers, safes};
use serde_json::{Value, json};

use super::finished;

/// All scripts.
pub(super) const SCRIPTS: &[&str] = &["safe/life.js", "safe/passkey.js", "safe/deployments.js", "safe/file.js"];

/// Whose code the Safes run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Singleton {
    Ours,
    Theirs,
}

/// A version of Safe.
#[derive(Clone, Copy, Debug)]
struct Version {
    number: &'static str,
    /// Our program.
    program: &'static str,
    /// What the peers have behind the names of the version's contracts.
    mark: &'static str,
}

const V1_4_1: Version = Version { number: "1.4.1", program: "safe", mark: "" };
const V1_5_0: Version = Version { number: "1.5.0", program: "safe-v15", mark: "150" };

/// The contracts that work with a Safe, all Safe's own: what the client calls them, and what their package does.
const LIBRARIES: [(&str, &str); 7] = [
    ("safeProxyFactoryAddress", "SafeProxyFactory"),
    ("multiSendAddress", "MultiSend"),
    ("multiSendCallOnlyAddress", "MultiSendCallOnly"),
    ("fallbackHandlerAddress", "CompatibilityFallbackHandler"),
    ("signMessageLibAddress", "SignMessageLib"),
    ("createCallAddress", "CreateCall"),
    ("simulateTxAccessorAddress", "SimulateTxAccessor"),
];

impl Singleton {
    /// A singleton, deployed by three transactions of the development account, the first of which creates it.
    async fn create(self, chain: &Chain, of: Version) -> Result<Address> {
        let dev = chain.dev_account()?;
        match self {
            Self::Ours => {
                let singleton = deploy::unconstructed(chain, of.program).await?;
                // As StylusDeployer does in the transaction that creates it.
                ensure!(dev.send(singleton, deploy::CONSTRUCTOR).await?.status(), "the singleton is not closed");
                Ok(singleton)
            }
            Self::Theirs => {
                let singleton = peers::create(chain, &format!("Safe{}", of.mark), &[]).await?;
                for _ in 0..2 {
                    ensure!(dev.send(dev.address(), []).await?.status(), "the node refuses a transaction");
                }
                Ok(singleton)
            }
        }
    }
}

/// A chain with a singleton and all that works with it.
struct World {
    chain: Chain,
    singleton: Address,
    factory: Address,
    /// What scripts are given.
    input: Value,
}

impl World {
    async fn start(singleton: Singleton) -> Result<Self> {
        Self::of(singleton, V1_4_1).await
    }

    /// The same of a version.
    async fn of(singleton: Singleton, of: Version) -> Result<Self> {
        let chain = Chain::start()?;
        let singleton = singleton.create(&chain, of).await?;
        let (mut networks, mut factory) = (json!({ "safeSingletonAddress": singleton.to_string() }), Address::ZERO);
        for (called, name) in LIBRARIES {
            let library = peers::create(&chain, &format!("{name}{}", of.mark), &[]).await?;
            networks[called] = library.to_string().into();
            if name == "SafeProxyFactory" {
                factory = library;
            }
        }
        let guard = peers::create(&chain, &format!("DebugTransactionGuard{}", of.mark), &[]).await?.to_string();
        let (http, version) = (chain.url(), of.number);
        let input =
            json!({ "http": http, "devKey": DEV_KEY, "networks": networks, "guard": guard, "version": version });
        Ok(Self { chain, singleton, factory, input })
    }

    /// What a script saw, which is given more than the others.
    async fn seen(&self, script: &str, more: Value) -> Result<Vec<(String, Value)>> {
        let mut input = self.input.clone();
        for (name, value) in more.as_object().into_iter().flatten() {
            input[name] = value.clone();
        }
        let told = finished(script, &[&input.to_string()]).await?;
        let rows = told.lines().filter_map(|line| line.strip_prefix("saw "));
        rows.map(|row| Ok(serde_json::from_str(row)?)).collect()
    }

    /// A Safe of these owners.
    async fn safe(&self, owners: Vec<Address>, threshold: u64) -> Result<Address> {
        let setup = safes::setup(&owners, threshold).abi_encode();
        safes::proxy(&self.chain.dev_account()?, self.factory, self.singleton, setup, 0).await
    }
}

/// Runs a script against both, and compares what it saw.
async fn same(script: &str, of: Version) -> Result<()> {
    let [ours, theirs] = [World::of(Singleton::Ours, of).await?, World::of(Singleton::Theirs, of).await?];
    let [ours, theirs] = [ours.seen(script, json!({})).await?, theirs.seen(script, json!({})).await?];
    ensure!(!ours.is_empty(), "{script} tells nothing");
    for (ours, theirs) in ours.iter().zip(&theirs) {
        ensure!(ours == theirs, "{script} sees with our singleton:\n{ours:#?}\nand with Safe's:\n{theirs:#?}");
    }
    ensure!(ours.len() == theirs.len(), "{script} tells more of one than of the other");
    Ok(())
}

#[tokio::test]
async fn its_client_deploys_signs_executes_and_changes_owners_modules_guards_and_handlers() -> Result<()> {
    same(SCRIPTS[0], V1_4_1).await
}

#[tokio::test]
async fn its_client_does_the_same_with_version_1_5_0() -> Result<()> {
    for script in &SCRIPTS[..2] {
        same(script, V1_5_0).await?;
    }
    Ok(())
}

#[tokio::test]
async fn its_client_signs_with_passkeys() -> Result<()> {
    same(SCRIPTS[1], V1_4_1).await
}

/// What `consilium safe deployments` writes.
#[tokio::test]
async fn its_package_of_deployments_reads_ours() -> Result<()> {
    for of in [V1_4_1, V1_5_0] {
        let world = World::of(Singleton::Ours, of).await?;
        let chain = consilium_deploy::Chain::connect(&world.chain.url()).await?;
        let folder = tempfile::tempdir()?;
        let (listed, warning) = listed(&chain, world.singleton, true, &deploy::programs()).await?;
        assert_eq!(warning, None);
        let file = listed.write_new(folder.path())?;
        ensure!(file.ends_with(format!("v{}/safe.json", of.number)), "{}", file.display());
        let seen = world.seen("safe/deployments.js", json!({ "file": file })).await?;
        ensure!(seen.iter().any(|(title, _)| title == "executed"), "{seen:?}");
    }
    Ok(())
}

/// What `consilium safe` writes, its client takes up, and the other way round.
#[tokio::test]
async fn its_client_and_files_of_ours_know_each_others_signatures() -> Result<()> {
    for singleton in [Singleton::Ours, Singleton::Theirs] {
        let world = World::start(singleton).await?;
        let [ann, ben] = [1, 2].map(|number| PrivateKeySigner::from_bytes(&B256::repeat_byte(number)));
        let [ann, ben] = [ann?, ben?];
        let at = world.safe(vec![ann.address(), ben.address()], 2).await?;
        world.chain.dev_account()?.send_with(at, [], 1_000).await?;
        let chain = consilium_deploy::Chain::connect(&world.chain.url()).await?;
        let (found, folder) = (safe::Safe::open(&chain, at).await?, tempfile::tempdir()?);
        let state = found.state().await?;
        let (mut files, mut proposals) = (Vec::new(), Vec::new());
        for nonce in [0, 1] {
            let transaction = Transaction {
                to: ann.address(),
                value: U256::from(5),
                data: vec![1, 2, 3].into(),
                operation: Operation::Call,
                safe_tx_gas: U256::from(50_000),
                base_gas: U256::from(7),
                gas_price: U256::ZERO,
                gas_token: ben.address(),
                refund_receiver: ann.address(),
                nonce: U256::from(nonce),
            };
            let mut proposal = Proposal::new(found.place(), state.facts.clone(), transaction, &Names::default())?;
            let manner = [Manner::TypedData, Manner::EthSign][nonce as usize];
            proposal.add(Confirmation::sign(&ann, proposal.hashes().transaction, manner)?, &state.facts)?;
            let file = folder.path().join(format!("{nonce}.json"));
            proposal.write_new(&file)?;
            files.push(file);
            proposals.push(proposal);
        }
        let key = ben.to_bytes();
        let more = json!({ "safe": at.to_string(), "files": files, "key": key, "signer": ben.address().to_string() });
        let seen = world.seen("safe/file.js", more).await?;
        let signatures = seen.iter().filter(|(title, _)| title == "signature").map(|(_, value)| value.clone());
        let signatures = signatures.map(serde_json::from_value).collect::<Result<Vec<Bytes>, _>>()?;
        ensure!(signatures.len() == 2, "{seen:?}");
        let mut second = proposals.remove(1);
        for signature in signatures {
            // Either is good, and once.
            let mut other = second.clone();
            let (hash, owners) = (other.hashes().transaction, &state.facts.owners);
            let made = Confirmation::made_elsewhere(&signature, hash, owners).map_err(|reason| eyre!(reason))?;
            ensure!(made.owner == ben.address(), "another's");
            other.add(made.clone(), &state.facts)?;
            ensure!(other.add(made, &state.facts).is_err(), "twice");
            if signature[64] < 31 {
                second = other;
            }
        }
        let sender = chain.with_key(consilium_deploy::dev_key())?;
        let executed = safe::execute(&found, &sender, &second, false).await?;
        ensure!(executed.success && executed.payment.is_zero(), "{executed:?}");
        ensure!(found.state().await?.nonce == U256::from(2), "the nonce is used up");
    }
    Ok(())
}
