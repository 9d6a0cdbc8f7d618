//! Consents: acts that are signed offline and brought to the chain by anybody, the question whether somebody may see
//! data, and the access log, checked against its chain of hashes.
//!
//! | module | what it holds |
//! |---|---|
//! | `act` | the acts that can be signed: see [`crate::signing`] |
//! | `draft` | an act as a person writes it: by options or in a file |
//! | `names` | the codes of data classes and purposes |
//! | `words` | acts and answers in words |
//! | `errors` | the contract's errors in words |
//! | `relay` | brings signed acts to the chain |
//! | `narrowed` | what policy leaves of a permit |
//! | `question` | asks the contract |
//! | `log` | reads the access log |
//! | `listing` | the log for people and for programs |
//! | `verify` | checks entries of the log: a pure function |
//! | `documents` | HL7 FHIR Consents to acts, and back |
//!
//! An entry of the log is a [`fhir::Access`], so [`fhir::audit_bundle`] makes AuditEvents of entries as they are.

mod act;
mod documents;
mod draft;
mod errors;
mod listing;
mod log;
mod names;
mod narrowed;
mod question;
mod relay;
mod verify;
mod words;

use alloy::primitives::Address;
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use consilium_bindings::Consent as abi;
use eyre::{Result, ensure, eyre};

use crate::chain::Chain;
use crate::explain::{explain, revert_data};
use crate::signing::{self, Signable as _};
use errors::in_words;

pub use act::Act;
pub use documents::{Grant, consent, document, grants};
pub use draft::Draft;
pub use log::{AccessLog, read_log};
pub use names::Names;
pub use narrowed::Narrowing;
pub use question::{Answer, Question, ask};
pub use relay::{Outcome, Relayed, relay};
pub use verify::{End, Fault, Verdict, verify_log};

/// An act of the consent, signed.
pub type Signed = signing::Signed<Act>;

/// Calls a view of the contract, at a block, as an account.
async fn call<C: SolCall>(
    chain: &Chain,
    contract: Address,
    from: Address,
    view: C,
    block: u64,
) -> Result<Result<C::Return, alloy::primitives::Bytes>> {
    let request = TransactionRequest::default().from(from).to(contract).input(view.abi_encode().into());
    match chain.provider().call(request).number(block).await {
        Ok(data) => C::abi_decode_returns_validate(&data).map(Ok).map_err(|_| stranger(contract)),
        Err(error) => match revert_data(&error) {
            Some(data) => Ok(Err(data)),
            None => Err(eyre!("could not call {contract}: {}", explain(&error))),
        },
    }
}

/// The same for a view that has no reason to revert.
async fn read<C: SolCall>(chain: &Chain, contract: Address, view: C, block: u64) -> Result<C::Return> {
    let answer = call(chain, contract, Address::ZERO, view, block).await?;
    answer.map_err(|data| eyre!("{contract} refuses to answer: {}", in_words(&data)))
}

/// Refuses an address that is not a consent contract's: another contract could answer anything.
async fn expect_contract(chain: &Chain, contract: Address, block: u64) -> Result<()> {
    ensure!(
        !chain.code(contract).await?.is_empty(),
        "there is no contract at {contract} on chain {}: correct the address, or take a node of the right chain",
        chain.id()
    );
    let domain = call(chain, contract, Address::ZERO, abi::eip712DomainCall {}, block).await?;
    let domain = domain.map_err(|_| stranger(contract))?;
    ensure!(
        (domain.name.as_str(), domain.version.as_str()) == (Act::DOMAIN.name, Act::DOMAIN.version),
        stranger(contract)
    );
    Ok(())
}

fn stranger(contract: Address) -> eyre::Report {
    eyre!(
        "what stands at {contract} does not answer as a consent contract: correct the address; or its program has \
         expired, and `consilium renew` renews it"
    )
}
