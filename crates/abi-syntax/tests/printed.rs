//! What is printed of a declaration that uses everything.

use consilium_abi_syntax::{Form, Interface};
use serde_json::{Value, json};

const SOURCE: &str = r#"
    /// Holds things.
    interface IStore for Store {
        /// Runs once.
        /// @param first the first of them.
        constructor(string first, uint48 delay) payable => init;
        /// Takes ether.
        receive() external payable => receive;
        /// A thing.
        struct Thing { address owner; bytes4[] kinds; }
        /// Puts `things`.
        ///
        /// @return count of all.
        function put(Thing[] things, uint8[2] how, string calldata why) external payable returns (uint256 count) => put;
        /// Reads one.
        function get(uint256) external view returns (Thing memory thing, bool) => get;
        /// Nothing to it.
        function version() external pure returns (string) => version;
        /// Was put.
        event Put(address indexed by, Thing thing, string indexed why);
        /// Not there.
        error Missing(uint256 id, address default);
    }
"#;

fn store() -> Interface {
    Interface::parse_all(SOURCE.parse().unwrap()).unwrap().remove(0)
}

#[test]
fn an_interface_for_solc() {
    let expected = "\
/// Holds things.
interface IStore {
    // Runs once.
    // @param first the first of them.
    // constructor(string memory first, uint48 delay) payable;

    // Takes ether.
    // receive() external payable;

    /// A thing.
    struct Thing {
        address owner;
        bytes4[] kinds;
    }

    /// Was put.
    event Put(address indexed by, Thing thing, string indexed why);

    /// Not there.
    error Missing(uint256 id, address default_);

    /// Puts `things`.
    ///
    /// @return count of all.
    function put(Thing[] calldata things, uint8[2] calldata how, string calldata why) external payable returns (uint256 count);

    /// Reads one.
    function get(uint256) external view returns (Thing memory thing, bool);

    /// Nothing to it.
    function version() external pure returns (string memory);
}
";
    assert_eq!(store().solidity(Form::Interface), expected);
}

#[test]
fn a_contract_for_bindings() {
    let printed = store().solidity(Form::Contract);
    assert!(printed.starts_with("/// Holds things.\ncontract Store {\n    /// Runs once.\n"), "{printed}");
    assert!(printed.contains("\n    constructor(string memory first, uint48 delay) payable;\n"), "{printed}");
    assert!(printed.contains("\n    receive() external payable;\n"), "{printed}");
}

#[test]
fn a_json_abi() {
    let thing = |name: &str, indexed: Option<bool>, ty: &str| {
        let mut param = json!({
            "name": name, "type": ty, "internalType": ty.replace("tuple", "struct IStore.Thing"),
            "components": [
                { "name": "owner", "type": "address", "internalType": "address" },
                { "name": "kinds", "type": "bytes4[]", "internalType": "bytes4[]" },
            ],
        });
        if let Some(indexed) = indexed {
            param["indexed"] = indexed.into();
        }
        param
    };
    let plain = |name: &str, ty: &str| json!({ "name": name, "type": ty, "internalType": ty });
    let indexed = |name: &str, ty: &str| json!({ "name": name, "type": ty, "internalType": ty, "indexed": true });
    let function = |name: &str, mutability: &str, inputs: Value, outputs: Value| json!({ "type": "function", "name": name, "inputs": inputs, "outputs": outputs, "stateMutability": mutability });
    let expected = json!([
        { "type": "constructor", "inputs": [plain("first", "string"), plain("delay", "uint48")], "stateMutability": "payable" },
        function(
            "put",
            "payable",
            json!([thing("things", None, "tuple[]"), plain("how", "uint8[2]"), plain("why", "string")]),
            json!([plain("count", "uint256")]),
        ),
        function("get", "view", json!([plain("", "uint256")]), json!([thing("thing", None, "tuple"), plain("", "bool")])),
        function("version", "pure", json!([]), json!([plain("", "string")])),
        { "type": "receive", "stateMutability": "payable" },
        {
            "type": "event", "name": "Put", "anonymous": false,
            "inputs": [indexed("by", "address"), thing("thing", Some(false), "tuple"), indexed("why", "string")],
        },
        { "type": "error", "name": "Missing", "inputs": [plain("id", "uint256"), plain("default", "address")] },
    ]);
    assert_eq!(store().json(), expected);
}

#[test]
fn signatures_know_structs_as_tuples() {
    let store = store();
    assert_eq!(store.functions[0].signature(), "put((address,bytes4[])[],uint8[2],string)");
    assert_eq!(store.events[0].signature(), "Put(address,(address,bytes4[]),string)");
    assert_eq!(store.contract_name(), "Store");
    assert_eq!(store.constructor_signature(), "constructor(string memory first, uint48 delay) payable");
}
