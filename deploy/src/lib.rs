//! Deploys a Consilium DAO and proves the deployment: the library behind the command `consilium`.
//!
//! [`Config`] says what the DAO shall be, [`Artifacts`] are the programs, a [`Chain`] is a node and a [`Sender`] a node
//! and a key. [`deploy`] takes these through the [`Step`]s and leaves a [`Deployment`] in a record file; [`verify`]
//! reads everything back and returns a [`Proof`]; [`renew`] keeps the programs alive.
//!
//! ```no_run
//! # async fn run(key: alloy::signers::local::PrivateKeySigner) -> eyre::Result<()> {
//! use consilium_deploy::{Artifacts, Chain, Config, Silent, deploy};
//!
//! let config = Config::load("deploy/config/devnet.toml")?;
//! let artifacts = Artifacts::load("target/stylus")?;
//! let sender = Chain::connect("http://127.0.0.1:8547").await?.with_key(key)?;
//! let deployment = deploy(&sender, &config, &artifacts, "deployments".as_ref(), &mut Silent).await?;
//! # Ok(())
//! # }
//! ```

mod activation;
mod artifacts;
mod cache;
mod chain;
mod config;
mod deploy;
mod explain;
mod founder;
mod founding;
mod key;
mod logs;
mod plan;
mod preflight;
mod progress;
mod proof;
mod record;
mod redact;
mod roles;
mod step;

pub use artifacts::{Artifacts, Program};
pub use chain::{Chain, Sender, client};
pub use config::{
    CREATE2_FACTORY, Cache, Chain as ChainConfig, Clock, Config, ConfigError, Deployer, Executors, Governor, Holder,
    Part, Programs, Timelock, Token,
};
pub use deploy::{deploy, renew, verify};
pub use key::{DEV_CHAIN, KeySource, dev_key};
pub use plan::{Contract, Plan, Planned, Role};
pub use progress::{Progress, Silent};
pub use proof::{Check, Proof};
pub use record::{Contracts, Deployed, Deployment, Transaction};
pub use redact::text as without_secrets;
pub use step::{Done, Step};
