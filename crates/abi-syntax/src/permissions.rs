//! Who may call what, as a table for people.

use crate::{Access, Function, Interface, Mutability, parse::plain};

impl Interface {
    /// The contract's part of `abi/PERMISSIONS.md`: every function, and who may call it.
    pub fn permissions(&self) -> String {
        let mut out = format!("## {}\n\n", self.contract_name());
        for guard in self.all_guards() {
            let passes = guard.docs.notice().unwrap_or_default();
            out += &format!("- `{}`: {passes} Others get `{}`.\n", plain(&guard.name), guard.refusal);
        }
        if self.all_guards().next().is_some() {
            out += "\n";
        }
        out += "| function | who may call it | checked by | may be entered again while it runs |\n|---|---|---|---|\n";
        if let Some(constructor) = &self.constructor {
            let types: Vec<_> = constructor.params.iter().map(|p| p.ty.canonical()).collect();
            let who = "whoever calls it first, once: so the deploying transaction does";
            out += &row(&format!("constructor({})", types.join(",")), who, "the constructor's guard", "");
        }
        for (name, fallback) in [("receive()", &self.receive), ("fallback()", &self.fallback)] {
            if let Some(fallback) = fallback {
                let by = fallback.by.as_ref().map(|who| who.value());
                let checked = if by.is_some() { "its method" } else { "" };
                out += &row(name, &by.unwrap_or_else(|| "anyone".into()), checked, "");
            }
        }
        // What changes something first, and there what is guarded: the powers stand on top.
        let rank = |f: &&Function| match (&f.access, f.is_open_to_change()) {
            (Some(Access::Guard(..)), true) => 0,
            (Some(Access::By(_)), true) => 1,
            (None, true) => 2,
            (Some(_), false) => 3,
            (None, false) => 4,
        };
        let mut functions: Vec<_> = self.all_functions().collect();
        functions.sort_by_key(rank);
        for function in functions {
            let why = function.reentrant.as_ref().map(|why| why.value()).unwrap_or_default();
            let (who, checked) = self.caller(function);
            out += &row(&function.signature(), &who, &checked, &why);
        }
        out
    }

    fn caller(&self, function: &Function) -> (String, String) {
        match &function.access {
            Some(Access::Guard(word, _)) => {
                let passes = self.guard_of(function).and_then(|guard| guard.passes(function)).unwrap_or_default();
                let word = plain(word);
                (
                    passes,
                    format!("`{}`", function.constant().map_or(word.clone(), |constant| format!("{word}({constant})"))),
                )
            }
            Some(Access::By(who)) => (who.value(), "its method".into()),
            None if function.mutability == Mutability::Pure => ("anyone; reads nothing".into(), String::new()),
            None if function.mutability == Mutability::View => ("anyone; only reads".into(), String::new()),
            None => ("anyone".into(), String::new()),
        }
    }
}

fn row(function: &str, who: &str, checked: &str, reentrant: &str) -> String {
    let cell = |text: &str| text.replace('|', "\\|");
    format!("| `{function}` | {} | {} | {} |\n", cell(who), cell(checked), cell(reentrant))
        .replace("|  |", "| |")
        .replace("|  |", "| |")
}
