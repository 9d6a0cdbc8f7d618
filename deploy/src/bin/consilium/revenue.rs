//! `consilium revenue`: pays in and out, builds and publishes epochs, claims, and tells who earned what.

mod claim;
mod epoch;
mod fund;
mod pay;
mod release;
mod statement;

use alloy::primitives::{Address, U256};
use clap::Subcommand;
use consilium_deploy::revenue::{Payout, Splitter, amount};
use consilium_deploy::{Name, Sender};
use eyre::Result;

use crate::at::{At, By, Restrictedly, Told};
use crate::exit::EXIT_CODES;

/// The splitter's name in a record.
const NAME: Name = Name::new("revenue-splitter");

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Pay revenue in, with its source.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Pay(pay::Pay),
    /// Give money to the pool, which epochs pay out. It is not split.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Fund(fund::Fund),
    /// Pay payees what they are due. Any account may.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Release(release::Release),
    /// Build, prove and publish epochs, which pay the pool out to any number of accounts.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Epoch {
        #[command(subcommand)]
        command: epoch::Command,
    },
    /// Claim the part of payees in an epoch by their proofs; to another account by the payee's signature.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Claim(claim::Claim),
    /// Say what an account earned from what, to the last unit. Only reads.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Statement(statement::State),
}

pub(crate) async fn run(command: Command) -> Result<()> {
    match command {
        Command::Pay(pay) => pay.run().await,
        Command::Fund(fund) => fund.run().await,
        Command::Release(release) => release.run().await,
        Command::Epoch { command } => epoch::run(command).await,
        Command::Claim(claim) => claim.run().await,
        Command::Statement(state) => state.run().await,
    }
}

impl At {
    /// The splitter there.
    async fn splitter(&self) -> Result<Splitter> {
        let (chain, contract) = self.find(NAME).await?;
        Splitter::open(&chain, contract).await
    }
}

impl By {
    async fn splitter(self) -> Result<(Splitter, Sender, Told)> {
        let splitter = self.at.splitter().await?;
        let (sender, told) = self.sender(splitter.chain())?;
        Ok((splitter, sender, told))
    }
}

impl Restrictedly {
    async fn splitter(self) -> Result<(Splitter, Option<Sender>, Told)> {
        let splitter = self.by.at.splitter().await?;
        let (sender, told) = self.sender(splitter.chain())?;
        Ok((splitter, sender, told))
    }
}

/// What an account gave up where it was paid; nothing else is said.
fn loss(payout: &Payout, token: Address) -> String {
    if payout.lost.is_zero() { String::new() } else { format!(", and {} were given up", amount(payout.lost, token)) }
}

/// An amount in wei, or a token's smallest unit.
pub(crate) fn whole(text: &str) -> Result<U256, &'static str> {
    let digits = Some(text).filter(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()));
    let number = digits.and_then(|digits| U256::from_str_radix(digits, 10).ok());
    number.ok_or("this is not a whole number that fits: write it in digits, in wei or the token's smallest unit")
}
