//! `consilium consent relay`.

use std::path::PathBuf;

use clap::Args;
use consilium_deploy::consent::{Narrowing, Outcome, Signed, relay};
use consilium_deploy::shown::line;
use eyre::{Result, ensure};

use super::Tables;
use crate::Key;
use crate::at::At;
use crate::say::say;

#[derive(Args)]
pub(crate) struct Relay {
    /// Files of signed acts.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    key: Key,
    #[command(flatten)]
    tables: Tables,
}

impl Relay {
    pub(crate) async fn run(self) -> Result<()> {
        let names = self.tables.names()?;
        let acts = self.files.iter().map(|file| Signed::load(file)).collect::<Result<Vec<_>>>()?;
        let (chain, contract) = self.at.consent().await?;
        let sender = self.key.sends(chain)?;
        let relayed = relay(&sender, contract, &acts).await?;
        let is_granted = |outcome: &Outcome| matches!(outcome, Outcome::Performed { .. });
        let narrowing = match relayed.outcomes.iter().any(is_granted) {
            // What was sent is told whatever the node says now.
            true => Narrowing::read(sender.chain(), contract).await.ok(),
            false => None,
        };
        let mut skipped = 0;
        for ((file, signed), outcome) in self.files.iter().zip(&acts).zip(&relayed.outcomes) {
            let (file, act) = (line(&file.display().to_string()), signed.act_in_words(&names));
            match outcome {
                Outcome::Performed { provision: Some(number) } => {
                    say!("        done  {file}: {act}: provision {number}");
                }
                Outcome::Performed { provision: None } => say!("        done  {file}: {act}"),
                Outcome::Skipped { reason } => {
                    skipped += 1;
                    say!("    NOT DONE  {file}: {act}: {reason}");
                }
            }
            for note in narrowing.iter().filter(|_| is_granted(outcome)).flat_map(|found| found.of(signed, &names)) {
                say!("        note  {file}: {note}");
            }
        }
        if let Some(transaction) = relayed.transaction {
            say!("{} gas, transaction {transaction}", relayed.gas_used);
        }
        ensure!(skipped == 0, "{skipped} of {} acts were not performed: the lines above say why", acts.len());
        Ok(())
    }
}
