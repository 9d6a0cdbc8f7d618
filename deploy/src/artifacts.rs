//! The programs to deploy, as `cargo xtask build` leaves them.

use std::collections::BTreeMap;
use std::path::Path;

use alloy::primitives::{B256, Bytes, keccak256};
use eyre::{OptionExt, Result, WrapErr, ensure};
use nitro::{MAX_CODE, PROGRAM_WITHOUT_DICTIONARY};

use crate::config::Config;
use crate::files;
use crate::part::Name;

/// The programs of a DAO.
#[derive(Clone, Debug, Default)]
pub struct Artifacts(BTreeMap<Name, Program>);

/// The deployed code of a program: the Stylus prefix and the compressed WASM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program(Bytes);

impl Artifacts {
    /// Reads the programs of all parts that the settings deploy, as `voting-token.code`, in a folder, usually
    /// `target/stylus`.
    ///
    /// # Errors
    /// If one is missing, is no Stylus program or exceeds 24,576 bytes.
    pub fn load(folder: impl AsRef<Path>, config: &Config) -> Result<Self> {
        let mut artifacts = Self::default();
        for part in config.parts() {
            artifacts.insert(part.name(), Program::load(&folder, part.name())?);
        }
        Ok(artifacts)
    }

    /// Takes a program for a part, in place of an earlier one.
    pub fn insert(&mut self, name: impl Into<Name>, program: Program) {
        self.0.insert(name.into(), program);
    }

    /// The program of a part.
    ///
    /// # Errors
    /// If there is none.
    pub fn of(&self, name: impl Into<Name>) -> Result<&Program> {
        let name = name.into();
        self.0.get(&name).ok_or_eyre(format!("there is no program of the {name}: `cargo xtask build` makes it"))
    }
}

impl Program {
    /// Reads a program in a folder.
    ///
    /// # Errors
    /// If it is missing, is no Stylus program or exceeds 24,576 bytes.
    pub fn load(folder: impl AsRef<Path>, name: impl Into<Name>) -> Result<Self> {
        let path = folder.as_ref().join(name.into().folder()).with_extension("code");
        let code = files::bytes(&path, files::MEBIBYTE)
            .wrap_err_with(|| format!("{} cannot be read; `cargo xtask build` makes it", path.display()))?;
        Self::new(code).wrap_err_with(|| path.display().to_string())
    }

    /// Takes the code of a program as it will stand on the chain.
    ///
    /// # Errors
    /// If it does not begin as a Stylus program does, or exceeds 24,576 bytes.
    pub fn new(code: impl Into<Bytes>) -> Result<Self> {
        let code = code.into();
        ensure!(
            code.starts_with(&PROGRAM_WITHOUT_DICTIONARY),
            "this is no Stylus program: it does not begin with 0xeff00000"
        );
        ensure!(code.len() <= MAX_CODE, "the program has {} bytes; a chain takes {MAX_CODE}", code.len());
        Ok(Self(code))
    }

    /// The code as it stands on the chain.
    pub const fn code(&self) -> &Bytes {
        &self.0
    }

    /// What ArbWasm and the cache know the program by.
    pub fn code_hash(&self) -> B256 {
        keccak256(&self.0)
    }

    /// Creation code of the program.
    pub fn init_code(&self) -> Bytes {
        init_code(&self.0)
    }
}

/// EVM code that leaves `code` behind when it is run by a create: copy all that follows these ten bytes, and return it.
///
/// # Panics
/// If the code has more than 65,535 bytes, of which a chain takes a third.
pub fn init_code(code: &[u8]) -> Bytes {
    let [high, low] = u16::try_from(code.len()).expect("code that a chain could take").to_be_bytes();
    let prelude = [
        0x61, high, low,  // PUSH2 length
        0x80, // DUP1
        0x60, 0x0a, // PUSH1 10: where the code begins
        0x5f, // PUSH0: to memory 0
        0x39, // CODECOPY
        0x5f, // PUSH0: from memory 0
        0xf3, // RETURN length
    ];
    [&prelude[..], code].concat().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_stylus_programs_are_taken() {
        assert!(Program::new(vec![0x60, 0x80]).unwrap_err().to_string().contains("no Stylus program"));
        let mut code = PROGRAM_WITHOUT_DICTIONARY.to_vec();
        code.resize(MAX_CODE, 1);
        assert_eq!(Program::new(code.clone()).unwrap().init_code().len(), MAX_CODE + 10);
        code.push(1);
        assert!(Program::new(code).unwrap_err().to_string().contains("24577 bytes"));
    }

    #[test]
    fn init_code_says_the_length() {
        let program = Program::new([&PROGRAM_WITHOUT_DICTIONARY[..], &[7; 0x0200]].concat()).unwrap();
        let init = program.init_code();
        assert_eq!(init[..3], [0x61, 0x02, 0x04]);
        assert_eq!(&init[10..], &program.code()[..]);
    }

    #[test]
    fn a_missing_program_says_what_makes_it() {
        let config = Config::parse(include_str!("../config/devnet.toml"), "devnet.toml").expect("valid");
        let error = Artifacts::load("/nonexistent", &config).unwrap_err();
        assert!(error.to_string().contains("/nonexistent/timelock.code cannot be read"), "{error}");
        let error = Program::load("/nonexistent", "voting-token").unwrap_err();
        assert!(error.to_string().contains("/nonexistent/voting-token.code cannot be read"), "{error}");
        assert!(error.to_string().contains("cargo xtask build"), "{error}");
    }
}
