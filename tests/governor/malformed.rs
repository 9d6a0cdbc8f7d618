//! Functions that are not there. Damaged calldata, and ether where none is taken, are `tests/differential`'s.

use eyre::Result;

use crate::life::VOTES;
use crate::setup::Settings;
use crate::twins::Governors;

#[tokio::test]
async fn unknown_functions_are_refused() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    // The constructor's selector is among them: it runs once.
    for selector in [[0x55, 0x85, 0x25, 0x8d], [0; 4], [0xff; 4], [0xde, 0xad, 0xbe, 0xef]] {
        let call = [&selector[..], &[0; 320]].concat();
        twins.at(0, |s| (s.governor, call.clone())).await?.refused_with(&[]);
        twins.at(0, |s| (s.governor, selector.to_vec())).await?.refused_with(&[]);
        twins.at(0, |s| (s.governor, selector[..3].to_vec())).await?.refused_with(&[]);
    }
    Ok(())
}
