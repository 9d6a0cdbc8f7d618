//! Whose functions are known: those of the suite's contracts, of a Safe, of tokens and of Safe's libraries.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use alloy::json_abi::{Function, JsonAbi};
use alloy::primitives::{Address, hex};
use serde::Deserialize;

use super::arguments::Budget;
use super::words;
use crate::parts;
use crate::record::Deployment;

/// The code of the Safes, which has no owners: whatever it has is lost.
const SINGLETON: &str = "SINGLETON OF THE SAFES, which is no Safe,";

/// A contract's interface, and what its functions do.
#[derive(Debug)]
struct Interface {
    /// The contract's name.
    name: &'static str,
    abi: JsonAbi,
    /// By the functions' signatures.
    notices: BTreeMap<String, Notice>,
}

#[derive(Debug, Deserialize)]
struct Notice {
    #[serde(default)]
    notice: String,
}

/// What `cargo xtask abi` writes.
#[derive(Deserialize)]
struct Written {
    abi: JsonAbi,
    userdoc: Userdoc,
}

#[derive(Deserialize)]
struct Userdoc {
    methods: BTreeMap<String, Notice>,
}

macro_rules! written {
    ($($name:literal: $file:literal,)*) => {
        &[$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../abi/", $file, ".json")))),*]
    };
}

/// By the names that a record has. Where several have a function, the first one's words are taken.
const WRITTEN: &[(&str, &str)] = written! {
    "safe": "Safe",
    "governor": "Governor",
    "timelock": "Timelock",
    "access-manager": "AccessManager",
    "consent": "Consent",
    "data-pointer-registry": "DataPointerRegistry",
    "revenue-splitter": "RevenueSplitter",
    "mandate": "Mandate",
    "voting-token": "VotingToken",
    "vault": "Vault",
};

/// What is in none of these, by its words. What a later version of a Safe has is the Safe's; the rest is anybody's.
const OTHERS: [(&str, &str, &str); 9] = [
    (
        "safe",
        "setModuleGuard(address moduleGuard)",
        "Sets the contract that is asked before and after what modules do.",
    ),
    ("", "transfer(address to, uint256 value)", "Moves tokens."),
    ("", "transferFrom(address from, address to, uint256 value)", "Moves tokens of another account, by its allowance."),
    ("", "approve(address spender, uint256 value)", "Lets an account take so many tokens."),
    ("", "signMessage(bytes data)", "Signs a message in the Safe's name."),
    ("", "performCreate(uint256 value, bytes deploymentData)", "Creates a contract."),
    ("", "performCreate2(uint256 value, bytes deploymentData, bytes32 salt)", "Creates a contract."),
    ("", "addDelegate(address delegate)", "Names who may be given an allowance of the Safe's money."),
    (
        "",
        "setAllowance(address delegate, address token, uint96 amount, uint16 resetTimeMin, uint32 resetBaseMin)",
        "Lets a delegate spend so much of the Safe's money, and again after each reset time.",
    ),
];

static INTERFACES: LazyLock<Vec<Interface>> = LazyLock::new(|| {
    let read = |(name, text): &(&'static str, &str)| {
        let Written { abi, userdoc } = serde_json::from_str(text).expect("abi/ is as it was written");
        Interface { name, abi, notices: userdoc.methods }
    };
    let mut all: Vec<_> = WRITTEN.iter().map(read).collect();
    for (name, signature, words) in OTHERS {
        let function = Function::parse(signature).expect("a signature");
        let notices = BTreeMap::from([(function.signature(), Notice { notice: words.to_owned() })]);
        let functions = BTreeMap::from([(function.name.clone(), vec![function])]);
        all.push(Interface { name, abi: JsonAbi { functions, ..JsonAbi::default() }, notices });
    }
    all
});

/// The contracts that are known by their addresses.
#[derive(Clone, Debug, Default)]
pub struct Names(BTreeMap<Address, Named>);

/// A contract that is known by its address.
#[derive(Clone, Debug)]
struct Named {
    /// Of what kind it is, as a record has it.
    kind: String,
    /// With its article.
    told: String,
}

impl Names {
    /// Those of a deployment.
    pub fn of(record: Option<&Deployment>) -> Self {
        let mut names = BTreeMap::new();
        let mut add = |address, kind: &str, told: String| {
            let [kind, told] = [kind, &told].map(crate::shown::line);
            names.insert(address, Named { kind, told: format!("the {told}") });
        };
        if let Some(record) = record {
            for (name, deployed) in &record.contracts {
                let is_singleton = name == parts::safe::NAME.folder();
                let told = if is_singleton { SINGLETON.to_owned() } else { name.replace('-', " ") };
                add(deployed.address, name, told);
            }
            for (name, safe) in &record.safes {
                add(*safe, parts::safe::NAME.folder(), format!("Safe \"{name}\""));
            }
            if let Some(vault) = record.vault {
                add(vault, "vault", "vault".to_owned());
            }
        }
        Self(names)
    }

    /// Of what kind the contract at an address is, as a record has it.
    pub(super) fn kind(&self, address: Address) -> Option<&str> {
        self.0.get(&address).map(|named| named.kind.as_str())
    }

    /// What the contract at an address is told as.
    pub(super) fn told(&self, address: Address) -> Option<&str> {
        self.0.get(&address).map(|named| named.told.as_str())
    }
}

/// A function that is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) function: &'static Function,
    /// What it does.
    pub(super) notice: &'static str,
}

/// The function of a selector, of the contract of this name if it is given. A contract that is known has no other
/// functions.
pub(super) fn function(selector: [u8; 4], of: Option<&str>) -> Option<Known> {
    let fits = |interface: &&Interface| of.is_none_or(|name| interface.name == name);
    INTERFACES.iter().filter(fits).find_map(|interface| {
        let function = interface.abi.functions().find(|function| function.selector() == selector)?;
        let notice = interface.notices.get(&function.signature()).map_or("", |notice| notice.notice.as_str());
        Some(Known { function, notice })
    })
}

/// Whether the name of a contract is one whose functions are known.
pub(super) fn is_known(name: &str) -> bool {
    WRITTEN.iter().any(|(known, _)| *known == name)
}

/// An error of any contract that is known, with its arguments.
pub(super) fn error(data: &[u8]) -> Option<String> {
    let (selector, arguments) = data.split_first_chunk::<4>()?;
    let mut errors = INTERFACES.iter().flat_map(|interface| interface.abi.errors());
    let error = errors.find(|error| error.selector() == *selector)?;
    let budget = Budget::of(data.len());
    let values = budget.decode(error, &error.inputs, arguments).ok()?;
    Some(words::error(&error.name, &error.inputs, &values, &budget))
}

/// The bytes of a revert, of which a line has room. What is signed is told whole.
pub(super) fn short(data: &[u8]) -> String {
    const MOST: usize = 36;
    let shown = data.get(..MOST).unwrap_or(data);
    let more = if data.len() > MOST { format!("… ({} bytes)", data.len()) } else { String::new() };
    format!("{}{more}", hex::encode_prefixed(shown))
}
