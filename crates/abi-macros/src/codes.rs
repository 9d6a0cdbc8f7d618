//! The codes of all parameters of a contract in one text, of which each function's are a part.

use std::collections::BTreeSet;

/// A text that has each of `parts` in it, and is short: a program pays for each byte of data at every entry.
///
/// What two parts share, the end of one and the beginning of the other, is written once, the longest share first. The
/// shortest such text is not found in reasonable time for many parts; this one is no longer than all parts together.
pub(crate) fn shared(parts: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    let parts: BTreeSet<_> = parts.into_iter().collect();
    let is_within = |part: &Vec<u8>| parts.iter().any(|other| other != part && place(other, part).is_some());
    let mut texts: Vec<_> = parts.iter().filter(|part| !is_within(part)).cloned().collect();
    while texts.len() > 1 {
        let pairs = (0..texts.len()).flat_map(|left| (0..texts.len()).map(move |right| (left, right)));
        let shares = pairs.filter(|(left, right)| left != right);
        let shares = shares.map(|(left, right)| (share(&texts[left], &texts[right]), left, right));
        // Of equal shares the first, so that the same functions give the same text.
        let best = shares.max_by_key(|&(share, left, right)| (share, usize::MAX - left, usize::MAX - right));
        let Some((share, left, right)) = best else { break };
        let rest = texts[right][share..].to_vec();
        texts[left].extend(rest);
        texts.remove(right);
    }
    texts.pop().unwrap_or_default()
}

/// Where `part` begins in `text`.
pub(crate) fn place(text: &[u8], part: &[u8]) -> Option<usize> {
    (0..=text.len().checked_sub(part.len())?).find(|at| text[*at..].starts_with(part))
}

/// How much the end of `left` and the beginning of `right` have in common.
fn share(left: &[u8], right: &[u8]) -> usize {
    let most = left.len().min(right.len());
    (0..=most).rev().find(|length| left.ends_with(&right[..*length])).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(parts: &[&str]) -> String {
        String::from_utf8(shared(parts.iter().map(|part| part.as_bytes().to_vec()))).unwrap()
    }

    #[test]
    fn what_parts_share_is_written_once() {
        assert_eq!(text(&[]), "");
        assert_eq!(text(&["", "abc", "abc", "b", "bc"]), "abc");
        assert_eq!(text(&["abcd", "cdef", "efab"]), "abcdefab");
        assert_eq!(text(&["ab", "cd"]), "abcd");
    }

    #[test]
    fn every_part_is_found() {
        // All texts of up to four letters out of three, in pairs and in groups.
        let letters = |number: usize| (0..number % 5).map(|at| b"abc"[number / (at + 1) % 3]).collect::<Vec<_>>();
        for seed in 0..500 {
            let parts: Vec<_> = (0..seed % 40).map(|at| letters(seed * 31 + at * 17)).collect();
            let text = shared(parts.iter().cloned());
            assert!(parts.iter().all(|part| place(&text, part).is_some()), "{parts:?} in {text:?}");
            assert!(text.len() <= parts.iter().map(Vec::len).sum());
        }
    }
}
