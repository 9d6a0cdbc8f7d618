//! Reads files that somebody names, and never more of one than it can sensibly have: a wrong name may be that of a
//! device, or of a disk's image. Writes new ones, and replaces none.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write as _};
use std::path::Path;

use eyre::{Result, WrapErr as _, eyre};
use serde::Serialize;
use serde_json::error::Category;

use crate::shown::shortened;

/// The most bytes of settings, of a keystore or of a password file.
pub(crate) const MEBIBYTE: u64 = 1 << 20;

/// What some programs write before UTF-8.
const MARK: char = '\u{feff}';

/// The most characters of a file that a refusal repeats.
const LONGEST: usize = 60;

/// Reads a file of at most so many bytes.
pub(crate) fn bytes(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut found = Vec::new();
    File::open(path)?.take(most + 1).read_to_end(&mut found)?;
    if found.len() as u64 > most {
        return Err(io::Error::other(format!(
            "it has more than {most} bytes, which is too large: name the right file"
        )));
    }
    Ok(found)
}

/// The same, of a text. The mark that some programs write before UTF-8 is no part of it.
pub(crate) fn text(path: &Path, most: u64) -> io::Result<String> {
    let mut text = String::from_utf8(bytes(path, most)?)
        .map_err(|_| io::Error::other("it is not text in UTF-8: save it so, or name the right file"))?;
    if text.starts_with(MARK) {
        text.drain(..MARK.len_utf8());
    }
    Ok(text)
}

/// Writes a value as JSON to a file that is not there yet: what somebody signed, or a key, is not lost. On Unix the file
/// has this mode, less what the process's mask takes away.
pub(crate) fn write_new(path: &Path, value: &impl Serialize, mode: u32) -> Result<()> {
    let text = crate::json::pretty(value)? + "\n";
    let mut file = create(path, mode).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => eyre!("{} is there already: name another file, or move it away", path.display()),
        _ => eyre!("{} cannot be written: {error}", path.display()),
    })?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    written.or_else(|error| {
        // Half a file is of no use, and would be in the way of the next attempt.
        let _ = std::fs::remove_file(path);
        Err(error).wrap_err_with(|| format!("{} cannot be written", path.display()))
    })
}

#[cfg(unix)]
fn create(path: &Path, mode: u32) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    OpenOptions::new().write(true).create_new(true).mode(mode).open(path)
}

#[cfg(not(unix))]
fn create(path: &Path, _mode: u32) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

/// Why a text is not the JSON that is meant, in words of the file: the reader speaks of types of this program.
pub(crate) fn json(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let quoted = |start: &str| said.strip_prefix(start).and_then(|rest| rest.split('`').next());
    let place = format!("line {}, column {}", error.line(), error.column());
    match error.classify() {
        Category::Eof => "it ends in the middle".to_owned(),
        Category::Syntax => format!("it is not JSON at {place}"),
        Category::Io => said,
        Category::Data => {
            if let Some(key) = quoted("missing field `") {
                format!("it has no `{key}`")
            } else if let Some(key) = quoted("unknown field `") {
                format!("it has `{}`, which does not belong there", shortened(key, LONGEST))
            } else {
                format!("at {place} it has a value of another kind than belongs there")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_json_is_said_without_types() {
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Shape {
            #[allow(dead_code, reason = "it is read by the test's name alone")]
            level: u64,
        }
        for (text, reason) in [
            ("", "it ends in the middle"),
            ("{ \"level\": 1", "it ends in the middle"),
            ("{ level }", "it is not JSON at line 1, column 3"),
            ("{}", "it has no `level`"),
            ("{ \"levle\": 1 }", "it has `levle`, which does not belong there"),
            ("{\n\"level\": \"1\" }", "at line 2, column 12 it has a value of another kind than belongs there"),
            ("7", "at line 1, column 1 it has a value of another kind than belongs there"),
        ] {
            assert_eq!(json(&serde_json::from_str::<Shape>(text).expect_err(text)), reason, "{text}");
        }
    }

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        std::fs::write(&path, "12345").expect("written");
        assert_eq!(text(&path, 5).expect("short enough"), "12345");
        std::fs::write(&path, "\u{feff}12").expect("written");
        assert_eq!(text(&path, 5).expect("short enough"), "12");
        std::fs::write(&path, "12345").expect("written");
        let error = text(&path, 4).expect_err("too long").to_string();
        assert_eq!(error, "it has more than 4 bytes, which is too large: name the right file");
        std::fs::write(&path, [0xff]).expect("written");
        assert_eq!(
            text(&path, 5).expect_err("bytes").to_string(),
            "it is not text in UTF-8: save it so, or name the right file"
        );
        // It has no end.
        #[cfg(unix)]
        assert!(bytes(Path::new("/dev/zero"), 5).is_err());
    }
}
