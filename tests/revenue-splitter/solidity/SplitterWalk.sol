// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

/// The registry of the walk: it knows the requests that it is told, and answers nothing where it is told so.
contract WalkRegistry {
    error NotNow();

    struct Known {
        address custodian;
        uint8 dataClass;
        address actor;
    }

    mapping(bytes32 pointer => mapping(bytes32 request => Known)) private _known;
    mapping(bytes32 pointer => Known) private _pointers;
    bool private _mute;

    function know(bytes32 pointer, bytes32 request, address custodian, uint8 dataClass, address actor) external {
        _known[pointer][request] = _pointers[pointer] = Known(custodian, dataClass, actor);
    }

    function mute(bool yes) external {
        _mute = yes;
    }

    function accessRequest(bytes32 pointer, bytes32 request)
        external
        view
        returns (address actor, uint48 dueBy, bool delivered, bool overdue, bool declined)
    {
        if (_mute) revert NotNow();
        return (_known[pointer][request].actor, 7, true, false, false);
    }

    function status(bytes32 pointer)
        external
        view
        returns (uint8 state, address subject, address custodian, uint8 dataClass, uint32 schema)
    {
        Known memory known = _pointers[pointer];
        return (1, known.actor, known.custodian, known.dataClass, 3);
    }
}
