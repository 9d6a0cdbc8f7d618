//! The attackers' contracts, in `tests/peers/src`.

use alloy::{primitives::Address, sol};
use eyre::Result;
use harness::{dao::Dao, peers};

sol! {
    interface FlashLender {
        function flash(address token, uint256 amount, address borrower, bytes call) external;
    }

    interface Metamorph {
        function nest() external returns (address);
        function flicker(bytes code) external returns (address egg);
    }

    interface Nest {
        function lay(bytes code) external returns (address egg);
        function burn() external;
    }

    interface Egg {
        function grant() external payable;
        function burn() external;
        event Tried(bool success, bytes data);
    }

    interface Facade {
        function upgrade(address next) external;
        event Upgraded(address indexed implementation);
    }

    interface CodeGuard {
        function requireCode(address account, bytes32 expected) external view;
        error WrongCode(address account, bytes32 found, bytes32 expected);
    }

    interface Greedy {
        function arm(address to, bytes data, bool eachTime) external;
        function run(address to, bytes data) external;
        event Tried(bool success, bytes data);
    }

    interface Bundle {
        function run(address[] targets, uint256[] values, bytes[] calls) external payable;
    }

    interface HookToken {
        function balanceOf(address account) external view returns (uint256);
        function transfer(address to, uint256 value) external returns (bool);
    }
}

/// Creates a peer without constructor arguments.
pub(crate) async fn create(dao: &Dao, name: &str) -> Result<Address> {
    create_with(dao, name, &[]).await
}

/// Creates a peer with its constructor's ABI-encoded arguments.
pub(crate) async fn create_with(dao: &Dao, name: &str, arguments: &[u8]) -> Result<Address> {
    peers::create(&dao.chain, name, arguments).await
}
