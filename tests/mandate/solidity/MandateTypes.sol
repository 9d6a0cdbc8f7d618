// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

/// What the interface names: structs, events and errors.
abstract contract MandateTypes {
    struct InitialMandate {
        address holder;
        uint48 until;
        uint32 reportEvery;
        uint48 firstReportBy;
    }

    struct InitialAllowance {
        address holder;
        address token;
        uint128 limit;
        uint32 period;
    }

    event MandateGranted(address indexed holder, uint32 number, uint48 until, uint32 reportEvery, uint48 due);
    event MandateEnded(address indexed holder, uint32 number);
    event AllowanceSet(
        address indexed holder, address indexed token, uint256 limit, uint256 left, uint32 period, uint48 refillsAt
    );
    event Spent(
        address indexed holder,
        address indexed token,
        address indexed to,
        uint256 amount,
        uint256 left,
        uint48 refillsAt
    );
    event Reported(address indexed holder, uint48 due, bytes32 hash, string locator, uint48 nextDue);
    event ReportOverdue(address indexed holder, uint48 due);
    event Received(address indexed from, uint256 amount);
    event Recovered(address indexed token, address indexed to, uint256 amount);

    error MandateInvalidHolder(address holder);
    error MandateInvalidEnd(uint48 until);
    error MandateInvalidReport(uint32 reportEvery, uint48 firstReportBy);
    error MandateInvalidPeriod();
    error MandateNotRunning(address holder);
    error MandateReportOverdue(address holder, uint48 due);
    error MandateExceeded(address holder, address token, uint256 left);
    error MandateInvalidAmount();
    error MandateInvalidRecipient(address to);
    error MandateTransferFailed(address token, address to, uint256 amount);
    error MandateTokenUnreadable(address token);
    error MandateEmptyReport();
    error MandateNoReport(address holder);
    error MandateNotOverdue(address holder, uint48 due);
}
