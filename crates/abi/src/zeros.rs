//! Zeros at the end of what is written. Most of what is encoded is zeros.

use alloc::vec::Vec;

/// What is copied at once.
static ZEROS: [u8; 64] = [0; 64];

/// Appends so many zeros. `Vec::resize` stores them one by one, which costs 0.7 gas for each; this copies them.
#[inline(never)]
pub fn append_zeros(out: &mut Vec<u8>, count: usize) {
    // All at once: memory that is left behind by growing is not used again.
    out.reserve(count);
    let mut left = count;
    while left > 0 {
        let zeros = ZEROS.get(..left).unwrap_or(&ZEROS);
        out.extend_from_slice(zeros);
        left -= zeros.len();
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::append_zeros;

    #[test]
    fn it_appends_what_resize_would() {
        for count in [0, 1, 31, 63, 64, 65, 127, 128, 129, 1_000] {
            let mut out = vec![7; 5];
            let mut expected = out.clone();
            append_zeros(&mut out, count);
            expected.resize(5 + count, 0);
            assert_eq!(out, expected);
        }
    }
}
