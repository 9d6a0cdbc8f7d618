//! `devdoc` and `userdoc`, as solc makes them of the Solidity interface, and with what an interface cannot carry: the
//! constructor's documentation stands where solc has it for a contract.

use serde_json::{Map, Value, json};

use crate::{Docs, Fallback, Function, Interface, docs::Tag, parse::plain};

impl Interface {
    /// What a contract's JSON file holds: `abi`, `devdoc` and `userdoc`, by the names that solc, Hardhat and Foundry use.
    pub fn artifact(&self) -> Value {
        json!({ "abi": self.json(), "devdoc": self.devdoc(), "userdoc": self.userdoc() })
    }

    /// Documentation for developers.
    pub fn devdoc(&self) -> Value {
        let mut all = self.docs.dev(&[]);
        for (tag, text) in self.unnamed_docs() {
            all.insert(format!("custom:{tag}"), text.join(" ").into());
        }
        let constructor = self.constructor.iter().map(|f| ("constructor".to_owned(), f.docs.dev(&[])));
        let functions = self.all_functions().map(|f| (f.signature(), self.function_docs(f)));
        all.insert("methods".into(), filled(constructor.chain(functions)));
        let events = filled(self.all_events().map(|e| (e.signature(), e.docs.dev(&[]))));
        let errors = filled(self.all_errors().map(|e| (e.signature(), e.docs.dev(&[]))));
        insert_events_and_errors(&mut all, events, errors);
        all.insert("kind".into(), "dev".into());
        all.insert("version".into(), 1.into());
        Value::Object(all)
    }

    /// Documentation for users.
    pub fn userdoc(&self) -> Value {
        let mut all = self.docs.user();
        let constructor = self.constructor.iter().map(|f| ("constructor".to_owned(), f.docs.user()));
        let functions = self.all_functions().map(|f| (f.signature(), f.docs.user()));
        all.insert("methods".into(), filled(constructor.chain(functions)));
        let events = filled(self.all_events().map(|e| (e.signature(), e.docs.user())));
        let errors = filled(self.all_errors().map(|e| (e.signature(), e.docs.user())));
        insert_events_and_errors(&mut all, events, errors);
        all.insert("kind".into(), "user".into());
        all.insert("version".into(), 1.into());
        Value::Object(all)
    }

    fn function_docs(&self, function: &Function) -> Map<String, Value> {
        let names: Vec<_> = function.returns.iter().map(|value| value.name.as_ref().map(plain)).collect();
        let mut all = function.docs.dev(&names);
        for (tag, text) in self.generated_docs(function) {
            all.insert(format!("custom:{tag}"), text.into());
        }
        all
    }

    /// What `sol_abi!` itself says of a function, by custom tags.
    pub(crate) fn generated_docs(&self, function: &Function) -> Vec<(&'static str, String)> {
        if self.target.is_none() && !self.is_fragment {
            return Vec::new();
        }
        let access = self.who_may_call(function).map(|who| ("access", who));
        let reentrant = function.reentrant.as_ref().map(|why| ("reentrant", why.value()));
        access.into_iter().chain(reentrant).collect()
    }

    /// What is said of constructor, `receive` and `fallback`, which a Solidity interface cannot declare: a custom tag of
    /// the interface for each, its text a line a sentence or parameter.
    pub(crate) fn unnamed_docs(&self) -> Vec<(&'static str, Vec<String>)> {
        let mut all = Vec::new();
        if let Some(constructor) = &self.constructor {
            all.push(("constructor", constructor.docs.prose()));
        }
        let fallbacks = [("receive", &self.receive), ("fallback", &self.fallback)];
        all.extend(fallbacks.into_iter().filter_map(|(tag, f)| Some((tag, prose(f.as_ref()?)))));
        all.retain(|(_, lines)| !lines.is_empty());
        all
    }
}

fn prose(fallback: &Fallback) -> Vec<String> {
    let mut lines = fallback.docs.prose();
    lines.extend(fallback.by.iter().map(|who| format!("Callers: {}.", who.value())));
    lines
}

/// The entries that say something.
fn filled(entries: impl Iterator<Item = (String, Map<String, Value>)>) -> Value {
    entries.filter(|(_, docs)| !docs.is_empty()).map(|(name, docs)| (name, Value::Object(docs))).collect()
}

/// Both are left out where they are empty; of an error solc makes a list, as there may be several of one signature.
fn insert_events_and_errors(all: &mut Map<String, Value>, events: Value, errors: Value) {
    let is_filled = |value: &Value| value.as_object().is_some_and(|map| !map.is_empty());
    if is_filled(&events) {
        all.insert("events".into(), events);
    }
    if let Value::Object(errors) = errors
        && !errors.is_empty()
    {
        all.insert("errors".into(), errors.into_iter().map(|(name, docs)| (name, json!([docs]))).collect());
    }
}

impl Docs {
    /// What a user reads.
    fn user(&self) -> Map<String, Value> {
        self.notice().map(|notice| ("notice".to_owned(), Value::from(notice))).into_iter().collect()
    }

    /// What a developer reads, of a function with these names of returned values.
    fn dev(&self, returns: &[Option<String>]) -> Map<String, Value> {
        let mut all = Map::new();
        for (tag, name) in [(Tag::Title, "title"), (Tag::Author, "author"), (Tag::Dev, "details")] {
            all.extend(self.text(&tag).map(|text| (name.to_owned(), Value::from(text))));
        }
        let params: Map<_, _> = self.params().map(|(name, text)| (name.to_owned(), Value::from(text))).collect();
        let returns: Map<_, _> = self.returns(returns).map(|(name, text)| (name, Value::from(text))).collect();
        for (name, map) in [("params", params), ("returns", returns)] {
            if !map.is_empty() {
                all.insert(name.into(), Value::Object(map));
            }
        }
        all.extend(self.custom().into_iter().map(|(tag, texts)| (format!("custom:{tag}"), texts.join("; ").into())));
        all
    }

    pub(crate) fn params(&self) -> impl Iterator<Item = (&str, String)> {
        self.blocks().iter().filter_map(|block| match &block.tag {
            Tag::Param(name) => Some((name.as_str(), block.text())),
            _ => None,
        })
    }

    /// `@return`s by the names of what is returned, `_0` and so on where there is none. A name begins the text.
    fn returns(&self, names: &[Option<String>]) -> impl Iterator<Item = (String, String)> {
        let texts = self.blocks().iter().filter(|block| block.tag == Tag::Return).map(|block| block.text());
        let names = names.iter().cloned().enumerate();
        texts.zip(names).map(|(text, (index, name))| match name {
            Some(name) => {
                let said = text.strip_prefix(&name).map(|rest| rest.trim_start().to_owned());
                (name, said.unwrap_or(text))
            }
            None => (format!("_{index}"), text),
        })
    }

    /// The lines of a comment that solc reads as these documents, without the mark.
    ///
    /// solc joins tags of one name without so much as a space: `@custom:reverts` is printed once, an error a line.
    pub(crate) fn comment(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut dev = Vec::new();
        for block in self.blocks() {
            let word = match &block.tag {
                Tag::Notice => {
                    lines.extend(block.lines.iter().cloned());
                    continue;
                }
                Tag::Dev => {
                    dev.extend(block.lines.iter().cloned());
                    continue;
                }
                Tag::Title => "@title".to_owned(),
                Tag::Author => "@author".to_owned(),
                Tag::Param(name) => format!("@param {name}"),
                Tag::Return => "@return".to_owned(),
                Tag::Custom(_) => continue,
            };
            dev_first(&mut lines, &mut dev);
            tagged(&mut lines, &word, &block.lines);
        }
        dev_first(&mut lines, &mut dev);
        for (tag, mut texts) in self.custom() {
            let last = texts.len().saturating_sub(1);
            texts[..last].iter_mut().for_each(|text| text.push(';'));
            tagged(&mut lines, &format!("@custom:{tag}"), &texts);
        }
        lines
    }

    /// Everything as sentences, for a place that knows no tags inside.
    fn prose(&self) -> Vec<String> {
        let of = |tag: Tag| {
            self.blocks().iter().filter(move |block| block.tag == tag).flat_map(|block| block.lines.iter().cloned())
        };
        let mut lines: Vec<_> = of(Tag::Notice).chain(of(Tag::Dev)).collect();
        lines.extend(self.params().map(|(name, text)| format!("{name}: {}", sentence(text))));
        lines.extend(self.custom().into_iter().map(|(tag, texts)| format!("{tag}: {}", sentence(texts.join("; ")))));
        lines
    }
}

fn sentence(text: String) -> String {
    if text.ends_with('.') { text } else { text + "." }
}

fn dev_first(lines: &mut Vec<String>, dev: &mut Vec<String>) {
    if !dev.is_empty() {
        tagged(lines, "@dev", dev);
        dev.clear();
    }
}

pub(crate) fn tagged(lines: &mut Vec<String>, word: &str, text: &[String]) {
    let mut text = text.iter();
    lines.extend(text.next().map(|first| format!("{word} {first}")));
    lines.extend(text.cloned());
}
