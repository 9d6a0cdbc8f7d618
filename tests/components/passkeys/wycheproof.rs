//! Wycheproof's vectors (data/README.md): ours, OpenZeppelin's and the precompile itself say what Wycheproof says. Only
//! the precompile takes a high `s`.

use alloy::primitives::{Address, B256, Bytes, U256, hex};
use eyre::Result;
use serde::Deserialize;

use super::key::{ORDER, twin, verify_p256};
use crate::twins::Twins;

const P256_VERIFY: Address = alloy::primitives::address!("0000000000000000000000000000000000000100");

#[derive(Deserialize)]
struct Group {
    key: Bytes,
    tests: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    valid: bool,
    hash: B256,
    r: B256,
    s: B256,
}

#[tokio::test(flavor = "multi_thread")]
async fn every_vector() -> Result<()> {
    let twins = Twins::start().await?;
    let groups: Vec<Group> = serde_json::from_str(include_str!("../data/wycheproof-p256-sha256.json"))?;
    let (mut all, mut high) = (0, 0);
    for Group { key, tests } in groups {
        for Vector { name, valid, hash, r, s } in tests {
            let is_low = U256::from_be_bytes(s.0) <= ORDER >> 1;
            let verify = |s| verify_p256(hash, r, s, &key);
            twins.call(verify(s)).await?.returned(valid && is_low);
            if valid && !is_low {
                twins.call(verify(twin(s))).await?.returned(true);
                high += 1;
            }
            let input = [hash.as_slice(), r.as_slice(), s.as_slice(), &key].concat();
            let answer = twins.chain.ask(twins.stranger, P256_VERIFY, input).await?;
            let expected = if valid { U256::ONE.to_be_bytes_vec() } else { Vec::new() };
            assert_eq!(answer.succeeded().data, expected, "{name}: {}", hex::encode(&answer.data));
            all += 1;
        }
    }
    assert_eq!((all, high), (249, 71));
    Ok(())
}
