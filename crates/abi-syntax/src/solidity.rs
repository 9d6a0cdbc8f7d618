//! A Solidity interface that `solc` compiles, documented as NatSpec.

use std::fmt::{self, Write};

use crate::{Docs, Fallback, Function, Interface, Mutability, Param, natspec::tagged, parse::plain};

/// How the declaration is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// An `interface`, for `solc`: constructor, `receive` and `fallback` are comments, as an interface has none, and what is
    /// said of them is in custom tags of the interface.
    Interface,
    /// A `contract` without bodies, named without the leading `I`, for alloy's `sol!`.
    Contract,
}

impl Interface {
    /// The name of the contract: that of the interface without its leading `I`.
    pub fn contract_name(&self) -> String {
        let name = plain(&self.name);
        let rest = name.strip_prefix('I').filter(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
        rest.map_or(name.clone(), str::to_owned)
    }

    /// The declaration as Solidity source, without licence and pragma.
    pub fn solidity(&self, form: Form) -> String {
        let mut out = String::new();
        self.write(&mut out, form).expect("writing to a String cannot fail");
        out
    }

    /// The constructor as `cargo stylus` reads it: `constructor(uint256 first)`; empty if there is none.
    pub fn constructor_signature(&self) -> String {
        let Some(constructor) = &self.constructor else { return String::new() };
        let payable = if constructor.mutability == Mutability::Payable { " payable" } else { "" };
        format!("constructor({}){payable}", list(&constructor.params, " memory"))
    }

    fn write(&self, out: &mut String, form: Form) -> fmt::Result {
        let mut docs = self.docs.comment();
        if form == Form::Interface {
            for (tag, text) in self.unnamed_docs() {
                tagged(&mut docs, &format!("@custom:{tag}"), &text);
            }
        }
        comment(out, "", &docs)?;
        match form {
            Form::Interface => writeln!(out, "interface {} {{", plain(&self.name))?,
            Form::Contract => writeln!(out, "contract {} {{", self.contract_name())?,
        }
        let mut first = true;
        let mut gap = |out: &mut String| if std::mem::take(&mut first) { Ok(()) } else { writeln!(out) };
        for (docs, line) in self.unnamed() {
            gap(out)?;
            match form {
                Form::Interface => writeln!(out, "{INDENT}// {line}")?,
                Form::Contract => {
                    comment(out, INDENT, &docs.comment())?;
                    writeln!(out, "{INDENT}{line}")?;
                }
            }
        }
        for record in self.all_structs() {
            gap(out)?;
            comment(out, INDENT, &record.docs.comment())?;
            writeln!(out, "{INDENT}struct {} {{", plain(&record.name))?;
            for field in &record.fields {
                writeln!(out, "{INDENT}{INDENT}{};", declared(field, ""))?;
            }
            writeln!(out, "{INDENT}}}")?;
        }
        for event in self.all_events() {
            gap(out)?;
            comment(out, INDENT, &event.docs.comment())?;
            let params = event.params.iter().map(|p| {
                format!("{}{} {}", p.ty.source(), if p.indexed { " indexed" } else { "" }, safe(&plain(&p.name)))
            });
            let params: Vec<_> = params.collect();
            writeln!(out, "{INDENT}event {}({});", plain(&event.name), params.join(", "))?;
        }
        for error in self.all_errors() {
            gap(out)?;
            comment(out, INDENT, &error.docs.comment())?;
            writeln!(out, "{INDENT}error {}({});", plain(&error.name), list(&error.params, ""))?;
        }
        for function in self.all_functions() {
            gap(out)?;
            let mut docs = function.docs.comment();
            for (tag, text) in self.generated_docs(function) {
                tagged(&mut docs, &format!("@custom:{tag}"), &[text]);
            }
            comment(out, INDENT, &docs)?;
            writeln!(out, "{INDENT}{}", header(function))?;
        }
        writeln!(out, "}}")
    }

    /// What a Solidity interface cannot declare.
    fn unnamed(&self) -> Vec<(&Docs, String)> {
        let payable = |f: &Fallback| if f.payable { " payable" } else { "" };
        let mut all = Vec::new();
        all.extend(self.constructor.iter().map(|c| (&c.docs, format!("{};", self.constructor_signature()))));
        all.extend(self.receive.iter().map(|f| (&f.docs, "receive() external payable;".into())));
        all.extend(self.fallback.iter().map(|f| (&f.docs, format!("fallback() external{};", payable(f)))));
        all
    }
}

const INDENT: &str = "    ";

fn list(params: &[Param], location: &str) -> String {
    params.iter().map(|p| declared(p, location)).collect::<Vec<_>>().join(", ")
}

fn header(function: &Function) -> String {
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

/// Documentation lines, wrapped at 120 columns.
fn comment(out: &mut String, indent: &str, lines: &[String]) -> fmt::Result {
    const WIDTH: usize = 120;
    for line in lines {
        let mut row = format!("{indent}///");
        for word in line.split_whitespace() {
            if row.len() + 1 + word.len() > WIDTH {
                writeln!(out, "{row}")?;
                row = format!("{indent}///");
            }
            row += " ";
            row += word;
        }
        writeln!(out, "{row}")?;
    }
    Ok(())
}
