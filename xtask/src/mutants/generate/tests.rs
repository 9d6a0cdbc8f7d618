//! The changes, of a method that has one place for each kind.

use super::mutants;

const TEXT: &str = "
    impl Vault {
        /// Pays ä.
        fn pay(&mut self, to: Address) -> Result<(), Revert> {
            self.only(PAYER)?;
            if self.paid && to.is_zero() {
                return Err(Paid {}.into());
            }
            self.paid = true;
            self.call(to, b)?;
            Paid { to }.log(self);
            self.finish(to)
        }
    }
";

#[test]
fn each_kind_of_change_is_made() {
    let found = mutants(TEXT).unwrap();
    let names: Vec<_> = found.iter().map(|mutant| mutant.name.as_str()).collect();
    let guard = "if self.paid && to.is_zero() { return Err(Paid {}.into()); }";
    let expected = [
        "pay: delete self.only(PAYER)?;".to_owned(),
        format!("pay: delete {guard}"),
        "pay: negate self.paid && to.is_zero()".to_owned(),
        "pay: || in self.paid && to.is_zero()".to_owned(),
        "pay: delete self.paid = true;".to_owned(),
        "pay: false for true".to_owned(),
        "pay: delete self.call(to, b)?;".to_owned(),
        "pay: ignore self.call(to, b)?;".to_owned(),
        "pay: delete Paid { to }.log(self);".to_owned(),
        format!("pay: swap self.only(PAYER)?; and {guard}"),
        "pay: move self.only(PAYER)?; behind self.call(to, b)?;".to_owned(),
        "pay: move self.paid = true; behind self.call(to, b)?;".to_owned(),
        "pay: move Paid { to }.log(self); before self.call(to, b)?;".to_owned(),
        "pay: Ok(()) for self.finish(to)".to_owned(),
    ];
    assert_eq!(names, expected);
}

/// Where the end of a statement decides what it is: names are cut after 100 characters, and what is cut still counts.
#[test]
fn a_refusal_far_behind_is_seen() {
    let filler = "let long_name_of_a_value = another_long_name_of_a_function(with_its_arguments, and_more, and_more);";
    let text = format!(
        "fn f(&mut self) -> R {{ if a {{ {filler} return Err(E); }} x = y; if b {{ {filler} self.call(to)?; }} \
         let Some(one) = found else {{ return Err(E) }}; g(one) }}"
    );
    let found = mutants(&text).unwrap();
    let edited = |start: &str| found.iter().find(|one| one.name.starts_with(start)).unwrap().apply(&text);
    assert!(!edited("f: delete if a").contains("if a"));
    assert!(edited("f: move x = y; behind if b").contains("self.call(to)?; } x = y;"));
    assert!(edited("f: delete the refusal of let Some(one)").contains("let one = (found).unwrap_or_default(); g(one)"));
}

#[test]
fn an_edit_changes_its_place_alone() {
    let found = mutants(TEXT).unwrap();
    let edited = |name: &str| found.iter().find(|mutant| mutant.name == name).unwrap().apply(TEXT);
    assert_eq!(edited("pay: delete self.only(PAYER)?;"), TEXT.replace("self.only(PAYER)?;", ""));
    assert_eq!(edited("pay: || in self.paid && to.is_zero()"), TEXT.replace("&&", "||"));
    let late = edited("pay: move self.paid = true; behind self.call(to, b)?;");
    assert!(late.find("self.paid = true;") > late.find("self.call"), "{late}");
    assert_eq!(late.len(), TEXT.len() + 1);
    let early = edited("pay: move Paid { to }.log(self); before self.call(to, b)?;");
    assert!(early.find("Paid { to }") < early.find("self.call"), "{early}");
}
