//! `consilium registry`: batches of pointers, made and proven offline, and the registry on a chain.

mod batch;

use clap::Subcommand;
use eyre::Result;

use crate::EXIT_CODES;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make a batch of a list of pointers: its Merkle root, its manifest and its proofs. Asks no node.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Batch(batch::Make),
    /// Print a pointer of a batch and its proof. Asks no node.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Prove(batch::Prove),
}

pub(crate) async fn run(command: Command) -> Result<()> {
    match command {
        Command::Batch(make) => make.run(),
        Command::Prove(prove) => prove.run(),
    }
}
