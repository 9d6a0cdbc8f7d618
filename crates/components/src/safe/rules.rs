//! The rules, without a chain: what is signed, where a contract's signature is, how much gas is needed, what is paid.
//!
//! Safe is Solidity of a time when numbers wrapped round, except where it says otherwise. Nothing that owners
//! sign by mistake comes near such a number; what wraps there wraps here.

use alloy_primitives::{Address, B256, U256, b256, keccak256, uint};
use consilium_abi::{Constant, Revert, ensure, word_of};

use super::reasons::{CONTRACT_SIGNATURE_BEYOND, CONTRACT_SIGNATURE_LENGTH_BEYOND, Gs, SIGNATURE_INSIDE};

/// The hash of `EIP712Domain(uint256 chainId,address verifyingContract)`.
const DOMAIN_TYPE_HASH: Constant =
    Constant::new(b256!("47e79534a245952e8b16893a336b85a3d9ea9fa8c573f3d803afb92a79469218"));
/// The hash of `SafeTx(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,`
/// `uint256 gasPrice,address gasToken,address refundReceiver,uint256 nonce)`.
const TRANSACTION_TYPE_HASH: Constant =
    Constant::new(b256!("bb8310d486368db6bd6f849402fdd73ad53d316b5a4b2644ad6efe0f941286d8"));

/// The bytes of a signature.
pub(super) const SIGNATURE: usize = 65;
/// The bytes of what is signed.
pub(super) const TO_BE_SIGNED: usize = 66;

/// Gas that is kept back at a transaction's call: its first touch of the target, 2,600; its event, about 1,800, which
/// has to be logged where the call used up all it got; the entrypoint's end, which asks for 2,300. Safe in Solidity
/// keeps 2,500, of the time before a first touch cost so much.
const RESERVE: u64 = 8_000;
/// The same for ether that goes along: 9,000, and the 2,300 for its receiver, which a program pays for.
const RESERVE_FOR_ETHER: u64 = 11_300;

const ONE: U256 = uint!(1_U256);

/// What a transaction does with its target. The numbers are the ABI's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Operation {
    /// Calls it.
    Call = 0,
    /// Runs its code in the Safe's own storage.
    DelegateCall = 1,
}

impl Operation {
    /// A number above 1 is refused without data.
    ///
    /// # Errors
    /// As above.
    #[inline]
    pub fn of(number: u8) -> Result<Self, Revert> {
        match number {
            0 => Ok(Self::Call),
            1 => Ok(Self::DelegateCall),
            _ => Err(Revert::empty()),
        }
    }
}

/// What owners sign, but for the nonce.
#[derive(Clone, Copy, Debug)]
pub(super) struct Transaction<'a> {
    /// The target.
    pub to: Address,
    /// The wei to send along.
    pub value: U256,
    /// The calldata.
    pub data: &'a [u8],
    /// What is done with the target.
    pub operation: u8,
    /// Gas that the call is promised.
    pub safe_tx_gas: U256,
    /// Gas that is paid for in addition to what the call used.
    pub base_gas: U256,
    /// What a unit of gas is paid; zero for no refund.
    pub gas_price: U256,
    /// What is paid in; zero for ether.
    pub gas_token: Address,
    /// Who is paid; zero for whoever sent the transaction.
    pub refund_receiver: Address,
}

impl Transaction<'_> {
    /// EIP-712's hash of it with its nonce.
    #[inline]
    pub(super) fn hash(&self, nonce: U256) -> B256 {
        // Word by word: in an encoder it costs 200 gas more.
        let words = [
            TRANSACTION_TYPE_HASH.word(),
            self.to.into_word().0,
            word_of(self.value),
            keccak256(self.data).0,
            word_of(U256::from(self.operation)),
            word_of(self.safe_tx_gas),
            word_of(self.base_gas),
            word_of(self.gas_price),
            self.gas_token.into_word().0,
            self.refund_receiver.into_word().0,
            word_of(nonce),
        ];
        keccak256(words.as_flattened())
    }
}

/// EIP-712's hash of this Safe on this chain.
#[inline]
pub(super) fn domain_separator(chain_id: u64, safe: Address) -> B256 {
    keccak256([DOMAIN_TYPE_HASH.word(), word_of(U256::from(chain_id)), safe.into_word().0].as_flattened())
}

/// What is hashed to be signed.
#[inline]
pub(super) fn to_be_signed(domain: B256, hash: B256) -> [u8; TO_BE_SIGNED] {
    let mut bytes = [0; TO_BE_SIGNED];
    bytes[..2].copy_from_slice(&[0x19, 0x01]);
    bytes[2..34].copy_from_slice(&domain.0);
    bytes[34..].copy_from_slice(&hash.0);
    bytes
}

/// `"\x19Ethereum Signed Message:\n32"`, which is 28 bytes long.
const ETH_SIGN: Constant = Constant::new(b256!("19457468657265756d205369676e6564204d6573736167653a0a333200000000"));

/// What a key signs by `eth_sign` in place of a hash.
#[inline]
pub(super) fn eth_sign_hash(hash: B256) -> B256 {
    keccak256([&ETH_SIGN.word()[..28], &hash[..]].concat())
}

/// A number and one.
#[inline]
pub(super) fn next(number: U256) -> U256 {
    number.wrapping_add(ONE)
}

/// A number less one. A Safe without owners, which nobody can use, has more than any threshold then.
#[inline]
pub(super) fn previous(number: U256) -> U256 {
    number.wrapping_sub(ONE)
}

// -------------------------------------------------------------------------------------------------- signatures

/// One of the signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Of a key: `r`. Else an address.
    pub r: B256,
    /// Of a key: `s`. Of a contract: where its own signature is.
    pub s: B256,
    /// Of a key: `v`. Else the kind.
    pub v: u8,
}

impl Signature {
    /// From 65 bytes. What is not there reads as zero.
    #[inline]
    pub(super) fn of(bytes: &[u8]) -> Self {
        let word = |at: usize| {
            let word = bytes.get(at..).and_then(|rest| rest.first_chunk()).copied();
            B256::new(word.unwrap_or_default())
        };
        Self { r: word(0), s: word(32), v: bytes.get(64).copied().unwrap_or_default() }
    }
}

/// The bytes of so many signatures; none where there is no such number.
#[inline]
pub(super) fn length_of(count: U256) -> Option<U256> {
    count.checked_mul(U256::from(SIGNATURE))
}

/// A number that is known to be small, or more than there can be of anything.
#[inline]
pub(super) fn small(number: U256) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The signature of a contract: its length at `at`, and then its bytes. It begins behind the `length` bytes of
/// signatures that are looked at, so that none is read as part of another.
///
/// The checks are those of Safe, in their order; a sum that is no number is refused without data.
#[inline]
pub(super) fn contract_signature(signatures: &[u8], length: usize, at: B256) -> Result<&[u8], Revert> {
    let at = U256::from_be_bytes(at.0);
    let end = U256::from(signatures.len());
    ensure!(at >= U256::from(length), SIGNATURE_INSIDE);
    let from = at.checked_add(U256::from(32)).ok_or_else(Revert::empty)?;
    ensure!(from <= end, CONTRACT_SIGNATURE_LENGTH_BEYOND);
    let rest = signatures.get(small(at)..).unwrap_or_default();
    let (word, rest) = rest.split_first_chunk::<32>().ok_or_else(Revert::empty)?;
    let own = U256::from_be_bytes(*word);
    let to = from.checked_add(own).ok_or_else(Revert::empty)?;
    ensure!(to <= end, CONTRACT_SIGNATURE_BEYOND);
    Ok(rest.get(..small(own)).unwrap_or_default())
}

/// `N` bytes that belong to a signature, at `at`. They begin behind the `length` bytes of signatures that are looked at,
/// so that none is read as part of another.
///
/// # Errors
/// GS021 if they begin before, `beyond` if they end beyond the end; no data where the sum is no number.
pub fn fixed_part<const N: usize>(signatures: &[u8], length: usize, at: B256, beyond: Gs) -> Result<&[u8; N], Revert> {
    let at = U256::from_be_bytes(at.0);
    ensure!(at >= U256::from(length), SIGNATURE_INSIDE);
    at.checked_add(U256::from(N)).ok_or_else(Revert::empty)?;
    signatures.get(small(at)..).and_then(|rest| rest.first_chunk()).ok_or_else(|| beyond.into())
}

// -------------------------------------------------------------------------------------------------- gas, money

/// The gas that is kept back for a call with so much ether.
#[inline]
pub(super) fn reserve(value: U256) -> u64 {
    if value.is_zero() { RESERVE } else { RESERVE + RESERVE_FOR_ETHER }
}

/// The gas that must be left before the call of a transaction that promises it `safe_tx_gas`: the reserve is not handed
/// over, and of what is left then a 64th is not. Safe in Solidity takes the larger of the two, and breaks a promise of
/// more than 160,000 gas by some 2,400. More than 2^64 is never left.
///
/// In 64 bits: a division of 256 takes a table of half a kilobyte, which a program pays for at every entry.
#[inline]
pub(super) fn gas_needed(safe_tx_gas: U256, reserve: u64) -> u64 {
    let promised = gas(safe_tx_gas);
    promised.saturating_add(promised / 63).saturating_add(reserve + 500)
}

/// A number of gas as the chain takes it: more than 2^64 is as good as all there is.
#[inline]
pub(super) fn gas(gas: U256) -> u64 {
    u64::try_from(gas).unwrap_or(u64::MAX)
}

/// What so much gas costs; none where it is no number.
#[inline]
pub(super) fn payment(gas_used: U256, base_gas: U256, price: U256) -> Option<U256> {
    gas_used.checked_add(base_gas)?.checked_mul(price)
}

#[cfg(test)]
mod tests;
