//! Deploys a Consilium DAO and proves the deployment: the library behind the command `consilium`.
//!
//! [`Config`] says what the DAO shall be, [`Artifacts`] are the programs, a [`Chain`] is a node and a [`Sender`] a node
//! and a key. [`deploy`] takes these through the [`Step`]s and leaves a [`Deployment`] in a record file; [`verify`]
//! reads everything back and returns a [`Proof`]; [`renew`] keeps the programs alive. What is special about a contract is in
//! its [`Part`]: [`parts::ALL`] lists those there are, and [`Config::load_with`] takes another list.
//!
//! ```no_run
//! # async fn run(key: alloy::signers::local::PrivateKeySigner) -> eyre::Result<()> {
//! use consilium_deploy::{Artifacts, Chain, Config, Silent, deploy};
//!
//! let config = Config::load("deploy/config/devnet.toml")?;
//! let artifacts = Artifacts::load("target/stylus", &config)?;
//! let sender = Chain::connect("http://127.0.0.1:8547").await?.with_key(key)?;
//! let deployment = deploy(&sender, &config, &artifacts, "deployments".as_ref(), &mut Silent).await?;
//! # Ok(())
//! # }
//! ```

mod activation;
mod artifacts;
mod beforehand;
mod cache;
mod chain;
pub mod config;
pub mod consent;
mod contract;
mod dao;
mod deploy;
mod explain;
mod files;
mod founder;
mod founding;
pub mod json;
mod key;
mod listed;
mod logs;
pub mod mandate;
mod merkle;
mod part;
mod partial;
pub mod parts;
mod permissions;
mod plan;
mod preflight;
mod progress;
mod proof;
mod proxy;
mod record;
mod redact;
pub mod registry;
mod restricted;
pub mod revenue;
mod rows;
mod running;
pub mod safe;
pub mod shown;
pub mod signing;
mod step;
pub mod vault;

pub use artifacts::{Artifacts, Program, init_code};
pub use chain::{Chain, Sender, client};
pub use config::members::Member;
pub use config::{CREATE2_FACTORY, Clock, Config, ConfigError, Refusal, SafeName, Section, Sections, Settings};
pub use contract::{Contract, Sent};
pub use dao::Dao;
pub use deploy::{Absent, deploy, renew, verify};
pub use founder::Founder;
pub use key::{DEV_CHAIN, KeySource, dev_key};
pub use part::{Facts, Interface, List, Name, Neighbours, Office, Origin, Part, Scene, Strange, error, event};
pub use partial::abandon;
pub use parts::timelock::{Executors, Role};
pub use parts::voting_token::Holder;
pub use permissions::{Party, Permissions, Power, View, permissions, permissions_of};
pub use plan::{Plan, Planned};
pub use progress::{Progress, Silent};
pub use proof::{Check, Proof};
pub use proxy::{proxy_code, proxy_init_code};
pub use record::{Deployed, Deployment, Transaction};
pub use redact::text as without_secrets;
pub use restricted::{Proposal, Restricted, Time};
pub use rows::{BadRow, BadRows};
pub use step::{Done, Step, Stopped};
