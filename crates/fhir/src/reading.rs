//! A document with the paths of its elements, and what became of each: used, kept in the document only, or refused.
//!
//! Whoever reads an element says what became of it. [`Reading::finish`] then walks the whole document and refuses what
//! nobody has spoken for. So an element that this crate does not know cannot be dropped in silence.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::json::Node;
use crate::report::{Caution, Kept, Refusal};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Used,
    Kept(&'static str),
    Refused,
}

/// What is known about a document so far.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    marks: RefCell<BTreeMap<String, Mark>>,
    refusals: RefCell<Vec<Refusal>>,
    cautions: RefCell<Vec<Caution>>,
}

/// What a reading found.
pub(crate) struct Findings {
    pub(crate) refusals: Vec<Refusal>,
    pub(crate) cautions: Vec<Caution>,
    pub(crate) used: Vec<String>,
    pub(crate) kept: Vec<Kept>,
}

impl Reading {
    pub(crate) fn refuse(&self, path: &str, problem: impl Into<String>, remedy: impl Into<String>) {
        let refusal = Refusal { path: path.to_owned(), problem: problem.into(), remedy: remedy.into() };
        let mut refusals = self.refusals.borrow_mut();
        if !refusals.contains(&refusal) {
            refusals.push(refusal);
        }
    }

    pub(crate) fn caution(&self, path: &str, text: impl Into<String>) {
        self.cautions.borrow_mut().push(Caution { path: path.to_owned(), text: text.into() });
    }

    fn mark(&self, path: &str, mark: Mark) {
        self.marks.borrow_mut().insert(path.to_owned(), mark);
    }

    /// Refuses what nobody has spoken for.
    pub(crate) fn finish(&self, root: &Element<'_>) -> Findings {
        self.walk(root.node, &root.path);
        let marks = self.marks.take();
        let used = marks.iter().filter(|(_, mark)| **mark == Mark::Used).map(|(path, _)| path.clone()).collect();
        let kept = marks.iter().filter_map(|(path, mark)| match mark {
            Mark::Kept(why) => Some(Kept { path: path.clone(), why }),
            _ => None,
        });
        let kept = kept.collect();
        Findings { refusals: self.refusals.take(), cautions: self.cautions.take(), used, kept }
    }

    fn walk(&self, node: &Node, path: &str) {
        if self.marks.borrow().contains_key(path) {
            return;
        }
        match node {
            Node::Object(members) if !members.is_empty() => {
                for (key, member) in members {
                    self.walk(member, &format!("{path}.{key}"));
                }
            }
            Node::List(items) if !items.is_empty() => {
                for (index, item) in items.iter().enumerate() {
                    self.walk(item, &format!("{path}[{index}]"));
                }
            }
            _ => self.refuse(
                path,
                format!("{} that is not expected here", node.kind()),
                "Remove it, or ask for a version of this tool that knows it",
            ),
        }
    }
}

/// An element of a document.
#[derive(Clone, Debug)]
pub(crate) struct Element<'a> {
    node: &'a Node,
    pub(crate) path: String,
    reading: &'a Reading,
}

impl<'a> Element<'a> {
    pub(crate) fn new(node: &'a Node, path: &str, reading: &'a Reading) -> Self {
        Self { node, path: path.to_owned(), reading }
    }

    pub(crate) fn refuse(&self, problem: impl Into<String>, remedy: impl Into<String>) {
        self.reading.refuse(&self.path, problem, remedy);
        self.reading.mark(&self.path, Mark::Refused);
    }

    /// Refuses a member that is missing.
    pub(crate) fn lacks(&self, name: &str, problem: impl Into<String>, remedy: impl Into<String>) {
        self.reading.refuse(&format!("{}.{name}", self.path), problem, remedy);
    }

    pub(crate) fn caution(&self, text: impl Into<String>) {
        self.reading.caution(&self.path, text);
    }

    pub(crate) fn keep(&self, why: &'static str) {
        self.reading.mark(&self.path, Mark::Kept(why));
    }

    pub(crate) fn used(&self) {
        self.reading.mark(&self.path, Mark::Used);
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.node.member(name).is_some()
    }

    pub(crate) fn is_list(&self) -> bool {
        matches!(self.node, Node::List(_))
    }

    pub(crate) fn member(&self, name: &str) -> Option<Self> {
        let node = self.node.member(name)?;
        Some(Self { node, path: format!("{}.{name}", self.path), reading: self.reading })
    }

    /// A member that is an object.
    pub(crate) fn object(&self, name: &str) -> Option<Self> {
        self.member(name).filter(Self::is_object)
    }

    fn is_object(&self) -> bool {
        let is = matches!(self.node, Node::Object(_));
        if !is {
            self.wrong("an object");
        }
        is
    }

    /// The items of a member that is a list of objects. FHIR's JSON has a list even for one.
    pub(crate) fn objects(&self, name: &str) -> Vec<Self> {
        let mut items = self.items(name);
        items.retain(Self::is_object);
        items
    }

    fn items(&self, name: &str) -> Vec<Self> {
        let Some(list) = self.member(name) else { return Vec::new() };
        let Node::List(items) = list.node else {
            list.wrong("a list");
            return Vec::new();
        };
        if items.is_empty() {
            list.refuse("an empty list, which FHIR does not allow", "Remove it");
        }
        let item = |(index, node)| Self { node, path: format!("{}[{index}]", list.path), reading: self.reading };
        items.iter().enumerate().map(item).collect()
    }

    /// A member that is a string, used.
    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        let member = self.member(name)?;
        match member.node {
            Node::Text(text) if !text.trim().is_empty() => {
                member.used();
                Some(text)
            }
            Node::Text(_) => {
                member.refuse("an empty string, which FHIR does not allow", "Remove it, or fill it in");
                None
            }
            _ => {
                member.wrong("a string");
                None
            }
        }
    }

    /// A member that is a boolean, used.
    pub(crate) fn boolean(&self, name: &str) -> Option<bool> {
        let member = self.member(name)?;
        if let Node::Bool(value) = member.node {
            member.used();
            return Some(*value);
        }
        member.wrong("a boolean");
        None
    }

    fn wrong(&self, expected: &str) {
        self.refuse(format!("{} where FHIR has {expected}", self.node.kind()), "Correct the document");
    }

    /// Says what becomes of what every element may have: ids and extensions.
    pub(crate) fn common(&self) {
        let Node::Object(members) = self.node else { return };
        for (name, _) in members {
            let Some(member) = self.member(name) else { continue };
            match (name.as_str(), name.strip_prefix('_')) {
                ("id", _) => member.keep("an id"),
                ("extension", _) => member.keep("an extension that does not change the meaning, by FHIR's rule"),
                ("modifierExtension", _) => {
                    member.refuse("an extension that changes the meaning", "State it without the extension");
                }
                (_, Some(value)) if self.has(value) => {
                    member.keep("an extension that does not change the meaning, by FHIR's rule");
                }
                _ => {}
            }
        }
    }

    /// Keeps those of the members in the document only.
    pub(crate) fn keep_members(&self, names: &[(&str, &'static str)]) {
        for (name, why) in names {
            if let Some(member) = self.member(name) {
                member.keep(why);
            }
        }
    }
}
