//! Documentation, split into NatSpec's tags.

use proc_macro2::Span;
use syn::{Error, Result};

/// The lines of `///` before an item.
///
/// The first paragraph is NatSpec's notice, every further one `@dev`. Tags stand at the beginning of a line.
#[derive(Clone, Debug, Default)]
pub struct Docs {
    lines: Vec<String>,
    blocks: Vec<Block>,
}

/// The text of one tag.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) tag: Tag,
    pub(crate) lines: Vec<String>,
    /// Its first line, where errors point.
    pub(crate) span: Span,
}

/// NatSpec's tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    Title,
    Author,
    Notice,
    Dev,
    /// With the parameter's name.
    Param(String),
    Return,
    /// With what follows `custom:`.
    Custom(String),
}

/// What `sol_abi!` says by itself.
const GENERATED: [&str; 5] = ["access", "constructor", "fallback", "receive", "reentrant"];

impl Docs {
    /// Tells the lines apart. A tag that solc does not know, or takes otherwise than it reads, is refused.
    pub(crate) fn parse(lines: Vec<(String, Span)>) -> Result<Self> {
        let mut blocks: Vec<Block> = Vec::new();
        let mut after_gap = false;
        for (line, span) in &lines {
            let (line, span) = (line.trim(), *span);
            if let Some(tagged) = line.strip_prefix('@') {
                let (tag, text) = tag(tagged).map_err(|text| Error::new(span, text))?;
                blocks.push(Block { tag, lines: vec![text.to_owned()], span });
            } else if line.is_empty() {
                after_gap = !blocks.is_empty();
                continue;
            } else {
                match blocks.last_mut() {
                    Some(block) if !after_gap || block.tag == Tag::Dev => block.lines.push(line.to_owned()),
                    None => blocks.push(Block { tag: Tag::Notice, lines: vec![line.to_owned()], span }),
                    Some(_) => blocks.push(Block { tag: Tag::Dev, lines: vec![line.to_owned()], span }),
                }
            }
            after_gap = false;
            let text = line.strip_prefix('@').unwrap_or(line);
            if text.contains('@') {
                return Err(Error::new(span, "solc takes every `@` for a tag: one stands at the beginning of a line"));
            }
        }
        Ok(Self { lines: lines.into_iter().map(|(line, _)| line).collect(), blocks })
    }

    /// The lines as they were written.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// What NatSpec tells a user.
    pub fn notice(&self) -> Option<String> {
        self.text(&Tag::Notice)
    }

    /// The parameters that it says something of.
    pub fn param_names(&self) -> impl Iterator<Item = &str> {
        self.params().map(|(name, _)| name)
    }

    pub(crate) fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The text of a tag, all its blocks one after another.
    pub(crate) fn text(&self, tag: &Tag) -> Option<String> {
        let all: Vec<_> = self.blocks.iter().filter(|block| block.tag == *tag).map(Block::text).collect();
        if all.is_empty() { None } else { Some(all.join(" ")) }
    }

    /// Custom tags with their texts, each tag once, in the order they come.
    pub(crate) fn custom(&self) -> Vec<(&str, Vec<String>)> {
        let mut all: Vec<(&str, Vec<String>)> = Vec::new();
        for block in &self.blocks {
            if let Tag::Custom(name) = &block.tag {
                match all.iter_mut().find(|(known, _)| known == name) {
                    Some((_, texts)) => texts.push(block.text()),
                    None => all.push((name, vec![block.text()])),
                }
            }
        }
        all
    }
}

impl Block {
    /// Its lines as one.
    pub(crate) fn text(&self) -> String {
        self.lines.join(" ")
    }
}

/// A tag and the text behind it, from a line without its `@`.
fn tag(line: &str) -> std::result::Result<(Tag, &str), String> {
    let (word, text) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let text = text.trim_start();
    let (tag, text) = match word {
        "title" => (Tag::Title, text),
        "author" => (Tag::Author, text),
        "notice" => (Tag::Notice, text),
        "dev" => (Tag::Dev, text),
        "return" => (Tag::Return, text),
        "param" => {
            let (name, text) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
            (Tag::Param(name.to_owned()), text.trim_start())
        }
        _ => match word.strip_prefix("custom:") {
            Some(name) if GENERATED.contains(&name) => {
                return Err(format!("`@{word}` is written by `sol_abi!` itself, from the declaration"));
            }
            Some(name) if is_custom(name) => (Tag::Custom(name.to_owned()), text),
            _ => return Err(format!("`@{word}` is no tag of NatSpec")),
        },
    };
    if text.is_empty() { Err(format!("`@{word}` says nothing")) } else { Ok((tag, text)) }
}

/// As solc takes them: small letters, and hyphens between.
fn is_custom(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(|c| c.is_ascii_lowercase() || c == '-')
}
