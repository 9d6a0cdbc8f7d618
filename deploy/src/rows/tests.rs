use super::*;
use crate::registry::Pointers;

/// The lines that are found in a text, with the subject of each or why there is none; or why it cannot be read.
fn found(text: &[u8]) -> Result<Vec<(u64, String)>, String> {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), text).expect("written");
    let mut rows = Vec::new();
    let read = read::<Pointers>(file.path(), |(line, row)| {
        let said = row.and_then(|draft| draft.pointer(&crate::consent::Names::standard()));
        rows.push((line, said.map_or_else(|reason| reason, |pointer| pointer.schema.to_string())));
        Ok(())
    });
    read.map(|()| rows).map_err(|error| format!("{error:#}"))
}

const NAMES: &str = "subject,custodian,dataClass,schema,hashCode,digest,locatorKind,locator,encryption,keyCommitment\n";

fn row(schema: &str) -> String {
    let (account, word) = ("0x0000000000000000000000000000000000000007", format!("0x{}", "07".repeat(32)));
    format!("{account},{account},8,{schema},18,{word},3,{word},1,{word}\n")
}

#[test]
fn lines_are_counted_as_an_editor_does() {
    let text = [NAMES, &row("1"), "\n", &row("\"2\"").replace(",8,", " ,\"8\","), &row("x")].concat();
    let expected = [(2, "1"), (4, "2"), (5, "`schema` is not a number that fits: write it in digits")];
    let lines = found(text.as_bytes()).expect("read");
    assert_eq!(lines, expected.map(|(line, said)| (line, said.to_owned())));
    // With Windows' line ends, and the mark that Excel writes.
    let other = ["\u{feff}", &text.replace('\n', "\r\n")].concat();
    assert_eq!(found(other.as_bytes()).expect("read"), lines);
}

#[test]
fn json_lines_are_read_likewise() {
    let list =
        "[\"0x0000000000000000000000000000000000000007\",\"0x0000000000000000000000000000000000000007\",8,3,18,W,\
                3,0,W,1,W,\"\"]\n"
            .replace('W', &format!("\"0x{}\"", "07".repeat(32)));
    let text = format!("\u{feff}\n{list}{{\n7\n\n{}", list.trim_end());
    let lines = found(text.as_bytes()).expect("read");
    let expected = [
        (2, "3"),
        (3, "it ends in the middle"),
        (4, "it is not a pointer: write an object with its members"),
        (6, "3"),
    ];
    assert_eq!(lines, expected.map(|(line, said)| (line, said.to_owned())));
    assert!(found(b"{\"a\" 1}").expect("read")[0].1.starts_with("it is not JSON at column "));
}

/// Programs differ in which of the two they take.
#[test]
fn a_member_that_is_there_twice_is_told_by_its_line() {
    let whole = row("1");
    let values = whole.trim_end().split(',').map(|value| format!("\"{value}\""));
    let members: Vec<_> =
        NAMES.trim_end().split(',').zip(values).map(|(name, it)| format!("\"{name}\": {it}")).collect();
    let object = |more: &str| format!("{{{}{more}}}\n", members.join(", "));
    let twice =
        [", \"schema\": 2", ", \"schema\": \"1\"", ", \"schema\": null", ", \"Schema\": 2", ", \"s\\u0063hema\": 2"];
    let text = [object("")].into_iter().chain(twice.iter().map(|more| object(more))).collect::<String>();
    let lines = found(text.as_bytes()).expect("read");
    assert_eq!(lines[0], (1, "1".to_owned()));
    let said = "`schema` is there twice: delete one";
    assert_eq!(lines[1..], [2, 3, 4, 5, 6].map(|line| (line, said.to_owned())));
    // Also in a file of one row, and in what `prove` prints.
    let file = tempfile::NamedTempFile::new().expect("a file");
    let row = object("");
    let pointer = format!("\"pointer\": {row}");
    for (text, reason) in [
        (object(twice[0]).replace(", ", ",\n"), said),
        (format!("{{\"pointer\": {}}}", object(twice[0])), said),
        (format!("{{{pointer}, {pointer}}}"), "`pointer` is there twice: delete one"),
        (format!("{{{pointer}, \"root\": 7}}"), ""),
    ] {
        std::fs::write(file.path(), &text).expect("written");
        let read = |draft: Draft<'_, Pointers>| draft.pointer(&crate::consent::Names::standard());
        let read = read_one::<Pointers, _>(file.path(), read).map_or_else(|error| error.to_string(), |_| String::new());
        assert!(read.ends_with(reason) && read.is_empty() == reason.is_empty(), "{text}: {read}");
    }
}

#[test]
fn a_bad_row_of_csv_is_told_and_the_next_one_read() {
    let text = [NAMES.as_bytes(), b"a,b\n", &[0xff; 3], b",,,,,,,,,\n", row("1").as_bytes(), b"a\rb\n"].concat();
    let lines = found(&text).expect("read");
    assert_eq!(lines[0].1, "it has 2 values, and the first line has 10 names: give a value for each");
    assert_eq!(lines[1].1, "it is not text in UTF-8: save the file so");
    assert_eq!(lines[2], (4, "1".to_owned()));
    assert_eq!(lines[3].1, "it has a line's end in it: delete it");
}

#[test]
fn a_line_of_csv_is_taken_apart() {
    let mut csv = Csv::new();
    for (line, values) in [
        ("a,b", &["a", "b"][..]),
        (" a ,\"b, c\",", &["a", "b, c", ""]),
        ("\"a \"\"b\"\"\"", &["a \"b\""]),
        (",", &["", ""]),
        ("\"not closed, a", &["not closed, a"]),
        ("a", &["a"]),
    ] {
        let expected: Vec<_> = values.iter().map(|value| value.as_bytes()).collect();
        assert_eq!(csv.values(line.as_bytes()), Ok(expected), "{line}");
    }
}

#[test]
fn names_that_are_not_a_pointers_are_refused() {
    for (names, reason) in [
        ("", "it is empty: write a line of names"),
        ("subject,colour\n", "the first line: `colour` is not a member of a pointer"),
        ("subject\n", "the first line lacks the column `custodian`"),
        (&format!("cid,cid,{NAMES}"), "the first line names the column `cid` twice: delete one"),
    ] {
        let error = found(names.as_bytes()).expect_err(names);
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn a_line_without_an_end_is_refused() {
    let long = "x".repeat(3 << 16);
    for (text, line) in [(format!("{NAMES}\"{long}"), 2), (format!("{{{}", " ".repeat(3 << 16)), 1), (long.clone(), 1)]
    {
        let error = found(text.as_bytes()).expect_err("too long");
        assert!(
            error.ends_with(&format!(
                "line {line} has more than 65536 bytes: write a line for each pointer, or \
                                          name the right file"
            )),
            "{error}"
        );
    }
}

/// It spoils its own line alone.
#[test]
fn a_quote_that_is_not_closed_is_told() {
    let text = [NAMES, "\"a,b\n", &row("1")].concat();
    let lines = found(text.as_bytes()).expect("read");
    assert_eq!(lines[0].1, "it has 1 values, and the first line has 10 names: give a value for each");
    assert_eq!(lines[1], (3, "1".to_owned()));
}
