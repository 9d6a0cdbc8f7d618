// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {SplitterPayments} from "./SplitterPayments.sol";

/// Epochs, and claims against them.
abstract contract SplitterEpochs is SplitterPayments {
    struct Stored {
        address token;
        uint40 claimableFrom;
        uint40 deadline;
        uint8 state;
        bytes32 root;
        bytes32 manifest;
        uint112 remaining;
        uint112 total;
    }

    /// Whether the account itself says so, and whether it takes a loss.
    struct Way {
        bool own;
        bool atALoss;
    }

    /// The most gas that one of many claims gets to pay an account.
    uint256 private constant MANY_GAS = 500_000;

    mapping(uint32 number => Stored) private _epochs;
    mapping(bytes32 root => mapping(bytes32 manifest => uint32)) private _published;
    mapping(uint32 number => mapping(uint256 word => uint256)) private _claimed;

    // ---------------------------------------------------------------------------------------------------- views

    function epoch(uint32 number) external view returns (Epoch memory) {
        Stored memory s = _epochs[number];
        return Epoch(s.state, s.token, s.claimableFrom, s.deadline, s.total, s.remaining, s.root, s.manifest);
    }

    function epochCount() external view returns (uint32) {
        return _settings.epochs;
    }

    function isClaimed(uint32 number, uint256 index) external view returns (bool) {
        return _claimed[number][index >> 8] >> (index & 0xff) & 1 == 1;
    }

    // --------------------------------------------------------------------------------------------------- epochs

    function publishEpoch(address token, uint256 total, bytes32 root, bytes32 manifest, uint48 deadline)
        external
        restricted
        nonReentrant
        returns (uint32 number)
    {
        uint48 from = uint48(block.timestamp + _settings.window);
        bool inTime = deadline > from && deadline >> 40 == 0;
        if (root == 0 || total == 0 || !inTime) revert SplitterInvalidEpoch();
        uint32 earlier = _published[root][manifest];
        if (earlier != 0) revert SplitterEpochPublished(earlier);
        _takeOfPool(token, total);
        number = ++_settings.epochs;
        _epochs[number] = Stored(
            token, uint40(from), uint40(deadline), PUBLISHED, root, manifest, uint112(total), uint112(total)
        );
        _published[root][manifest] = number;
        emit EpochPublished(number, token, root, manifest, total, from, deadline);
    }

    function disableEpoch(uint32 number) external restricted nonReentrant {
        Stored storage stored = _epochs[number];
        if (stored.state != PUBLISHED || block.timestamp >= stored.claimableFrom) revert SplitterNotInWindow(number);
        uint112 amount = stored.remaining;
        (stored.state, stored.remaining) = (DISABLED, 0);
        delete _published[stored.root][stored.manifest];
        address token = stored.token;
        if (token == address(0)) _payees[address(this)].settled += uint96(amount);
        else _taken[token][address(this)].settled += amount;
        emit EpochDisabled(number, amount);
    }

    function recoverEpoch(uint32 number) external restricted nonReentrant {
        Stored storage stored = _epochs[number];
        if (stored.state != PUBLISHED || block.timestamp <= stored.deadline) revert SplitterNotEnded(number);
        (address token, address to, uint112 amount) = (stored.token, _settings.treasury, stored.remaining);
        stored.state = RECOVERED;
        (uint256 paid,, bytes memory reason) =
            _payOut(stored, number, to, amount, false, gasleft(), _balanceFor(token));
        if (reason.length != 0) _revertWith(reason);
        emit EpochRecovered(number, to, paid);
        _logLoss(token, to, amount - paid);
    }

    /// As if it was released to the pool.
    function _takeOfPool(address token, uint256 total) private {
        if (token == address(0)) {
            Payee memory stored = _payees[address(this)];
            uint256 inPool = _etherDue(stored);
            if (total > inPool) revert SplitterPoolTooSmall(inPool);
            _payees[address(this)].released = stored.released + uint96(total);
            _ether.released += uint112(total);
            _ether.offset += uint112(total);
            return;
        }
        uint256 balance = _balanceOf(token);
        Look memory look = _observe(token, balance);
        if (balance < look.pool.booked) revert SplitterShort(token);
        (uint256 settled, uint256 due) = _due(token, address(this), look);
        if (total > due) revert SplitterPoolTooSmall(due);
        uint256 all = _taken[token][address(this)].released + total;
        uint112 booked = look.pool.booked;
        _take(token, address(this), look.pool, settled, all, total);
        // The contract still owes it.
        _pools[token].booked = booked;
    }

    // --------------------------------------------------------------------------------------------------- claims

    function claim(uint32 number, uint256 index, address account, uint256 amount, bytes32[] calldata proof)
        external
        nonReentrant
    {
        if (_processed(index, account, amount, proof) != _epochs[number].root) {
            revert SplitterInvalidProof(number, index);
        }
        _claim(number, index, account, amount, account, Way(account == msg.sender, account == msg.sender));
    }

    function claimMany(uint32 number, Claim[] calldata claims) external nonReentrant returns (bool[] memory done) {
        address token = _open(number);
        bytes32 root = _epochs[number].root;
        uint256 balance = _balanceFor(token);
        done = new bool[](claims.length);
        for (uint256 i = 0; i < claims.length; ++i) {
            Claim calldata one = claims[i];
            bytes memory reason;
            if (_processed(one.index, one.account, one.amount, one.proof) != root) {
                reason = abi.encodeWithSelector(SplitterInvalidProof.selector, number, one.index);
            } else {
                bool own = one.account == msg.sender;
                uint256 left;
                (left, reason) = _claimOne(
                    number, token, one.index, one.account, one.amount, one.account, Way(own, own), MANY_GAS, balance
                );
                if (reason.length == 0) balance = left;
            }
            done[i] = reason.length == 0;
            if (reason.length != 0) {
                uint256 held = _balanceFor(token);
                if (held < balance) revert SplitterTransferFailed(token, one.account, one.amount);
                balance = held;
                emit ClaimSkipped(number, one.index, reason);
            }
        }
    }

    function _claimTo(uint32 number, Claim calldata one, address to, bool atALoss) internal {
        if (_processed(one.index, one.account, one.amount, one.proof) != _epochs[number].root) {
            revert SplitterInvalidProof(number, one.index);
        }
        _claim(number, one.index, one.account, one.amount, to, Way(true, atALoss));
    }

    function _claim(uint32 number, uint256 index, address account, uint256 amount, address to, Way memory way) private {
        address token = _open(number);
        uint256 balance = _balanceFor(token);
        (, bytes memory reason) =
            _claimOne(number, token, index, account, amount, to, way, gasleft(), balance);
        if (reason.length != 0) _revertWith(reason);
    }

    /// What is left of the token, or why it was not paid.
    function _claimOne(
        uint32 number,
        address token,
        uint256 index,
        address account,
        uint256 amount,
        address to,
        Way memory way,
        uint256 limit,
        uint256 balance
    ) private returns (uint256 left, bytes memory reason) {
        uint256 bits = _claimed[number][index >> 8];
        uint256 bit = 1 << (index & 0xff);
        if (bits & bit != 0) return (0, abi.encodeWithSelector(SplitterAlreadyClaimed.selector, number, index));
        if (!way.own && index >> 255 == 1) {
            return (0, abi.encodeWithSelector(SplitterSignatureNeeded.selector, account));
        }
        _claimed[number][index >> 8] = bits | bit;
        uint256 paid;
        (paid, left, reason) = _payOut(_epochs[number], number, to, amount, way.atALoss, limit, balance);
        if (reason.length != 0) {
            _claimed[number][index >> 8] = bits;
            return (0, reason);
        }
        emit Claimed(number, index, account, to, paid);
        _logLoss(token, account, amount - paid);
    }

    function _payOut(
        Stored storage stored,
        uint32 number,
        address to,
        uint256 amount,
        bool atALoss,
        uint256 limit,
        uint256 balance
    ) private returns (uint256 moved, uint256 left, bytes memory reason) {
        uint112 remaining = stored.remaining;
        if (amount > remaining) {
            return (0, 0, abi.encodeWithSelector(SplitterEpochExhausted.selector, number, remaining));
        }
        address token = stored.token;
        uint112 owed = token == address(0) ? _ether.offset : _pools[token].booked;
        uint256 paid = amount;
        if (token != address(0)) {
            if (!atALoss && balance < owed) return (0, 0, abi.encodeWithSelector(SplitterShort.selector, token));
            paid = _payable(amount, balance, owed);
        }
        if (paid == 0) return (0, 0, abi.encodeWithSelector(SplitterNothingDue.selector, to));

        stored.remaining = remaining - uint112(amount);
        _setOwed(token, owed - uint112(amount));
        (moved, left, reason) = _trySend(limit, token, to, paid, balance);
        if (reason.length != 0) {
            stored.remaining = remaining;
            _setOwed(token, owed);
        }
    }

    function _setOwed(address token, uint112 owed) private {
        if (token == address(0)) _ether.offset = owed;
        else _pools[token].booked = owed;
    }

    // -------------------------------------------------------------------------------------------------- for all

    /// The token of an epoch that can be claimed now.
    function _open(uint32 number) private view returns (address) {
        Stored storage stored = _epochs[number];
        bool open = stored.state == PUBLISHED && block.timestamp >= stored.claimableFrom
            && block.timestamp <= stored.deadline;
        if (!open) revert SplitterNotOpen(number);
        return stored.token;
    }

    function _balanceFor(address token) private view returns (uint256) {
        return token == address(0) ? 0 : _balanceOf(token);
    }

    function _processed(uint256 index, address account, uint256 amount, bytes32[] calldata proof)
        private
        pure
        returns (bytes32)
    {
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(index, account, amount))));
        return MerkleProof.processProofCalldata(proof, leaf);
    }
}
