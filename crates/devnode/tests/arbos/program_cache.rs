//! Compiled programs that outlive the node.

use crate::{
    chain::Chain,
    programs::{activate, deploy, run},
};
use devnode::{DevNode, ProgramCounts};
use std::{fs, path::Path, thread};

/// A node's life with one program in it; where that came from.
fn life(folder: &Path) -> ProgramCounts {
    let chain = Chain::on(DevNode::builder().program_cache(folder.to_owned()).spawn().unwrap());
    let program = deploy(&chain);
    assert!(activate(&chain, &program).is_ok());
    for _ in 0..2 {
        assert_eq!(run(&chain, &program).unwrap(), "0x");
    }
    chain.node.programs()
}

const COMPILED: ProgramCounts = ProgramCounts { compiled: 1, loaded: 0 };
const LOADED: ProgramCounts = ProgramCounts { compiled: 0, loaded: 1 };

#[test]
fn a_second_start_compiles_nothing() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!([life(folder.path()), life(folder.path())], [COMPILED, LOADED]);
}

#[test]
fn damaged_files_are_compiled_again_and_replaced() {
    let folder = tempfile::tempdir().unwrap();
    life(folder.path());
    let file = fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    let whole = fs::read(&file).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    for damaged in [&flipped[..], &whole[..whole.len() / 2], b"a stranger's", b""] {
        fs::write(&file, damaged).unwrap();
        assert_eq!([life(folder.path()), life(folder.path())], [COMPILED, LOADED]);
    }
}

#[test]
fn nodes_share_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let counts = thread::scope(|scope| {
        let lives = [(); 4].map(|()| scope.spawn(|| life(folder.path())));
        lives.map(|life| life.join().unwrap())
    });
    assert!(counts.iter().all(|counts| counts.compiled + counts.loaded == 1), "{counts:?}");
    assert_eq!(life(folder.path()), LOADED);
}

#[test]
fn a_folder_that_cannot_be_used_costs_time_and_nothing_else() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let below = file.path().join("below a file");
    assert_eq!([life(&below), life(&below)], [COMPILED, COMPILED]);
}
