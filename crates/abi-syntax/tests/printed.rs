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
        receive() external payable by "whoever has some" => receive;
        /// Keepers of `key`.
        guard only(key) reverts Missing => only;
        /// A thing.
        struct Thing { address owner; bytes4[] kinds; }
        /// Puts `things`.
        ///
        /// One after another.
        /// @return count of all.
        /// @custom:reverts Missing if there is none
        /// @custom:reverts Panic(0x11) if there are
        /// too many
        function put(Thing[] things, uint8[2] how, string calldata why) external payable only(keys::FRONT_DOOR)
            reentrant "things call back" returns (uint256 count) => put;
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
/// @custom:constructor Runs once.
/// first: the first of them.
/// @custom:receive Takes ether.
/// Callers: whoever has some.
interface IStore {
    // constructor(string memory first, uint48 delay) payable;

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
    /// @dev One after another.
    /// @return count of all.
    /// @custom:reverts Missing if there is none;
    /// Panic(0x11) if there are too many
    /// @custom:access Keepers of `FRONT_DOOR`; others get Missing
    /// @custom:reentrant things call back
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
fn documentation_for_tools() {
    let artifact = store().artifact();
    assert_eq!(artifact["abi"], store().json());
    let put = "put((address,bytes4[])[],uint8[2],string)";
    let dev = json!({
        "kind": "dev",
        "version": 1,
        "custom:constructor": "Runs once. first: the first of them.",
        "custom:receive": "Takes ether. Callers: whoever has some.",
        "methods": {
            "constructor": { "params": { "first": "the first of them." } },
            put: {
                "details": "One after another.",
                "returns": { "count": "of all." },
                "custom:reverts": "Missing if there is none; Panic(0x11) if there are too many",
                "custom:access": "Keepers of `FRONT_DOOR`; others get Missing",
                "custom:reentrant": "things call back",
            },
        },
    });
    assert_eq!(artifact["devdoc"], dev);
    let user = json!({
        "kind": "user",
        "version": 1,
        "notice": "Holds things.",
        "methods": {
            "constructor": { "notice": "Runs once." },
            put: { "notice": "Puts `things`." },
            "get(uint256)": { "notice": "Reads one." },
            "version()": { "notice": "Nothing to it." },
        },
        "events": { "Put(address,(address,bytes4[]),string)": { "notice": "Was put." } },
        "errors": { "Missing(uint256,address)": [{ "notice": "Not there." }] },
    });
    assert_eq!(artifact["userdoc"], user);
}

#[test]
fn a_table_of_who_may_call() {
    let expected = "\
## Store

- `only`: Keepers of `key`. Others get `Missing`.

| function | who may call it | checked by | may be entered again while it runs |
|---|---|---|---|
| `constructor(string,uint48)` | whoever calls it first, once: so the deploying transaction does | the constructor's guard | |
| `receive()` | whoever has some | its method | |
| `put((address,bytes4[])[],uint8[2],string)` | Keepers of `FRONT_DOOR` | `only(FRONT_DOOR)` | things call back |
| `get(uint256)` | anyone; only reads | | |
| `version()` | anyone; reads nothing | | |
";
    assert_eq!(store().permissions(), expected);
}

#[test]
fn signatures_know_structs_as_tuples() {
    let store = store();
    assert_eq!(store.functions[0].signature(), "put((address,bytes4[])[],uint8[2],string)");
    assert_eq!(store.events[0].signature(), "Put(address,(address,bytes4[]),string)");
    assert_eq!(store.contract_name(), "Store");
    assert_eq!(store.constructor_signature(), "constructor(string memory first, uint48 delay) payable");
}

/// Solidity's `Error(string)` is no error that an interface declares: a guard's reason is printed in quotes.
#[test]
fn a_guard_that_refuses_with_a_reason() {
    let source = r#"
        interface IOld for Old {
            /// The contract itself.
            guard only_self reverts "OLD01" => only_self;
            /// Sets it.
            function set(uint256 to) external only_self => set;
        }
    "#;
    let interface = Interface::parse_all(source.parse().unwrap()).unwrap().remove(0);
    let function = interface.all_functions().next().unwrap();
    assert_eq!(interface.who_may_call(function).unwrap(), "The contract itself; others get \"OLD01\"");
    assert!(interface.permissions().contains("- `only_self`: The contract itself. Others get `\"OLD01\"`.\n"));
    assert_eq!(interface.all_errors().count(), 0);
}
