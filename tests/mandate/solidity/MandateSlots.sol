// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

/// What is stored, a word each, packed by hand: of a struct the compiler reads and writes the slot once for each field.

/// A slot, so that it is found once where it is read and then written.
struct Slot {
    uint256 bits;
}

/// A holder's mandate.
type Terms is uint256;
/// What a holder may spend of a token.
type Allowance is uint256;

using MandateTerms for Terms global;
using MandateAllowance for Allowance global;

/// `until`: 48 bits; `reportEvery`: 32; `due`: 48; `marked`, the last missed date that was logged: 48; `number`: 32.
library MandateTerms {
    uint256 private constant TIME = type(uint48).max;

    function pack(uint48 until_, uint32 reportEvery_, uint48 due_, uint32 number_) internal pure returns (Terms) {
        return Terms.wrap(until_ | uint256(reportEvery_) << 48 | uint256(due_) << 80 | uint256(number_) << 176);
    }

    function until(Terms terms) internal pure returns (uint48) {
        return uint48(Terms.unwrap(terms));
    }

    function reportEvery(Terms terms) internal pure returns (uint32) {
        return uint32(Terms.unwrap(terms) >> 48);
    }

    function due(Terms terms) internal pure returns (uint48) {
        return uint48(Terms.unwrap(terms) >> 80);
    }

    function marked(Terms terms) internal pure returns (uint48) {
        return uint48(Terms.unwrap(terms) >> 128);
    }

    function number(Terms terms) internal pure returns (uint32) {
        return uint32(Terms.unwrap(terms) >> 176);
    }

    function withUntil(Terms terms, uint256 second) internal pure returns (uint256) {
        return Terms.unwrap(terms) & ~TIME | second;
    }

    function withDue(Terms terms, uint48 second) internal pure returns (uint256) {
        return Terms.unwrap(terms) & ~(TIME << 80) | uint256(second) << 80;
    }

    function withMarked(Terms terms, uint48 second) internal pure returns (uint256) {
        return Terms.unwrap(terms) & ~(TIME << 128) | uint256(second) << 128;
    }
}

/// `limit`: 128 bits; `period`: 32; `since`, when one of its periods began: 48; `number` of its mandate: 32.
library MandateAllowance {
    function pack(uint128 limit_, uint256 period_, uint256 since_, uint32 number_) internal pure returns (Allowance) {
        return Allowance.wrap(limit_ | period_ << 128 | since_ << 160 | uint256(number_) << 208);
    }

    function limit(Allowance allowance) internal pure returns (uint256) {
        return uint128(Allowance.unwrap(allowance));
    }

    function period(Allowance allowance) internal pure returns (uint256) {
        return uint32(Allowance.unwrap(allowance) >> 128);
    }

    function since(Allowance allowance) internal pure returns (uint256) {
        return uint48(Allowance.unwrap(allowance) >> 160);
    }

    function number(Allowance allowance) internal pure returns (uint32) {
        return uint32(Allowance.unwrap(allowance) >> 208);
    }

    /// When the period began that runs now.
    function start(Allowance allowance) internal view returns (uint256) {
        unchecked {
            uint256 every = period(allowance);
            if (every == 0) return since(allowance);
            return block.timestamp - (block.timestamp - since(allowance)) % every;
        }
    }
}

/// What a holder spent of a token: the amount in 128 bits, and when the period began in which that was in 48.
library MandateSpending {
    function spent(Slot storage slot, uint256 start) internal view returns (uint256) {
        uint256 bits = slot.bits;
        return uint48(bits >> 128) == start ? uint128(bits) : 0;
    }

    function set(Slot storage slot, uint256 amount, uint256 start) internal {
        slot.bits = amount | start << 128;
    }
}
