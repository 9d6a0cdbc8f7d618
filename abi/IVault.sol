// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.4;

// Made by `cargo xtask abi` from deploy/vault/Vault.sol: do not edit.

/// Holds a DAO's funds without Stylus: see deploy/vault/Vault.sol.
interface IVault {
    struct Terms {
        address heir;
        uint32 deathPeriod;
        uint32 escapeDelay;
        uint16 minReports;
        uint64 activationGas;
    }

    struct Death {
        uint48 since;
        uint48 last;
        uint32 reports;
        uint48 confirmed;
        uint64 round;
    }

    /// The program has been dead for the whole period. From `escapableFrom` on the heir may become the owner.
    event DeathConfirmed(address indexed program, address indexed heir, uint48 escapableFrom);

    /// The program could not be activated. It was so at each of `reports` reports, of which the first was at `since`.
    event DeathReported(address indexed program, address indexed reporter, uint48 since, uint32 reports);

    /// The heir has become the owner, because this program is dead.
    event Escaped(address indexed program, address indexed heir);

    /// The program is alive. What was reported of it is void.
    event LifeReported(address indexed program, address indexed reporter);

    /// The owner is another one. After an escape the new owner is the heir.
    event OwnershipTransferred(address indexed previousOwner, address indexed newOwner);

    /// These programs are watched, and no others.
    event ProgramsSet(address[] programs);

    /// The owner has called the vault. What was reported of any program is void.
    event ReportsVoided(uint64 round);

    /// The terms of the escape are others.
    event TermsSet(Terms terms);

    /// The heir has to wait until then.
    error EscapeTooSoon(uint48 escapableFrom);

    /// An activation costs more ether than came along.
    error InsufficientFee(uint256 have, uint256 want);

    /// The call has less gas left than it needs.
    error InsufficientGas(uint256 have, uint256 want);

    /// An heir has code, and is neither a program, nor the owner, nor the vault.
    error InvalidHeir(address heir);

    /// There is no active Stylus program at this address, or it is listed twice.
    error InvalidProgram(address program);

    /// A term of the escape is below its least value, or there are more reports than fit into the period.
    error InvalidTerms();

    /// The vault has no heir.
    error NoHeir();

    /// The death is not confirmed.
    error NotConfirmed(address program);

    /// A report is a transaction of its own, of an account without code.
    error NotTopLevel();

    /// The program is not watched.
    error NotWatched(address program);

    /// An owner has to have code, and is not the vault.
    error OwnableInvalidOwner(address owner);

    /// The caller is not the owner.
    error OwnableUnauthorizedAccount(address account);

    /// ArbWasm says that the program is active.
    error ProgramActive(address program);

    /// The reporter did not take its ether back.
    error RefundFailed();

    /// The last report is too old: somebody has to report again first.
    error ReportOutdated(uint48 last);

    /// The last report is too recent.
    error ReportedTooSoon(uint48 next);

    /// More programs than the vault watches.
    error TooManyPrograms(uint256 count, uint256 most);

    /// The caller is not the heir.
    error UnauthorizedHeir(address account);

    /// The least gas of an attempt: several times what the largest program's activation costs.
    function LEAST_ACTIVATION_GAS() external view returns (uint256);

    /// The least period, and the least delay.
    function LEAST_PERIOD() external view returns (uint256);

    /// The most programs that are watched.
    function MOST_PROGRAMS() external view returns (uint256);

    /// The last report before an escape is no older.
    function REPORT_FRESHNESS() external view returns (uint256);

    /// After a longer silence nothing is known of the time between: the next report is the first one.
    function REPORT_GAP() external view returns (uint256);

    /// Reports that are less apart count once: the second is refused.
    function REPORT_INTERVAL() external view returns (uint256);

    /// What was reported of a program in this round: zeros if nothing was, or if the last report is too long ago to be
    /// followed by another one.
    function deathOf(address program) external view returns (Death memory);

    /// Makes the heir the owner. Only the heir itself may call it, so nothing is handed over to an account that cannot
    /// act. The program's death has to be confirmed, the delay over, the last report recent, and ArbWasm must not say
    /// that the program is active. Afterwards no program is watched, and there is no heir.
    function escape(address program) external;

    /// Calls `target` with `value` wei of the vault's and `data`, and answers what it answers. If it reverts, so does
    /// this call, with the same data. As with a timelock's own calls, an account without code answers nothing and
    /// succeeds.
    function execute(address target, uint256 value, bytes calldata data) external payable returns (bytes memory answer);

    /// Takes ERC-1155 tokens of several ids.
    function onERC1155BatchReceived(address, address, uint256[] calldata, uint256[] calldata, bytes calldata) external pure returns (bytes4);

    /// Takes ERC-1155 tokens of one id.
    function onERC1155Received(address, address, uint256, uint256, bytes calldata) external pure returns (bytes4);

    /// Takes an ERC-721 token.
    function onERC721Received(address, address, uint256, bytes calldata) external pure returns (bytes4);

    /// The owner: the DAO's timelock, until an escape.
    function owner() external view returns (address);

    /// The programs that are watched.
    function programs() external view returns (address[] memory);

    /// Finds out whether a watched program is alive, for everybody. Answers true if it is active or was activated by
    /// this call, and voids what was reported of it; answers false if it cannot be activated, and counts that. It pays
    /// the fee of an activation with the ether sent along and gives back the rest. If less came along than an
    /// activation costs, the program can be activated: the report is refused and proves nothing. A failed call is not
    /// an answer. So an attempt counts only if nobody could have made it fail: - it has `activationGas`, and a caller
    /// that leaves less is refused; - no program is running, whose open memory pages would count against those of the
    /// program. An account without code that is the sender of the transaction and calls the vault itself leaves no room
    /// for one (EIP-7702 lets an account with code be the sender, and run a program); - its ether is enough.
    function report(address program) external payable returns (bool alive);

    /// Counts how often the owner has voided reports.
    function round() external view returns (uint64);

    /// Names the programs that the DAO needs to decide and to pay: one that is dead is enough for an escape. Each has
    /// to be active now.
    function setPrograms(address[] calldata newPrograms) external;

    /// Sets the terms of the escape.
    function setTerms(Terms calldata newTerms) external;

    /// ERC-165: itself, and the receivers of ERC-721 and ERC-1155.
    function supportsInterface(bytes4 interfaceId) external pure returns (bool);

    /// The terms of the escape.
    function terms() external view returns (Terms memory);

    /// Hands the vault over to another owner, such as the timelock that follows this one, and says which programs
    /// decide from now on: else the vault would go on to watch programs that the DAO has left behind.
    function transferOwnership(address newOwner, address[] calldata newPrograms) external;
}
