//! The recordings that are kept in the project.

use super::data_dir;
use devnode::ArbosVersion;
use std::path::PathBuf;

/// A recording of a Nitro node.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    /// By which it is asked for.
    pub name: &'static str,
    /// Its file in [`data_dir`].
    file: &'static str,
    /// Version of ArbOS that the recorded node started with.
    pub version: ArbosVersion,
    /// What its lines in the devnode's page begin with.
    pub label: &'static str,
}

impl Kept {
    const fn new(name: &'static str, file: &'static str, version: ArbosVersion, label: &'static str) -> Self {
        Self { name, file, version, label }
    }

    /// Where it lies.
    pub fn path(&self) -> PathBuf {
        data_dir().join(self.file)
    }

    /// The recording of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|kept| kept.name == name)
    }

    /// All names, for who asks.
    pub fn names() -> impl Iterator<Item = &'static str> {
        ALL.iter().map(|kept| kept.name)
    }
}

/// All of them, each for a fresh node of its own.
pub const ALL: &[Kept] = &[
    Kept::new("51", "nitro-v3.9.8.raw.jsonl.gz", ArbosVersion::V51, ""),
    Kept::new("51-random", "nitro-v3.9.8.random.raw.jsonl.gz", ArbosVersion::V51, "random: "),
    Kept::new("51-more", "nitro-v3.9.8.more.raw.jsonl.gz", ArbosVersion::V51, "more: "),
    Kept::new("60", "nitro-v3.10-arbos60.raw.jsonl.gz", ArbosVersion::V60, "60: "),
    Kept::new("60-random", "nitro-v3.10-arbos60.random.raw.jsonl.gz", ArbosVersion::V60, "60, random: "),
    Kept::new("60-fragments", "nitro-v3.10-arbos60.fragments.raw.jsonl.gz", ArbosVersion::V60, "60, fragments: "),
    Kept::new("60-recent", "nitro-v3.10-arbos60.recent.raw.jsonl.gz", ArbosVersion::V60, "60, recent: "),
    Kept::new("60-version3", "nitro-v3.10-arbos60.version3.raw.jsonl.gz", ArbosVersion::V60, "60, version3: "),
    Kept::new("60-methods", "nitro-v3.10-arbos60.methods60.raw.jsonl.gz", ArbosVersion::V60, "60, methods: "),
    // A chain that is upgraded to 60 on its way.
    Kept::new("60-upgrade", "nitro-v3.10-arbos51to60.upgrade.raw.jsonl.gz", ArbosVersion::V51, "51 to 60: "),
];
