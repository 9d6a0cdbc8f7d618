//! `consilium vault`: a DAO's vault, and the life of the programs that it watches.

use alloy::primitives::{Address, utils::format_ether};
use alloy::sol_types::SolCall;
use clap::builder::RangedI64ValueParser;
use clap::{Args, Subcommand, value_parser};
use consilium_deploy::config::moment::Moment;
use consilium_deploy::signing::address;
use consilium_deploy::vault::{
    self, Found, LEAST_GAS, LONGEST_PERIOD, Lapsed, NOT_CHECKED, SHORTEST_PERIOD, State, Vault, Watched,
};
use consilium_deploy::{CREATE2_FACTORY, Chain, shown};
use eyre::{Result, ensure, eyre};
use serde_json::{Value, json};

use crate::at::{self, At, Meant, print};
use crate::exit::{EXIT_CODES, No, answered, unanswered};
use crate::say::{answer, complain, say};
use crate::{Key, Node};

/// Seconds of a day.
const DAY: u32 = 86_400;

/// The days of a period, as the file's section takes them.
fn days() -> RangedI64ValueParser<u16> {
    value_parser!(u16).range(i64::from(SHORTEST_PERIOD)..=i64::from(LONGEST_PERIOD))
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Create a vault. Any account may: it gets no power by that.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Create(Create),
    /// Show who owns a vault, the terms of its escape, what was reported, and what speaks against trusting it. Only reads.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Show(Show),
    /// Report whether the programs that a vault watches are alive; those that only wait for an activation get it. Any
    /// account may.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Report(Report),
    /// Print the call by which the heir becomes the owner, for the heir's Safe to send.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Escape(Escape),
}

#[derive(Args)]
pub(crate) struct Create {
    /// The DAO's timelock.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    owner: Address,
    /// The programs that the DAO needs to decide and to pay: timelock, governor and voting token; with commas.
    #[arg(long = "program", value_name = "ADDRESS", value_parser = address, value_delimiter = ',', required = true)]
    programs: Vec<Address>,
    /// Who becomes the owner if one of the programs is dead: a Safe of Safe's own code.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    heir: Address,
    /// For how many days a program has to be dead until its death is confirmed.
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = days())]
    death_days: u16,
    /// How many days the heir waits after that.
    #[arg(long, value_name = "DAYS", default_value_t = 60, value_parser = days())]
    escape_days: u16,
    /// How many reports confirm a death, at least.
    #[arg(long, value_name = "NUMBER", default_value_t = 10, value_parser = value_parser!(u16).range(1..))]
    reports: u16,
    /// The gas of an attempt to activate a program: more than any activation takes, and less than the chain lets a
    /// transaction have.
    #[arg(long, value_name = "GAS", default_value_t = 20_000_000, value_parser = value_parser!(u64).range(LEAST_GAS..))]
    activation_gas: u64,
    #[command(flatten)]
    factory: Factory,
    #[command(flatten)]
    node: Node,
    #[command(flatten)]
    meant: Meant,
    #[command(flatten)]
    key: Key,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

/// Who creates vaults.
#[derive(Args)]
struct Factory {
    /// The CREATE2 factory that creates the vault: the vault's address follows from it.
    #[arg(long, value_name = "ADDRESS", value_parser = address, default_value_t = CREATE2_FACTORY)]
    factory: Address,
}

/// A vault, and whether it is told of in JSON.
#[derive(Args)]
pub(crate) struct Told {
    #[command(flatten)]
    at: At,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(crate) struct Show {
    #[command(flatten)]
    vault: Told,
    /// An earlier owner that the DAO trusts, such as the timelock before this one; several with commas.
    #[arg(long = "earlier-owner", value_name = "ADDRESS", value_parser = address, value_delimiter = ',')]
    earlier_owners: Vec<Address>,
    #[command(flatten)]
    factory: Factory,
}

#[derive(Args)]
pub(crate) struct Report {
    #[command(flatten)]
    vault: Told,
    /// The program; all that the vault watches, if it is not said.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    program: Option<Address>,
    #[command(flatten)]
    factory: Factory,
    #[command(flatten)]
    key: Key,
}

#[derive(Args)]
pub(crate) struct Escape {
    #[command(flatten)]
    vault: Told,
    /// The program that is dead.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    program: Address,
    #[command(flatten)]
    factory: Factory,
}

pub(crate) async fn run(command: Command) -> Result<()> {
    match command {
        Command::Create(create) => create.run().await,
        Command::Show(show) => answered(show.run().await),
        Command::Report(report) => report.run().await,
        Command::Escape(escape) => escape.run().await,
    }
}

impl Create {
    async fn run(self) -> Result<()> {
        let sender = self.key.sends(self.meant.connect(&self.node).await?)?;
        let terms = Vault::Terms {
            heir: self.heir,
            deathPeriod: u32::from(self.death_days) * DAY,
            escapeDelay: u32::from(self.escape_days) * DAY,
            minReports: self.reports,
            activationGas: self.activation_gas,
        };
        let arguments = Vault::constructorCall { owner: self.owner, programs: self.programs, terms };
        let warnings = vault::beforehand(sender.chain(), &arguments).await?;
        for warning in &warnings {
            complain!("warning: {warning}");
        }
        let factory = self.factory.factory;
        let (vault, sent) = vault::create(&sender, factory, arguments.clone()).await?;
        let doubts = match vault::state(sender.chain(), vault).await {
            Ok(state) => {
                let mut doubts = vault::doubts(sender.chain(), vault, &state, &[], factory).await;
                doubts.extend(changed(&state, &arguments));
                doubts
            }
            Err(error) => vec![format!("{NOT_CHECKED}{error:#}")],
        };
        let told = json!({ "vault": vault, "warnings": warnings, "doubts": doubts });
        match sent {
            Some(sent) => at::Told(self.json).done(&format!("the vault is at {vault}"), told, &sent)?,
            None if self.json => print(&told)?,
            None => say!("the vault was created before: it is at {vault}"),
        }
        if !self.json {
            tell(&doubts);
        }
        refuse(&doubts)
    }
}

/// What was another way when the vault was created: it stood already, and its owner has changed it since.
fn changed(state: &State, arguments: &Vault::constructorCall) -> Option<String> {
    let programs = state.programs.iter().map(|watched| watched.program);
    let is_same =
        state.owner == arguments.owner && state.terms == arguments.terms && programs.eq(arguments.programs.clone());
    (!is_same).then(|| {
        "CHANGED: it was created so before, and its owner has changed it since: `consilium vault show` prints what it is \
         now. Other terms make another vault"
            .to_owned()
    })
}

impl Show {
    async fn run(self) -> Result<()> {
        let Told { at, json: is_json } = self.vault;
        let (chain, contract) = at.find_vault().await?;
        let state = vault::state(&chain, contract).await?;
        let doubts = vault::doubts(&chain, contract, &state, &self.earlier_owners, self.factory.factory).await;
        let lapsed = voided(&chain, contract, &state).await;
        if is_json {
            print(&object(&state, &lapsed, &doubts))?;
            return refuse(&doubts);
        }
        let terms = &state.terms;
        say!("{:>14}  {}", "owner", state.owner);
        say!("{:>14}  {} ETH", "holds", format_ether(state.ether));
        match terms.heir {
            Address::ZERO => say!("{:>14}  none: there is no escape", "heir"),
            heir => say!("{:>14}  {heir}", "heir"),
        }
        let days = |seconds: u32| f64::from(seconds) / f64::from(DAY);
        say!("{:>14}  {} days, {} reports at least", "confirmed after", days(terms.deathPeriod), terms.minReports);
        say!("{:>14}  {} days after that", "escape", days(terms.escapeDelay));
        say!("{:>14}  {} gas", "an attempt has", terms.activationGas);
        for (watched, lapsed) in state.programs.iter().zip(&lapsed) {
            say!("{:>14}  {}: {}", "watches", watched.program, shown::line(&words(&state, watched, lapsed.as_ref())));
        }
        tell(&doubts);
        refuse(&doubts)
    }
}

impl Report {
    async fn run(self) -> Result<()> {
        let Told { at, json: is_json } = self.vault;
        let (chain, contract) = at.find_vault().await?;
        let sender = self.key.sends(chain)?;
        let state = checked(sender.chain(), contract, &self.factory).await?;
        let programs = match self.program {
            Some(program) => vec![program],
            None => state.programs.iter().map(|known| known.program).collect(),
        };
        let (mut all, mut refused) = (Vec::new(), 0);
        for program in programs {
            match vault::report(&sender, contract, program).await {
                Ok(reported) => {
                    let (transaction, gas_used) = (reported.sent.transaction, reported.sent.gas_used);
                    if !is_json {
                        say!("{program}  {}: {gas_used} gas, transaction {transaction}", found_words(reported.found));
                    }
                    if let Some(reason) = reported.unanswered {
                        complain!("warning: the report is in a block, and the node did not say more of it: {reason}");
                    }
                    let mut told = found_object(reported.found);
                    told["program"] = json!(program);
                    told["transaction"] = json!(transaction);
                    told["gasUsed"] = json!(gas_used);
                    all.push(told);
                }
                Err(error) => {
                    refused += 1;
                    let reason = format!("{error:#}");
                    if !is_json {
                        say!("{program}  NOT REPORTED: {}", shown::line(&reason));
                    }
                    all.push(json!({ "program": program, "refused": reason }));
                }
            }
        }
        if is_json {
            print(&json!({ "programs": all }))?;
        }
        ensure!(refused == 0, "{refused} of {} programs were not reported: the lines above say why", all.len());
        Ok(())
    }
}

impl Escape {
    async fn run(self) -> Result<()> {
        let (chain, contract) = self.vault.at.find_vault().await?;
        let state = checked(&chain, contract, &self.factory).await?;
        let known = state.programs.iter().find(|known| known.program == self.program);
        let from = known.and_then(|known| state.escapable_from(&known.death));
        let Some(from) = from else { eyre::bail!("the death of {} is not confirmed", self.program) };
        let call = Vault::escapeCall { program: self.program }.abi_encode();
        let data = alloy::primitives::hex::encode_prefixed(call);
        if self.vault.json {
            return print(&json!({ "from": state.terms.heir, "to": contract, "data": data, "notBefore": from }));
        }
        say!("From {} on the heir {} sends this, within two days of a report:", Moment(from), state.terms.heir);
        say!("to    {contract}");
        answer(&format!("data  {data}"))
    }
}

/// A vault that is one, before anything is sent to it, or told to be sent.
async fn checked(chain: &Chain, contract: Address, Factory { factory }: &Factory) -> Result<State> {
    let state = vault::state(chain, contract).await?;
    if let Some(doubt) = vault::expect(chain, contract, &state, *factory).await? {
        complain!("warning: {}", shown::line(&doubt));
    }
    Ok(state)
}

/// Prints what speaks against a vault.
fn tell(doubts: &[String]) {
    for doubt in doubts {
        say!("{}", shown::line(doubt));
    }
}

/// Fails where something speaks against a vault, or could not be checked.
fn refuse(doubts: &[String]) -> Result<()> {
    if doubts.is_empty() {
        return Ok(());
    }
    let error = eyre!("do not trust this vault: the output above says why");
    Err(if doubts.iter().all(|doubt| doubt.starts_with(NOT_CHECKED)) { unanswered(error) } else { No::of(error) })
}

/// Of each program that has no report, or only the first one: those before that are void, because no other one followed
/// in time. A node that does not serve the events is among the doubts already.
async fn voided(chain: &Chain, vault: Address, state: &State) -> Vec<Option<Lapsed>> {
    let mut all = Vec::with_capacity(state.programs.len());
    for Watched { program, death, .. } in &state.programs {
        all.push(match death.reports {
            reports @ (0 | 1) => vault::lapsed(chain, vault, *program, reports == 1).await.unwrap_or_default(),
            _ => None,
        });
    }
    all
}

fn words(state: &State, watched: &Watched, lapsed: Option<&Lapsed>) -> String {
    let life = watched.inactive.as_ref().map_or_else(|| "active".to_owned(), |reason| format!("inactive, {reason}"));
    let lapsed = lapsed.map(|lapsed| format!("; {lapsed}")).unwrap_or_default();
    format!("{life}; {}{lapsed}", state.reported(watched))
}

fn object(state: &State, lapsed: &[Option<Lapsed>], doubts: &[String]) -> Value {
    let programs = state.programs.iter().zip(lapsed).map(|(watched, lapsed)| {
        let death = &watched.death;
        json!({
            "program": watched.program,
            "inactive": watched.inactive,
            "since": death.since.to::<u64>(),
            "last": death.last.to::<u64>(),
            "reports": death.reports,
            "reportAgainBy": state.report_again_by(death),
            "void": lapsed.map(void),
            "escapableFrom": state.escapable_from(death),
        })
    });
    let terms = &state.terms;
    json!({
        "owner": state.owner,
        "ether": state.ether.to_string(),
        "heir": terms.heir,
        "doubts": doubts,
        "deathPeriod": terms.deathPeriod,
        "escapeDelay": terms.escapeDelay,
        "minReports": terms.minReports,
        "activationGas": terms.activationGas,
        "programs": programs.collect::<Vec<_>>(),
    })
}

fn void(Lapsed { reports, last }: Lapsed) -> Value {
    json!({ "reports": reports, "last": last })
}

fn found_words(found: Found) -> String {
    match found {
        Found::Alive => "is alive".to_owned(),
        Found::Dead { reports, since, again_by, lapsed, escapable_from } => {
            let (since, by) =
                (Moment(since), again_by.map_or("seven days from now".to_owned(), |by| Moment(by).to_string()));
            let lapsed = lapsed.map(|lapsed| format!("; {lapsed}")).unwrap_or_default();
            let confirmed =
                escapable_from.map(|from| format!("; DEATH CONFIRMED, the heir may escape from {} on", Moment(from)));
            format!(
                "CANNOT BE ACTIVATED: report {reports} since {since}; report again by {by}, or all are void{lapsed}{}",
                confirmed.unwrap_or_default()
            )
        }
    }
}

fn found_object(found: Found) -> Value {
    match found {
        Found::Alive => json!({ "alive": true }),
        Found::Dead { reports, since, again_by, lapsed, escapable_from } => json!({
            "alive": false,
            "reports": reports,
            "since": since,
            "reportAgainBy": again_by,
            "void": lapsed.map(void),
            "escapableFrom": escapable_from,
        }),
    }
}
