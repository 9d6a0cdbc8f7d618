//! `consilium safe execute`.

use clap::Args;
use consilium_deploy::safe::execute;
use eyre::Result;
use serde_json::json;

use super::Files;
use super::told::{json_of, say_all, warn, with};
use crate::at::Told;
use crate::{Key, Node};

#[derive(Args)]
pub(crate) struct Execute {
    #[command(flatten)]
    files: Files,
    /// Execute also a delegated call, whose target's code can take the whole Safe.
    #[arg(long)]
    allow_delegatecall: bool,
    /// Send it also if its call fails, which uses up its nonce. Only a transaction with --safe-tx-gas or --gas-price does.
    #[arg(long)]
    may_fail: bool,
    #[command(flatten)]
    key: Key,
    #[command(flatten)]
    node: Node,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

impl Execute {
    pub(crate) async fn run(self) -> Result<()> {
        let (proposal, names) = self.files.load()?;
        let safe = self.node.safe_of(&proposal).await?;
        if !self.json {
            say_all(&proposal, &names);
        }
        let warning = warn(Some(&safe), &proposal, None, self.json).await?;
        proposal.agree_to_delegatecall(self.allow_delegatecall)?;
        let sender = self.key.sends(safe.chain().clone())?;
        let done = execute(&safe, &sender, &proposal, self.may_fail).await?;
        let line = if done.success { "executed" } else { "executed: its call FAILED, and its nonce is used up" };
        let paid =
            if done.payment.is_zero() { String::new() } else { format!("; {} was paid as a refund", done.payment) };
        let told = json!({ "success": done.success, "payment": done.payment.to_string(), "signers": done.signers });
        let told = with(with(json_of(&proposal, &names), told), warning);
        Told(self.json).done(&format!("{line}{paid}"), told, &done.sent)
    }
}
