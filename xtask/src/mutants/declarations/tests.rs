//! The changes, of an interface that has each kind once.

use super::mutants;

const TEXT: &str = "
    // ä
    sol_abi! {
        interface IVault for Vault {
            /// Those who hold `role`.
            guard only(role) reverts Denied => only;
            /// Those who hold `role`, or everybody.
            guard open(role) reverts Denied => open;
            /// The vault.
            guard itself reverts Denied => itself;
            function pay(address payable_) external payable only(roles::PAYER) reentrant \"payable\" => pay;
            function close() external only(CLOSER) => close;
            function move_() external itself => move_;
            function total() external view returns (uint256) => total;
            error Denied();
        }
    }
    sol_abi! { interface IOther { function f() external; } }
";

#[test]
fn each_kind_of_change_is_made() {
    let found = mutants(TEXT).unwrap();
    let names: Vec<_> = found.iter().map(|mutant| mutant.name.as_str()).collect();
    let expected = [
        "pay(address): delete only(roles::PAYER)",
        "pay(address): only(CLOSER) for only(roles::PAYER)",
        "pay(address): open(roles::PAYER) for only(roles::PAYER)",
        "pay(address): itself for only(roles::PAYER)",
        "pay(address): delete payable",
        "close(): delete only(CLOSER)",
        "close(): only(roles::PAYER) for only(CLOSER)",
        "close(): open(CLOSER) for only(CLOSER)",
        "close(): itself for only(CLOSER)",
        "close(): add payable",
        "move_(): delete itself",
        "move_(): add payable",
    ];
    assert_eq!(names, expected);
}

#[test]
fn an_edit_changes_its_place_alone() {
    let found = mutants(TEXT).unwrap();
    let edited = |name: &str| found.iter().find(|mutant| mutant.name == name).unwrap().apply(TEXT);
    assert_eq!(edited("pay(address): delete payable"), TEXT.replace("external payable", "external "));
    assert_eq!(edited("pay(address): delete only(roles::PAYER)"), TEXT.replace("only(roles::PAYER)", ""));
    assert_eq!(edited("close(): add payable"), TEXT.replace("external only(CLOSER)", "external payable only(CLOSER)"));
    assert_eq!(edited("move_(): delete itself"), TEXT.replace("external itself", "external "));
}
