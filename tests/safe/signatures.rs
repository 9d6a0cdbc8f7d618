//! Who signed: the four kinds of signatures, and everything that is none.

use alloy::primitives::{Address, B256, U256, keccak256};
use alloy::sol_types::{SolCall, SolError};
use consilium_bindings::Safe;
use eyre::Result;

use crate::transaction::{By, approval, call, contract, in_given_order, signatures};
use crate::twins::{Helpers, SENTINEL, Safes, event, gs};
use crate::version;

/// Half the order of secp256k1's field of exponents and the order itself: `s` of a twin is the order less `s`.
const ORDER: U256 = U256::from_limbs([0xbfd25e8cd0364141, 0xbaaedce6af48a03b, 0xfffffffffffffffe, u64::MAX]);

/// What is asked about: 66 bytes, as those of a transaction.
const DATA: [u8; 66] = [7; 66];

fn check(hash: B256, data: &[u8], signatures: Vec<u8>) -> Safe::checkSignaturesCall {
    Safe::checkSignaturesCall { dataHash: hash, data: data.to_vec().into(), signatures: signatures.into() }
}

fn check_n(signatures: Vec<u8>, count: impl TryInto<U256, Error: std::fmt::Debug>) -> Safe::checkNSignaturesCall {
    let requiredSignatures = count.try_into().expect("a number");
    let (dataHash, data) = (keccak256(DATA), DATA.to_vec().into());
    Safe::checkNSignaturesCall { dataHash, data, signatures: signatures.into(), requiredSignatures }
}

impl Safes {
    /// Checks that the signatures pass, or are refused with this, of the owners that are needed.
    async fn checked(&self, signatures: Vec<u8>, expected: Result<(), Vec<u8>>) -> Result<()> {
        let answer = self.call(2, check(keccak256(DATA), &DATA, signatures)).await?;
        match expected {
            Ok(()) => assert!(answer.succeeded().data.is_empty()),
            Err(data) => answer.refused_with(&data),
        }
        Ok(())
    }

    fn contract_says(&self, own: &[u8]) -> Vec<u8> {
        signatures(keccak256(DATA), &[By::Key(self.keys[0].clone()), By::Contract(self.signer, own.to_vec())])
    }
}

#[tokio::test]
async fn all_kinds_together() -> Result<()> {
    let safes = Safes::start().await?;
    safes.change(Safe::changeThresholdCall { threshold: U256::from(5) }).await?;
    let hash = keccak256(DATA);
    let by = [
        By::Key(safes.keys[0].clone()),
        By::EthSign(safes.keys[1].clone()),
        By::Key(safes.keys[2].clone()),
        By::Approval(safes.actors[0]),
        By::Contract(safes.signer, vec![0; 70]),
    ];
    // Who is the caller needs no approval.
    safes.call(0, check(hash, &DATA, signatures(hash, &by))).await?.succeeded();
    safes.checked(signatures(hash, &by), Err(gs(25))).await?;
    let answer = safes.call(0, Safe::approveHashCall { hashToApprove: hash }).await?;
    answer.logged([event(Safe::ApproveHash { approvedHash: hash, owner: safes.actors[0] })]);
    safes.view(Safe::approvedHashesCall { owner: safes.actors[0], hash }).await?.returned(U256::ONE);
    safes.view(Safe::approvedHashesCall { owner: safes.actors[1], hash }).await?.returned(U256::ZERO);
    safes.checked(signatures(hash, &by), Ok(())).await?;
    // Once more, and without any of the five.
    for missing in 0..by.len() {
        let mut by = by.to_vec();
        by.remove(missing);
        let signatures = signatures(hash, &by);
        let answer = safes.at(2, |side| (side.safe, check(hash, &DATA, signatures.clone()).abi_encode())).await?;
        assert!(!answer.success, "without number {missing}");
    }
    safes.execute(0, call(safes.target, []), &by).await?.returned(true);
    Ok(())
}

#[tokio::test]
async fn only_owners_approve() -> Result<()> {
    let safes = Safes::start().await?;
    let hashToApprove = B256::repeat_byte(9);
    for actor in 1..3 {
        safes.call(actor, Safe::approveHashCall { hashToApprove }).await?.refused_with(&gs(30));
    }
    // A second approval changes nothing, and is logged again.
    for _ in 0..2 {
        safes.call(0, Safe::approveHashCall { hashToApprove }).await?.succeeded();
    }
    Ok(())
}

#[tokio::test]
async fn the_order_is_that_of_the_addresses() -> Result<()> {
    let safes = Safes::start().await?;
    let hash = keccak256(DATA);
    let [a, b] = safes.two();
    safes.checked(in_given_order(hash, &[a.clone(), b.clone()]), Ok(())).await?;
    safes.checked(in_given_order(hash, &[b.clone(), a.clone()]), Err(gs(26))).await?;
    safes.checked(in_given_order(hash, &[a.clone(), a.clone()]), Err(gs(26))).await?;
    // More than are needed are not looked at.
    safes.checked(in_given_order(hash, &[a.clone(), b.clone(), a.clone()]), Ok(())).await?;
    let mut more = in_given_order(hash, &[a, b]);
    more.extend([0xff; 7]);
    safes.checked(more, Ok(())).await
}

#[tokio::test]
async fn who_is_no_owner_does_not_sign() -> Result<()> {
    let safes = Safes::start().await?;
    let hash = keccak256(DATA);
    let a = By::Key(safes.keys[0].clone());
    for stranger in [By::Key(safes.keys[6].clone()), By::EthSign(safes.keys[6].clone())] {
        safes.checked(signatures(hash, &[a.clone(), stranger]), Err(gs(26))).await?;
    }
    // The caller signs by sending, if it is an owner.
    let low = By::Approval(safes.actors[2]);
    safes.checked(signatures(hash, &[a.clone(), low]), Err(gs(26))).await?;
    for nobody in [Address::ZERO, SENTINEL] {
        safes.checked([approval(nobody), approval(nobody)].concat(), Err(gs(25))).await?;
    }
    Ok(())
}

#[tokio::test]
async fn signatures_of_keys_that_are_none() -> Result<()> {
    let safes = Safes::start().await?;
    let hash = keccak256(DATA);
    let good = signatures(hash, &safes.two());
    // Every `v` but the right one of the first signature.
    for v in (0..=u8::MAX).filter(|v| Some(*v) != version::ONLY_OURS) {
        let mut bad = good.clone();
        bad[64] = v;
        let answer = safes.at(2, |side| (side.safe, check(hash, &DATA, bad.clone()).abi_encode())).await?;
        assert_eq!(answer.success, v == good[64], "v = {v}");
    }
    for (at, byte) in [(0, 0xff), (31, 1), (32, 0xff), (63, 2), (65, 7)] {
        let mut bad = good.clone();
        bad[at] ^= byte;
        safes.checked(bad, Err(gs(26))).await?;
    }
    for (r, s) in [(U256::ZERO, U256::ZERO), (U256::MAX, U256::ONE), (U256::ONE, ORDER), (ORDER, U256::ONE)] {
        let mut bad = good.clone();
        bad[..32].copy_from_slice(&r.to_be_bytes::<32>());
        bad[32..64].copy_from_slice(&s.to_be_bytes::<32>());
        safes.checked(bad, Err(gs(26))).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_signature_s_twin_is_as_good_and_counts_once() -> Result<()> {
    let safes = Safes::start().await?;
    let hash = keccak256(DATA);
    let good = signatures(hash, &safes.two());
    let mut twin = good.clone();
    let s = U256::from_be_slice(&good[32..64]);
    twin[32..64].copy_from_slice(&(ORDER - s).to_be_bytes::<32>());
    twin[64] = 27 + 28 - good[64];
    safes.checked(twin.clone(), Ok(())).await?;
    // Both are of one owner.
    safes.checked([&good[..65], &twin[..65]].concat(), Err(gs(26))).await
}

#[tokio::test]
async fn too_few_signatures() -> Result<()> {
    let safes = Safes::start().await?;
    let good = signatures(keccak256(DATA), &safes.two());
    for length in [0, 1, 64, 65, 66, 129] {
        safes.checked(good[..length].to_vec(), Err(gs(20))).await?;
    }
    // As many as the caller says.
    safes.call(2, check_n(good.clone(), U256::from(2))).await?.succeeded();
    safes.call(2, check_n(good.clone(), U256::from(1))).await?.succeeded();
    safes.call(2, check_n(good.clone(), U256::from(3))).await?.refused_with(&gs(20));
    safes.call(2, check_n(Vec::new(), U256::ZERO)).await?.succeeded();
    let most = U256::MAX / U256::from(65);
    safes.call(2, check_n(good.clone(), most)).await?.refused_with(&gs(20));
    for more in [most + U256::ONE, U256::MAX, U256::ONE << 255] {
        safes.call(2, check_n(good.clone(), more)).await?.refused_with(&[]);
    }
    Ok(())
}

#[tokio::test]
async fn a_contract_says_whether_it_signed() -> Result<()> {
    let safes = Safes::start().await?;
    let hash = keccak256(DATA);
    for own in [vec![], vec![0], vec![0; 32], vec![0; 33], vec![5; 31], vec![4]] {
        safes.checked(safes.contract_says(&own), Ok(())).await?;
    }
    safes.checked(safes.contract_says(&[1]), Err(gs(24))).await?;
    safes.checked(safes.contract_says(&[2]), Err(Helpers::Refused { hash }.abi_encode())).await?;
    for short in [3, 7] {
        safes.checked(safes.contract_says(&[short]), Err(vec![])).await?;
    }
    safes.checked(safes.contract_says(&[&[6], &hash[..]].concat()), Ok(())).await?;
    safes.checked(safes.contract_says(&[&[6], &[0; 32][..]].concat()), Err(gs(24))).await?;
    // Where it is asked about the data, the data must be what the hash is of.
    for data in [&DATA[1..], &[]] {
        let answer = safes.call(2, check(hash, data, safes.contract_says(&[0]))).await?;
        if version::IS_OLD {
            answer.refused_with(&gs(27));
        } else {
            answer.succeeded();
        }
    }
    // Keys sign the hash alone.
    safes.call(2, check(hash, &[], signatures(hash, &safes.two()))).await?.succeeded();
    Ok(())
}

#[tokio::test]
async fn a_contract_s_signature_of_a_transaction() -> Result<()> {
    let safes = Safes::start().await?;
    let own = |kind: u8| [By::Key(safes.keys[0].clone()), By::Contract(safes.signer, vec![kind])];
    safes.execute(2, call(safes.target, []), &own(0)).await?.returned(true);
    safes.execute(2, call(safes.target, []), &own(1)).await?.refused_with(&gs(24));
    // The nonce is used up when the contract is asked.
    let by = [By::Key(safes.keys[0].clone()), By::Contract(safes.signer, vec![8, 2])];
    safes.execute(2, call(safes.target, []), &by).await?.returned(true);
    let by = [By::Key(safes.keys[0].clone()), By::Contract(safes.signer, vec![8, 2])];
    safes.execute(2, call(safes.target, []), &by).await?.refused_with(&gs(24));
    Ok(())
}

#[tokio::test]
async fn an_account_without_code_says_nothing() -> Result<()> {
    let safes = Safes::start().await?;
    let hash = keccak256(DATA);
    let by = [By::Contract(safes.keys[0].address(), vec![]), By::Key(safes.keys[1].clone())];
    safes.checked(signatures(hash, &by), Err(vec![])).await?;
    // One that has code and no such function.
    let by = [By::Contract(safes.actors[0], vec![]), By::Key(safes.keys[1].clone())];
    safes.checked(signatures(hash, &by), Err(vec![])).await
}

#[tokio::test]
async fn where_a_contract_s_signature_may_be() -> Result<()> {
    let safes = Safes::start().await?;
    // One signature is needed, the contract's.
    let owner = safes.signer;
    let tail = |own: &[u8]| [&U256::from(own.len()).to_be_bytes::<32>()[..], own].concat();
    let at = |place: U256, behind: Vec<u8>| {
        let head = [&owner.into_word()[..], &place.to_be_bytes::<32>(), &[0]].concat();
        check_n([head, behind].concat(), U256::ONE)
    };
    let number = U256::from;
    safes.call(2, at(number(65), tail(&[0]))).await?.succeeded();
    safes.call(2, at(number(70), [vec![9; 5], tail(&[0])].concat())).await?.succeeded();
    for inside in [0, 1, 32, 64] {
        safes.call(2, at(number(inside), tail(&[0]))).await?.refused_with(&gs(21));
    }
    // The length itself is beyond the end.
    for beyond in [number(66), number(67), number(98), number(1000), U256::MAX - number(31) - U256::ONE] {
        safes.call(2, at(beyond, vec![0; 32])).await?.refused_with(&gs(22));
    }
    for beyond in [U256::MAX - number(31), U256::MAX] {
        safes.call(2, at(beyond, vec![0; 32])).await?.refused_with(&[]);
    }
    safes.call(2, at(number(65), vec![])).await?.refused_with(&gs(22));
    // What has the length is beyond the end.
    let length = |length: U256| [&length.to_be_bytes::<32>()[..], &[0; 3]].concat();
    safes.call(2, at(number(65), length(number(3)))).await?.succeeded();
    for beyond in [number(4), number(1000), U256::MAX - number(97)] {
        safes.call(2, at(number(65), length(beyond))).await?.refused_with(&gs(23));
    }
    for beyond in [U256::MAX - number(96), U256::MAX] {
        safes.call(2, at(number(65), length(beyond))).await?.refused_with(&[]);
    }
    // An address with more bits than an address has: they do not count.
    let mut dirty = [contract(owner, 65), tail(&[0])].concat();
    dirty[0] = 0xff;
    safes.call(2, check_n(dirty, U256::ONE)).await?.succeeded();
    Ok(())
}

/// Two contracts share one signature of theirs, or one lies within the other: each reads its own part, as in Safe
/// 1.4.1.
#[tokio::test]
async fn contracts_signatures_may_overlap_each_other() -> Result<()> {
    let safes = Safes::start().await?;
    let second = harness::peers::create(&safes.chain, "SafeSigner", &[]).await?;
    safes.know(second);
    safes.change(Safe::addOwnerWithThresholdCall { owner: second, threshold: U256::from(2) }).await?;
    let mut owners = [safes.signer, second];
    owners.sort();
    let with = |places: [usize; 2], behind: &[u8]| {
        let heads = [contract(owners[0], places[0]), contract(owners[1], places[1])].concat();
        check_n([&heads[..], behind].concat(), U256::from(2))
    };
    let word = |number: u64| U256::from(number).to_be_bytes::<32>();
    safes.call(2, with([130, 130], &[&word(1)[..], &[0]].concat())).await?.succeeded();
    safes.call(2, with([130, 162], &[&word(33)[..], &word(0), &[0]].concat())).await?.succeeded();
    // Inside of the second signature.
    safes.call(2, with([130, 65], &[&word(1)[..], &[0]].concat())).await?.refused_with(&gs(21));
    safes.call(2, with([129, 130], &[&word(1)[..], &[0]].concat())).await?.refused_with(&gs(21));
    Ok(())
}
