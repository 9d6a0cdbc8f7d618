//! A program read into its parts (Nitro: prover/src/binary.rs, `parse`).

use std::collections::{HashMap, HashSet};

use wasmparser::{
    Data, Element, ExternalKind, FuncType, MemoryType, Operator, Parser, Payload, TableType, TypeRef, ValType,
};

use super::{
    failure::{Failure, red},
    validate::validate,
};

/// A program's WASM in parts.
pub(crate) struct Binary<'a> {
    /// The bytes it was read from.
    pub(crate) wasm: &'a [u8],
    /// Function types.
    pub(crate) types: Vec<FuncType>,
    /// Imported functions; nothing else can be imported.
    pub(crate) imports: Vec<Import<'a>>,
    /// Type of each function of the program's own.
    pub(crate) functions: Vec<u32>,
    /// Tables, one at most.
    pub(crate) tables: Vec<TableType>,
    /// Memories, one at most.
    pub(crate) memories: Vec<MemoryType>,
    /// Initial values of globals, as the operator that gives them.
    pub(crate) globals: Vec<Operator<'a>>,
    /// Exports by name, with those that metering adds.
    pub(crate) exports: HashMap<String, (u32, ExternalKind)>,
    /// Start function: never run, exported as `stylus_start`.
    pub(crate) start: Option<u32>,
    /// Element segments.
    pub(crate) elements: Vec<Element<'a>>,
    /// Code of the program's own functions.
    pub(crate) codes: Vec<Code<'a>>,
    /// Data segments.
    pub(crate) datas: Vec<Data<'a>>,
    /// Name of the module from its name section, `user` if it has none.
    pub(crate) name: String,
}

/// An imported function.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Import<'a> {
    /// Module it comes from.
    pub(crate) module: &'a str,
    /// Its name there.
    pub(crate) name: &'a str,
    /// Index of its type.
    pub(crate) ty: u32,
}

/// A function's code.
#[derive(Clone, Debug, Default)]
pub(crate) struct Code<'a> {
    /// Locals without the parameters.
    pub(crate) locals: Vec<ValType>,
    /// Operators, metered after [`super::instrument`].
    pub(crate) ops: Vec<Operator<'a>>,
}

impl<'a> Binary<'a> {
    /// Validates and reads a program of a Stylus version.
    pub(crate) fn parse(wasm: &'a [u8], stylus_version: u16) -> Result<Self, Failure> {
        let name = validate(wasm, stylus_version)?;
        let mut binary =
            Self::read(wasm).map_err(|error| Failure::new(error.to_string(), "prover/src/binary.rs:329:10"))?;
        binary.name = if name.is_empty() { "user".into() } else { name };
        binary.check_symbols()?;
        Ok(binary)
    }

    /// The type of a function, imported or own.
    pub(crate) fn type_of(&self, func: u32) -> &FuncType {
        let func = func as usize;
        let ty = match self.imports.get(func) {
            Some(import) => import.ty,
            None => self.functions[func - self.imports.len()],
        };
        &self.types[ty as usize]
    }

    fn read(wasm: &'a [u8]) -> wasmparser::Result<Self> {
        let mut binary = Self {
            wasm,
            types: vec![],
            imports: vec![],
            functions: vec![],
            tables: vec![],
            memories: vec![],
            globals: vec![],
            exports: HashMap::new(),
            start: None,
            elements: vec![],
            codes: vec![],
            datas: vec![],
            name: String::new(),
        };
        for payload in Parser::new(0).parse_all(wasm) {
            binary.section(payload?)?;
        }
        Ok(binary)
    }

    fn section(&mut self, payload: Payload<'a>) -> wasmparser::Result<()> {
        match payload {
            Payload::TypeSection(types) => {
                for ty in types.into_iter_err_on_gc_types() {
                    self.types.push(ty?);
                }
            }
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import?;
                    // Other kinds were refused by `validate`.
                    if let TypeRef::Func(ty) = import.ty {
                        self.imports.push(Import { module: import.module, name: import.name, ty });
                    }
                }
            }
            Payload::FunctionSection(functions) => {
                self.functions = functions.into_iter().collect::<Result<_, _>>()?;
            }
            Payload::TableSection(tables) => {
                for table in tables {
                    self.tables.push(table?.ty);
                }
            }
            Payload::MemorySection(memories) => self.memories = memories.into_iter().collect::<Result<_, _>>()?,
            Payload::GlobalSection(globals) => {
                for global in globals {
                    self.globals.push(global?.init_expr.get_operators_reader().read()?);
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export?;
                    self.exports.insert(export.name.to_owned(), (export.index, export.kind));
                }
            }
            Payload::StartSection { func, .. } => self.start = Some(func),
            Payload::ElementSection(elements) => self.elements = elements.into_iter().collect::<Result<_, _>>()?,
            Payload::DataSection(datas) => self.datas = datas.into_iter().collect::<Result<_, _>>()?,
            Payload::CodeSectionEntry(body) => {
                let mut code = Code::default();
                for local in body.get_locals_reader()? {
                    let (count, ty) = local?;
                    code.locals.extend(std::iter::repeat_n(ty, count as usize));
                }
                code.ops = body.get_operators_reader()?.into_iter().collect::<Result<_, _>>()?;
                self.codes.push(code);
            }
            _ => {}
        }
        Ok(())
    }

    /// Refuses what would make names ambiguous or collide with those of the metering.
    fn check_symbols(&self) -> Result<(), Failure> {
        let mut seen = HashMap::new();
        for import in &self.imports {
            let (module, name) = (import.module, import.name);
            if seen.insert((module, name), import.ty).is_some_and(|prior| prior != import.ty) {
                let text = format!("inconsistent imports for {} {}", red(module), red(format_args!("{name:?}")));
                return Err(Failure::new(text, "prover/src/binary.rs:465:17"));
            }
        }
        let exports: HashSet<&str> = self.exports.keys().filter_map(|name| name.rsplit("__").next()).collect();
        if let Some(import) = self.imports.iter().find(|import| exports.contains(import.name)) {
            let text = format!("binary exports an import with the same name {}", red(import.name));
            return Err(Failure::new(text, "prover/src/binary.rs:479:13"));
        }
        if let Some(name) = exports.iter().find(|name| name.starts_with("stylus")) {
            let text = format!("binary exports reserved symbol {}", red(name));
            return Err(Failure::new(text, "prover/src/binary.rs:486:9"));
        }
        if let Some(import) = self.imports.iter().find(|import| import.name.starts_with("stylus")) {
            let text = format!("binary imports reserved symbol {}", red(import.name));
            return Err(Failure::new(text, "prover/src/binary.rs:489:9"));
        }
        Ok(())
    }
}
