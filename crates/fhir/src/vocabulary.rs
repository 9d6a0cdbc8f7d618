//! The tables: what the numbers on chain mean, and from which codes of HL7 they come.

use std::sync::LazyLock;

use alloy_primitives::{B256, U256};
use serde::Deserialize;

use crate::Version;

/// The first sensitive category among the classes.
pub const FIRST_CATEGORY: u8 = 192;

static STANDARD: LazyLock<Vocabulary> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the file is part of the crate, and a test reads it")]
    Vocabulary::parse(include_str!("vocabulary.toml")).expect("the crate's own tables are valid")
});

/// Why a vocabulary is refused.
#[derive(Debug, thiserror::Error)]
pub enum VocabularyError {
    /// The text is not TOML of this form.
    #[error("the vocabulary cannot be read: {0}. Take the crate's vocabulary.toml as a model")]
    Unreadable(#[from] toml::de::Error),
    /// A table lacks the code system of its codes.
    #[error("the {table} have no code system. State where their codes come from")]
    System {
        /// Which table.
        table: &'static str,
    },
    /// A row contradicts the rules of its table.
    #[error("the row {code} of the {table}: {problem}")]
    Row {
        /// Which table.
        table: &'static str,
        /// The row's code.
        code: String,
        /// What is wrong, and what to do.
        problem: &'static str,
    },
}

/// The tables of a deployment. [`Vocabulary::standard`] has the default ones.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vocabulary {
    /// Purposes of use, 0 to 63.
    pub purposes: Table,
    /// Groups of data, 0 to 191.
    pub classes: Table,
    /// Sensitive categories of data, 192 to 255.
    pub categories: Table,
    /// Jurisdictions, 0 to 31.
    pub jurisdictions: Table,
    /// Reasons to break the glass, 0 to 255.
    pub reasons: Table,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The code system of the rows' codes, if they have one.
    pub system: Option<String>,
    /// For classes: the code systems of resource types, which mean the same.
    #[serde(default)]
    pub systems: Vec<String>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The number on chain.
    pub index: u8,
    /// The code: ASCII, at most 32 bytes.
    pub code: String,
    /// In words.
    #[serde(default)]
    pub name: String,
    /// The code that this one is a part of.
    pub broader: Option<String>,
    /// Other codes of the table's system that mean the same.
    #[serde(default)]
    pub also: Vec<String>,
    /// FHIR resource types that R4 and R5 have.
    #[serde(default)]
    pub types: Vec<String>,
    /// FHIR resource types that R4 alone has.
    #[serde(default)]
    pub r4: Vec<String>,
    /// FHIR resource types that R5 alone has.
    #[serde(default)]
    pub r5: Vec<String>,
    /// Codes of other systems, as `system|code`, each of which means the whole row.
    #[serde(default)]
    pub codes: Vec<String>,
}

impl Row {
    /// The code as it goes on chain: zeros follow it.
    #[must_use]
    pub fn bytes32(&self) -> B256 {
        B256::right_padding_from(self.code.as_bytes())
    }

    /// The resource types of the row in a version of FHIR.
    pub fn types(&self, version: Version) -> impl Iterator<Item = &str> {
        let own = match version {
            Version::R4 => &self.r4,
            Version::R5 => &self.r5,
        };
        self.types.iter().chain(own).map(String::as_str)
    }
}

impl Table {
    /// The row of a number.
    #[must_use]
    pub fn row(&self, index: u8) -> Option<&Row> {
        self.rows.iter().find(|row| row.index == index)
    }

    /// The row of a code of the table's own system.
    #[must_use]
    pub fn find(&self, system: &str, code: &str) -> Option<&Row> {
        let is_ours = self.system.as_deref() == Some(system);
        self.rows.iter().find(|row| is_ours && (row.code == code || row.also.iter().any(|also| also == code)))
    }

    /// The mask of all rows.
    #[must_use]
    pub fn known(&self) -> U256 {
        self.rows.iter().fold(U256::ZERO, |mask, row| mask | bit(row.index))
    }

    /// A mask with all rows that are a part of one of its rows.
    #[must_use]
    pub fn with_narrower(&self, mask: U256) -> U256 {
        let mut mask = mask;
        loop {
            let more = self.rows.iter().filter(|row| self.is_part_of(row, mask));
            let wider = more.fold(mask, |mask, row| mask | bit(row.index));
            if wider == mask {
                return mask;
            }
            mask = wider;
        }
    }

    fn is_part_of(&self, row: &Row, mask: U256) -> bool {
        let broader = |code| self.rows.iter().find(|row| row.code == code);
        row.broader.as_deref().and_then(broader).is_some_and(|row| has(mask, row.index))
    }

    fn check(&self, table: &'static str, from: u8, to: u8) -> Result<(), VocabularyError> {
        for (place, row) in self.rows.iter().enumerate() {
            let before = self.rows.iter().take(place);
            let problem = if !(from..=to).contains(&row.index) {
                "its number is out of the table's range"
            } else if row.code.is_empty()
                || row.code.len() > 32
                || !row.code.bytes().all(|byte| byte.is_ascii_graphic())
            {
                "a code has 1 to 32 visible ASCII characters"
            } else if before.clone().any(|other| other.index == row.index) {
                "another row has its number"
            } else if before.clone().any(|other| other.code == row.code || other.also.contains(&row.code)) {
                "another row has its code"
            } else if row.broader.as_ref().is_some_and(|code| !self.rows.iter().any(|row| row.code == *code)) {
                "the table lacks the broader code"
            } else {
                continue;
            };
            return Err(VocabularyError::Row { table, code: row.code.clone(), problem });
        }
        Ok(())
    }
}

impl Vocabulary {
    /// The default tables.
    #[must_use]
    pub fn standard() -> &'static Self {
        &STANDARD
    }

    /// Reads tables of the form of the default ones.
    ///
    /// # Errors
    /// If the text has another form, a number is out of range or given twice, or a code does not fit into 32 bytes.
    pub fn parse(text: &str) -> Result<Self, VocabularyError> {
        let vocabulary: Self = toml::from_str(text)?;
        for (table, system) in [
            ("purposes", &vocabulary.purposes.system),
            ("categories", &vocabulary.categories.system),
            ("classes", &vocabulary.classes.systems.first().cloned()),
        ] {
            if system.is_none() {
                return Err(VocabularyError::System { table });
            }
        }
        vocabulary.purposes.check("purposes", 0, 63)?;
        vocabulary.classes.check("classes", 0, FIRST_CATEGORY - 1)?;
        vocabulary.categories.check("categories", FIRST_CATEGORY, u8::MAX)?;
        vocabulary.jurisdictions.check("jurisdictions", 0, 31)?;
        vocabulary.reasons.check("reasons", 0, u8::MAX)?;
        Ok(vocabulary)
    }

    /// The mask of all purposes that have a code.
    #[must_use]
    pub fn known_purposes(&self) -> u64 {
        low(self.purposes.known())
    }

    /// The mask of all classes and categories that have a code.
    #[must_use]
    pub fn known_classes(&self) -> U256 {
        self.classes.known() | self.categories.known()
    }

    /// A mask of purposes with all narrower ones.
    #[must_use]
    pub fn with_narrower_purposes(&self, purposes: u64) -> u64 {
        low(self.purposes.with_narrower(U256::from(purposes)))
    }

    /// A mask of classes and categories with all narrower ones.
    #[must_use]
    pub fn with_narrower_classes(&self, classes: U256) -> U256 {
        self.categories.with_narrower(self.classes.with_narrower(classes))
    }

    /// The row of a class or a category.
    #[must_use]
    pub fn class(&self, index: u8) -> Option<&Row> {
        self.classes.row(index).or_else(|| self.categories.row(index))
    }
}

/// The mask of a number.
pub(crate) fn bit(index: u8) -> U256 {
    U256::from(1) << usize::from(index)
}

/// Whether a mask has a number.
pub(crate) fn has(mask: U256, index: u8) -> bool {
    mask.bit(usize::from(index))
}

/// The mask of all categories.
pub(crate) fn categories() -> U256 {
    U256::MAX << usize::from(FIRST_CATEGORY)
}

fn low(mask: U256) -> u64 {
    mask.as_limbs()[0]
}
