//! Finds the storage of contracts in Rust source files.

use std::{collections::BTreeMap, path::Path};

use syn::{Fields, Item, ItemStruct, Result, Type, Visibility, parse::Parser};

use crate::{
    Namespace, Packed,
    layout::layout,
    source::{Fault, at, entries, interfaces_in, read, rust_files_in},
};

/// What the fields of storage structs can be.
#[derive(Default)]
pub(crate) struct Declarations {
    /// Structs with `#[storage]`.
    pub(crate) structs: BTreeMap<String, ItemStruct>,
    /// Structs of `packed!`.
    pub(crate) packed: BTreeMap<String, Packed>,
    /// Names for types.
    pub(crate) aliases: BTreeMap<String, Type>,
    /// What a name that was imported is imported from.
    imports: BTreeMap<String, String>,
}

/// The storage structs of OpenZeppelin's crate, by where they are imported from: the name and type of each slot.
const LIBRARY: [(&str, &[(&str, &str)]); 2] = [
    (
        "openzeppelin_stylus::token::erc20::Erc20",
        &[
            ("balances", "mapping(address => uint256)"),
            ("allowances", "mapping(address => mapping(address => uint256))"),
            ("total_supply", "uint256"),
        ],
    ),
    ("openzeppelin_stylus::utils::nonces::Nonces", &[("nonces", "mapping(address => uint256)")]),
];

impl Declarations {
    /// The slots of a library's struct.
    pub(crate) fn library(&self, name: &str) -> Option<&'static [(&'static str, &'static str)]> {
        let from = self.imports.get(name)?;
        LIBRARY.iter().find(|(path, _)| path == from).map(|(_, slots)| *slots)
    }

    /// Takes in what a file declares. What is known already stays.
    fn add(&mut self, source: &str) -> Result<()> {
        for item in syn::parse_file(source)?.items {
            match item {
                Item::Struct(item) if has(&item, "storage") => {
                    self.structs.entry(item.ident.to_string()).or_insert(item);
                }
                Item::Type(item) if item.generics.params.is_empty() => {
                    self.aliases.entry(item.ident.to_string()).or_insert(*item.ty);
                }
                Item::Use(item) => imports(&item.tree, String::new(), &mut self.imports),
                Item::Macro(item) if item.mac.path.segments.last().is_some_and(|last| last.ident == "packed") => {
                    let parser = |input: syn::parse::ParseStream<'_>| {
                        let mut all: Vec<Packed> = Vec::new();
                        while !input.is_empty() {
                            all.push(input.parse()?);
                        }
                        Ok(all)
                    };
                    for word in parser.parse2(item.mac.tokens)? {
                        self.packed.entry(word.name.to_string()).or_insert(word);
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// The storage of a contract.
pub struct Storage {
    /// The contract's folder in `contracts/`.
    pub folder: String,
    /// What lies where: slot, byte, type, name.
    pub layout: String,
    /// What lets code outside of `storage.rs` reach a field.
    pub leaks: Vec<String>,
}

/// The storage of each contract of the repository at `root`.
///
/// # Errors
/// Where a file cannot be read or parsed, a contract has no storage, or a field's type is not known.
pub fn storage(root: &Path) -> std::result::Result<Vec<Storage>, Fault> {
    let mut all = Vec::new();
    for folder in entries(&root.join("contracts"))? {
        if !folder.join("Cargo.toml").is_file() {
            continue;
        }
        let (mut declared, mut leaks, mut contract) = (Declarations::default(), Vec::new(), None);
        let source = folder.join("src");
        for file in rust_files_in(&source)? {
            let before: Vec<_> = declared.structs.keys().cloned().collect();
            declared.add(&read(&file)?).map_err(|error| at(root, &file, &error))?;
            let owner = file == source.join("storage.rs");
            for (name, item) in declared.structs.iter().filter(|(name, _)| !before.contains(name)) {
                leaks.extend(leaks_of(item, owner));
                if has(item, "entrypoint") {
                    contract = Some((file.clone(), name.clone()));
                }
            }
        }
        let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let Some((file, contract)) = contract else {
            return Err(Fault(format!("contracts/{name}: no struct with #[entrypoint] and #[storage]")));
        };
        for file in rust_files_in(&root.join("crates/components/src"))? {
            declared.add(&read(&file)?).map_err(|error| at(root, &file, &error))?;
        }
        let item = &declared.structs[&contract];
        let namespace = Namespace::of_storage(item).map_err(|error| at(root, &file, &error))?;
        let layout = layout(&declared, item, namespace.as_ref()).map_err(|error| at(root, &file, &error))?;
        documented(root, &source.join("abi.rs"), namespace.as_ref())?;
        all.push(Storage { folder: name, layout, leaks });
    }
    Ok(all)
}

/// The interface's documentation says where the storage is, if it has a name: auditors look for the tag in the Solidity file.
fn documented(root: &Path, file: &Path, namespace: Option<&Namespace>) -> std::result::Result<(), Fault> {
    if !file.is_file() {
        return Ok(());
    }
    let declared = interfaces_in(&read(file)?).map_err(|error| at(root, file, &error))?;
    for interface in declared.into_iter().filter(|interface| interface.target.is_some()) {
        let tags = interface.docs.custom();
        let found: Vec<_> =
            tags.iter().filter(|(tag, _)| *tag == "storage-location").flat_map(|(_, texts)| texts).collect();
        let expected: Vec<_> = namespace.iter().map(|namespace| format!("erc7201:{}", namespace.id)).collect();
        if found.iter().copied().ne(&expected) {
            let what = match expected.first() {
                Some(location) => format!("document the interface with `@custom:storage-location {location}`"),
                None => "`@custom:storage-location`: the storage has no namespace".to_owned(),
            };
            return Err(at(root, file, &syn::Error::new(interface.name.span(), what)));
        }
    }
    Ok(())
}

/// What of a struct code outside of `storage.rs` can reach.
fn leaks_of(item: &ItemStruct, owner: bool) -> Vec<String> {
    let name = &item.ident;
    if !owner {
        return vec![format!("{name} is declared outside of src/storage.rs")];
    }
    let Fields::Named(fields) = &item.fields else { return Vec::new() };
    let open = fields.named.iter().filter(|field| !matches!(field.vis, Visibility::Inherited));
    open.filter_map(|field| Some(format!("{name}.{} is not private", field.ident.as_ref()?))).collect()
}

fn has(item: &ItemStruct, attribute: &str) -> bool {
    item.attrs.iter().any(|found| found.path().segments.last().is_some_and(|last| last.ident == attribute))
}

fn imports(tree: &syn::UseTree, before: String, all: &mut BTreeMap<String, String>) {
    match tree {
        syn::UseTree::Path(path) => imports(&path.tree, format!("{before}{}::", path.ident), all),
        syn::UseTree::Name(name) => {
            all.entry(name.ident.to_string()).or_insert(format!("{before}{}", name.ident));
        }
        syn::UseTree::Group(group) => group.items.iter().for_each(|tree| imports(tree, before.clone(), all)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said about an interface with this documentation, whose contract has this namespace.
    fn said(about: &str, id: Option<&str>) -> Option<String> {
        let file = std::env::temp_dir().join(format!("storage-location-{}-{}.rs", std::process::id(), about.len()));
        let text = format!("sol_abi! {{\n/// Something.\n{about}interface IName for Name {{}}\n}}");
        std::fs::write(&file, text).expect("a file");
        let namespace = id.map(|id| Namespace { id: id.into() });
        let said = documented(Path::new("/"), &file, namespace.as_ref()).err().map(|fault| fault.to_string());
        std::fs::remove_file(&file).expect("removed");
        said.map(|said| said.split_once(": ").map_or(said.clone(), |(_, text)| text.to_owned()))
    }

    #[test]
    fn the_interface_says_where_the_storage_is() {
        let tag = "/// @custom:storage-location erc7201:a.b\n";
        assert_eq!(said(tag, Some("a.b")), None);
        assert_eq!(said("", None), None);
        let expected = "document the interface with `@custom:storage-location erc7201:a.c`";
        assert_eq!(said(tag, Some("a.c")).as_deref(), Some(expected));
        assert_eq!(said("/// More.\n", Some("a.c")).as_deref(), Some(expected));
        assert_eq!(said(tag, None).as_deref(), Some("`@custom:storage-location`: the storage has no namespace"));
    }
}
