//! Owners with a key on P-256, as the release after 1.5.0 has them. Safe 1.5.0 has none, so ours is looked at alone.

use alloy::primitives::{Address, B256, U256, keccak256};
use alloy::signers::SignerSync;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::SolCall;
use consilium_bindings::{Safe, SafeV15};
use eyre::Result;
use harness::answer::Answer;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::ecdsa::{Signature, SigningKey};
use sha2::{Digest, Sha256};

use crate::transaction::{By, SafeTx, call, in_given_order};
use crate::twins::{Helpers, Safes, gs, key};

/// The order of P-256.
const ORDER: U256 = U256::from_limbs([0xf3b9cac2fc632551, 0xbce6faada7179e84, 0xffffffffffffffff, 0xffffffff00000000]);
/// The prime of P-256's field.
const FIELD: U256 = U256::from_limbs([u64::MAX, 0xffffffff, 0, 0xffffffff00000001]);

const HASH: B256 = B256::repeat_byte(0x25);

/// A key on P-256.
struct Device(SigningKey);

impl Device {
    fn new(name: &str) -> Self {
        Self(SigningKey::from_slice(keccak256(name).as_slice()).expect("below the order"))
    }

    /// `qx ‖ qy`.
    fn public(&self) -> [u8; 64] {
        self.0.verifying_key().to_encoded_point(false).as_bytes()[1..].try_into().expect("two words")
    }

    fn address(&self) -> Address {
        address(&self.public())
    }

    /// `r ‖ s ‖ qx ‖ qy`, with the low `s`.
    fn sign(&self, hash: B256) -> Vec<u8> {
        let signature: Signature = self.0.sign_prehash(hash.as_slice()).expect("signs");
        let signature = signature.normalize_s().unwrap_or(signature);
        [signature.to_bytes().as_slice(), &self.public()].concat()
    }
}

fn address(public: &[u8]) -> Address {
    Address::from_word(keccak256(public))
}

/// The 65 bytes of a signature whose 128 are at `at`.
fn head(owner: Address, at: impl TryInto<U256, Error: std::fmt::Debug>) -> Vec<u8> {
    let at: U256 = at.try_into().expect("a place");
    [&owner.into_word()[..], &at.to_be_bytes::<32>(), &[2]].concat()
}

/// One signature, and what is behind it.
fn alone(owner: Address, behind: &[u8]) -> Vec<u8> {
    [&head(owner, U256::from(65))[..], behind].concat()
}

/// The same signature with the other `s`.
fn twin(signature: &[u8]) -> Vec<u8> {
    let s = ORDER - U256::from_be_slice(&signature[32..64]);
    [&signature[..32], &s.to_be_bytes::<32>(), &signature[64..]].concat()
}

/// Safes with these owners too, of whom one has to sign.
async fn with_owners(owners: &[Address]) -> Result<Safes> {
    let safes = Safes::start().await?;
    for owner in owners {
        let (owner, threshold) = (*owner, U256::from(2));
        safes.change(Safe::addOwnerWithThresholdCall { owner, threshold }).await?;
    }
    Ok(safes)
}

impl Safes {
    /// What ours says to signatures of so many.
    async fn asked(&self, signatures: Vec<u8>, needed: u64) -> Result<Answer> {
        let call = SafeV15::checkNSignatures_0Call {
            executor: Address::ZERO,
            dataHash: HASH,
            signatures: signatures.into(),
            requiredSignatures: U256::from(needed),
        };
        self.chain.ask(Address::ZERO, self.ours.safe, call.abi_encode()).await
    }

    async fn passes(&self, signatures: Vec<u8>) -> Result<()> {
        assert!(self.asked(signatures, 1).await?.succeeded().data.is_empty());
        Ok(())
    }

    async fn refuses(&self, signatures: Vec<u8>, number: u16) -> Result<()> {
        self.asked(signatures, 1).await?.refused_with(&gs(number));
        Ok(())
    }
}

/// All five kinds sign one transaction, those with bytes behind them in any order of these.
#[tokio::test]
async fn it_signs_together_with_all_other_kinds() -> Result<()> {
    let device = Device::new("a phone");
    let safes = with_owners(&[device.address()]).await?;
    safes.change(Safe::changeThresholdCall { threshold: U256::from(5) }).await?;
    let safe = safes.ours.safe;
    let log = Helpers::logCall { data: b"signed by a phone".into() }.abi_encode();
    for (nonce, is_first) in [(2, true), (3, false)] {
        let tx = SafeTx { nonce: U256::from(nonce), ..call(safes.target, log.clone()) };
        let hash = tx.hash(safe);
        let approve = Safe::approveHashCall { hashToApprove: hash }.abi_encode();
        safes.at(0, |side| (side.safe, approve.clone())).await?.succeeded();
        let mut owners = vec![
            By::Key(safes.keys[0].clone()),
            By::EthSign(safes.keys[1].clone()),
            By::Approval(safes.actors[0]),
            By::Contract(safes.signer, vec![0; 50]),
        ];
        owners.sort_by_key(By::address);
        let (mut heads, mut behind) = (Vec::new(), Vec::new());
        let (own, length) = (device.sign(hash), 5 * 65);
        let of_contract = [&U256::from(50).to_be_bytes::<32>()[..], &[0; 50]].concat();
        let (at_device, at_contract) =
            if is_first { (length, length + 128) } else { (length + of_contract.len(), length) };
        for part in if is_first { [&own, &of_contract] } else { [&of_contract, &own] } {
            behind.extend(part);
        }
        for by in &owners {
            let part = match by {
                By::Contract(owner, _) => crate::transaction::contract(*owner, at_contract),
                other => in_given_order(hash, std::slice::from_ref(other)),
            };
            heads.push((by.address(), part));
        }
        heads.push((device.address(), head(device.address(), U256::from(at_device))));
        heads.sort_by_key(|(owner, _)| *owner);
        let heads: Vec<_> = heads.into_iter().flat_map(|(_, part)| part).collect();
        let receipt = safes.sender.send(safe, tx.execution([heads, behind].concat())).await?;
        assert!(receipt.status(), "nonce {nonce}");
        assert_eq!(harness::answer::events::<Helpers::Did>(&receipt, safes.target)?.len(), 1);
    }
    Ok(())
}

#[tokio::test]
async fn a_signature_is_of_one_key_and_one_hash() -> Result<()> {
    let (device, other) = (Device::new("a phone"), Device::new("another phone"));
    let safes = with_owners(&[device.address(), other.address()]).await?;
    let (owner, good) = (device.address(), device.sign(HASH));
    safes.passes(alone(owner, &good)).await?;
    // Of another hash; of the hash hashed again, as most devices do with a message.
    safes.refuses(alone(owner, &device.sign(B256::ZERO)), 28).await?;
    let again = B256::from_slice(&Sha256::digest(HASH));
    safes.refuses(alone(owner, &device.sign(again)), 28).await?;
    // Another key, its own name, and the two mixed.
    safes.refuses(alone(owner, &other.sign(HASH)), 28).await?;
    safes.passes(alone(other.address(), &other.sign(HASH))).await?;
    safes.refuses(alone(owner, &[&other.sign(HASH)[..64], &good[64..]].concat()), 28).await?;
    safes.refuses(alone(other.address(), &[&good[..64], &other.sign(HASH)[64..]].concat()), 28).await?;
    // Each byte counts.
    for at in [0, 31, 32, 63, 64, 95, 96, 127] {
        let mut bad = good.clone();
        bad[at] ^= 1;
        safes.refuses(alone(owner, &bad), 28).await?;
    }
    // Halves that are no numbers of the order, and swapped.
    let word = |number: U256| number.to_be_bytes::<32>();
    for (r, s) in [(U256::ZERO, U256::ONE), (U256::ONE, U256::ZERO), (ORDER, U256::ONE), (U256::ONE, ORDER)] {
        safes.refuses(alone(owner, &[&word(r)[..], &word(s), &good[64..]].concat()), 28).await?;
    }
    safes.refuses(alone(owner, &[&good[32..64], &good[..32], &good[64..]].concat()), 28).await?;
    // Not an owner, with a good signature.
    let stranger = Device::new("a stranger's phone");
    safes.refuses(alone(stranger.address(), &stranger.sign(HASH)), 26).await?;
    Ok(())
}

/// As with other keys, a signature has a twin; the order of the signers keeps an owner from counting twice.
#[tokio::test]
async fn either_half_of_s_is_taken_and_counts_once() -> Result<()> {
    let device = Device::new("a phone");
    let safes = with_owners(&[device.address()]).await?;
    let (owner, good) = (device.address(), device.sign(HASH));
    let other = twin(&good);
    assert_ne!(good, other);
    safes.passes(alone(owner, &other)).await?;
    let both = [head(owner, U256::from(130)), head(owner, U256::from(258)), good, other].concat();
    safes.asked(both, 2).await?.refused_with(&gs(26));
    Ok(())
}

/// An owner's address can be that of 64 bytes that are no key on P-256: nobody signs for it so.
#[tokio::test]
async fn bytes_that_are_no_point_sign_nothing() -> Result<()> {
    let device = Device::new("a phone");
    let public = device.public();
    let mut beside = public;
    beside[63] ^= 1;
    // The same point with a coordinate that is not below the field's prime, where there is such a number.
    let beyond = U256::from_be_slice(&public[..32]).checked_add(FIELD);
    let beyond = beyond.map(|x| [&x.to_be_bytes::<32>()[..], &public[32..]].concat());
    for point in [vec![0; 64], beside.to_vec(), vec![0xff; 64]].into_iter().chain(beyond) {
        let owner = address(&point);
        let safes = with_owners(&[owner]).await?;
        let signature = [&device.sign(HASH)[..64], &point].concat();
        safes.refuses(alone(owner, &signature), 28).await?;
    }
    Ok(())
}

/// The address of a key on secp256k1 is made alike. Its owner's public key is known, and is no point on P-256.
#[tokio::test]
async fn an_account_s_public_key_signs_nothing() -> Result<()> {
    let safes = Safes::start().await?;
    let owner: &PrivateKeySigner = &safes.keys[0];
    let public = owner.credential().verifying_key().to_encoded_point(false).as_bytes()[1..].to_vec();
    assert_eq!(address(&public), owner.address());
    for rs in [owner.sign_hash_sync(&HASH)?.as_bytes()[..64].to_vec(), Device::new("a phone").sign(HASH)[..64].to_vec()]
    {
        safes.refuses(alone(owner.address(), &[rs, public.clone()].concat()), 28).await?;
    }
    Ok(())
}

#[tokio::test]
async fn its_bytes_are_behind_all_signatures_and_before_the_end() -> Result<()> {
    let device = Device::new("a phone");
    let safes = with_owners(&[device.address()]).await?;
    let (owner, good) = (device.address(), device.sign(HASH));
    let at = |place: U256, behind: &[u8]| [&head(owner, place)[..], behind].concat();
    let number = U256::from;
    // Anywhere behind, and with anything around.
    safes.passes(at(number(72), &[&[9; 7][..], &good, &[1; 9]].concat())).await?;
    for inside in [0, 1, 32, 63, 64] {
        safes.refuses(at(number(inside), &good), 21).await?;
    }
    for beyond in [number(66), number(193), number(1000), number(u64::MAX), U256::MAX - number(128)] {
        safes.refuses(at(beyond, &good), 27).await?;
    }
    safes.refuses(at(number(65), &good[..127]), 27).await?;
    safes.refuses(at(number(65), &[]), 27).await?;
    // A sum that is no number.
    for beyond in [U256::MAX - number(127), U256::MAX] {
        safes.asked(at(beyond, &good), 1).await?.refused_with(&[]);
    }
    // The place is behind as many signatures as are looked at.
    let two = |place: u64| [&head(owner, number(place))[..], &head(owner, number(place)), &good].concat();
    safes.asked(two(130), 1).await?.succeeded();
    safes.asked(two(129), 2).await?.refused_with(&gs(21));
    safes.asked(two(130), 2).await?.refused_with(&gs(26));
    // Its own second signature, read as a key: it has another address.
    safes.asked(two(65), 1).await?.refused_with(&gs(28));
    Ok(())
}

/// Of the word with the owner 20 bytes count; and they have to be those of the key.
#[tokio::test]
async fn the_owner_is_named_and_is_the_key_s() -> Result<()> {
    let device = Device::new("a phone");
    let safes = with_owners(&[device.address()]).await?;
    let good = device.sign(HASH);
    let mut dirty = alone(device.address(), &good);
    dirty[0] = 0xff;
    safes.passes(dirty).await?;
    for owner in [safes.keys[0].address(), Address::ZERO, Address::with_last_byte(1), safes.ours.safe] {
        safes.refuses(alone(owner, &good), 28).await?;
    }
    Ok(())
}

/// What a contract's signature says is not read as a key's, and a key's not as a contract's, where both share bytes.
#[tokio::test]
async fn bytes_may_be_shared_with_a_contract_s_signature() -> Result<()> {
    let device = Device::new("a phone");
    let safes = with_owners(&[device.address()]).await?;
    let mut owners = [device.address(), safes.signer];
    owners.sort();
    // The contract's signature is 128 bytes long, and is the key's.
    let behind = [&U256::from(128).to_be_bytes::<32>()[..], &device.sign(HASH)].concat();
    let heads = owners.map(|owner| {
        if owner == safes.signer { crate::transaction::contract(owner, 130) } else { head(owner, U256::from(162)) }
    });
    safes.asked([heads.concat(), behind].concat(), 2).await?.succeeded();
    Ok(())
}

/// Safe 1.5.0 knows no such key: there a signature that ends in 2 is nobody's.
#[tokio::test]
async fn safe_1_5_0_has_none() -> Result<()> {
    let device = Device::new("a phone");
    let safes = with_owners(&[device.address()]).await?;
    let call = SafeV15::checkNSignatures_0Call {
        executor: Address::ZERO,
        dataHash: HASH,
        signatures: alone(device.address(), &device.sign(HASH)).into(),
        requiredSignatures: U256::ONE,
    };
    let [ours, peer] = safes.apart(2, |side| (side.safe, call.abi_encode())).await?;
    ours.succeeded();
    peer.refused_with(&gs(26));
    // Nor is it one of the other kinds here: an approval or a key does not lend it a hand.
    let owner = key(0).address();
    safes.refuses(alone(owner, &[0; 128]), 28).await?;
    Ok(())
}
