//! Gives every mention of a struct the types of its fields.

use syn::{Error, Result};

use crate::{Interface, Record, Type, TypeKind};

/// Resolves the struct names in all types of the interface.
pub(super) fn structs(interface: &mut Interface) -> Result<()> {
    let records: Vec<_> = interface.all_structs().cloned().collect();
    structs_of(interface, &records)?;
    interface.parts.iter_mut().try_for_each(|part| structs_of(part, &records))
}

fn structs_of(interface: &mut Interface, records: &[Record]) -> Result<()> {
    let params = interface.functions.iter_mut().chain(&mut interface.constructor);
    for function in params {
        for param in function.params.iter_mut().chain(&mut function.returns) {
            resolve(&mut param.ty, records, 0)?;
        }
    }
    for event in &mut interface.events {
        for param in &mut event.params {
            resolve(&mut param.ty, records, 0)?;
        }
    }
    for error in &mut interface.errors {
        for param in &mut error.params {
            resolve(&mut param.ty, records, 0)?;
        }
    }
    for record in &mut interface.structs {
        for field in &mut record.fields {
            resolve(&mut field.ty, records, 1)?;
        }
    }
    Ok(())
}

fn resolve(ty: &mut Type, records: &[Record], depth: usize) -> Result<()> {
    match &mut ty.kind {
        TypeKind::Array(of) | TypeKind::FixedArray(of, _) => resolve(of, records, depth),
        TypeKind::Struct(name, fields) => {
            let Some(record) = records.iter().find(|record| record.name == *name) else {
                let text = format!(
                    "unknown type `{name}`: a Solidity type with its width (`uint256`), or a struct of this interface"
                );
                return Err(Error::new(ty.span, text));
            };
            // A chain of different structs is no longer than there are structs: a longer one goes in a circle.
            if depth > records.len() {
                return Err(Error::new(ty.span, format!("`{name}` contains itself")));
            }
            *fields = record.fields.iter().map(|field| field.ty.clone()).collect();
            fields.iter_mut().try_for_each(|field| resolve(field, records, depth + 1))
        }
        _ => Ok(()),
    }
}
