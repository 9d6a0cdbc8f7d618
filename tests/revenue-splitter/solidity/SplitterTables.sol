// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {Panic} from "@openzeppelin/contracts/utils/Panic.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SplitterMoney} from "./SplitterMoney.sol";

/// Tables, what payees are due of them, and what is stored of ether and tokens.
abstract contract SplitterTables is SplitterMoney, ReentrancyGuardTransient {
    struct Ether {
        uint32 version;
        uint112 released;
        /// What was received and is not the current table's.
        uint112 offset;
    }

    struct Payee {
        uint32 version;
        uint16 index;
        uint16 share;
        uint96 settled;
        uint96 released;
    }

    struct Entry {
        address account;
        uint16 share;
        uint16 before;
        uint32 previous;
        uint16 previousIndex;
    }

    struct Pool {
        uint32 version;
        uint112 received;
        uint112 booked;
    }

    struct Taken {
        uint32 version;
        uint112 settled;
        uint112 released;
    }

    /// A token as it is now.
    struct Look {
        Pool pool;
        uint32 replaced;
        uint112 received;
        uint112 noticed;
    }

    Ether internal _ether;
    mapping(address account => Payee) internal _payees;
    mapping(uint32 version => mapping(uint256 index => Entry)) internal _entries;
    mapping(uint32 version => mapping(address token => uint256)) internal _closed;
    mapping(address token => Pool) internal _pools;
    mapping(address token => uint256) internal _totals;
    mapping(address token => mapping(address account => Taken)) internal _taken;

    // ---------------------------------------------------------------------------------------------------- views

    function totalShares() external pure returns (uint256) {
        return BASIS_POINTS;
    }

    function tableVersion() external view returns (uint32) {
        return _ether.version;
    }

    function shares(address account) external view returns (uint256) {
        Payee memory stored = _payees[account];
        return stored.version == _ether.version ? stored.share : 0;
    }

    function payee(uint256 index) external view returns (address account) {
        account = _entries[_ether.version][index].account;
        if (account == address(0)) Panic.panic(Panic.ARRAY_OUT_OF_BOUNDS);
    }

    function table(uint32 version) external view returns (address[] memory recipients, uint16[] memory basisPoints) {
        uint256 count = _count(version);
        (recipients, basisPoints) = (new address[](count), new uint16[](count));
        for (uint256 i = 0; i < count; ++i) {
            Entry storage entry = _entries[version][i];
            (recipients[i], basisPoints[i]) = (entry.account, entry.share);
        }
    }

    function received(uint32 version, address token) public view returns (uint256) {
        bool current = version == _ether.version;
        if (token == address(0)) return current ? _etherReceived() : _closed[version][token];
        Look memory look = _look(token, _balanceOf(token));
        return current ? look.pool.received : _receivedIn(version, token, look);
    }

    function remainder(address token) external view returns (uint256 rest) {
        uint32 version = _ether.version;
        uint256 amount = received(version, token);
        rest = amount;
        uint256 count = _count(version);
        for (uint256 i = 0; i < count; ++i) {
            rest -= _part(amount, _entries[version][i].share);
        }
    }

    // ----------------------------------------------------------------------------------------------- the tables

    function setTable(address[] calldata recipients, uint16[] calldata basisPoints, address[] calldata tokens)
        external
        restricted
        nonReentrant
    {
        uint32 version = _ether.version;
        for (uint256 i = 0; i < tokens.length; ++i) {
            address token = tokens[i];
            if (_pools[token].version > version) continue;
            Pool memory pool = _observe(token, _balanceOf(token)).pool;
            _close(version, token, pool.received);
            (pool.version, pool.received) = (version + 1, 0);
            _pools[token] = pool;
        }
        _replaceTable(recipients, basisPoints);
    }

    function _replaceTable(address[] calldata recipients, uint16[] calldata basisPoints) internal {
        Ether memory old = _ether;
        uint256 amount = old.version == 0 ? 0 : _etherReceived();
        if (old.version != 0) {
            _close(old.version, address(0), amount);
            uint256 last = _count(old.version);
            for (uint256 i = 0; i < last; ++i) {
                Entry memory entry = _entries[old.version][i];
                _payees[entry.account].settled += uint96(_finalPart(amount, entry));
            }
        }
        uint32 version = old.version + 1;
        _ether = Ether(version, old.released, old.offset + uint112(amount));

        uint256 count = recipients.length;
        if (count != basisPoints.length || count > MOST_PAYEES) revert SplitterInvalidTable();
        emit TableSet(version, count);
        uint16 before = 0;
        for (uint16 i = 0; i < count; ++i) {
            (address account, uint16 share) = (recipients[i], basisPoints[i]);
            Payee memory stored = _payees[account];
            bool fits = account != address(0) && stored.version != version && share != 0
                && share <= BASIS_POINTS - before;
            if (!fits) revert SplitterInvalidTable();
            _entries[version][i] = Entry(account, share, before, stored.version, stored.index);
            (stored.version, stored.index, stored.share) = (version, i, share);
            _payees[account] = stored;
            before += share;
            emit PayeeAdded(account, share);
        }
        if (before != BASIS_POINTS) revert SplitterInvalidTable();
    }

    function _close(uint32 version, address token, uint256 amount) internal {
        if (amount != 0) _closed[version][token] = amount;
        emit TableClosed(version, token, amount);
    }

    function _count(uint32 version) private view returns (uint256 count) {
        while (count < MOST_PAYEES && _entries[version][count].account != address(0)) ++count;
    }

    // ---------------------------------------------------------------------------------------------------- parts

    function _part(uint256 amount, uint256 share) internal pure returns (uint256) {
        return amount * share / BASIS_POINTS;
    }

    /// Of a table that was replaced: the parts of all are everything.
    function _finalPart(uint256 amount, Entry memory entry) internal pure returns (uint256) {
        uint256 before = entry.before;
        return _part(amount, before + entry.share) - _part(amount, before);
    }

    function _etherReceived() internal view returns (uint256) {
        Ether memory stored = _ether;
        uint256 all = address(this).balance + stored.released;
        return all > stored.offset ? all - stored.offset : 0;
    }

    function _etherDue(Payee memory stored) internal view returns (uint256) {
        uint256 part = stored.version == _ether.version ? _part(_etherReceived(), stored.share) : 0;
        uint256 due = stored.settled + part;
        return due > stored.released ? due - stored.released : 0;
    }

    // --------------------------------------------------------------------------------------------------- tokens

    function _countable(Pool memory pool) internal pure returns (uint256) {
        return MOST - (pool.booked > pool.received ? pool.booked : pool.received);
    }

    function _look(address token, uint256 balance) internal view returns (Look memory look) {
        Pool memory pool = _pools[token];
        uint32 version = _ether.version;
        if (pool.version != version && pool.received != 0) {
            (look.replaced, look.received) = (pool.version, pool.received);
            pool.received = 0;
        }
        pool.version = version;
        if (balance > pool.booked) {
            (uint256 more, uint256 most) = (balance - pool.booked, _countable(pool));
            look.noticed = uint112(more < most ? more : most);
            pool.received += look.noticed;
            pool.booked += look.noticed;
        }
        look.pool = pool;
    }

    /// As it is, which logs what is new. The caller of this writes the holdings.
    function _observe(address token, uint256 balance) internal returns (Look memory look) {
        look = _look(token, balance);
        if (look.replaced != 0) _close(look.replaced, token, look.received);
        if (look.noticed != 0) emit Noticed(token, look.pool.version, look.noticed);
    }

    function _receivedIn(uint32 version, address token, Look memory look) internal view returns (uint256) {
        bool isReplaced = look.replaced != 0 && look.replaced == version;
        return isReplaced ? look.received : _closed[version][token];
    }

    /// Parts of all tables that were replaced, and what is due.
    function _due(address token, address account, Look memory look)
        internal
        view
        returns (uint256 settled, uint256 due)
    {
        Payee memory stored = _payees[account];
        Taken memory taken = _taken[token][account];
        settled = taken.settled;
        uint32 current = look.pool.version;
        (uint32 version, uint16 index) = (stored.version, stored.index);
        while (version != 0 && version >= taken.version) {
            if (version == current && taken.version == current) break;
            Entry memory entry = _entries[version][index];
            if (version != current) settled += _finalPart(_receivedIn(version, token, look), entry);
            (version, index) = (entry.previous, entry.previousIndex);
        }
        due = settled + (stored.version == current ? _part(look.pool.received, stored.share) : 0);
        due = due > taken.released ? due - taken.released : 0;
    }

    function _payable(uint256 due, uint256 balance, uint256 booked) internal pure returns (uint256) {
        return balance < booked ? due * balance / booked : due;
    }
}
