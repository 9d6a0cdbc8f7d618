//! Reads files that somebody names, and never more of one than it can sensibly have: a wrong name may be that of a
//! device, or of a disk's image.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The most bytes of settings, of a keystore or of a password file.
pub(crate) const MEBIBYTE: u64 = 1 << 20;

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

/// The same, of a text.
pub(crate) fn text(path: &Path, most: u64) -> io::Result<String> {
    String::from_utf8(bytes(path, most)?)
        .map_err(|_| io::Error::other("it is not text in UTF-8: save it so, or name the right file"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        std::fs::write(&path, "12345").expect("written");
        assert_eq!(text(&path, 5).expect("short enough"), "12345");
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
