// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// What the vault asks of Nitro's precompile at 0x71.
interface IArbWasm {
    function programVersion(address program) external view returns (uint16 version);
    function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
    error ProgramInsufficientValue(uint256 have, uint256 want);
    error ProgramUpToDate();
}

/// Holds a DAO's funds, so that they survive the death of the Stylus programs that decide over them.
///
/// The owner is the DAO's timelock. It alone moves what the vault holds, by `execute`, and it alone changes a setting. The
/// vault is EVM code without proxy, library or other switch, so no rule of Stylus applies to it.
///
/// A program is dead if no activation makes it callable again: a new version of Stylus refuses its code. A program that has
/// merely expired, or waits after an upgrade, is not dead, because anybody can activate it. So the vault does not ask
/// whether a program is active. It tries to activate it (`report`), and only an attempt that fails with enough gas and
/// enough ether counts. Attempts that fail through `deathPeriod` confirm the death; after a further `escapeDelay` the
/// heir, a contract that the DAO has named, may become the owner (`escape`). Two things void everything that was
/// reported, until the last second: a report that finds the program alive or revives it, and any call of the owner.
///
/// Assumed of the chain: ArbWasm activates what can be activated if it is called with `activationGas`, with the data fee,
/// and while no program is running.
contract Vault {
    /// The terms of the escape.
    struct Terms {
        /// Who becomes the owner after an escape: a contract that needs no Stylus program. Zero: there is no escape.
        address heir;
        /// How long a program has to be dead, in seconds, until its death is confirmed.
        uint32 deathPeriod;
        /// How long the heir waits after that, in seconds.
        uint32 escapeDelay;
        /// How many reports confirm a death, at least.
        uint16 minReports;
        /// The gas that an attempt to activate a program gets.
        uint64 activationGas;
    }

    /// What was reported of a program that is dead.
    struct Death {
        /// The time of the first report, in seconds. Zero: nothing is reported.
        uint48 since;
        /// The time of the last report.
        uint48 last;
        /// How many reports were counted.
        uint32 reports;
        /// When the death was confirmed. Zero: it is not.
        uint48 confirmed;
        /// The round that it belongs to. What was reported in an earlier one is void.
        uint64 round;
    }

    /// The owner is another one. After an escape the new owner is the heir.
    event OwnershipTransferred(address indexed previousOwner, address indexed newOwner);
    /// These programs are watched, and no others.
    event ProgramsSet(address[] programs);
    /// The terms of the escape are others.
    event TermsSet(Terms terms);
    /// The program could not be activated. It was so at each of `reports` reports, of which the first was at `since`.
    event DeathReported(address indexed program, address indexed reporter, uint48 since, uint32 reports);
    /// The program has been dead for the whole period. From `escapableFrom` on the heir may become the owner.
    event DeathConfirmed(address indexed program, address indexed heir, uint48 escapableFrom);
    /// The program is alive. What was reported of it is void.
    event LifeReported(address indexed program, address indexed reporter);
    /// The owner has called the vault. What was reported of any program is void.
    event ReportsVoided(uint64 round);
    /// The heir has become the owner, because this program is dead.
    event Escaped(address indexed program, address indexed heir);

    /// The caller is not the owner.
    error OwnableUnauthorizedAccount(address account);
    /// An owner has to have code, and is not the vault.
    error OwnableInvalidOwner(address owner);
    /// The caller is not the heir.
    error UnauthorizedHeir(address account);
    /// An heir has code, and is neither a program, nor the owner, nor the vault.
    error InvalidHeir(address heir);
    /// There is no active Stylus program at this address, or it is listed twice.
    error InvalidProgram(address program);
    /// More programs than the vault watches.
    error TooManyPrograms(uint256 count, uint256 most);
    /// A term of the escape is below its least value, or there are more reports than fit into the period.
    error InvalidTerms();
    /// The program is not watched.
    error NotWatched(address program);
    /// The vault has no heir.
    error NoHeir();
    /// A report is a transaction of its own, of an account without code.
    error NotTopLevel();
    /// The call has less gas left than it needs.
    error InsufficientGas(uint256 have, uint256 want);
    /// An activation costs more ether than came along.
    error InsufficientFee(uint256 have, uint256 want);
    /// The last report is too recent.
    error ReportedTooSoon(uint48 next);
    /// The reporter did not take its ether back.
    error RefundFailed();
    /// The death is not confirmed.
    error NotConfirmed(address program);
    /// The heir has to wait until then.
    error EscapeTooSoon(uint48 escapableFrom);
    /// The last report is too old: somebody has to report again first.
    error ReportOutdated(uint48 last);
    /// ArbWasm says that the program is active.
    error ProgramActive(address program);

    IArbWasm private constant ARB_WASM = IArbWasm(0x0000000000000000000000000000000000000071);

    /// Reports that are less apart count once: the second is refused.
    uint256 public constant REPORT_INTERVAL = 1 days;
    /// After a longer silence nothing is known of the time between: the next report is the first one.
    uint256 public constant REPORT_GAP = 7 days;
    /// The last report before an escape is no older.
    uint256 public constant REPORT_FRESHNESS = 2 days;
    /// The least period, and the least delay.
    uint256 public constant LEAST_PERIOD = 14 days;
    /// The least gas of an attempt: several times what the largest program's activation costs.
    uint256 public constant LEAST_ACTIVATION_GAS = 10_000_000;
    /// The most programs that are watched.
    uint256 public constant MOST_PROGRAMS = 8;

    /// The gas of a question to ArbWasm: many times what it takes. A later ArbWasm may not know the question, and Nitro takes
    /// all gas of a call that no method answers.
    uint256 private constant QUESTION_GAS = 100_000;

    /// What a report needs beside the attempt.
    uint256 private constant REPORT_GAS = 150_000;

    /// The owner: the DAO's timelock, until an escape.
    address public owner;
    /// Counts how often the owner has voided reports.
    uint64 public round;
    /// Whether anything was reported in this round.
    bool private reported;

    Terms private _terms;
    address[] private _programs;
    mapping(address program => Death) private _deaths;

    /// Lets the owner alone pass, and takes its call for a sign of life: who can call has no need of an escape.
    modifier onlyOwner() {
        if (msg.sender != owner) revert OwnableUnauthorizedAccount(msg.sender);
        if (reported) _voidReports();
        _;
    }

    /// `owner_` has to have code. Without programs or without an heir there is no escape until the owner names them.
    constructor(address owner_, address[] memory programs_, Terms memory terms_) payable {
        _setOwner(owner_);
        _setPrograms(programs_);
        _setTerms(terms_);
    }

    // --- The owner ---

    /// Calls `target` with `value` wei of the vault's and `data`, and answers what it answers. If it reverts, so does this
    /// call, with the same data. As with a timelock's own calls, an account without code answers nothing and succeeds.
    function execute(address target, uint256 value, bytes calldata data)
        external
        payable
        onlyOwner
        returns (bytes memory answer)
    {
        bool success;
        (success, answer) = target.call{value: value}(data);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(answer, 32), mload(answer))
            }
        }
    }

    /// Hands the vault over to another owner, such as the timelock that follows this one, and says which programs decide
    /// from now on: else the vault would go on to watch programs that the DAO has left behind.
    function transferOwnership(address newOwner, address[] calldata newPrograms) external onlyOwner {
        _setOwner(newOwner);
        _setPrograms(newPrograms);
        if (_terms.heir == newOwner) revert InvalidHeir(newOwner);
    }

    /// Names the programs that the DAO needs to decide and to pay: one that is dead is enough for an escape. Each has to be
    /// active now.
    function setPrograms(address[] calldata newPrograms) external onlyOwner {
        _setPrograms(newPrograms);
    }

    /// Sets the terms of the escape.
    function setTerms(Terms calldata newTerms) external onlyOwner {
        _setTerms(newTerms);
    }

    // --- The escape ---

    /// Finds out whether a watched program is alive, for everybody. Answers true if it is active or was activated by this
    /// call, and voids what was reported of it; answers false if it cannot be activated, and counts that.
    ///
    /// It pays the fee of an activation with the ether sent along and gives back the rest. If less came along than an
    /// activation costs, the program can be activated: the report is refused and proves nothing.
    ///
    /// A failed call is not an answer. So an attempt counts only if nobody could have made it fail:
    /// - it has `activationGas`, and a caller that leaves less is refused;
    /// - no program is running, whose open memory pages would count against those of the program. An account without code
    ///   that is the sender of the transaction and calls the vault itself leaves no room for one (EIP-7702 lets an account
    ///   with code be the sender, and run a program);
    /// - its ether is enough.
    function report(address program) external payable returns (bool alive) {
        if (msg.sender != tx.origin || msg.sender.code.length != 0) revert NotTopLevel();
        if (!_isWatched(program)) revert NotWatched(program);
        if (_terms.heir == address(0)) revert NoHeir();

        uint256 balance = address(this).balance - msg.value;
        alive = _isActive(program) || _activate(program);
        if (alive) {
            if (_deathOf(program).since != 0) {
                delete _deaths[program];
                emit LifeReported(program, msg.sender);
            }
        } else {
            _count(program);
        }
        // ArbWasm gives back what it does not need. The sender has no code that could be called.
        balance = address(this).balance - balance;
        if (balance != 0) {
            (bool taken,) = msg.sender.call{value: balance}("");
            if (!taken) revert RefundFailed();
        }
    }

    /// Makes the heir the owner. Only the heir itself may call it, so nothing is handed over to an account that cannot act.
    /// The program's death has to be confirmed, the delay over, the last report recent, and ArbWasm must not say that the
    /// program is active. Afterwards no program is watched, and there is no heir.
    function escape(address program) external {
        address heir = _terms.heir;
        if (msg.sender != heir) revert UnauthorizedHeir(msg.sender);
        if (!_isWatched(program)) revert NotWatched(program);
        Death memory death = _deathOf(program);
        if (death.confirmed == 0) revert NotConfirmed(program);
        uint256 escapableFrom = death.confirmed + _terms.escapeDelay;
        if (block.timestamp < escapableFrom) revert EscapeTooSoon(uint48(escapableFrom));
        if (block.timestamp > death.last + REPORT_FRESHNESS) revert ReportOutdated(death.last);
        if (_isActive(program)) revert ProgramActive(program);

        _voidReports();
        delete _programs;
        emit ProgramsSet(_programs);
        _terms.heir = address(0);
        emit TermsSet(_terms);
        _setOwner(heir);
        emit Escaped(program, heir);
    }

    // --- Views ---

    /// The terms of the escape.
    function terms() external view returns (Terms memory) {
        return _terms;
    }

    /// The programs that are watched.
    function programs() external view returns (address[] memory) {
        return _programs;
    }

    /// What was reported of a program in this round: zeros if nothing was, or if the last report is too long ago to be
    /// followed by another one.
    function deathOf(address program) external view returns (Death memory) {
        return _deathOf(program);
    }

    // --- Receiving ---

    /// Takes ether.
    receive() external payable {}

    /// Takes an ERC-721 token.
    function onERC721Received(address, address, uint256, bytes calldata) external pure returns (bytes4) {
        return this.onERC721Received.selector;
    }

    /// Takes ERC-1155 tokens of one id.
    function onERC1155Received(address, address, uint256, uint256, bytes calldata) external pure returns (bytes4) {
        return this.onERC1155Received.selector;
    }

    /// Takes ERC-1155 tokens of several ids.
    function onERC1155BatchReceived(address, address, uint256[] calldata, uint256[] calldata, bytes calldata)
        external
        pure
        returns (bytes4)
    {
        return this.onERC1155BatchReceived.selector;
    }

    /// ERC-165: itself, and the receivers of ERC-721 and ERC-1155.
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == this.supportsInterface.selector || interfaceId == this.onERC721Received.selector
            || interfaceId == this.onERC1155Received.selector ^ this.onERC1155BatchReceived.selector;
    }

    // --- Inner functions. None of them asks who calls. ---

    function _setOwner(address newOwner) private {
        // As its own owner the vault could never be called by it.
        if (newOwner.code.length == 0 || newOwner == address(this)) revert OwnableInvalidOwner(newOwner);
        emit OwnershipTransferred(owner, newOwner);
        owner = newOwner;
    }

    function _setPrograms(address[] memory newPrograms) private {
        if (newPrograms.length > MOST_PROGRAMS) revert TooManyPrograms(newPrograms.length, MOST_PROGRAMS);
        for (uint256 i = 0; i < newPrograms.length; ++i) {
            // What cannot be activated, because it is no program, would look dead from the first day on.
            if (!_isActive(newPrograms[i])) revert InvalidProgram(newPrograms[i]);
            for (uint256 j = 0; j < i; ++j) if (newPrograms[i] == newPrograms[j]) revert InvalidProgram(newPrograms[i]);
        }
        _programs = newPrograms;
        emit ProgramsSet(newPrograms);
    }

    function _setTerms(Terms memory newTerms) private {
        address heir = newTerms.heir;
        if (heir != address(0)) {
            // 0xef begins programs, and accounts that have delegated to code (EIP-7702).
            bool mortal = heir.code.length == 0 || _firstByte(heir) == 0xef;
            if (mortal || heir == owner || heir == address(this)) revert InvalidHeir(heir);
        }
        if (newTerms.deathPeriod < LEAST_PERIOD || newTerms.escapeDelay < LEAST_PERIOD) revert InvalidTerms();
        if (newTerms.minReports > newTerms.deathPeriod / REPORT_INTERVAL) revert InvalidTerms();
        if (newTerms.activationGas < LEAST_ACTIVATION_GAS) revert InvalidTerms();
        _terms = newTerms;
        emit TermsSet(newTerms);
    }

    function _voidReports() private {
        reported = false;
        emit ReportsVoided(++round);
    }

    /// Counts that a program could not be activated.
    function _count(address program) private {
        Death memory death = _deathOf(program);
        if (death.since == 0) {
            death.since = uint48(block.timestamp);
            death.round = round;
        } else if (block.timestamp < death.last + REPORT_INTERVAL) {
            revert ReportedTooSoon(uint48(death.last + REPORT_INTERVAL));
        }
        death.last = uint48(block.timestamp);
        ++death.reports;
        emit DeathReported(program, msg.sender, death.since, death.reports);
        bool long = block.timestamp >= death.since + _terms.deathPeriod;
        if (death.confirmed == 0 && long && death.reports >= _terms.minReports) {
            death.confirmed = uint48(block.timestamp);
            emit DeathConfirmed(program, _terms.heir, uint48(block.timestamp + _terms.escapeDelay));
        }
        _deaths[program] = death;
        reported = true;
    }

    /// What counts of the reports of a program.
    function _deathOf(address program) private view returns (Death memory death) {
        death = _deaths[program];
        if (death.round != round || block.timestamp > death.last + REPORT_GAP) delete death;
    }

    /// Tries to activate a program.
    function _activate(address program) private returns (bool) {
        uint256 gas = _terms.activationGas;
        // A call gets at most 63/64 of what is left (EIP-150): with less than this it would get less than `gas`.
        uint256 want = gas + gas / 63 + REPORT_GAS;
        if (gasleft() < want) revert InsufficientGas(gasleft(), want);
        (bool success, bytes memory answer) = address(ARB_WASM).call{value: msg.value, gas: gas}(
            abi.encodeCall(IArbWasm.activateProgram, (program))
        );
        if (success) return answer.length >= 64;
        // So it is active, whatever was answered before.
        if (answer.length == 4 && bytes4(answer) == IArbWasm.ProgramUpToDate.selector) return true;
        if (answer.length == 68 && bytes4(answer) == IArbWasm.ProgramInsufficientValue.selector) {
            uint256 fee;
            assembly ("memory-safe") {
                fee := mload(add(answer, 68))
            }
            revert InsufficientFee(msg.value, fee);
        }
        return false;
    }

    /// Whether ArbWasm says that a program is active. Every failure is a no, also that of an ArbWasm that does not know the
    /// question any more. So the question surely has its gas: a caller that leaves less is refused.
    function _isActive(address program) private view returns (bool) {
        bytes memory question = abi.encodeCall(IArbWasm.programVersion, (program));
        // As in `_activate`. The last term is for the call itself.
        uint256 want = QUESTION_GAS + QUESTION_GAS / 63 + 10_000;
        if (gasleft() < want) revert InsufficientGas(gasleft(), want);
        (bool success, bytes memory answer) = address(ARB_WASM).staticcall{gas: QUESTION_GAS}(question);
        return success && answer.length >= 32;
    }

    function _isWatched(address program) private view returns (bool) {
        uint256 count = _programs.length;
        for (uint256 i = 0; i < count; ++i) if (_programs[i] == program) return true;
        return false;
    }

    /// The first byte of an account's code.
    function _firstByte(address account) private view returns (uint256 first) {
        assembly ("memory-safe") {
            extcodecopy(account, 0, 0, 1)
            first := byte(0, mload(0))
        }
    }
}
