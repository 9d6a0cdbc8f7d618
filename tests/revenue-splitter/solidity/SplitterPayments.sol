// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {ISplitterRegistry} from "./SplitterTypes.sol";
import {SplitterTables} from "./SplitterTables.sol";

/// What comes in, and what payees are paid.
abstract contract SplitterPayments is SplitterTables {
    // ---------------------------------------------------------------------------------------------------- views

    function totalReleased() external view returns (uint256) {
        return _ether.released;
    }

    function totalReleased(address token) external view returns (uint256) {
        return _totals[token];
    }

    function released(address account) external view returns (uint256) {
        return _payees[account].released;
    }

    function released(address token, address account) external view returns (uint256) {
        return _taken[token][account].released;
    }

    function releasable(address account) external view returns (uint256) {
        return _etherDue(_payees[account]);
    }

    function releasable(address token, address account) external view returns (uint256) {
        uint256 balance = _balanceOf(token);
        Look memory look = _look(token, balance);
        (, uint256 due) = _due(token, account, look);
        return _payable(due, balance, look.pool.booked);
    }

    // ------------------------------------------------------------------------------------------------- payments

    receive() external payable {
        emit PaymentReceived(msg.sender, msg.value);
    }

    function pay(address token, uint256 amount, Source calldata source)
        external
        payable
        nonReentrant
        returns (uint256)
    {
        return _pay(token, amount, source);
    }

    function payLicence(address token, uint256 amount, bytes32 licence, bytes32 pointer, bytes32 request)
        external
        payable
        nonReentrant
        returns (uint256 arrived)
    {
        address asked = _registry;
        if (asked == address(0)) revert SplitterInvalidRegistry(asked);
        address actor = ISplitterRegistry(asked).accessRequest(pointer, request);
        if (actor == address(0)) revert SplitterNoSuchRequest(pointer, request);
        (,, address custodian, uint8 dataClass,) = ISplitterRegistry(asked).status(pointer);
        arrived = _pay(token, amount, Source(dataClass, licence, request));
        emit LicencePaid(request, pointer, custodian, actor, licence, token, arrived);
    }

    function _pay(address token, uint256 amount, Source memory source) private returns (uint256 arrived) {
        uint256 before;
        uint32 version;
        (before, arrived) = _take(token, amount);
        if (token == address(0)) {
            emit PaymentReceived(msg.sender, arrived);
            version = _ether.version;
        } else {
            Pool memory pool = _observe(token, before).pool;
            if (arrived > _countable(pool)) revert SplitterNothingReceived(token);
            pool.received += uint112(arrived);
            pool.booked += uint112(arrived);
            _pools[token] = pool;
            version = pool.version;
        }
        emit RevenueReceived(
            token, msg.sender, source.licence, source.dataClass, source.request, arrived, version
        );
    }

    function fundPool(address token, uint256 amount) external payable nonReentrant returns (uint256 arrived) {
        uint256 before;
        (before, arrived) = _take(token, amount);
        if (token == address(0)) {
            _ether.offset += uint112(arrived);
            _payees[address(this)].settled += uint96(arrived);
        } else {
            Pool memory pool = _observe(token, before).pool;
            if (arrived > _countable(pool)) revert SplitterNothingReceived(token);
            pool.booked += uint112(arrived);
            _pools[token] = pool;
            _taken[token][address(this)].settled += uint112(arrived);
        }
        emit PoolFunded(token, msg.sender, arrived);
    }

    function notice(address token) external nonReentrant returns (uint256) {
        Look memory look = _observe(token, _balanceOf(token));
        _pools[token] = look.pool;
        return look.noticed;
    }

    // ------------------------------------------------------------------------------------------------- releases

    function release(address account) external nonReentrant {
        Payee memory stored = _payees[account];
        uint256 amount = _etherDue(stored);
        if (amount == 0) revert SplitterNothingDue(account);
        _payees[account].released = stored.released + uint96(amount);
        _ether.released += uint112(amount);
        emit PaymentReleased(account, amount);
        _send(address(0), account, amount, 0);
    }

    function release(address token, address account) external nonReentrant {
        uint256 balance = _balanceOf(token);
        Pool memory pool;
        uint256 settled;
        uint256 due;
        {
            Look memory look = _observe(token, balance);
            (settled, due) = _due(token, account, look);
            pool = look.pool;
        }
        bool short = balance < pool.booked;
        if (short && account != msg.sender) revert SplitterShort(token);
        uint256 amount = _payable(due, balance, pool.booked);
        if (amount == 0) revert SplitterNothingDue(account);
        uint256 before = _taken[token][account].released;
        _take(token, account, pool, settled, before + due, due);
        uint256 moved = _send(token, account, amount, balance);
        uint256 lost = short ? due - moved : 0;
        // Some tokens round, and move a little less: that is still due, but where a loss is taken.
        if (moved != amount && !short) {
            pool.booked += uint112(amount - moved);
            _pools[token] = pool;
            _taken[token][account].released = uint112(before + moved);
            _totals[token] -= amount - moved;
        }
        emit ERC20PaymentReleased(token, account, moved);
        _logLoss(token, account, lost);
    }

    /// Writes that an account was paid so much.
    function _take(address token, address account, Pool memory pool, uint256 settled, uint256 all, uint256 due)
        internal
    {
        pool.booked -= uint112(due);
        _pools[token] = pool;
        _taken[token][account] = Taken(pool.version, uint112(settled), uint112(all));
        _totals[token] += due;
    }

    function _logLoss(address token, address account, uint256 amount) internal {
        if (amount != 0) emit LossTaken(token, account, amount);
    }
}
