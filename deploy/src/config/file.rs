//! The shape of the file: its keys and their types, each with its place for the checks to point at.
//!
//! `deploy/config/devnet.toml` documents every key.

use serde::Deserialize;
use toml::Spanned;

use super::error::Refusal;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) chain: Chain,
    pub(super) token: Token,
    pub(super) governor: Governor,
    pub(super) timelock: Timelock,
    pub(super) council: Council,
    pub(super) cache: Cache,
    #[serde(default)]
    pub(super) programs: Programs,
    #[serde(default)]
    pub(super) deployer: Deployer,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Chain {
    pub(super) id: Spanned<u64>,
    pub(super) salt: Spanned<String>,
    pub(super) create2_factory: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Token {
    pub(super) name: Spanned<String>,
    pub(super) symbol: Spanned<String>,
    pub(super) supply: Spanned<String>,
    pub(super) clock: Spanned<String>,
    pub(super) holders: Spanned<Vec<Holder>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Holder {
    pub(super) address: Spanned<String>,
    pub(super) amount: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Governor {
    pub(super) name: Spanned<String>,
    pub(super) voting_delay: Spanned<u64>,
    pub(super) voting_period: Spanned<u64>,
    pub(super) proposal_threshold: Spanned<String>,
    pub(super) quorum_percent: Spanned<u64>,
    pub(super) super_quorum_percent: Spanned<u64>,
    pub(super) late_quorum_extension: Spanned<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Timelock {
    pub(super) min_delay: Spanned<u64>,
    pub(super) executors: Spanned<Vec<Spanned<String>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Council {
    pub(super) guardian: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cache {
    pub(super) max_bid: Spanned<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Programs {
    pub(super) least_days: Option<Spanned<u64>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Deployer {
    #[serde(default)]
    pub(super) may_be: Vec<Spanned<String>>,
}

/// Reads a text of this shape.
pub(super) fn read(text: &str) -> Result<File, Refusal> {
    toml::from_str(text).map_err(|error| Refusal {
        span: error.span().unwrap_or_default(),
        reason: error.message().replace('\n', ", "),
    })
}
