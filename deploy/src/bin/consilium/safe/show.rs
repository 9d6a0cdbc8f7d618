//! `consilium safe show`.

use clap::Args;
use consilium_deploy::safe::Standing;
use eyre::Result;

use super::Files;
use super::told::{UNCHECKED, json_of, json_of_standing, say_all, say_standing, warn, with};
use crate::Node;
use crate::at::print;
use crate::say::say;

#[derive(Args)]
pub(crate) struct Show {
    #[command(flatten)]
    files: Files,
    /// Ask no node: what is then not checked is said.
    #[arg(long)]
    offline: bool,
    #[command(flatten)]
    node: Node,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

impl Show {
    pub(crate) async fn run(self) -> Result<()> {
        let (proposal, names) = self.files.load()?;
        if self.offline {
            if !self.json {
                say_all(&proposal, &names);
            }
            let told = warn(None, &proposal, None, self.json).await?;
            if self.json {
                return print(&with(json_of(&proposal, &names), told));
            }
            let (facts, owners) = (proposal.known(), proposal.signatures().iter().map(|made| made.owner));
            for owner in owners {
                say!("signed    {owner}, {}", proposal.kind_of(owner));
            }
            say!("the file says that {} of {} owners have to sign", facts.threshold, facts.owners.len());
            say!("{UNCHECKED}");
            return Ok(());
        }
        let safe = self.node.safe_of(&proposal).await?;
        let standing = Standing::of(&safe, &proposal).await?;
        if !self.json {
            say_all(&proposal, &names);
        }
        let warning = warn(Some(&safe), &proposal, None, self.json).await?;
        if self.json {
            return print(&with(with(json_of(&proposal, &names), json_of_standing(&standing)), warning));
        }
        say_standing(&proposal, &standing);
        Ok(())
    }
}
