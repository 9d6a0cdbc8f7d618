use std::collections::BTreeSet;

use harness::merkle::Tree;

use super::*;

const ANNA: &str = "0x0000000000000000000000000000000000000A11";
const BEN: &str = "0x0000000000000000000000000000000000000B22";
const CLEO: &str = "0x0000000000000000000000000000000000000C33";

struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn list(&self, text: &str) -> std::path::PathBuf {
        let path = self.0.path().join("list");
        std::fs::write(&path, text).expect("written");
        path
    }

    fn build(&self, text: &str, balance: Option<u64>, out: &str) -> Result<Built> {
        build(&self.list(text), Address::ZERO, balance.map(U256::from), &self.0.path().join(out))
    }

    fn built(&self, text: &str, out: &str) -> Epoch {
        match self.build(text, None, out).expect("read") {
            Built::Written(epoch, _) => *epoch,
            Built::Refused(bad) => panic!("{bad:?}"),
        }
    }

    fn refused(&self, text: &str, balance: Option<u64>) -> Vec<(u64, String)> {
        let Built::Refused(bad) = self.build(text, balance, "out").expect("read") else { panic!("{text} is good") };
        assert_eq!(bad.count as usize, bad.told.len());
        // Only the list is there.
        assert_eq!(self.0.path().read_dir().expect("a folder").count(), 1, "something was left");
        bad.told.into_iter().map(|bad| (bad.line, bad.reason)).collect()
    }
}

#[test]
fn an_epoch_is_proven_from_its_folder() {
    let desk = Desk::new();
    let epoch = desk.built(&format!("payee,amount,alone\n{ANNA},7,\n{BEN},8,yes\n{CLEO},9,no\n"), "out");
    assert_eq!((epoch.total(), epoch.count(), epoch.token()), (U256::from(24), 3, Address::ZERO));
    let rows: Vec<Row> = [(ANNA, 7), (BEN, 8), (CLEO, 9)]
        .into_iter()
        .enumerate()
        .map(|(place, (account, amount))| {
            let alone = U256::from(account == BEN) << ALONE;
            let (index, account) = (U256::from(place) | alone, account.parse().expect("an address"));
            Row { index, account, amount: U256::from(amount) }
        })
        .collect();
    let tree = Tree::of(&rows.iter().map(Row::leaf).collect::<Vec<_>>());
    assert_eq!(epoch.root(), tree.root());
    let opened = Epoch::open(&desk.0.path().join("out")).expect("an epoch");
    for (place, row) in rows.iter().enumerate() {
        assert_eq!(opened.prove(row.account).expect("there"), (*row, tree.proof(place)));
        assert_eq!(row.is_alone(), place == 1);
    }
    let mut seen = BTreeSet::new();
    opened
        .each_proof(|leaf, proof| {
            seen.insert((leaf, proof.to_vec()));
            Ok(())
        })
        .expect("whole");
    assert_eq!(seen, rows.iter().enumerate().map(|(place, row)| (row.leaf(), tree.proof(place))).collect());
    let mut listed = Vec::new();
    opened
        .each_row(|row| {
            listed.push(row);
            Ok(())
        })
        .expect("whole");
    assert_eq!(listed, rows);
    let error = opened.prove(Address::repeat_byte(1)).expect_err("none").to_string();
    assert!(error.ends_with("correct the address, or name another epoch"), "{error}");

    // The list is itself a list that the same epoch is made of.
    let again = build(&desk.0.path().join("out").join(LIST), Address::ZERO, None, &desk.0.path().join("again"));
    let Built::Written(again, _) = again.expect("read") else { panic!("it is good") };
    assert_eq!((again.root(), again.manifest()), (epoch.root(), epoch.manifest()));
    let text = std::fs::read(desk.0.path().join("out").join(LIST)).expect("read");
    assert_eq!(epoch.manifest(), B256::new(Sha256::digest(text).into()));
}

#[test]
fn bad_rows_are_told_by_line() {
    let desk = Desk::new();
    let digits = "is not a whole number that fits: write it in digits, in wei or the token's smallest unit";
    for (rows, expected) in [
        (format!("{ANNA},0"), "`amount` is zero: leave the payee out".to_owned()),
        (format!("{ANNA},"), "it lacks `amount`".to_owned()),
        (format!("{ANNA},1.5"), format!("`amount` {digits}")),
        (format!("{ANNA},-1"), format!("`amount` {digits}")),
        (format!("{ANNA},1e3"), format!("`amount` {digits}")),
        (format!("{ANNA},{}9", U256::MAX), format!("`amount` {digits}")),
        (",1".to_owned(), "it lacks `payee`".to_owned()),
        (format!("{},1", Address::ZERO), "`payee` is the zero address, which is nobody's".to_owned()),
        (
            format!("{ANNA},{}", U256::ONE << 112),
            "the amounts up to here are beyond 2^112: the contract holds no more".to_owned(),
        ),
        (format!("{ANNA},1,1"), "it has 3 values, and the first line has 2 names: give a value for each".to_owned()),
    ] {
        assert_eq!(desk.refused(&format!("payee,amount\n{BEN},1\n{rows}\n"), None), [(3, expected)], "{rows}");
    }
    for (payee, reason) in [("0x12", "`payee`: "), (&ANNA.replace('A', "a").replace("11", "1Z"), "`payee`: ")] {
        let found = desk.refused(&format!("payee,amount\n{payee},1\n"), None);
        assert!(found.len() == 1 && found[0].0 == 2 && found[0].1.starts_with(reason), "{found:?}");
    }
    let twins = format!("payee,amount\n{ANNA},1\n{BEN},2\n{},3\n\n{ANNA},1\n{BEN},0\n", ANNA.to_lowercase());
    let same = |line: u64| (line, "it is the same payee as in line 2: delete one of them".to_owned());
    let zero = (7, "`amount` is zero: leave the payee out".to_owned());
    assert_eq!(desk.refused(&twins, None), [same(4), same(6), zero]);
    let alone = desk.refused(&format!("payee,amount,alone\n{ANNA},1,perhaps\n"), None);
    assert_eq!(alone, [(2, "`alone` is neither yes nor no".to_owned())]);
    let index = desk.refused(&format!("index,payee,amount\n0,{ANNA},1\n2,{BEN},1\n"), None);
    assert_eq!(index, [(3, "its `index` is 2, and rows are counted from 0: leave it out, or write 1".to_owned())]);
}

/// A passkey is named by its public key, and nobody else can send its part to an address that nobody has a key for.
#[test]
fn a_passkey_s_row_is_alone_by_itself() {
    let desk = Desk::new();
    let point = p256::ecdsa::SigningKey::from_slice(&[9; 32]).expect("a key").verifying_key().to_encoded_point(false);
    let key = alloy::hex::encode_prefixed(point.as_bytes().get(1..).expect("64 bytes"));
    let account = Address::from_word(keccak256(point.as_bytes().get(1..).expect("64 bytes")));
    let list = desk.list(&format!("payee,amount,alone\n{ANNA},7,\n{key},8,\n{BEN},9,yes\n"));
    let Built::Written(epoch, alone) = build(&list, Address::ZERO, None, &desk.0.path().join("out")).expect("read")
    else {
        panic!("it is good")
    };
    assert_eq!(alone, 2);
    let (row, _) = epoch.prove(account).expect("there");
    assert_eq!((row.is_alone(), row.amount), (true, U256::from(8)));
    assert!(!epoch.prove(ANNA.parse().expect("an address")).expect("there").0.is_alone());
    std::fs::remove_dir_all(desk.0.path().join("out")).expect("removed");
    let lost = "`alone` is no, and a passkey's part paid to its address is lost: leave `alone` out";
    let told = desk.refused(&format!("payee,amount,alone\n{key},8,no\n"), None);
    assert_eq!(told, [(2, lost.to_owned())]);
    let same = "it is the same payee as in line 2: delete one of them";
    assert_eq!(desk.refused(&format!("payee,amount\n{account},1\n{key},8\n"), None), [(3, same.to_owned())]);
    // A point that is on no curve has no key.
    let told = desk.refused(&format!("payee,amount\n0x{},8\n", "11".repeat(64)), None);
    assert!(told.first().is_some_and(|told| told.1.contains("nor the public key of a passkey")), "{told:?}");
}

/// Told once, at the row that is too much.
#[test]
fn a_total_above_the_balance_is_told_where_it_is_passed() {
    let desk = Desk::new();
    let list = format!("payee,amount\n{ANNA},5\n{BEN},5\n{CLEO},5\n");
    let told = "the amounts up to here are 10 together, and there are 9: promise less";
    assert_eq!(desk.refused(&list, Some(9)), [(3, told.to_owned())]);
    assert!(matches!(desk.build(&list, Some(15), "whole").expect("read"), Built::Written(..)));
}

#[test]
fn a_folder_that_was_changed_is_refused() {
    let desk = Desk::new();
    let list = format!("payee,amount\n{ANNA},5\n{BEN},5\n{CLEO},5\n");
    let account = ANNA.parse().expect("an address");
    let change = |file: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let out = format!("changed {file} {}", desk.0.path().read_dir().expect("a folder").count());
        desk.built(&list, &out);
        let path = desk.0.path().join(&out).join(file);
        let mut bytes = std::fs::read(&path).expect("read");
        change(&mut bytes);
        std::fs::write(&path, bytes).expect("written");
        let opened = Epoch::open(&desk.0.path().join(&out));
        format!("{:#}", opened.and_then(|epoch| epoch.prove(account)).expect_err("changed"))
    };
    let amount = |bytes: &mut Vec<u8>| {
        let text = String::from_utf8(bytes.clone()).expect("text").replacen("\"5\"", "\"6\"", 1);
        *bytes = text.into_bytes();
    };
    assert!(change(LIST, &amount).contains("does not have the payee"));
    assert!(change(ACCOUNTS, &|bytes| bytes.truncate(50)).contains("is cut off, or was changed"));
    assert!(change(ACCOUNTS, &|bytes| bytes[27] ^= 1).contains("does not have the payee"));
    assert!(change(PROOFS, &|bytes| bytes[50] ^= 1).contains("is of another epoch"));
    assert!(change(SUMMARY, &|bytes| *bytes = b"{}".to_vec()).contains("is not an epoch's: it has no `format`"));
}

/// What is published is made of the list once more.
#[test]
fn a_list_that_is_not_the_summary_s_is_not_published() {
    let desk = Desk::new();
    let list = format!("payee,amount\n{ANNA},5\n{BEN},7\n{CLEO},9\n");
    for (place, (file, from, to)) in [
        (LIST, "\"5\"", "\"6\""),
        (LIST, "\n", " \n"),
        (SUMMARY, "\"total\": \"21\"", "\"total\": \"22\""),
        (SUMMARY, "\"manifest\": \"0x", "\"manifest\": \"0xaa"),
    ]
    .into_iter()
    .enumerate()
    {
        let epoch = desk.built(&list, &place.to_string());
        epoch.check().expect("unchanged");
        let path = desk.0.path().join(place.to_string()).join(file);
        let text = std::fs::read_to_string(&path).expect("read");
        assert!(text.contains(from), "{text}");
        let mut changed = text.replacen(from, to, 1);
        // A hash has 64 digits.
        if to.ends_with("aa") {
            let at = changed.find("0xaa").expect("there") + 4;
            changed.replace_range(at..at + 2, "");
        }
        std::fs::write(&path, changed).expect("written");
        let opened = Epoch::open(&desk.0.path().join(place.to_string())).expect("an epoch");
        let error = opened.check().expect_err("changed").to_string();
        assert!(error.ends_with("is not the list that epoch.json was made of: make the epoch again"), "{error}");
    }
}

/// What somebody does to a file.
type Change = fn(&mut Vec<u8>);

/// Nobody could claim what cannot be proven, and the money would lie there until the deadline.
#[test]
fn proofs_and_accounts_that_are_not_the_list_s_are_not_published() {
    let desk = Desk::new();
    let list = format!("payee,amount\n{ANNA},5\n{BEN},7\n{CLEO},9\n");
    let changes: [Change; 4] = [
        |bytes| *bytes.last_mut().expect("a byte") ^= 1,
        |bytes| {
            let place = bytes.len() / 2;
            bytes[place] ^= 1;
        },
        |bytes| bytes.push(0),
        |bytes| bytes.truncate(bytes.len() - 1),
    ];
    for (file, said) in [(PROOFS, "does not prove"), (ACCOUNTS, "does not lead to")] {
        for (place, change) in changes.iter().enumerate() {
            let name = format!("{file}{place}");
            desk.built(&list, &name).check().expect("unchanged");
            let path = desk.0.path().join(&name).join(file);
            let mut bytes = std::fs::read(&path).expect("read");
            change(&mut bytes);
            std::fs::write(&path, bytes).expect("written");
            let opened = Epoch::open(&desk.0.path().join(&name)).expect("an epoch");
            let error = opened.check().expect_err("changed").to_string();
            assert_eq!(error, format!("{} {said} the rows of payees.jsonl: make the epoch again", path.display()));
        }
        let opened = desk.built(&list, file);
        let path = desk.0.path().join(file).join(file);
        std::fs::remove_file(&path).expect("removed");
        let error = opened.check().expect_err("missing").to_string();
        assert_eq!(error, format!("{} cannot be read", path.display()));
    }
}
