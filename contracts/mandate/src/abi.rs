//! The interface.
//!
//! Amounts are in wei, or in a token's smallest unit. Times are in seconds since 1970 as `block.timestamp` reads. `token` is
//! an ERC-20; zero stands for ether.

use consilium_abi::sol_abi;
use consilium_components::access_managed::{AccessManaged, ObeysAuthority};
use consilium_components::reentrancy::{GuardsReentrance, ReentrancyGuard};
use consilium_components::upgradeable::{Upgradeable, Upgrades};

use crate::Mandate;

sol_abi! {
    /// Mandates: what the DAO entrusts to a holder, typically a Safe. A holder has one mandate at most. It ends by
    /// itself, or when the authority ends it.
    ///
    /// **Purse.** A holder spends from this contract's own balance, at most `limit` of a token in each period. What is
    /// left at the end of a period is not carried over. The holders share the balance: whoever spends first has it, and
    /// an allowance is a limit and no promise. No allowance of any token is used, so what stands here is the most that
    /// can be lost.
    ///
    /// **Reports.** A report covers all due dates up to its second, or the next one if it comes within one interval
    /// before that. The next due date is the first of the calendar after that. So a late report does not move the
    /// calendar, and nobody reports for more than the interval that runs. While a report is overdue its holder spends
    /// nothing. A date up to the mandate's end is due, also when the mandate has ended since. Anybody makes the contract
    /// log each date that was missed, once, until the holder reports or is granted a mandate again. That logging decides
    /// nothing.
    ///
    /// The contract is behind an ERC-1967 proxy.
    /// @custom:storage-location erc7201:consilium.storage.Mandate
    interface IMandate for Mandate is AccessManaged, Upgradeable, ReentrancyGuard {
        /// Runs once, for whoever calls it first: call it in the deploying transaction.
        /// @param initialAuthority the access manager that says who may call the restricted functions; it has code
        /// @param mandates the first mandates
        /// @param allowances their allowances
        /// @custom:reverts UUPSUnauthorizedCallContext if it runs at the implementation, and not at a proxy
        /// @custom:reverts AccessManagedInvalidAuthority if the authority has no code
        /// @custom:reverts as `grantMandate` and `setAllowance`
        constructor(address initialAuthority, InitialMandate[] mandates, InitialAllowance[] allowances) => initialize;

        // ---------------------------------------------------------------------------------------------- mandates

        /// Gives a holder a mandate, or renews it. Where a mandate is running it gets these terms, and its allowances
        /// stay. Otherwise the mandate is a new one without allowances. What was overdue is overdue no more. Logs
        /// MandateGranted.
        /// @param until the first second in which the mandate has ended
        /// @param reportEvery the seconds from one due date of a report to the next; 0 for no reports
        /// @param firstReportBy the last second in which the first report is in time; 0 for no reports
        /// @custom:reverts MandateInvalidHolder if it is zero, this contract or the authority
        /// @custom:reverts MandateInvalidEnd if it is not after now
        /// @custom:reverts MandateInvalidReport if the first date is not after now or is after the end, or if one of
        /// the two is zero and the other is not
        function grantMandate(address holder, uint48 until, uint32 reportEvery, uint48 firstReportBy)
            external restricted => grant_mandate;
        /// Ends a mandate now, and all its allowances with it. A report that is overdue stays so, and one that is due by
        /// this very second stays owed. No later one is due. Logs MandateEnded.
        /// @custom:reverts MandateNotRunning if it has none
        function endMandate(address holder) external restricted => end_mandate;
        /// Sets how much of a token a holder may spend in each period. What it has spent in the period that runs stays
        /// spent, also if that was under an earlier mandate. A period of the same length goes on; one of another length
        /// begins now. Logs AllowanceSet.
        /// @param limit 0 ends the allowance
        /// @param period in seconds; where the limit is 0 it is not looked at
        /// @custom:reverts MandateNotRunning if the holder has no mandate
        /// @custom:reverts MandateInvalidPeriod if it is zero, and the limit is not
        function setAllowance(address holder, address token, uint128 limit, uint32 period) external restricted
            => set_allowance;
        /// Takes money back. Logs Recovered.
        /// @custom:reverts ReentrancyGuardReentrantCall while another call of the contract is running
        /// @custom:reverts MandateInvalidRecipient as `spend`
        /// @custom:reverts MandateInvalidAmount as `spend`
        /// @custom:reverts MandateTransferFailed as `spend`
        /// @custom:reverts MandateTokenUnreadable as `spend`
        function recover(address token, address to, uint256 amount) external restricted => recover;

        // ----------------------------------------------------------------------------------------------- holders

        /// Pays from the contract's balance, within the caller's allowance. All of the amount counts, also where the
        /// token takes a fee of it. Logs Spent.
        /// @custom:reverts MandateNotRunning if the caller has no mandate
        /// @custom:reverts MandateReportOverdue while the caller owes a report
        /// @custom:reverts MandateInvalidAmount if it is zero
        /// @custom:reverts MandateInvalidRecipient if it is zero or the contract itself
        /// @custom:reverts MandateExceeded if that is more than is left in this period
        /// @custom:reverts MandateTransferFailed if the recipient does not take the ether, or the contract has too
        /// little; if the token refuses, does not say yes, moves nothing, or takes more than was said
        /// @custom:reverts MandateTokenUnreadable if the token does not answer `balanceOf`
        function spend(address token, address to, uint256 amount) external non_reentrant => spend;
        /// Files a report: the hash of a document, and where it is. Nothing that is said here can be taken back or
        /// erased, so neither has anything about a person. A report that comes more than one interval before the next
        /// date is logged and moves no date, as one more report of the same interval does. But after a late report the
        /// next date is within one interval, so a second report covers it. While a mandate with a calendar is running, a
        /// report is taken even where none is owed any more. Logs Reported.
        /// @param hash of the document
        /// @param locator where it is, for example its IPFS URI; may be empty
        /// @custom:reverts MandateEmptyReport if the hash is zero
        /// @custom:reverts MandateNoReport if the caller's mandate has no calendar of reports, or has ended and no
        /// report is owed
        function report(bytes32 hash, string locator) external non_reentrant => report;

        // ------------------------------------------------------------------------------------------------ anyone

        /// Takes ether. Logs Received.
        receive() external payable => emit Received;
        /// Logs the next due date of a holder that was missed and not logged yet, as ReportOverdue.
        /// @custom:reverts MandateNotOverdue if there is none
        function markOverdue(address holder) external non_reentrant => mark_overdue;

        // ------------------------------------------------------------------------------------------------- views

        /// A holder's mandate, also one that has ended; zeros for none.
        /// @return until the first second in which it has ended
        /// @return reportEvery the seconds between due dates; 0 for no reports
        /// @return due the last second in which the next report is in time; 0 if none is owed any more
        /// @return number how many mandates the holder has had, this one included
        function mandate(address holder) external view
            returns (uint48 until, uint32 reportEvery, uint48 due, uint32 number) => mandate;
        /// Whether a holder has a mandate now.
        function isRunning(address holder) external view returns (bool) => is_running;
        /// Whether a report of a holder is overdue.
        function isOverdue(address holder) external view returns (bool) => is_overdue;
        /// The due date that `markOverdue` would log; 0 for none.
        function missed(address holder) external view returns (uint48 due) => missed;
        /// A holder's allowance of a token; zeros for none, and if the mandate has ended. Whether the contract has the
        /// money, and whether a report is overdue, is not part of it.
        /// @return limit how much in each period
        /// @return left how much of that is left now
        /// @return period in seconds
        /// @return refillsAt the second in which the next period begins
        function allowance(address holder, address token) external view
            returns (uint256 limit, uint256 left, uint32 period, uint48 refillsAt) => allowance;
        /// Whether the contract has an interface (ERC-165): AccessManaged, ERC-165 itself.
        function supportsInterface(bytes4 interfaceId) external view returns (bool) => supports_interface;

        // ------------------------------------------------------------------------------------------------ structs

        /// What `grantMandate` takes.
        struct InitialMandate {
            address holder;
            uint48 until;
            uint32 reportEvery;
            uint48 firstReportBy;
        }
        /// What `setAllowance` takes.
        struct InitialAllowance {
            address holder;
            address token;
            uint128 limit;
            uint32 period;
        }

        // ------------------------------------------------------------------------------------------------- events

        /// A holder has a mandate with these terms. The number is that of the mandate before where it was renewed.
        event MandateGranted(
            address indexed holder, uint32 number, uint48 until, uint32 reportEvery, uint48 due
        );
        /// The authority ended a mandate.
        event MandateEnded(address indexed holder, uint32 number);
        /// A holder may spend so much of a token in each period; so much of that is left now.
        event AllowanceSet(
            address indexed holder, address indexed token, uint256 limit, uint256 left, uint32 period, uint48 refillsAt
        );
        /// A holder spent; so much is left until the next period begins.
        event Spent(
            address indexed holder, address indexed token, address indexed to, uint256 amount, uint256 left,
            uint48 refillsAt
        );
        /// A holder filed a report while `due` was its next due date, which is now `nextDue`. It was late where the
        /// block's time is after `due`; then it also covers the dates between the two.
        event Reported(address indexed holder, uint48 due, bytes32 hash, string locator, uint48 nextDue);
        /// A holder did not report by this date.
        event ReportOverdue(address indexed holder, uint48 due);
        /// Ether came.
        event Received(address indexed from, uint256 amount);
        /// The authority took money back.
        event Recovered(address indexed token, address indexed to, uint256 amount);

        // ------------------------------------------------------------------------------------------------- errors

        /// Nobody gives this account a mandate: it is zero, the contract itself or the authority.
        error MandateInvalidHolder(address holder);
        /// The end is not after now.
        error MandateInvalidEnd(uint48 until);
        /// There is no such calendar of reports.
        error MandateInvalidReport(uint32 reportEvery, uint48 firstReportBy);
        /// A period of no seconds.
        error MandateInvalidPeriod();
        /// The account has no mandate, or it has ended.
        error MandateNotRunning(address holder);
        /// The report that was due by this second is missing.
        error MandateReportOverdue(address holder, uint48 due);
        /// So much is left in this period.
        error MandateExceeded(address holder, address token, uint256 left);
        /// Nothing is no payment.
        error MandateInvalidAmount();
        /// The account cannot be paid: it is zero, or the contract itself.
        error MandateInvalidRecipient(address to);
        /// The amount was not moved as it should.
        error MandateTransferFailed(address token, address to, uint256 amount);
        /// The token does not answer `balanceOf` with a number.
        error MandateTokenUnreadable(address token);
        /// A report has a hash.
        error MandateEmptyReport();
        /// The account's mandate has no calendar of reports, or has ended and no report is owed.
        error MandateNoReport(address holder);
        /// No due date was missed that is not logged. `due` is the next one; 0 for none.
        error MandateNotOverdue(address holder, uint48 due);
    }
}
