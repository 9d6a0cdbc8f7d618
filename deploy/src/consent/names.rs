//! The codes of data classes and purposes.
//!
//! They come from the tables of [`fhir::Vocabulary`]: the standard ones, or a deployment's own file of that form. What
//! a number means on a chain is what the contract's `code` says: commands that ask a node compare both.

use std::collections::BTreeSet;
use std::path::Path;

use alloy::primitives::{Address, B256, U256};
use alloy::sol_types::{SolCall, SolValue};
use consilium_bindings::Consent as abi;
use eyre::{Result, WrapErr, ensure};
use fhir::{Row, Table, Vocabulary};

use super::read;
use crate::chain::Chain;
use crate::files;

/// The contract's tables.
pub(super) const CLASSES: u8 = 0;
/// As [`CLASSES`].
pub(super) const PURPOSES: u8 = 1;

/// The number of purposes.
const PURPOSE_COUNT: u8 = 64;

/// The word for every class or every purpose.
const ALL: &str = "all";

/// The tables of codes.
#[derive(Clone, Debug)]
pub struct Names(Vocabulary);

impl Names {
    /// The standard tables.
    pub fn standard() -> Self {
        Self(Vocabulary::standard().clone())
    }

    /// The tables of a file, in the form of `crates/fhir/src/vocabulary.toml`.
    ///
    /// # Errors
    /// If it cannot be read or has another form.
    pub fn load(path: &Path) -> Result<Self> {
        let text = files::text(path, files::MEBIBYTE).wrap_err_with(|| format!("{} cannot be read", path.display()))?;
        Ok(Self(Vocabulary::parse(&text).wrap_err_with(|| path.display().to_string())?))
    }

    /// The tables themselves.
    pub const fn vocabulary(&self) -> &Vocabulary {
        &self.0
    }

    /// The number of a class, from its code or its number.
    ///
    /// # Errors
    /// If there is none.
    pub fn class(&self, text: &str) -> Result<u8, String> {
        number(text, &[&self.0.classes, &self.0.categories], "class", u8::MAX)
    }

    /// The number of a purpose, from its code or its number.
    ///
    /// # Errors
    /// If there is none.
    pub fn purpose(&self, text: &str) -> Result<u8, String> {
        number(text, &[&self.0.purposes], "purpose", PURPOSE_COUNT - 1)
    }

    /// The mask of classes, of which each is a code, a number or `all`: also of those that get a code later.
    ///
    /// # Errors
    /// If one of them is none.
    pub fn classes(&self, texts: &[String]) -> Result<U256, String> {
        mask(texts, U256::MAX, |text| self.class(text))
    }

    /// The mask of purposes, likewise.
    ///
    /// # Errors
    /// If one of them is none.
    pub fn purposes(&self, texts: &[String]) -> Result<u64, String> {
        Ok(mask(texts, U256::from(u64::MAX), |text| self.purpose(text))?.as_limbs()[0])
    }

    /// Classes as [`Names::classes`] reads them.
    pub fn class_codes(&self, mask: U256) -> Vec<String> {
        codes(mask, U256::MAX, |number| self.0.class(number), |code| self.class(code))
    }

    /// Purposes as [`Names::purposes`] reads them.
    pub fn purpose_codes(&self, mask: u64) -> Vec<String> {
        let all = U256::from(u64::MAX);
        codes(U256::from(mask), all, |number| self.0.purposes.row(number), |code| self.purpose(code))
    }

    /// A class in words: `LABORATORY (8)`.
    pub fn class_in_words(&self, class: u8) -> String {
        in_words(self.0.class(class), class)
    }

    /// A purpose in words: `TREAT (0)`.
    pub fn purpose_in_words(&self, purpose: u8) -> String {
        in_words(self.0.purposes.row(purpose), purpose)
    }

    /// Classes in words.
    pub fn classes_in_words(&self, mask: U256) -> String {
        if mask == U256::MAX {
            return "data of every class".to_owned();
        }
        list(mask, |class| self.class_in_words(class))
    }

    /// Purposes in words.
    pub fn purposes_in_words(&self, mask: u64) -> String {
        if mask == u64::MAX {
            return "every purpose".to_owned();
        }
        list(U256::from(mask), |purpose| self.purpose_in_words(purpose))
    }

    /// Refuses numbers that mean something else on the chain. Where the chain says nothing, these tables count.
    ///
    /// # Errors
    /// If a code differs, or the node does not answer.
    pub(super) async fn agree(
        &self,
        chain: &Chain,
        contract: Address,
        classes: impl IntoIterator<Item = u8>,
        purposes: impl IntoIterator<Item = u8>,
        block: u64,
    ) -> Result<()> {
        let classes = classes.into_iter().map(|class| (CLASSES, class));
        let numbers: BTreeSet<_> = classes.chain(purposes.into_iter().map(|purpose| (PURPOSES, purpose))).collect();
        // All are asked in one call.
        let asked = numbers.iter().map(|(table, number)| abi::codeCall { table: *table, number: *number }.abi_encode());
        let call = abi::multicallCall { data: asked.map(Into::into).collect() };
        let answers = read(chain, contract, call, block).await?;
        ensure!(answers.len() == numbers.len(), "{contract} answers {} of {} questions", answers.len(), numbers.len());
        for ((table, number), answer) in numbers.into_iter().zip(answers) {
            let row = if table == CLASSES { self.0.class(number) } else { self.0.purposes.row(number) };
            let code = B256::abi_decode(&answer)?;
            ensure!(
                code.is_zero() || row.is_some_and(|row| row.bytes32() == code),
                "number {number} of the table of {} is {} on the chain, and {} here: give the deployment's own \
                 tables with --vocabulary",
                if table == CLASSES { "classes" } else { "purposes" },
                text(code),
                row.map_or("nothing", |row| row.code.as_str())
            );
        }
        Ok(())
    }
}

/// A code of the chain; what is not ASCII is left as the node gave it.
fn text(code: B256) -> String {
    let bytes = code.as_slice().iter().copied().take_while(|byte| *byte != 0).collect::<Vec<_>>();
    let is_code = bytes.iter().all(u8::is_ascii_graphic);
    String::from_utf8(bytes).ok().filter(|_| is_code).unwrap_or_else(|| code.to_string())
}

fn number(text: &str, tables: &[&Table], what: &str, most: u8) -> Result<u8, String> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let number = text.parse::<u8>().ok().filter(|number| *number <= most);
        return number.ok_or_else(|| format!("{text} is not a {what}: numbers go from 0 to {most}"));
    }
    let is_it =
        |row: &&Row| row.code.eq_ignore_ascii_case(text) || row.also.iter().any(|also| also.eq_ignore_ascii_case(text));
    let row = tables.iter().flat_map(|table| &table.rows).find(is_it);
    row.map(|row| row.index).ok_or_else(|| {
        let examples: Vec<_> =
            tables.iter().flat_map(|table| &table.rows).take(4).map(|row| row.code.as_str()).collect();
        format!("there is no {what} \"{text}\": write a code, as {}, or a number", examples.join(", "))
    })
}

fn mask(texts: &[String], all: U256, number: impl Fn(&str) -> Result<u8, String>) -> Result<U256, String> {
    let mut mask = U256::ZERO;
    for text in texts {
        mask |= if text == ALL { all } else { U256::from(1) << usize::from(number(text)?) };
    }
    Ok(mask)
}

fn in_words(row: Option<&Row>, number: u8) -> String {
    row.map_or_else(|| format!("number {number}"), |row| format!("{} ({number})", row.code))
}

/// The code of each number, or the number where its code would be read as another one.
fn codes<'a>(
    mask: U256,
    all: U256,
    row: impl Fn(u8) -> Option<&'a Row>,
    read: impl Fn(&str) -> Result<u8, String>,
) -> Vec<String> {
    if mask == all {
        return vec![ALL.to_owned()];
    }
    let code = |number| row(number).map(|row| row.code.clone()).filter(|code| read(code) == Ok(number));
    numbers(mask).map(|number| code(number).unwrap_or_else(|| number.to_string())).collect()
}

fn numbers(mask: U256) -> impl Iterator<Item = u8> {
    (0..=u8::MAX).filter(move |number| mask.bit(usize::from(*number)))
}

fn list(mask: U256, words: impl Fn(u8) -> String) -> String {
    let listed: Vec<_> = numbers(mask).map(words).collect();
    if listed.is_empty() { "nothing".to_owned() } else { listed.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_numbers_are_read() {
        let names = Names::standard();
        for (text, class) in [("LABORATORY", 8), ("laboratory", 8), ("8", 8), ("HIV", 199), ("ETH", 196), ("255", 255)]
        {
            assert_eq!(names.class(text), Ok(class), "{text}");
        }
        assert_eq!((names.purpose("TREAT"), names.purpose("63")), (Ok(0), Ok(63)));
        let all = ["all".to_owned()];
        assert_eq!((names.classes(&all), names.purposes(&all)), (Ok(U256::MAX), Ok(u64::MAX)));
        let two = ["LABORATORY".to_owned(), "0".to_owned()];
        assert_eq!(names.classes(&two), Ok(U256::from(0x101)));
        assert_eq!(names.classes_in_words(U256::from(0x101)), "DEMOGRAPHICS (0), LABORATORY (8)");
        assert_eq!(names.class_in_words(190), "number 190");
        assert_eq!(names.class_codes(U256::from(0x101)), ["DEMOGRAPHICS", "LABORATORY"]);
        for mask in [U256::MAX, U256::ZERO, U256::from(0x101), U256::MAX - U256::from(1)] {
            assert_eq!(names.classes(&names.class_codes(mask)), Ok(mask));
        }
        for mask in [u64::MAX, 0, 5, u64::MAX - 1] {
            assert_eq!(names.purposes(&names.purpose_codes(mask)), Ok(mask));
        }
    }

    #[test]
    fn what_has_no_number_is_refused_with_examples() {
        let names = Names::standard();
        let error = names.class("BLOOD").expect_err("none");
        assert!(error.starts_with("there is no class \"BLOOD\": write a code, as DEMOGRAPHICS, "), "{error}");
        assert_eq!(names.class("256").expect_err("none"), "256 is not a class: numbers go from 0 to 255");
        assert_eq!(names.purpose("64").expect_err("none"), "64 is not a purpose: numbers go from 0 to 63");
        // A class is not a purpose.
        assert!(names.purpose("LABORATORY").is_err() && names.class("").is_err());
    }

    #[test]
    fn a_code_of_the_chain_is_shown_as_it_may_be() {
        assert_eq!(text(B256::right_padding_from(b"TREAT")), "TREAT");
        assert!(text(B256::right_padding_from(b"TR\x1b[2J")).starts_with("0x5452"));
    }
}
