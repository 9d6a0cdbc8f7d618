//! Why a Safe refuses: the numbers of Safe, which everybody's tools know. `docs/errors.md` has what to do. A version has
//! further ones of its own.

use consilium_abi::{Encoder, Reason, Revert};

/// A refusal by its number: `Gs(31)` reverts with `Error("GS031")`.
///
/// A number, since each text would be data, which a program pays for at every entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gs(pub u16);

/// The delegated call of the setup failed.
pub(super) const SETUP_CALL_FAILED: Gs = Gs(0);
/// The Safe has no threshold: it was not set up.
pub(super) const NO_THRESHOLD: Gs = Gs(1);
/// The target of the setup's delegated call has no code.
pub(super) const SETUP_TARGET_WITHOUT_CODE: Gs = Gs(2);
/// There is less gas than the transaction is promised.
pub(super) const NOT_ENOUGH_GAS: Gs = Gs(10);
/// The refund in ether was not taken, or there is not enough.
pub(super) const ETHER_REFUND_FAILED: Gs = Gs(11);
/// The refund in a token failed.
pub(super) const TOKEN_REFUND_FAILED: Gs = Gs(12);
/// There are fewer signatures than needed.
pub(super) const SIGNATURES_TOO_SHORT: Gs = Gs(20);
/// What belongs to a signature begins among the signatures themselves.
pub(super) const SIGNATURE_INSIDE: Gs = Gs(21);
/// The length of a contract's signature is beyond the end.
pub(super) const CONTRACT_SIGNATURE_LENGTH_BEYOND: Gs = Gs(22);
/// A contract's signature ends beyond the end.
pub(super) const CONTRACT_SIGNATURE_BEYOND: Gs = Gs(23);
/// A contract says that this is no signature of its.
pub(super) const CONTRACT_SIGNATURE_WRONG: Gs = Gs(24);
/// The hash is neither approved nor the caller's own.
pub(super) const HASH_NOT_APPROVED: Gs = Gs(25);
/// The signer is no owner, or comes before the one before it.
pub(super) const NOT_AN_OWNER: Gs = Gs(26);
/// Only owners approve hashes.
pub(super) const ONLY_OWNERS: Gs = Gs(30);
/// Only the Safe itself may do that.
pub(super) const ONLY_ITSELF: Gs = Gs(31);
/// The modules were set up before.
pub(super) const MODULES_SET_UP: Gs = Gs(100);
/// That can be no module.
pub(super) const NO_MODULE: Gs = Gs(101);
/// It is a module already.
pub(super) const MODULE_ALREADY: Gs = Gs(102);
/// The module does not follow the one that was named.
pub(super) const WRONG_PREVIOUS_MODULE: Gs = Gs(103);
/// Only modules may do that.
pub const ONLY_MODULES: Gs = Gs(104);
/// A page begins at a module, or at the sentinel.
pub(super) const WRONG_PAGE_START: Gs = Gs(105);
/// A page has room for one module at least.
pub(super) const EMPTY_PAGE: Gs = Gs(106);
/// The owners were set up before.
pub(super) const OWNERS_SET_UP: Gs = Gs(200);
/// A threshold above the number of owners.
pub(super) const THRESHOLD_TOO_LARGE: Gs = Gs(201);
/// A threshold of zero.
pub(super) const THRESHOLD_ZERO: Gs = Gs(202);
/// That can be no owner.
pub(super) const NO_OWNER: Gs = Gs(203);
/// It is an owner already.
pub(super) const OWNER_ALREADY: Gs = Gs(204);
/// The owner does not follow the one that was named.
pub(super) const WRONG_PREVIOUS_OWNER: Gs = Gs(205);
/// The guard does not say that it is one (ERC-165).
pub(super) const NO_GUARD: Gs = Gs(300);
/// The fallback handler must not be the Safe.
pub(super) const HANDLER_IS_SAFE: Gs = Gs(400);

impl From<Gs> for Revert {
    #[cold]
    #[inline(never)]
    fn from(Gs(number): Gs) -> Self {
        // On the stack and never a `str`: each byte of data that a program carries costs gas at every entry, and to check
        // that a text is one takes a table.
        let digit = |unit: u16| b'0' + (number / unit % 10) as u8;
        let text = [b'G', b'S', digit(100), digit(10), digit(1)];
        let mut encoder = Encoder::with_selector(Reason::SELECTOR, 1);
        encoder.bytes(&text);
        encoder.finish().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_three_digits() {
        for (gs, text) in [(Gs(0), "GS000"), (Gs(31), "GS031"), (Gs(205), "GS205"), (Gs(400), "GS400")] {
            assert_eq!(Revert::from(gs), Revert::from(Reason(text)));
        }
    }
}
