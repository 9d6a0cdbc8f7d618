//! `consilium safe sign`.

use std::path::PathBuf;

use alloy::primitives::U256;
use clap::Args;
use consilium_deploy::safe::{Facts, Names, Proposal, Safe, approve};
use eyre::{Result, bail, ensure};
use serde_json::{Value, json};

use super::Files;
use super::by::By;
use super::told::{UNCHECKED, json_of, say_all, warn, with};
use crate::Node;
use crate::at::{Told, print};
use crate::say::say;

#[derive(Args)]
pub(crate) struct Sign {
    #[command(flatten)]
    files: Files,
    #[command(flatten)]
    by: By,
    /// Approve the hash on the chain in place of a signature, by a transaction of the key. No file is written.
    #[arg(
        long,
        conflicts_with_all = ["eth_sign", "signature", "p256_key", "p256_signature", "contract_signature", "offline", "out"],
    )]
    on_chain: bool,
    /// Sign also a delegated call, whose target's code can take the whole Safe.
    #[arg(long)]
    allow_delegatecall: bool,
    /// Ask no node: what is then not checked is said.
    #[arg(long)]
    offline: bool,
    /// The file to write, which must not be there yet.
    #[arg(long, value_name = "FILE", required_unless_present = "on_chain")]
    out: Option<PathBuf>,
    #[command(flatten)]
    node: Node,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

impl Sign {
    pub(crate) async fn run(self) -> Result<()> {
        let (proposal, names) = self.files.load()?;
        let safe = if self.offline { None } else { Some(self.node.safe_of(&proposal).await?) };
        if !self.json {
            // Before a key or a password is used.
            say_all(&proposal, &names);
        }
        let mut told = warn(safe.as_ref(), &proposal, self.by.p256_account()?, self.json).await?;
        proposal.agree_to_delegatecall(self.allow_delegatecall)?;
        let (facts, standing) = facts(&proposal, safe.as_ref()).await?;
        if let Some((before, next)) = standing {
            if !before.is_zero() && !self.json {
                say!("{before} transactions come before it (the next nonce is {next})");
            }
            told = with(told, json!({ "before": before.to_string(), "nextNonce": next.to_string() }));
        }
        if safe.is_none() && !self.json {
            say!("{UNCHECKED}");
        }
        if let (true, Some(safe)) = (self.on_chain, &safe) {
            return self.approve(safe, &proposal, &names, &facts, told).await;
        }
        self.add(proposal.retold(&names), safe.as_ref(), &names, &facts, told).await
    }

    /// Adds a signature, and writes the file.
    async fn add(
        self,
        mut signed: Proposal,
        safe: Option<&Safe>,
        names: &Names,
        facts: &Facts,
        told: Value,
    ) -> Result<()> {
        let confirmation = self.by.confirmation(&signed, &facts.owners)?;
        let owner = confirmation.owner;
        signed.add(confirmation.clone(), facts)?;
        if let Some(safe) = safe
            && let Some(reason) = safe.objection(&signed, &confirmation).await?
        {
            bail!("the Safe does not take the signature of {owner}: {reason}");
        }
        let out = self.out.unwrap_or_default();
        signed.write_new(&out)?;
        if self.json {
            let own = json!({ "signedBy": owner, "file": out });
            return print(&with(with(json_of(&signed, names), own), told));
        }
        say!("signed by {owner}");
        say!("written to {}", out.display());
        Ok(())
    }

    /// Approves it on the chain.
    async fn approve(self, safe: &Safe, proposal: &Proposal, names: &Names, facts: &Facts, told: Value) -> Result<()> {
        let sender = self.by.key.sends(safe.chain().clone())?;
        proposal.expect_owner(sender.account(), &facts.owners)?;
        let sent = approve(safe, &sender, proposal).await?;
        let owner = sender.account();
        Told(self.json).done(
            &format!("approved by {owner}, on the chain"),
            with(with(json_of(proposal, names), json!({ "approvedBy": owner })), told),
            &sent,
        )
    }
}

/// What a Safe is, or is as the file says; where a node is asked, how many transactions come before this one,
/// and the next nonce. Refuses a file that can lead to nothing.
async fn facts(proposal: &Proposal, safe: Option<&Safe>) -> Result<(Facts, Option<(U256, U256)>)> {
    let (facts, standing) = match safe {
        None => (proposal.known().clone(), None),
        Some(safe) => {
            let state = safe.state().await?;
            let before = state.before(proposal.transaction().nonce)?;
            (state.facts, Some((before, state.nonce)))
        }
    };
    for confirmation in proposal.signatures() {
        let owner = confirmation.owner;
        ensure!(
            facts.owners.contains(&owner),
            "it has a signature of {owner}, who is no owner: let it be proposed again"
        );
    }
    Ok((facts, standing))
}
