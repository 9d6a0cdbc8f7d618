//! Compiled programs on disk, so that a later start need not compile them again.
//!
//! A file holds machine code that the node will run, so what is in the folder is trusted as the node's own program is:
//! the folder belongs to the user alone. A checksum finds what was damaged, cut short or put under another's name;
//! it does not find what somebody made on purpose.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::SystemTime,
};

use sha2::{Digest, Sha256};

/// Bytes of all files together; beyond that those go that were not used for the longest time.
const LIMIT: u64 = 256 << 20;
/// How the names of files end.
const SUFFIX: &str = ".program";
/// How the names of files end that are being written.
const UNFINISHED: &str = ".unfinished";
/// Bytes of the checksum that a file begins with.
const CHECKSUM: usize = 32;

/// Names what is compiled and by what: see [`super::engine::key`].
pub(super) type Key = [u8; 32];

/// A folder of compiled programs, shared by any number of processes.
#[derive(Debug)]
pub(super) struct Cache {
    folder: PathBuf,
    limit: u64,
}

impl Cache {
    /// Opens a folder, and makes it if it is not there.
    ///
    /// # Errors
    /// If it cannot be written to, or if others than its owner can.
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        make(folder)?;
        let cache = Self { folder: folder.to_owned(), limit: LIMIT };
        cache.check()?;
        Ok(cache)
    }

    /// What was kept under a key; `None` if nothing was, or if it is not what was put there.
    pub(super) fn get(&self, key: &Key) -> Option<Vec<u8>> {
        let path = self.path(key);
        let mut bytes = fs::read(&path).ok()?;
        if bytes.len() < CHECKSUM {
            return None;
        }
        let kept = bytes.split_off(CHECKSUM);
        if bytes != checksum(key, &kept) {
            tracing::warn!("{} is damaged: its program is compiled again", path.display());
            return None;
        }
        // Remembers that it was used; of no great matter where that cannot be written.
        let _ = fs::File::options().append(true).open(&path).and_then(|file| file.set_modified(SystemTime::now()));
        Some(kept)
    }

    /// Keeps something under a key, in place of what is there. Readers see the one or the other as a whole.
    pub(super) fn put(&self, key: &Key, value: &[u8]) {
        let unfinished = self.unfinished();
        let written = create(&unfinished).and_then(|mut file| {
            io::Write::write_all(&mut file, &checksum(key, value))?;
            io::Write::write_all(&mut file, value)?;
            fs::rename(&unfinished, self.path(key))
        });
        match written {
            Ok(()) => self.trim(),
            Err(error) => {
                let _ = fs::remove_file(&unfinished);
                tracing::warn!("cannot keep a compiled program in {}: {error}", self.folder.display());
            }
        }
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.folder.join(hex::encode(key) + SUFFIX)
    }

    /// A name that no other thread or process uses, nor one that ended while it wrote. Processes in containers may share
    /// the folder and a number, so the time is part of it.
    fn unfinished(&self) -> PathBuf {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let (process, count) = (std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let time = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_nanos();
        self.folder.join(format!("{process}-{count}-{time}{UNFINISHED}"))
    }

    /// Whether it can be written to, by its owner alone.
    fn check(&self) -> io::Result<()> {
        let probe = self.unfinished();
        let checked = create(&probe).and_then(|file| belongs_to_owner_of(&file.metadata()?, &self.folder));
        // Nothing is there if it could not be made.
        let _ = fs::remove_file(&probe);
        checked
    }

    /// Removes the files that were not used for the longest time, until the others are within the limit. What others left
    /// in the folder stays.
    fn trim(&self) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        let is_ours = |name: &str| name.ends_with(SUFFIX) || name.ends_with(UNFINISHED);
        let mut files: Vec<_> = entries
            .flatten()
            .filter(|entry| entry.file_name().to_str().is_some_and(is_ours))
            .filter_map(|entry| {
                let file = entry.metadata().ok()?;
                Some((file.modified().ok()?, file.len(), entry.path()))
            })
            .collect();
        let mut total: u64 = files.iter().map(|(_, length, _)| length).sum();
        files.sort_unstable();
        for (_, length, path) in files {
            if total <= self.limit {
                return;
            }
            // Another process may have removed it.
            let _ = fs::remove_file(path);
            total -= length;
        }
    }
}

fn checksum(key: &Key, value: &[u8]) -> [u8; CHECKSUM] {
    Sha256::new().chain_update(key).chain_update(value).finalize().into()
}

#[cfg(unix)]
fn make(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

/// A new file that others can neither read nor write.
fn create(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::File::options();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.write(true).create_new(true).open(path)
}

/// Whether the folder belongs to who made a file in it, and nobody else can write to it.
#[cfg(unix)]
fn belongs_to_owner_of(file: &fs::Metadata, folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let found = fs::metadata(folder)?;
    if found.uid() != file.uid() || found.mode() & 0o022 != 0 {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "others can write to it: run chmod 700 on it"));
    }
    Ok(())
}

#[cfg(not(unix))]
fn belongs_to_owner_of(_: &fs::Metadata, _: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const KEY: Key = [7; 32];

    fn empty() -> (tempfile::TempDir, Cache) {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(&folder.path().join("made/with/its parents")).unwrap();
        (folder, cache)
    }

    #[test]
    fn what_is_kept_comes_back() {
        let (_folder, cache) = empty();
        assert_eq!(cache.get(&KEY), None);
        cache.put(&KEY, b"first");
        cache.put(&KEY, b"second");
        assert_eq!(cache.get(&KEY).as_deref(), Some(&b"second"[..]));
        assert_eq!(fs::read_dir(&cache.folder).unwrap().count(), 1, "nothing unfinished is left");
    }

    #[test]
    fn what_was_not_put_there_so_is_not_taken() {
        let (_folder, cache) = empty();
        cache.put(&KEY, b"kept");
        let whole = fs::read(cache.path(&KEY)).unwrap();
        let mut changed = whole.clone();
        *changed.last_mut().unwrap() ^= 1;
        let longer = [&whole[..], b"!"].concat();
        for damaged in
            [&changed[..], &longer, &whole[..whole.len() - 1], &whole[..CHECKSUM - 1], b"", b"something else"]
        {
            fs::write(cache.path(&KEY), damaged).unwrap();
            assert_eq!(cache.get(&KEY), None, "{damaged:?}");
        }
        let other = [8; 32];
        fs::write(cache.path(&other), &whole).unwrap();
        assert_eq!(cache.get(&other), None, "under another's name");
        cache.put(&KEY, b"kept");
        assert_eq!(cache.get(&KEY).as_deref(), Some(&b"kept"[..]));
    }

    #[test]
    fn the_longest_unused_go_first_and_strangers_stay() {
        let (_folder, mut cache) = empty();
        cache.limit = 3 * (CHECKSUM as u64 + 100);
        fs::write(cache.folder.join("notes.txt"), [0; 4_096]).unwrap();
        let keys = [1, 2, 3, 4].map(|n| [n; 32]);
        for (age, key) in (1..).zip(&keys[..3]).map(|(n, key)| (10 - n, key)) {
            cache.put(key, &[0; 100]);
            let file = fs::File::options().append(true).open(cache.path(key)).unwrap();
            file.set_modified(SystemTime::now() - Duration::from_secs(3_600 * age)).unwrap();
        }
        // The first is the oldest, but it was used.
        assert!(cache.get(&keys[0]).is_some());
        cache.put(&keys[3], &[0; 100]);
        let there = keys.map(|key| cache.path(&key).exists());
        assert_eq!(there, [true, false, true, true]);
        assert!(cache.folder.join("notes.txt").exists());
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(Cache::open(&file.path().join("below a file")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_others_can_write_to_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let allow = |mode| fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).unwrap();
        for (mode, taken) in [(0o777, false), (0o770, false), (0o755, true), (0o700, true)] {
            allow(mode);
            assert_eq!(Cache::open(folder.path()).is_ok(), taken, "{mode:o}");
        }
    }
}
