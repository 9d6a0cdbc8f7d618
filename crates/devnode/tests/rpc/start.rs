//! What a node starts with.

use alloy_primitives::Address;
use devnode::{ArbosVersion, DevNode};
use harness::wire::{Client, Wallet};
use serde_json::json;
use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

fn ether(client: &Client, account: Address) -> u128 {
    let balance = client.call("eth_getBalance", json!([account, "latest"]));
    u128::from_str_radix(balance.as_str().unwrap().strip_prefix("0x").unwrap(), 16).unwrap()
}

#[test]
fn a_bare_node_is_a_fresh_nitro() {
    // The oldest version, of which a node's first block is known.
    let node = DevNode::builder().bare(true).arbos_version(ArbosVersion::V51).spawn().unwrap();
    let client = Client::new(&node);
    assert_eq!(client.number("eth_blockNumber", json!([])), 0);
    let genesis = client.call("eth_getBlockByNumber", json!(["0x0", true]));
    assert_eq!(genesis["hash"], "0x26f0694418c398cfc2c657c845c686da386b8e634c904eb3c959f5662e9f8d8b");
    assert_eq!(ether(&client, devnode::DEV_ACCOUNT), 1_000 * 10u128.pow(18));
    assert_eq!(client.number("eth_getTransactionCount", json!([devnode::DEV_ACCOUNT, "latest"])), 0);
    let factory = nitro::CREATE2_FACTORY;
    assert_eq!(client.call("eth_getCode", json!([factory, "latest"])), "0x");
}

#[test]
fn a_node_starts_as_nitro_devnode_leaves_it() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    assert_eq!(client.number("eth_getTransactionCount", json!([devnode::DEV_ACCOUNT, "latest"])), 6);
    for contract in [nitro::CREATE2_FACTORY, nitro::STYLUS_DEPLOYER, nitro::CACHE_MANAGER] {
        assert_ne!(client.call("eth_getCode", json!([contract, "latest"])), "0x", "{contract}");
    }
    // A transfer costs nothing for L1.
    let transfer = json!({ "from": devnode::DEV_ACCOUNT, "to": Wallet::number(0).address(), "value": "0x1" });
    assert_eq!(client.number("eth_estimateGas", json!([transfer])), 21_000);
}

/// Whoever looks at the version finds the Nitro that has such an ArbOS.
#[test]
fn it_says_which_nitro_it_is_like() {
    for (arbos, nitro) in [
        (ArbosVersion::V51, "nitro-v3.9.8"),
        (ArbosVersion::V60, "nitro-v3.10.0"),
        (ArbosVersion::V61, "nitro-v3.11.0"),
    ] {
        let node = DevNode::builder().arbos_version(arbos).spawn().unwrap();
        let version = Client::new(&node).call("web3_clientVersion", json!([]));
        let version = version.as_str().unwrap();
        assert!(version.starts_with("consilium-devnode/") && version.ends_with(&format!("/{nitro}")), "{version}");
    }
}

/// Through its proxy, and registered with ArbWasmCache.
#[test]
fn the_cache_manager_works() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let ask = |to: Address, call: &str| {
        let data = alloy_primitives::hex::encode_prefixed(&alloy_primitives::keccak256(call)[..4]);
        client.call("eth_call", json!([{ "to": to, "data": data }, "latest"])).as_str().unwrap().to_owned()
    };
    let manager = format!("{:#x}", nitro::CACHE_MANAGER);
    assert_eq!(ask(nitro::CACHE_MANAGER, "cacheSize()"), format!("0x{:064x}", 512u64 << 20));
    let registered = ask(nitro::ARB_WASM_CACHE, "allCacheManagers()");
    assert!(registered.ends_with(&manager[2..]), "{registered}");
}

#[test]
fn many_nodes_run_side_by_side_and_a_taken_port_is_said() {
    let nodes: Vec<_> = (0..4).map(|_| DevNode::spawn().unwrap()).collect();
    let wallet = Wallet::dev();
    let to = Wallet::number(1).address();
    Client::new(&nodes[0]).call("eth_sendRawTransaction", json!([wallet.transfer(6, to, 5)]));
    let balances: Vec<_> = nodes.iter().map(|node| ether(&Client::new(node), to)).collect();
    assert_eq!(balances, [5, 0, 0, 0]);
    let taken = DevNode::builder().port(nodes[0].address().port()).spawn().unwrap_err();
    assert!(taken.to_string().contains("is another node running there?"), "{taken}");
}

#[test]
fn a_dropped_node_is_gone() {
    let node = DevNode::spawn().unwrap();
    let address = node.address();
    drop(node);
    assert!(std::net::TcpStream::connect(address).is_err());
    DevNode::builder().port(address.port()).spawn().unwrap();
}

#[test]
fn the_command_starts_a_node_that_behaves_as_hardhats_network() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_devnode"));
    command.args(["--hardhat", "--bare", "--port", "0", "--program-cache", "off"]);
    let mut node = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(node.stdout.take().unwrap()).lines().map(Result::unwrap);
    let first = lines.next().unwrap();
    let address = first.split(' ').nth(2).unwrap().parse().unwrap_or_else(|_| panic!("{first}"));
    let client = Client::at(address);
    let version = client.call("web3_clientVersion", json!([]));
    assert!(version.as_str().unwrap().starts_with("HardhatNetwork/"), "{version}");
    assert_eq!(client.call("eth_accounts", json!([])).as_array().unwrap().len(), 20);
    assert_eq!(client.number("eth_blockNumber", json!([])), 0);
    assert!(lines.any(|line| line.contains(devnode::MNEMONIC)), "it says whose accounts have ether");
    node.kill().unwrap();
    node.wait().unwrap();
}
