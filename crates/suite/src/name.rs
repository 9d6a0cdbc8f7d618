//! A contract's name, and its spellings.

use eyre::{Result, ensure};
use std::fmt;
use std::path::Path;

/// The longest name. A test's and a program's files are named by it.
const LONGEST: usize = 40;

/// A contract's name: that of its folder in `contracts/`, as `voting-token`. Every other spelling follows from it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

impl Name {
    /// Takes the name of a folder.
    ///
    /// # Errors
    /// If it is not in kebab-case, is too long, or Rust could not use it as the name of a module.
    pub fn new(folder: &str) -> Result<Self> {
        let is_word = |word: &str| {
            word.starts_with(|first: char| first.is_ascii_lowercase())
                && word.bytes().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
        };
        ensure!(
            folder.split('-').all(is_word),
            "`{folder}` is no name for a contract: use small letters and digits, words that begin with a letter, and a \
             hyphen between two words, as in `voting-token`"
        );
        ensure!(folder.len() <= LONGEST, "`{folder}` is too long for a name: it may have {LONGEST} letters");
        ensure!(!KEYWORDS.contains(&folder), "`{folder}` is a word of Rust, so no module can have that name");
        Ok(Self(folder.to_owned()))
    }

    /// As its folder: `voting-token`.
    pub fn kebab(&self) -> &str {
        &self.0
    }

    /// As a module or a variable: `voting_token`.
    pub fn snake(&self) -> String {
        self.0.replace('-', "_")
    }

    /// As a type: `VotingToken`.
    pub fn pascal(&self) -> String {
        self.0.split('-').map(capital).collect()
    }

    /// As a constant: `VOTING_TOKEN`.
    pub fn screaming(&self) -> String {
        self.snake().to_uppercase()
    }

    /// As in sentences: `voting token`.
    pub fn words(&self) -> String {
        self.0.replace('-', " ")
    }

    /// As in a heading: `Voting token`.
    pub fn heading(&self) -> String {
        capital(&self.words())
    }

    /// The text with this name's spellings in place of another's.
    ///
    /// The other name needs two words: the spellings of a single word cannot be told apart.
    pub fn in_place_of(&self, other: &Self, text: &str) -> String {
        let spellings = |name: &Self| {
            [name.kebab().to_owned(), name.snake(), name.pascal(), name.screaming(), name.words(), name.heading()]
        };
        spellings(other).iter().zip(spellings(self)).fold(text.to_owned(), |text, (from, to)| text.replace(from, &to))
    }
}

/// As its folder.
impl AsRef<Path> for Name {
    fn as_ref(&self) -> &Path {
        self.0.as_ref()
    }
}

/// As its folder.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

/// The words that Rust keeps for itself.
const KEYWORDS: [&str; 55] = [
    "abstract", "alloc", "as", "async", "await", "become", "box", "break", "const", "continue", "core", "crate", "do",
    "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "std", "struct",
    "super", "trait", "true", "try", "type", "typeof", "union", "unsafe", "unsized", "use", "virtual", "where",
    "while", "yield",
];

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn all_spellings_follow_from_the_folder() {
        let name = Name::new("voting-token2").unwrap();
        let spellings = [name.snake(), name.pascal(), name.screaming(), name.words(), name.heading()];
        assert_eq!(spellings, ["voting_token2", "VotingToken2", "VOTING_TOKEN2", "voting token2", "Voting token2"]);
    }

    #[test]
    fn other_names_are_refused_with_the_reason() {
        for name in ["", "Voting", "voting_token", "voting--token", "-a", "a-", "2a", "a-2", "a b", "ä", "../a"] {
            assert!(Name::new(name).unwrap_err().to_string().contains("hyphen"), "{name}");
        }
        for name in ["type", "gen", "core"] {
            assert!(Name::new(name).unwrap_err().to_string().contains("word of Rust"), "{name}");
        }
        assert!(Name::new(&"a".repeat(41)).unwrap_err().to_string().contains("too long"));
        assert!(Name::new("type-a").is_ok());
    }

    #[test]
    fn each_spelling_becomes_the_same_spelling() {
        let (old, new) = (Name::new("voting-token").unwrap(), Name::new("x").unwrap());
        let text = "voting-token voting_token VotingToken VOTING_TOKEN voting token. Voting token";
        assert_eq!(new.in_place_of(&old, text), "x x X X x. X");
        assert_eq!(old.in_place_of(&old, text), text);
    }
}
