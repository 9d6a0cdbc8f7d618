//! A Solidity interface that `solc` compiles, documented as NatSpec.

use std::fmt::{self, Write};

use crate::{Function, Interface, Mutability, Param, parse::plain};

impl Interface {
    /// The interface as Solidity source, without licence and pragma.
    ///
    /// An interface has no constructor, `receive` or `fallback`: they stand in its documentation.
    pub fn solidity(&self) -> String {
        let mut out = String::new();
        self.write(&mut out).expect("writing to a String cannot fail");
        out
    }

    /// The constructor as `cargo stylus` wants it: `constructor(uint256 first)`; empty if there is none.
    pub fn constructor_signature(&self) -> String {
        let Some(constructor) = &self.constructor else { return String::new() };
        let payable = if constructor.mutability == Mutability::Payable { " payable" } else { "" };
        let params: Vec<_> = constructor.params.iter().map(|p| declared(p, "")).collect();
        format!("constructor({}){payable}", params.join(", "))
    }

    fn write(&self, out: &mut String) -> fmt::Result {
        let mut docs = self.docs.clone();
        if self.constructor.is_some() {
            docs.push(String::new());
            docs.push(format!("Deployed with `{}`.", self.constructor_signature()));
        }
        if self.receive.is_some() {
            docs.push(String::new());
            docs.push("Takes ether sent without calldata.".into());
        }
        natspec(out, "", &docs)?;
        writeln!(out, "interface {} {{", plain(&self.name))?;
        let mut first = true;
        let mut gap = |out: &mut String| if std::mem::take(&mut first) { Ok(()) } else { writeln!(out) };
        for record in &self.structs {
            gap(out)?;
            natspec(out, INDENT, &record.docs)?;
            writeln!(out, "{INDENT}struct {} {{", plain(&record.name))?;
            for field in &record.fields {
                writeln!(out, "{INDENT}{INDENT}{};", declared(field, ""))?;
            }
            writeln!(out, "{INDENT}}}")?;
        }
        for event in &self.events {
            gap(out)?;
            natspec(out, INDENT, &event.docs)?;
            let params = event.params.iter().map(|p| {
                format!("{}{} {}", p.ty.source(), if p.indexed { " indexed" } else { "" }, safe(&plain(&p.name)))
            });
            let params: Vec<_> = params.collect();
            writeln!(out, "{INDENT}event {}({});", plain(&event.name), params.join(", "))?;
        }
        for error in &self.errors {
            gap(out)?;
            natspec(out, INDENT, &error.docs)?;
            let params: Vec<_> = error.params.iter().map(|p| declared(p, "")).collect();
            writeln!(out, "{INDENT}error {}({});", plain(&error.name), params.join(", "))?;
        }
        for function in &self.functions {
            gap(out)?;
            natspec(out, INDENT, &function.docs)?;
            writeln!(out, "{INDENT}{}", header(function))?;
        }
        writeln!(out, "}}")
    }
}

const INDENT: &str = "    ";

fn header(function: &Function) -> String {
    let list =
        |params: &[Param], location: &str| params.iter().map(|p| declared(p, location)).collect::<Vec<_>>().join(", ");
    let mut out = format!("function {}({}) external", plain(&function.name), list(&function.params, " calldata"));
    if function.mutability != Mutability::Nonpayable {
        out += " ";
        out += function.mutability.as_str();
    }
    if !function.returns.is_empty() {
        out += &format!(" returns ({})", list(&function.returns, " memory"));
    }
    out + ";"
}

fn declared(param: &Param, location: &str) -> String {
    let mut out = param.ty.source();
    if param.ty.is_reference() {
        out += location;
    }
    if let Some(name) = &param.name {
        out += " ";
        out += &safe(&plain(name));
    }
    out
}

/// Solidity reserves words that an ABI may use as a parameter's name; a trailing underscore keeps the source valid.
fn safe(name: &str) -> String {
    const RESERVED: [&str; 33] = [
        "address",
        "after",
        "alias",
        "anonymous",
        "apply",
        "auto",
        "bool",
        "byte",
        "case",
        "constant",
        "copyof",
        "days",
        "default",
        "define",
        "emit",
        "enum",
        "ether",
        "event",
        "external",
        "final",
        "function",
        "hours",
        "immutable",
        "in",
        "indexed",
        "mapping",
        "match",
        "memory",
        "null",
        "of",
        "reference",
        "storage",
        "string",
    ];
    if RESERVED.contains(&name) { format!("{name}_") } else { name.to_string() }
}

fn natspec(out: &mut String, indent: &str, docs: &[String]) -> fmt::Result {
    for line in docs {
        // Solidity reads `@word` as a NatSpec tag, and refuses tags it does not know.
        let line = line.replace('@', "(at) ");
        writeln!(out, "{}", format!("{indent}/// {line}").trim_end())?;
    }
    Ok(())
}
