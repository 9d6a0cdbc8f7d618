// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {ConsentQuestion} from "./ConsentQuestion.sol";

/// Granting, amending and revoking; who may; and a grantor's new key.
abstract contract ConsentProvisions is ConsentQuestion {
    struct Scope {
        uint64 purposes;
        uint48 until;
        bool appointed;
        uint24 keys;
        uint256 classes;
    }

    struct Recovery {
        address recoverer;
        uint48 readyAt;
        address newKey;
    }

    uint32 internal _recoveryDelay;
    mapping(address grantor => mapping(address account => Scope)) internal _scopes;
    mapping(address grantor => Recovery) internal _recoveries;

    // ---------------------------------------------------------------------------------------------------- views

    function provisions(address grantor, address grantee) external view returns (StoredProvision[] memory all) {
        Pair storage pair = _pairs[grantor][grantee];
        if (pair.epoch != _grantors[grantor].epoch) return all;
        all = new StoredProvision[](pair.count);
        for (uint256 i = 0; i < all.length; ++i) all[i] = _stored(pair.entries[i]);
    }

    function keyOf(address grantor) public view returns (address) {
        address key = _grantors[grantor].key;
        return key == address(0) ? grantor : key;
    }

    function epoch(address grantor) external view returns (uint32) {
        return _grantors[grantor].epoch;
    }

    function representative(address grantor, address account)
        external
        view
        returns (uint256 classes, uint64 purposes, uint48 until, bool appointed)
    {
        Scope memory scope = _scopes[grantor][account];
        if (!scope.appointed && scope.keys != _grantors[grantor].keys) return (0, 0, 0, false);
        return (scope.classes, scope.purposes, scope.until, scope.appointed);
    }

    function recovery(address grantor) external view returns (address recoverer, address newKey, uint48 readyAt) {
        Recovery memory stored = _recoveries[grantor];
        return (stored.recoverer, stored.readyAt == 0 ? address(0) : stored.newKey, stored.readyAt);
    }

    // ------------------------------------------------------------------------------------------------- changing

    function grant(address grantor, Provision calldata given) external returns (uint32 number) {
        Grantor memory state = _grantors[grantor];
        _authorize(grantor, state.key, given.classes, given.purposes);
        Terms memory terms = _checked(grantor, given);
        uint32 was = state.epoch;
        uint32 roles = state.roles | _roleBit(given.grantee);
        if (was == 0) state.epoch = 1;
        Pair storage pair = _pairs[grantor][given.grantee];
        uint8 count = pair.epoch == state.epoch ? pair.count : 0;
        if (count == MOST_PROVISIONS || _size(roles) > MOST_ROLES) {
            revert ConsentTooManyProvisions(grantor, given.grantee);
        }
        number = pair.last + 1;
        terms.number = number;
        pair.entries[count] = Entry(terms, given.classes);
        (pair.epoch, pair.last, pair.count) = (state.epoch, number, count + 1);
        if (was == 0 || roles != state.roles) {
            state.roles = roles;
            _grantors[grantor] = state;
        }
        emit ConsentGranted(
            grantor,
            given.grantee,
            number,
            given.classes,
            given.purposes,
            given.deny,
            terms.notBefore,
            given.expiry,
            given.document,
            terms.policyVersion,
            _by()
        );
    }

    function amend(address grantor, uint32 number, Provision calldata given) external {
        Entry storage entry;
        {
            (Pair storage pair, uint256 place) = _find(grantor, given.grantee, number);
            entry = pair.entries[place];
        }
        _authorize(
            grantor,
            _grantors[grantor].key,
            entry.classes | given.classes,
            entry.terms.purposes | given.purposes
        );
        Terms memory terms = _checked(grantor, given);
        terms.number = number;
        (entry.terms, entry.classes) = (terms, given.classes);
        emit ConsentAmended(
            grantor,
            given.grantee,
            number,
            given.classes,
            given.purposes,
            given.deny,
            terms.notBefore,
            given.expiry,
            given.document,
            terms.policyVersion,
            _by()
        );
    }

    function revoke(address grantor, address grantee, uint32 number) external {
        (Pair storage pair, uint256 place) = _find(grantor, grantee, number);
        Entry storage entry = pair.entries[place];
        _authorize(grantor, _grantors[grantor].key, entry.classes, entry.terms.purposes);
        uint8 last = pair.count - 1;
        if (place != last) pair.entries[place] = pair.entries[last];
        delete pair.entries[last];
        pair.count = last;
        if (last == 0) _forgetRole(grantor, grantee);
        emit ConsentRevoked(grantor, grantee, number, _by());
    }

    function revokeGrantee(address grantor, address grantee) external {
        _authorize(grantor, _grantors[grantor].key, type(uint256).max, type(uint64).max);
        _pairs[grantor][grantee].count = 0;
        _forgetRole(grantor, grantee);
        emit ConsentsRevoked(grantor, grantee, _by());
    }

    function revokeAll(address grantor) external {
        Grantor memory state = _grantors[grantor];
        _authorize(grantor, state.key, type(uint256).max, type(uint64).max);
        (state.epoch, state.roles) = (state.epoch + 1, 0);
        _grantors[grantor] = state;
        emit AllConsentsRevoked(grantor, state.epoch, _by());
    }

    function setRepresentative(
        address grantor,
        address account,
        uint256 classes,
        uint64 purposes,
        uint48 until
    ) external {
        _authorizeKey(grantor);
        Scope storage scope = _scopes[grantor][account];
        if (scope.appointed && block.timestamp < scope.until) revert ConsentAppointedRepresentative(account);
        _writeScope(grantor, account, Scope(purposes, until, false, _grantors[grantor].keys, classes));
    }

    function setRecovery(address grantor, address recoverer) external {
        _authorizeKey(grantor);
        Recovery storage stored = _recoveries[grantor];
        (stored.recoverer, stored.readyAt) = (recoverer, 0);
        emit RecoverySet(grantor, recoverer);
    }

    function startRecovery(address grantor, address newKey) external {
        Recovery storage stored = _recoveries[grantor];
        address by = _by();
        if (by != stored.recoverer) revert ConsentUnauthorized(grantor, by);
        if (newKey == address(0)) revert ConsentInvalidKey();
        uint48 readyAt = uint48(block.timestamp) + _recoveryDelay;
        (stored.readyAt, stored.newKey) = (readyAt, newKey);
        emit RecoveryStarted(grantor, newKey, readyAt);
    }

    function vetoRecovery(address grantor) external {
        _authorizeKey(grantor);
        Recovery storage stored = _recoveries[grantor];
        if (stored.readyAt == 0) revert ConsentNoRecovery(grantor);
        stored.readyAt = 0;
        emit RecoveryVetoed(grantor);
    }

    function finishRecovery(address grantor) external {
        Recovery storage stored = _recoveries[grantor];
        uint48 readyAt = stored.readyAt;
        if (readyAt == 0) revert ConsentNoRecovery(grantor);
        if (block.timestamp < readyAt) revert ConsentRecoveryNotReady(readyAt);
        stored.readyAt = 0;
        address newKey = stored.newKey;
        _grantors[grantor].key = newKey;
        ++_grantors[grantor].keys;
        emit KeyReplaced(grantor, newKey);
    }

    // ------------------------------------------------------------------------------------------------ unguarded

    /// Who calls: the signer of a signed act, otherwise the message's sender.
    function _by() internal view virtual returns (address);

    function _writeScope(address grantor, address account, Scope memory scope) internal {
        _scopes[grantor][account] = scope;
        emit RepresentativeSet(grantor, account, scope.classes, scope.purposes, scope.until, scope.appointed);
    }

    /// `key` is the grantor's in storage: zero for the grantor itself.
    function _authorize(address grantor, address key, uint256 classes, uint64 purposes) private view {
        address by = _by();
        if (by == (key == address(0) ? grantor : key)) return;
        Scope memory scope = _scopes[grantor][by];
        bool covers = block.timestamp < scope.until && purposes & ~scope.purposes == 0 && classes & ~scope.classes == 0;
        if (!scope.appointed && scope.keys != _grantors[grantor].keys) covers = false;
        if (!covers) revert ConsentUnauthorized(grantor, by);
    }

    function _authorizeKey(address grantor) private view {
        address by = _by();
        if (by != keyOf(grantor)) revert ConsentUnauthorized(grantor, by);
    }

    function _checked(address grantor, Provision calldata given) private view returns (Terms memory) {
        uint256 begin = given.notBefore == 0 ? block.timestamp : given.notBefore;
        bool says = given.grantee != address(0) && given.grantee != grantor && given.classes != 0 && given.purposes != 0;
        bool lasts = given.expiry == 0 || (given.expiry > begin && given.expiry > block.timestamp);
        bool fits = begin <= type(uint40).max && given.expiry <= type(uint40).max;
        if (!says || !lasts || !fits) revert ConsentInvalidProvision();
        return Terms({
            purposes: given.purposes,
            deny: given.deny,
            notBefore: uint40(begin),
            expiry: uint40(given.expiry),
            policyVersion: _rules.version,
            number: 0
        });
    }

    function _find(address grantor, address grantee, uint32 number)
        private
        view
        returns (Pair storage pair, uint256 place)
    {
        pair = _pairs[grantor][grantee];
        uint256 count = pair.epoch == _grantors[grantor].epoch ? pair.count : 0;
        for (; place < count; ++place) {
            if (pair.entries[place].terms.number == number) return (pair, place);
        }
        revert ConsentNoSuchProvision(grantor, grantee, number);
    }

    function _forgetRole(address grantor, address grantee) private {
        uint32 bit = _roleBit(grantee);
        if (bit != 0) _grantors[grantor].roles &= ~bit;
    }

    /// The bit of the role that a grantee stands for; 0 if it is another account.
    function _roleBit(address grantee) private pure returns (uint32) {
        uint8 role = uint8(uint160(grantee));
        return role < ROLES && grantee == _roleGrantee(role) ? uint32(1) << role : 0;
    }

    function _size(uint32 mask) private pure returns (uint256 size) {
        for (; mask != 0; mask &= mask - 1) ++size;
    }
}
