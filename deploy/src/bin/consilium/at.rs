//! A contract on a chain, who sends to it, and how it is told: for the commands of all contracts but the consent.

use std::io::{BufWriter, ErrorKind, Write};
use std::path::PathBuf;

use alloy::primitives::{Address, B256};
use clap::Args;
use consilium_deploy::config::moment::Moment;
use consilium_deploy::signing::{address, when};
use consilium_deploy::{BadRows, Chain, Contract, Deployment, Name, Proposal, Restricted, Sender, Sent, Time, shown};
use eyre::{Result, WrapErr, ensure, eyre};
use serde_json::{Value, json};

use crate::exit::Pending;
use crate::say::{answer, say};
use crate::{Key, Node};

/// A contract, and its chain.
#[derive(Args)]
pub(crate) struct At {
    /// The contract; else the one in the record of the chain's deployment.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    contract: Option<Address>,
    /// Where `deploy` keeps the record of each chain's deployment.
    #[arg(long, value_name = "FOLDER", default_value = "deployments", conflicts_with = "contract")]
    records: PathBuf,
    #[command(flatten)]
    node: Node,
    #[command(flatten)]
    meant: Meant,
}

/// Which chain is meant. Without it, the node alone says on which chain a transaction counts.
#[derive(Args)]
pub(crate) struct Meant {
    /// The id of the chain that you mean: a node of another one is refused before anything is signed.
    #[arg(long = "chain", value_name = "ID")]
    chain: Option<u64>,
}

impl Meant {
    /// The chain of a node.
    pub(crate) async fn connect(&self, node: &Node) -> Result<Chain> {
        let chain = Chain::connect(&node.rpc_url).await?;
        if let Some(id) = self.chain {
            chain.expect_id(id)?;
        }
        Ok(chain)
    }
}

impl At {
    /// The chain, and the address of the contract of this name on it.
    pub(crate) async fn find(&self, name: Name) -> Result<(Chain, Address)> {
        self.find_in(&name.to_string(), |record| record.address(name).ok()).await
    }

    /// The same of the vault.
    pub(crate) async fn find_vault(&self) -> Result<(Chain, Address)> {
        self.find_in("vault", |record| record.vault).await
    }

    async fn find_in(&self, what: &str, of: impl Fn(&Deployment) -> Option<Address>) -> Result<(Chain, Address)> {
        let chain = self.meant.connect(&self.node).await?;
        let contract = match self.contract {
            Some(contract) => contract,
            None => of(&self.record(chain.id())?).ok_or_else(|| {
                let file = Deployment::path(&self.records, chain.id());
                eyre!("{} names no {what}: give --contract", file.display())
            })?,
        };
        Ok((chain, contract))
    }

    fn record(&self, id: u64) -> Result<Deployment> {
        let folder = self.records.display();
        let missing = || eyre!("{folder} has no record of a deployment on chain {id}: give --contract, or --records");
        Deployment::read(&self.records, id)?.ok_or_else(missing)
    }
}

/// A contract, its chain, the account that sends, and how the answer is printed.
#[derive(Args)]
pub(crate) struct By {
    #[command(flatten)]
    pub(crate) at: At,
    #[command(flatten)]
    pub(crate) key: Key,
    /// Print the answer as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

impl By {
    pub(crate) fn sender(self, chain: &Chain) -> Result<(Sender, Told)> {
        Ok((self.key.sends(chain.clone())?, Told(self.json)))
    }
}

/// The same for a call that the access manager decides about.
#[derive(Args)]
pub(crate) struct Restrictedly {
    /// Send nothing, and print the call that a proposal makes.
    #[arg(long)]
    propose: bool,
    #[command(flatten)]
    pub(crate) by: By,
}

impl Restrictedly {
    /// The account that sends, unless nothing is to be sent.
    pub(crate) fn sender(self, chain: &Chain) -> Result<(Option<Sender>, Told)> {
        if self.propose {
            return Ok((None, Told(self.by.json)));
        }
        self.by.sender(chain).map(|(sender, told)| (Some(sender), told))
    }
}

/// Prints what was done; as JSON, if it is true.
pub(crate) struct Told(pub(crate) bool);

impl Told {
    /// A line and the transaction, or the members of an object and the transaction.
    pub(crate) fn done(&self, line: &str, mut value: Value, sent: &Sent) -> Result<()> {
        let Sent { transaction, gas_used } = sent;
        if let (true, Some(members)) = (self.0, value.as_object_mut()) {
            members.insert("transaction".to_owned(), json!(transaction));
            members.insert("gasUsed".to_owned(), json!(gas_used));
            return print(&value);
        }
        say!("{line}");
        say!("{gas_used} gas, transaction {transaction}");
        Ok(())
    }

    /// What became of a call that the access manager decides about; `made` says what to tell where it was made.
    pub(crate) fn restricted<T>(
        &self,
        found: Restricted<T>,
        made: impl FnOnce(T) -> (String, Value, Sent),
    ) -> Result<()> {
        match found {
            Restricted::Made(found) => {
                let (line, value, sent) = made(found);
                self.done(&line, value, &sent)
            }
            Restricted::Announced { from, until, sent } => {
                let when = format!("run the command again from {} on, and before {}", Moment(from), Moment(until));
                let told = json!({ "announced": true, "from": from, "until": until });
                match sent {
                    Some(sent) => self.done(&format!("announced: {when}"), told, &sent)?,
                    None if self.0 => print(&told)?,
                    None => say!("it was announced before, and its delay is not over: {when}"),
                }
                Err(Pending.into())
            }
            Restricted::Propose { proposal, was_asked_for } => {
                match self.0 {
                    true => print(&proposal.json())?,
                    false => answer(&shown::lines(&words(&proposal)))?,
                }
                if was_asked_for { Ok(()) } else { Err(Pending.into()) }
            }
        }
    }
}

/// What to propose, for people.
fn words(Proposal { target, calldata, description }: &Proposal) -> String {
    format!(
        "nothing was sent: let the DAO decide, by a proposal with\n{:>12}  {target}\n{:>12}  0\n{:>12}  {calldata}\n{:>12}  \
         {description}\ndocs/operations.md, \"Making a proposal\", says how",
        "target", "value", "calldata", "description"
    )
}

/// A time that is still to come, by the clock of a contract's chain. `what` names it, and `example` is one.
pub(crate) async fn later(contract: &Contract, text: &str, what: &str, example: &str) -> Result<Time> {
    let now = contract.now().await?;
    let at = when(text, what, now).map_err(|reason| eyre!(reason))?;
    ensure!(at > now, "{what} is over already: give a later one, as {example}");
    Ok(Time { at, is_from_now: text.starts_with('+') })
}

/// Prints JSON.
pub(crate) fn print(value: &Value) -> Result<()> {
    answer(&consilium_deploy::json::pretty(value)?)
}

/// Prints the bad rows of a list; `place` says where a line is.
pub(crate) fn tell_bad(
    BadRows { told, count, rows }: &BadRows,
    json: bool,
    place: impl Fn(u64) -> String,
) -> Result<()> {
    if json {
        return print(&json!({ "rows": rows, "badCount": count, "bad": told }));
    }
    for row in told {
        say!("{}: {}", place(row.line), shown::line(&row.reason));
    }
    let untold = count - told.len() as u64;
    if untold > 0 {
        say!("and {untold} more");
    }
    Ok(())
}

/// Prints a line of JSON for each thing that `all` hands over: the name of its key, the key, and its proof. Who reads
/// it may go away.
pub(crate) fn print_proofs(all: impl FnOnce(&mut Each<'_>) -> Result<()>) -> Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let mut line = String::new();
    let written = all(&mut |name, key, proof| {
        line.clear();
        line.push_str(&format!("{{\"{name}\":\"{key}\",\"proof\":["));
        for (place, node) in proof.iter().enumerate() {
            line.push_str(if place == 0 { "\"" } else { ",\"" });
            line.push_str(node.to_string().as_str());
            line.push('"');
        }
        line.push_str("]}\n");
        Ok(out.write_all(line.as_bytes())?)
    });
    match written.and_then(|()| Ok(out.flush()?)) {
        Err(error) if error.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == ErrorKind::BrokenPipe) => {
            Ok(())
        }
        done => done.wrap_err("cannot write the answer"),
    }
}

/// Takes the name of a key, the key, and a proof.
pub(crate) type Each<'a> = dyn FnMut(&str, &str, &[B256]) -> Result<()> + 'a;

/// The id of a pointer, a request or a licence.
pub(crate) fn id(text: &str) -> Result<B256, &'static str> {
    let id = text.strip_prefix("0x").and_then(|digits| digits.parse().ok());
    id.ok_or("this is not an id: write 0x and 64 hexadecimal digits")
}
