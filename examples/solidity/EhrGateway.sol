// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.20;

import {IConsent} from "../../abi/IConsent.sol";

/// An organisation's gateway in front of its record system. Clinicians call it with their own accounts. The record
/// system waits for RecordOpened from this address, and then shows the record to the event's actor, and to nobody else.
/// Patients are addresses. A `request` is a random number that the record system gave to this actor for this record,
/// and takes once for each of the record's classes. It says nothing to others; the hash of a record's number could be
/// guessed.
/// The contract stores nothing, so a call from within a call finds nothing to change.
contract EhrGateway {
    IConsent public immutable consent;
    /// For whom everybody acts who comes through here. No function takes it as an argument: who may name another
    /// organisation, or none, gets around the patient's denial of this one.
    address public immutable organization;

    event RecordOrdered(
        address indexed grantor, address indexed actor, bytes32 indexed request, uint8 dataClass, uint8 purpose
    );
    /// Opens what is of this data class. What is of two classes, as an HIV test among the laboratory results, takes an
    /// event for each. A reason of 3 is an emergency, which will be reviewed.
    event RecordOpened(
        address indexed grantor,
        address indexed actor,
        bytes32 indexed request,
        uint8 dataClass,
        uint8 purpose,
        uint8 reason
    );

    error NotAConsent(address account);
    error NoOrganization();
    /// The consent's reason, and the provision that decided: `grantee` and `number` are zero if none did.
    error NotPermitted(uint8 reason, address grantee, uint32 number);

    /// Asks, and logs nothing. The actor is the caller, never `tx.origin`: else a contract that a clinician calls
    /// could open records in the clinician's name.
    modifier onlyWithConsent(address grantor, uint8 dataClass, uint8 purpose) {
        (bool permitted, uint8 reason, address grantee, uint32 number) =
            consent.isPermitted(grantor, msg.sender, organization, dataClass, purpose);
        if (!permitted) revert NotPermitted(reason, grantee, number);
        _;
    }

    /// To open records, the gateway also needs the office of a recorder, which the consent's authority grants.
    constructor(IConsent consent_, address organization_) {
        // On behalf of zero is on behalf of nobody: membership would not be asked.
        if (organization_ == address(0)) revert NoOrganization();
        // 0x4cd64010, as the standard has it.
        bytes4 question =
            IConsent.isPermitted.selector ^ IConsent.permittedClasses.selector ^ IConsent.arePermitted.selector;
        // The second is the number that ERC-165 reserves: who has it too says yes to everything.
        if (!_supports(consent_, question) || _supports(consent_, 0xffffffff)) revert NotAConsent(address(consent_));
        consent = consent_;
        organization = organization_;
    }

    /// Has the archive fetch a record for later. Nobody sees it yet, so asking is enough: the access is logged when it
    /// is opened, by what the patient permits then.
    function orderRecord(address grantor, uint8 dataClass, uint8 purpose, bytes32 request)
        external
        onlyWithConsent(grantor, dataClass, purpose)
    {
        emit RecordOrdered(grantor, msg.sender, request, dataClass, purpose);
    }

    /// Opens a record: asks, and logs the access in the patient's log, in one call. No contract can check the purpose.
    /// The actor declares it, and answers for it by the log.
    /// A refusal reverts, and is not logged: else strangers could fill a patient's log.
    function openRecord(address grantor, uint8 dataClass, uint8 purpose, bytes32 request) external {
        (bool permitted, uint8 reason, address grantee, uint32 number) =
            consent.record(grantor, msg.sender, organization, dataClass, purpose, request);
        if (!permitted) revert NotPermitted(reason, grantee, number);
        emit RecordOpened(grantor, msg.sender, request, dataClass, purpose, reason);
    }

    /// Which of `classes` may be sent to `actor`: bit 4 is class 4. The record system asks before it puts a summary
    /// together, and the actor opens each class of it. Anybody can ask about any actor, so the answer opens nothing.
    function sendableClasses(address grantor, address actor, uint256 classes, uint8 purpose)
        external
        view
        returns (uint256)
    {
        return consent.permittedClasses(grantor, actor, organization, classes, purpose);
    }

    function _supports(IConsent account, bytes4 interfaceId) private view returns (bool) {
        // A low-level call, so that an account without code or with another answer gets this contract's error.
        (bool success, bytes memory answer) =
            address(account).staticcall(abi.encodeCall(IConsent.supportsInterface, (interfaceId)));
        return success && answer.length >= 32 && abi.decode(answer, (uint256)) == 1;
    }
}
