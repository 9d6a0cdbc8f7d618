//! Asks for the keys of many records in few transactions.

use std::path::Path;

use alloy::primitives::{Address, B256};
use alloy::sol_types::SolEventInterface;
use consilium_bindings::DataPointerRegistry::{self as abi, DataPointerRegistryEvents as Events};
use eyre::Result;

use super::access::Request;
use super::errors::in_words;
use super::node::Registry;
use crate::chain::Sender;
use crate::consent::Names;
use crate::contract::Sent;
use crate::rows::{self, BadRows, Kind};

/// What the rows of a list of requests are.
#[derive(Clone, Copy, Debug)]
struct Requests;

impl Kind for Requests {
    const NAME: &'static str = "request";
    const FIELDS: &'static [&'static str] = &["id", "purpose", "onBehalfOf", "encryptionKey"];
    const MEMBERS: usize = 4;
    const NEEDED: &'static [&'static str] = &["id"];
}

/// What a row of a list means that does not say it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unless {
    /// What for.
    pub purpose: Option<u8>,
    /// The organisation that the sender acts for; zero for nobody else.
    pub on_behalf_of: Address,
    /// The key to wrap for.
    pub encryption_key: Option<B256>,
}

/// A list of requests.
#[derive(Clone, Debug)]
pub enum Listed {
    /// The requests, in the list's order.
    Requests(Vec<abi::Request>),
    /// There are bad rows.
    Refused(BadRows),
}

/// Reads a list of requests.
///
/// # Errors
/// If it cannot be read. Bad rows are told by [`Listed::Refused`].
pub fn read_requests(list: &Path, names: &Names, unless: &Unless) -> Result<Listed> {
    let (mut bad, mut found) = (BadRows::default(), Vec::new());
    rows::read(list, |(line, row): rows::Found<'_, Requests>| {
        bad.rows += 1;
        match row.and_then(|draft| request(&draft, names, unless)) {
            Ok(request) => found.push((line, request)),
            Err(reason) => bad.complain(line, reason),
        }
        Ok(())
    })?;
    // The registry takes the same only once in a second.
    let key = |(_, request): &(u64, abi::Request)| {
        let abi::Request { id, purpose, onBehalfOf: organisation, encryptionKey: key } = *request;
        (id, purpose, organisation, key)
    };
    let mut sorted: Vec<_> = found.iter().collect();
    sorted.sort_by_key(|row| (key(row), row.0));
    bad.complain_of_twins(&sorted, |a, b| key(a) == key(b), |row| row.0, Requests::NAME);
    Ok(if bad.count > 0 {
        Listed::Refused(bad)
    } else {
        Listed::Requests(found.into_iter().map(|(_, request)| request).collect())
    })
}

fn request(draft: &rows::Draft<'_, Requests>, names: &Names, unless: &Unless) -> Result<abi::Request, String> {
    let lacks = |name, option| format!("it lacks `{name}`: write it, or give {option} for all");
    let purpose = draft.get("purpose").map(|code| names.purpose(code)).transpose()?.or(unless.purpose);
    let key = draft.word("encryptionKey")?.or(unless.encryption_key);
    let organisation = draft.get("onBehalfOf").map(|_| draft.account("onBehalfOf")).transpose()?;
    Ok(abi::Request {
        id: draft.word("id")?.ok_or_else(|| rows::lacks("id"))?,
        purpose: purpose.ok_or_else(|| lacks("purpose", "--purpose"))?,
        onBehalfOf: organisation.unwrap_or(unless.on_behalf_of),
        encryptionKey: key.ok_or_else(|| lacks("encryptionKey", "--encryption-key or --key-file"))?,
    })
}

/// Asks for the keys of several records in one transaction: of each, the request, or why there is none. What would be
/// refused is left out, and there is no transaction where all would.
///
/// # Errors
/// If the node does not answer.
pub async fn request_many(
    registry: &Registry,
    sender: &Sender,
    requests: &[abi::Request],
) -> Result<(Vec<Result<Request, String>>, Option<Sent>)> {
    let (chain, account) = (sender.chain(), sender.account());
    let call = abi::requestAccessManyCall { requests: requests.to_vec() };
    let ids = registry.ask(chain, account, call).await?;
    let (mut outcomes, mut good) = (Vec::new(), Vec::new());
    for (request, id) in requests.iter().zip(ids) {
        let abi::Request { id: pointer, purpose, onBehalfOf: organisation, encryptionKey: key } = *request;
        let alone = abi::requestAccessCall { id: pointer, purpose, onBehalfOf: organisation, encryptionKey: key };
        if id.is_zero()
            && let Err(reason) = registry.ask(chain, account, alone).await
        {
            outcomes.push(Some(Err(format!("{reason:#}"))));
            continue;
        }
        outcomes.push(None);
        good.push(request.clone());
    }
    let mut sent = None;
    let mut told = Vec::new();
    if !good.is_empty() {
        let receipt = registry.send(&sender.once(), abi::requestAccessManyCall { requests: good }).await?;
        let block = receipt.block_number.unwrap_or_default();
        let own = receipt.logs().iter().filter(|log| log.address() == registry.address());
        // One event of each, in their order.
        told.extend(own.filter_map(|log| match Events::decode_log(&log.inner).ok()?.data {
            Events::AccessRequested(event) => Some(Ok(Request::of(&event, block))),
            Events::AccessSkipped(event) => Some(Err(in_words(&event.reason))),
            _ => None,
        }));
        sent = Some(Sent::of(&receipt));
    }
    let unheard = || Err("the transaction does not tell of it: look at it by another node".to_owned());
    let mut told = told.into_iter();
    let outcomes = outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(|| told.next().unwrap_or_else(unheard)));
    Ok((outcomes.collect(), sent))
}
