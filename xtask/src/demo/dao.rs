//! The DAO of the demo: deployed as `consilium deploy` does it, its members, and what each of them holds.

use super::clock::{ChainClock, now};
use super::council;
use super::story::Story;
use crate::project;
use alloy::primitives::{Address, B256, Bytes, U256, b256, keccak256, utils::parse_ether};
use alloy::providers::DynProvider;
use alloy::signers::local::PrivateKeySigner;
use consilium_deploy::{Artifacts, Chain, Config, Done, Party, Progress, Sender, Step, deploy, permissions};
use eyre::{Context, OptionExt, Result, ensure, eyre};
use harness::safes::SafeContracts;
use indicatif::{ProgressBar, ProgressStyle};
use std::ops::ControlFlow;
use std::time::{SystemTime, UNIX_EPOCH};

/// A deployed DAO and those who act in it.
#[derive(Debug)]
pub(crate) struct Dao {
    pub(crate) config: Config,
    pub(crate) token: Address,
    pub(crate) timelock: Address,
    pub(crate) governor: Address,
    pub(crate) consent: Address,
    pub(crate) registry: Address,
    pub(crate) splitter: Address,
    pub(crate) manager: Address,
    /// The council's Safe.
    pub(crate) council: Address,
    /// The treasury's Safe for day-to-day payments.
    pub(crate) treasury: Address,
    pub(crate) mandate: Address,
    /// When the council's term and all mandates end, in seconds since 1970.
    pub(crate) until: u64,
    /// In the order of the configuration's holders.
    pub(crate) members: Vec<Member>,
    pub(crate) node: DynProvider,
}

/// A holder of the token.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) sender: Sender,
    pub(crate) tokens: U256,
}

impl Member {
    pub(crate) fn address(&self) -> Address {
        self.sender.account()
    }
}

/// Who the configuration's holders are here, with the keys of the development mnemonic's accounts 0 to 4. The whole
/// world knows them.
const MEMBERS: [(&str, B256); 5] = [
    ("hospital", b256!("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80")),
    ("clinic", b256!("0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d")),
    ("laboratory", b256!("0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a")),
    ("patients", b256!("0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6")),
    ("insurer", b256!("0x47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a")),
];

/// The settings of the demo's DAO.
const SETTINGS: &str = "deploy/config/health.toml";

/// Those who hold the offices of the settings, with the keys of the development mnemonic's accounts 7, 9, 5, 10 and
/// 11.
#[derive(Debug)]
pub(crate) struct Officers {
    pub(crate) emergency: Sender,
    pub(crate) reviewer: Sender,
    pub(crate) recorder: Sender,
    pub(crate) publisher: Sender,
    pub(crate) guardian: Sender,
}

const OFFICERS: [B256; 5] = [
    b256!("0x4bbbf85ce3377467afe5d46f804f221813b2bb87f24d81f60f1fcdbf7cbf4356"),
    b256!("0x2a871d0798f97d79848a013d4936a73bf4cc922c825d33c1cf7073dff6d409c6"),
    b256!("0x8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba"),
    b256!("0xf214f2b2cd398c806f84e317254e0f0b801d0643303237d97a22a48e01628897"),
    b256!("0x701b615bbdfb9de65240bc28bd21bbc0d996645a3dd57e7b12bc2bdf6f192c82"),
];

/// What accounts may do by themselves in this DAO, and how many may.
const POWERS: [(&[&str], usize, &str, &str); 8] = [
    (&["cancel"], 1, "council", "cancel proposals"),
    (&["declareEmergency"], 1, "emergency room", "break the glass"),
    (&["reviewEmergency"], 1, "council", "review emergencies"),
    (&["record"], 1, "gateway", "record accesses"),
    (&["setOrganization", "setRole"], 1, "registrar", "admit organisations and give roles"),
    (&["publishEpoch"], 1, "publisher", "publish epochs of the pool"),
    (&["disableEpoch"], 1, "guardian", "disable a wrong epoch"),
    (&["spend"], 1, "treasury's Safe", "spend within its allowance"),
];

/// Deploys the DAO of the settings.
pub(crate) async fn found(url: &str, deployer: &Sender, clock: &ChainClock, story: &mut Story) -> Result<Dao> {
    let text = std::fs::read_to_string(project::root().join(SETTINGS)).context(SETTINGS)?;
    let node = deployer.chain().provider();
    let safes = SafeContracts::create(node).await.context("Safe's factory and its fallback handler")?;
    let until = now(node).await? + council::TERM;
    let mut config = Config::parse(&council::settings(&text, &safes, until)?, SETTINGS)?;
    // A DAO of its own for each run, also where an earlier one stands on the same chain.
    let run = SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos();
    config.chain.salt = keccak256([config.chain.salt.as_slice(), &run.to_be_bytes()].concat());
    if clock.is_real() {
        // A real node's minutes cannot be skipped.
        let governor = config.governor_mut();
        (governor.voting_delay, governor.voting_period, governor.late_quorum_extension) = (3, 15, 3);
        config.timelock_mut().min_delay = 4;
        config.revenue_splitter_mut().ok_or_eyre("no revenue splitter in the settings")?.window = 20;
    }
    let members = members(url, &config).await?;
    let artifacts = Artifacts::load(project::artifacts(), &config)?;

    let records = project::root().join("target/demo");
    let mut bar = Bar(ProgressBar::no_length());
    // What an earlier demo left there is of no use to this one.
    let _ = std::fs::remove_dir_all(&records);
    let deployment = deploy(deployer, &config, &artifacts, &records, &mut bar).await.context("deployment")?;
    for transaction in &deployment.transactions {
        story.line(&transaction.step, "deployer", transaction.hash, transaction.gas_used, "");
    }
    story.same("deployment complete", deployment.complete, true)?;
    powers(deployer, &config, &artifacts, story).await?;
    let at = |name| deployment.address(name);
    Ok(Dao {
        token: at("voting-token")?,
        timelock: at("timelock")?,
        governor: at("governor")?,
        consent: at("consent")?,
        registry: at("data-pointer-registry")?,
        splitter: at("revenue-splitter")?,
        manager: at("access-manager")?,
        council: deployment.safe("council")?,
        treasury: deployment.safe("treasury")?,
        mandate: at("mandate")?,
        until,
        config,
        members,
        node: deployer.chain().provider().clone(),
    })
}

/// Reads from the chain who can do what: what an account can do by itself ends by itself, and the deployer can do
/// nothing.
async fn powers(deployer: &Sender, config: &Config, artifacts: &Artifacts, story: &mut Story) -> Result<()> {
    let found = permissions(deployer.chain(), config, artifacts).await.context("permissions")?;
    let mut held = [0; POWERS.len()];
    for power in &found.powers {
        let (Party::Account(account) | Party::AccountWithCode(account)) = power.holder else { continue };
        story.same(format!("{account} is not the deployer"), account == deployer.account(), false)?;
        let until = power.until.ok_or_eyre(format!("{account}: promised a power that ends"))?;
        let what = power.functions.iter().map(|signature| signature.split('(').next().unwrap_or(signature));
        let what: Vec<&str> = what.collect::<std::collections::BTreeSet<_>>().into_iter().collect();
        let known = POWERS.iter().position(|(functions, ..)| *functions == what);
        let known = known.ok_or_eyre(format!("{account}: promised no power over {what:?}"))?;
        let (_, _, who, may) = POWERS[known];
        held[known] += 1;
        let after = if power.delay == 0 { String::new() } else { format!("{} s after saying so, ", power.delay) };
        story.noted(format!("may {may}, {after}until {until}"), who, "");
    }
    story.same("accounts with a power of their own", held, POWERS.map(|(_, count, ..)| count))
}

async fn members(url: &str, config: &Config) -> Result<Vec<Member>> {
    ensure!(config.token().holders.len() == MEMBERS.len(), "{SETTINGS} must name {} holders", MEMBERS.len());
    let mut members = Vec::new();
    for ((name, key), holder) in MEMBERS.into_iter().zip(&config.token().holders) {
        let key = PrivateKeySigner::from_bytes(&key)?;
        ensure!(key.address() == holder.address, "{} is not the development account of {name}", holder.address);
        members.push(Member { name, sender: Chain::connect(url).await?.with_key(key)?, tokens: holder.amount });
    }
    Ok(members)
}

/// Those who hold the offices, with ether for gas.
pub(crate) async fn officers(url: &str, dao: &Dao, deployer: &Sender) -> Result<Officers> {
    let mut officers = Vec::new();
    for key in OFFICERS {
        let sender = Chain::connect(url).await?.with_key(PrivateKeySigner::from_bytes(&key)?)?;
        let held = dao.config.offices_of(sender.account());
        ensure!(!held.is_empty(), "{} has no office in {SETTINGS}", sender.account());
        deployer.send(sender.account(), Bytes::new(), parse_ether("0.1")?).await.context("gas for an office")?;
        officers.push(sender);
    }
    let [emergency, reviewer, recorder, publisher, guardian] =
        officers.try_into().map_err(|_| eyre!("five offices"))?;
    Ok(Officers { emergency, reviewer, recorder, publisher, guardian })
}

/// Gives each member ether for gas, and the treasury ether to grant from.
pub(crate) async fn endow(dao: &Dao, deployer: &Sender, treasury: U256, story: &mut Story) -> Result<()> {
    let gas = parse_ether("0.1")?;
    for member in &dao.members {
        deployer
            .send(member.address(), Bytes::new(), gas)
            .await
            .with_context(|| format!("gas for the {}", member.name))?;
    }
    let receipt = deployer.send(dao.timelock, Bytes::new(), treasury).await.context("the treasury's endowment")?;
    story.told("endow the treasury with 10 ETH", "deployer", &receipt, "");
    Ok(())
}

/// Shows a deployment's steps where a person looks.
#[derive(Debug)]
struct Bar(ProgressBar);

impl Progress for Bar {
    fn planned(&mut self, steps: &[Step]) {
        let style = ProgressStyle::with_template("  {wide_bar} {pos}/{len} {msg}").expect("a valid template");
        self.0 = ProgressBar::new(steps.len() as u64).with_style(style);
    }

    fn started(&mut self, step: Step) {
        self.0.set_message(step.to_string());
    }

    fn finished(&mut self, step: Step, done: &Done) -> ControlFlow<()> {
        if let Done::Skipped { reason } = done {
            self.0.suspend(|| eprintln!("skipped: {step}: {reason}"));
        }
        self.0.inc(1);
        if step == Step::Prove {
            self.0.finish_and_clear();
        }
        ControlFlow::Continue(())
    }
}
