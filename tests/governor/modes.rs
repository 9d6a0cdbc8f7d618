//! `COUNTING_MODE` and `CLOCK_MODE` as clients take them apart. Both are made to be read as a URL's query (JavaScript's
//! `URLSearchParams`): Tally and OpenZeppelin's documentation say so of the first, ERC-6372 of the second.

use std::collections::BTreeMap;

use consilium_deploy::Clock;
use eyre::{OptionExt, Result, ensure};
use harness::dao::Dao;

use crate::calls::*;

/// The parameters of a query, by the rules of `application/x-www-form-urlencoded`, of which these strings use no escape.
fn search_params(query: &str) -> Result<BTreeMap<&str, &str>> {
    ensure!(!query.starts_with('?') && !query.contains(['%', '+', '#', ' ']), "{query}: nothing is escaped in a mode");
    let mut found = BTreeMap::new();
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').ok_or_eyre("a parameter has a name and a value")?;
        ensure!(!name.is_empty() && !value.is_empty(), "{pair}: a parameter has a name and a value");
        ensure!(found.insert(name, value).is_none(), "{name} is given twice");
    }
    Ok(found)
}

#[tokio::test]
async fn the_modes_are_read_as_queries() -> Result<()> {
    for (clock, expected) in [
        (Clock::Timestamp, vec![("mode", "timestamp")]),
        (Clock::BlockNumber, vec![("from", "default"), ("mode", "blocknumber")]),
    ] {
        let dao = Dao::with(|config| config.token_mut().clock = clock).await?;
        let mode = dao.read(dao.governor, CLOCK_MODECall {}).await?;
        assert_eq!(search_params(&mode)?.into_iter().collect::<Vec<_>>(), expected);
        assert_eq!(clock.mode(), mode, "what the deployment proves");

        let mode = dao.read(dao.governor, COUNTING_MODECall {}).await?;
        let counting = search_params(&mode)?;
        // Bravo's numbers: 0 against, 1 for, 2 abstain; and split votes, whose parameters are named alike.
        assert_eq!(counting["support"].split(',').collect::<Vec<_>>(), ["bravo", "fractional"]);
        assert_eq!(counting["quorum"].split(',').collect::<Vec<_>>(), ["for", "abstain"]);
        assert_eq!(counting["params"], "fractional");
        assert_eq!(counting.len(), 3);
    }
    Ok(())
}
