// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {MandateHolders} from "./MandateHolders.sol";
import {Allowance, MandateAllowance, MandateSpending, Slot, Terms} from "./MandateSlots.sol";

/// The mandates in Solidity, by the text of the interface: what ours is compared with and measured against. An allowance
/// is one word, and what was spent of it another.
contract PeerMandate is MandateHolders, UUPSUpgradeable, Initializable {
    using MandateSpending for Slot;

    mapping(address holder => mapping(address token => Slot)) private _allowances;
    mapping(address holder => mapping(address token => Slot)) private _spendings;

    constructor() AccessManaged(address(0)) {
        _disableInitializers();
    }

    function initialize(
        address initialAuthority,
        InitialMandate[] calldata mandates,
        InitialAllowance[] calldata allowances
    ) external initializer {
        if (initialAuthority.code.length == 0) revert AccessManagedInvalidAuthority(initialAuthority);
        _setAuthority(initialAuthority);
        for (uint256 i = 0; i < mandates.length; ++i) {
            InitialMandate calldata one = mandates[i];
            _grant(one.holder, one.until, one.reportEvery, one.firstReportBy);
        }
        for (uint256 i = 0; i < allowances.length; ++i) {
            InitialAllowance calldata one = allowances[i];
            _setAllowance(one.holder, one.token, one.limit, one.period);
        }
    }

    function _authorizeUpgrade(address) internal override restricted {}

    // ---------------------------------------------------------------------------------------------------- views

    function allowance(address holder, address token)
        external
        view
        returns (uint256 limit, uint256 left, uint32 period, uint48 refillsAt)
    {
        Terms terms = _terms(holder);
        Allowance stored = Allowance.wrap(_allowances[holder][token].bits);
        if (!_isRunning(terms) || stored.number() != terms.number() || stored.limit() == 0) return (0, 0, 0, 0);
        uint256 start = stored.start();
        left = _left(stored.limit(), _spendings[holder][token].spent(start));
        return (stored.limit(), left, uint32(stored.period()), _refillsAt(stored, start));
    }

    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IAccessManaged).interfaceId || interfaceId == type(IERC165).interfaceId;
    }

    // -------------------------------------------------------------------------------------------------- changing

    function setAllowance(address holder, address token, uint128 limit, uint32 period) external restricted {
        _setAllowance(holder, token, limit, period);
    }

    function _setAllowance(address holder, address token, uint128 limit, uint32 period) private {
        uint32 number = _running(holder).number();
        if (limit != 0 && period == 0) revert MandateInvalidPeriod();

        (Slot storage slot, Slot storage spending) = (_allowances[holder][token], _spendings[holder][token]);
        Allowance stored = Allowance.wrap(slot.bits);
        uint256 start = stored.start();
        uint256 spent = spending.spent(start);
        // Nothing that was spent is forgotten before the period ends: it counts for the one that begins now.
        if (limit != 0 && period != stored.period()) {
            start = block.timestamp;
            slot.bits = Allowance.unwrap(MandateAllowance.pack(limit, period, start, number));
            spending.set(spent, start);
        } else {
            stored = MandateAllowance.pack(limit, stored.period(), stored.since(), number);
            slot.bits = Allowance.unwrap(stored);
        }
        if (limit == 0) emit AllowanceSet(holder, token, 0, 0, 0, 0);
        else emit AllowanceSet(holder, token, limit, _left(limit, spent), period, uint48(start + period));
    }

    function spend(address token, address to, uint256 amount) external nonReentrant {
        Terms terms = _running(msg.sender);
        if (_isOverdue(terms)) revert MandateReportOverdue(msg.sender, terms.due());
        Allowance stored = Allowance.wrap(_allowances[msg.sender][token].bits);
        Slot storage spending = _spendings[msg.sender][token];
        uint256 start = stored.start();
        uint256 spent = spending.spent(start);
        uint256 left = _left(stored.number() == terms.number() ? stored.limit() : 0, spent);
        if (amount > left) revert MandateExceeded(msg.sender, token, left);
        unchecked {
            // At most what is left, so at most the limit with what was spent.
            spending.set(spent + amount, start);
            emit Spent(msg.sender, token, to, amount, left - amount, _refillsAt(stored, start));
        }
        _pay(token, to, amount);
    }

    // ------------------------------------------------------------------------------- the rules. No sum overflows:
    // times are below 2^48, spans below 2^32

    function _left(uint256 limit, uint256 spent) private pure returns (uint256) {
        unchecked {
            return limit > spent ? limit - spent : 0;
        }
    }

    function _refillsAt(Allowance stored, uint256 start) private pure returns (uint48) {
        unchecked {
            return uint48(start + stored.period());
        }
    }
}
