//! The vault: a contract without Stylus that holds a DAO's funds, so that they survive the death of its programs.
//!
//! Its [source](../vault/Vault.sol) says what it does, and `docs/trust.md` what it protects from.

mod act;
mod beforehand;
mod doubts;
mod errors;
mod heir;
mod history;
pub(crate) mod planned;
mod proof;
pub(crate) mod settings;
mod state;

use alloy::primitives::{Bytes, hex};
use alloy::sol;
use alloy::sol_types::SolConstructor;

pub use act::{Found, Reported, create, report};
pub use beforehand::beforehand;
pub use doubts::{CODE_HASH, NOT_CHECKED, doubts, expect};
pub use history::{Lapsed, lapsed};
pub use planned::PlannedVault;
pub use settings::{LEAST_GAS, LONGEST_PERIOD, SHORTEST_PERIOD, Settings};
pub use state::{State, Watched, state};

pub(crate) use proof::prove;

sol! {
    /// The vault. Its source documents each function, event and error.
    #[derive(Debug, PartialEq, Eq)]
    #[allow(missing_docs)]
    contract Vault {
        #[derive(Copy)]
        struct Terms {
            address heir;
            uint32 deathPeriod;
            uint32 escapeDelay;
            uint16 minReports;
            uint64 activationGas;
        }
        #[derive(Copy, Default)]
        struct Death {
            uint48 since;
            uint48 last;
            uint32 reports;
            uint48 confirmed;
            uint64 round;
        }

        event OwnershipTransferred(address indexed previousOwner, address indexed newOwner);
        event ProgramsSet(address[] programs);
        event TermsSet(Terms terms);
        event DeathReported(address indexed program, address indexed reporter, uint48 since, uint32 reports);
        event DeathConfirmed(address indexed program, address indexed heir, uint48 escapableFrom);
        event LifeReported(address indexed program, address indexed reporter);
        event ReportsVoided(uint64 round);
        event Escaped(address indexed program, address indexed heir);

        error OwnableUnauthorizedAccount(address account);
        error OwnableInvalidOwner(address owner);
        error UnauthorizedHeir(address account);
        error InvalidHeir(address heir);
        error InvalidProgram(address program);
        error TooManyPrograms(uint256 count, uint256 most);
        error InvalidTerms();
        error NotWatched(address program);
        error NoHeir();
        error NotTopLevel();
        error InsufficientGas(uint256 have, uint256 want);
        error InsufficientFee(uint256 have, uint256 want);
        error ReportedTooSoon(uint48 next);
        error RefundFailed();
        error NotConfirmed(address program);
        error EscapeTooSoon(uint48 escapableFrom);
        error ReportOutdated(uint48 last);
        error ProgramActive(address program);

        constructor(address owner, address[] programs, Terms terms) payable;
        function execute(address target, uint256 value, bytes data) external payable returns (bytes answer);
        function transferOwnership(address newOwner, address[] newPrograms) external;
        function setPrograms(address[] newPrograms) external;
        function setTerms(Terms newTerms) external;
        function report(address program) external payable returns (bool alive);
        function escape(address program) external;
        function owner() external view returns (address);
        function round() external view returns (uint64);
        function terms() external view returns (Terms);
        function programs() external view returns (address[]);
        function deathOf(address program) external view returns (Death);
        function supportsInterface(bytes4 interfaceId) external pure returns (bool);
        function REPORT_INTERVAL() external view returns (uint256);
        function REPORT_GAP() external view returns (uint256);
        function REPORT_FRESHNESS() external view returns (uint256);
        function LEAST_PERIOD() external view returns (uint256);
        function LEAST_ACTIVATION_GAS() external view returns (uint256);
        function MOST_PROGRAMS() external view returns (uint256);
    }
}

/// Creation code as npm's solc makes it from `vault/Vault.sol`, by the settings of `tests/peers/compile.js`.
const CREATION_CODE: &str = include_str!("../vault/Vault.hex");

/// The creation code of a vault with these arguments of its constructor.
pub fn init_code(arguments: &Vault::constructorCall) -> Bytes {
    let code = hex::decode(CREATION_CODE.trim()).expect("Vault.hex is hexadecimal");
    [code, arguments.abi_encode()].concat().into()
}
