// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {MandateMoney} from "./MandateMoney.sol";
import {MandateTerms, Slot, Terms} from "./MandateSlots.sol";

/// Giving and ending mandates, and the reports that are owed. Each holder is one word.
abstract contract MandateHolders is MandateMoney {
    mapping(address holder => Slot) private _slots;

    // ---------------------------------------------------------------------------------------------------- views

    function mandate(address holder)
        external
        view
        returns (uint48 until, uint32 reportEvery, uint48 due, uint32 number)
    {
        Terms terms = _terms(holder);
        return (terms.until(), terms.reportEvery(), _isOwed(terms) ? terms.due() : 0, terms.number());
    }

    function isRunning(address holder) external view returns (bool) {
        return _isRunning(_terms(holder));
    }

    function isOverdue(address holder) external view returns (bool) {
        return _isOverdue(_terms(holder));
    }

    function missed(address holder) external view returns (uint48) {
        return _missed(_terms(holder));
    }

    // ------------------------------------------------------------------------------------------------- mandates

    function grantMandate(address holder, uint48 until, uint32 reportEvery, uint48 firstReportBy)
        external
        restricted
    {
        _grant(holder, until, reportEvery, firstReportBy);
    }

    function _grant(address holder, uint48 until, uint32 reportEvery, uint48 firstReportBy) internal {
        if (holder == address(0) || holder == address(this) || holder == authority()) {
            revert MandateInvalidHolder(holder);
        }
        if (block.timestamp >= until) revert MandateInvalidEnd(until);
        bool isCalendar =
            reportEvery == 0 ? firstReportBy == 0 : block.timestamp < firstReportBy && firstReportBy <= until;
        if (!isCalendar) revert MandateInvalidReport(reportEvery, firstReportBy);

        Slot storage slot = _slots[holder];
        Terms old = Terms.wrap(slot.bits);
        uint32 number = old.number();
        unchecked {
            if (!_isRunning(old)) ++number;
        }
        slot.bits = Terms.unwrap(MandateTerms.pack(until, reportEvery, firstReportBy, number));
        emit MandateGranted(holder, number, until, reportEvery, firstReportBy);
    }

    function endMandate(address holder) external restricted {
        Slot storage slot = _slots[holder];
        Terms terms = Terms.wrap(slot.bits);
        if (!_isRunning(terms)) revert MandateNotRunning(holder);
        slot.bits = terms.withUntil(block.timestamp);
        emit MandateEnded(holder, terms.number());
    }

    // -------------------------------------------------------------------------------------------------- reports

    function report(bytes32 hash, string calldata locator) external nonReentrant {
        if (hash == 0) revert MandateEmptyReport();
        Slot storage slot = _slots[msg.sender];
        Terms terms = Terms.wrap(slot.bits);
        bool reports = terms.reportEvery() != 0 && (_isRunning(terms) || _isOwed(terms));
        if (!reports) revert MandateNoReport(msg.sender);
        uint48 due = terms.due();
        uint48 nextDue = _dueAfterReport(due, terms.reportEvery());
        slot.bits = terms.withDue(nextDue);
        emit Reported(msg.sender, due, hash, locator, nextDue);
    }

    function markOverdue(address holder) external nonReentrant {
        Slot storage slot = _slots[holder];
        Terms terms = Terms.wrap(slot.bits);
        uint48 due = _missed(terms);
        if (due == 0) revert MandateNotOverdue(holder, _isOwed(terms) ? terms.due() : 0);
        slot.bits = terms.withMarked(due);
        emit ReportOverdue(holder, due);
    }

    // ------------------------------------------------------------------------------- the rules. No sum overflows:
    // times are below 2^48, spans below 2^32

    function _terms(address holder) internal view returns (Terms) {
        return Terms.wrap(_slots[holder].bits);
    }

    function _running(address holder) internal view returns (Terms terms) {
        terms = _terms(holder);
        if (!_isRunning(terms)) revert MandateNotRunning(holder);
    }

    function _isRunning(Terms terms) internal view returns (bool) {
        return block.timestamp < terms.until();
    }

    function _isOwed(Terms terms) internal pure returns (bool) {
        return terms.reportEvery() != 0 && terms.due() <= terms.until();
    }

    function _isOverdue(Terms terms) internal view returns (bool) {
        return _isOwed(terms) && terms.due() < block.timestamp;
    }

    /// The first due date that was missed and not logged; 0 for none.
    function _missed(Terms terms) internal view returns (uint48) {
        if (!_isOverdue(terms)) return 0;
        unchecked {
            uint256 first =
                terms.marked() < terms.due() ? terms.due() : uint256(terms.marked()) + terms.reportEvery();
            return first < block.timestamp && first <= terms.until() ? uint48(first) : 0;
        }
    }

    /// The first date of the calendar after what a report covers: all up to now, or the next date if it is within one
    /// interval.
    function _dueAfterReport(uint256 due, uint256 every) internal view returns (uint48) {
        unchecked {
            if (block.timestamp + every <= due) return uint48(due);
            uint256 late = block.timestamp > due ? block.timestamp - due : 0;
            uint256 next = due + (late / every + 1) * every;
            return next > type(uint48).max ? type(uint48).max : uint48(next);
        }
    }
}
