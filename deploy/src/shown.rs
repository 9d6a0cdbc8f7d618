//! Makes text fit to be printed. What comes from a file, a node or a chain cannot move a terminal's cursor or hide a
//! word, and a long text takes no more room than there is.

use crate::config::rules::is_unseen;

/// What stands for what was left out.
const MARK: char = '…';

/// What the rows of a wrapped text begin with, but the first.
const INDENT: &str = "  ";

/// A text in one line: control characters, line ends too, and characters that nobody sees are written as `\u{1b}`.
pub fn line(text: &str) -> String {
    escaped(text, |_| false)
}

/// The same for a text of several lines, which it keeps.
pub fn lines(text: &str) -> String {
    escaped(text, |c| c == '\n')
}

fn escaped(text: &str, stays: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if (c.is_control() || is_unseen(c)) && !stays(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// A text of at most so many characters, with a mark where its end was left out.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain([MARK]).collect()
}

/// A text in rows of at most so many characters. It breaks after blanks and commas, and elsewhere only if a word is
/// longer than a row. Rows that go on are indented.
pub fn wrapped(text: &str, width: usize) -> String {
    let mut rows = Vec::new();
    for line in text.split('\n') {
        let (mut row, mut length) = (String::new(), 0);
        let mut begin_another = |row: &mut String| {
            rows.push(std::mem::replace(row, INDENT.to_owned()).trim_end().to_owned());
            INDENT.len()
        };
        for piece in line.split_inclusive([' ', ',']) {
            let size = piece.trim_end().chars().count();
            if length > INDENT.len() && length + size > width {
                length = begin_another(&mut row);
            }
            for c in piece.chars() {
                if length >= width && c != ' ' {
                    length = begin_another(&mut row);
                }
                row.push(c);
                length += 1;
            }
        }
        rows.push(row.trim_end().to_owned());
    }
    rows.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_moves_a_cursor_or_is_not_seen_is_spelled_out() {
        assert_eq!(line("a\u{1b}[2Jb\r\nc\u{9b}d\u{202e}e"), "a\\u{1b}[2Jb\\r\\nc\\u{9b}d\\u{202e}e");
        assert_eq!(lines("a\nb\u{7}"), "a\nb\\u{7}");
        assert_eq!(line("مجلس 👩\u{200d}⚕️ \"x\" \\"), "مجلس 👩\u{200d}⚕️ \"x\" \\");
    }

    #[test]
    fn long_texts_are_cut_with_a_mark_or_wrapped() {
        assert_eq!(shortened("council", 7), "council");
        assert_eq!(shortened("councils", 7), "counci…");
        assert_eq!(wrapped("one two three", 20), "one two three");
        assert_eq!(wrapped("f(uint256,bytes32,uint256)", 12), "f(uint256,\n  bytes32,\n  uint256)");
        assert_eq!(wrapped("aaaaaaaaaaaa", 5), "aaaaa\n  aaa\n  aaa\n  a");
        assert_eq!(wrapped("a vote, and 120 seconds\nnow", 12), "a vote, and\n  120\n  seconds\nnow");
    }

    proptest! {
        #[test]
        fn wrapping_keeps_every_character_in_rows_of_the_width(text in "[a-z, ]{0,200}", width in 5_usize..40) {
            let rows = wrapped(&text, width);
            prop_assert!(rows.lines().all(|row| row.chars().count() <= width), "{rows}");
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(letters(&rows), letters(&text));
        }
    }
}
