//! A JSON ABI, as `solc` writes it.

use serde_json::{Value, json};

use crate::{Fallback, Function, Interface, Param, Type, TypeKind, parse::plain};

impl Interface {
    /// The JSON ABI: constructor, functions, receive, fallback, events, errors, each in the order declared.
    pub fn json(&self) -> Value {
        let mut all = Vec::new();
        all.extend(self.constructor.iter().map(|c| {
            json!({ "type": "constructor", "inputs": self.params(&c.params), "stateMutability": c.mutability.as_str() })
        }));
        all.extend(self.all_functions().map(|f| self.function(f)));
        let unnamed = |kind: &str, f: &Fallback| json!({ "type": kind, "stateMutability": if f.payable { "payable" } else { "nonpayable" } });
        all.extend(self.receive.iter().map(|f| unnamed("receive", f)));
        all.extend(self.fallback.iter().map(|f| unnamed("fallback", f)));
        all.extend(self.all_events().map(|event| {
            let inputs = event.params.iter().map(|p| {
                let mut input = self.param(&p.ty, &plain(&p.name));
                input["indexed"] = p.indexed.into();
                input
            });
            let inputs: Vec<_> = inputs.collect();
            json!({ "type": "event", "name": plain(&event.name), "inputs": inputs, "anonymous": false })
        }));
        all.extend(
            self.all_errors().map(
                |error| json!({ "type": "error", "name": plain(&error.name), "inputs": self.params(&error.params) }),
            ),
        );
        Value::Array(all)
    }

    fn function(&self, f: &Function) -> Value {
        json!({
            "type": "function",
            "name": plain(&f.name),
            "inputs": self.params(&f.params),
            "outputs": self.params(&f.returns),
            "stateMutability": f.mutability.as_str(),
        })
    }

    fn params(&self, params: &[Param]) -> Vec<Value> {
        params.iter().map(|p| self.param(&p.ty, &p.name.as_ref().map(plain).unwrap_or_default())).collect()
    }

    fn param(&self, ty: &Type, name: &str) -> Value {
        let mut param = json!({ "name": name, "type": json_type(ty), "internalType": self.internal_type(ty) });
        if let Some((record, _)) = innermost_struct(ty) {
            let record = self.all_structs().find(|r| r.name == *record);
            param["components"] = record.map(|r| self.params(&r.fields)).unwrap_or_default().into();
        }
        param
    }

    fn internal_type(&self, ty: &Type) -> String {
        match innermost_struct(ty) {
            Some(_) => format!("struct {}.{}", self.name, ty.source()),
            None => ty.source(),
        }
    }
}

/// The type with a struct called `tuple`, array brackets kept.
fn json_type(ty: &Type) -> String {
    match &ty.kind {
        TypeKind::Struct(..) => "tuple".into(),
        TypeKind::Array(of) => format!("{}[]", json_type(of)),
        TypeKind::FixedArray(of, k) => format!("{}[{k}]", json_type(of)),
        _ => ty.canonical(),
    }
}

fn innermost_struct(ty: &Type) -> Option<(&syn::Ident, &[Type])> {
    match &ty.kind {
        TypeKind::Struct(name, fields) => Some((name, fields)),
        TypeKind::Array(of) | TypeKind::FixedArray(of, _) => innermost_struct(of),
        _ => None,
    }
}
