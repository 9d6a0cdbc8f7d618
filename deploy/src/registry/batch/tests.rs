use super::*;

/// A list of so many pointers as `StandardMerkleTree` takes them, with this in place of a word.
fn list(lines: &[(&str, &str)]) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let account = |number: &str| format!("\"0x{}\"", number.repeat(20));
    let word = |number: &str| format!("\"0x{}\"", number.repeat(32));
    let row = |(custodian, digest): &(&str, &str)| {
        let (subject, custodian, digest, other) = (account("07"), account(custodian), word(digest), word("05"));
        format!("[{subject},{custodian},8,1,18,{digest},1,85,{},1,{other},{}]\n", word("00"), word("00"))
    };
    std::fs::write(file.path(), lines.iter().map(row).collect::<String>()).expect("written");
    file
}

#[test]
fn a_batch_is_written_whole_or_not_at_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("batch");
    let names = Names::standard();
    let bad = list(&[("01", "01"), ("02", "02"), ("01", "00"), ("01", "03"), ("01", "01")]);
    let Batched::Refused(BadRows { told: bad, count, rows }) = batch(bad.path(), &names, &out).expect("read") else {
        panic!("it has bad rows")
    };
    assert_eq!((count, rows), (3, 5));
    let lines: Vec<_> = bad.iter().map(|bad| bad.line).collect();
    assert_eq!(lines, [2, 3, 5]);
    assert!(bad[0].reason.contains("a batch has one custodian, so make one for each"), "{bad:?}");
    assert!(bad[1].reason.starts_with("`digest` is zero"), "{bad:?}");
    assert_eq!(bad[2].reason, "it is the same pointer as in line 1: delete one of them");
    assert!(batch(Path::new("/nowhere"), &names, &out).is_err());
    assert!(batch(list(&[]).path(), &names, &out).is_err());
    assert_eq!(folder.path().read_dir().expect("a folder").count(), 0, "something was left");

    let good = list(&[("01", "01"), ("01", "02"), ("01", "03")]);
    let Batched::Written(made) = batch(good.path(), &names, &out).expect("read") else { panic!("it is good") };
    assert_eq!(folder.path().read_dir().expect("a folder").count(), 1);
    // The list is itself a list that the same batch is made of.
    let again = folder.path().join("again");
    let Batched::Written(same) = batch(&out.join(LIST), &names, &again).expect("read") else { panic!("it is good") };
    assert_eq!((same.root(), same.count(), same.manifest()), (made.root(), 3, made.manifest()));
    let found = Batch::open(&out).expect("a batch");
    let mut ids = Vec::new();
    found
        .each_proof(|id, proof| {
            ids.push((id, proof.to_vec()));
            Ok(())
        })
        .expect("whole");
    for (id, proof) in ids {
        let proven = found.prove(id).expect("there");
        assert_eq!((pointer_id(&proven.pointer), proven.proof, proven.root), (id, proof, made.root()));
    }
    let error = found.prove(B256::ZERO).expect_err("none").to_string();
    assert!(error.contains("has no pointer 0x00"), "{error}");

    // What is there is not written over.
    let error = batch(good.path(), &names, &out).expect_err("there").to_string();
    assert!(error.ends_with(" is there already: name another folder, or move it away"), "{error}");

    let changed = std::fs::read_to_string(out.join(LIST)).expect("read").replace("0303", "0304");
    std::fs::write(out.join(LIST), changed).expect("written");
    let lost = (0..3).filter(|rank| {
        let id = found.proofs().expect("a file").at(*rank).expect("a leaf").id;
        found.prove(id).is_err_and(|error| error.to_string().contains("does not have the pointer"))
    });
    assert_eq!(lost.count(), 1);
    std::fs::copy(again.join(PROOFS), out.join(PROOFS)).expect("copied");
    std::fs::write(out.join(SUMMARY), "{}").expect("written");
    let error = Batch::open(&out).expect_err("changed").to_string();
    assert!(error.contains("is not a batch's: it has no `format`: name a folder"), "{error}");
}

/// What somebody does to a file.
type Change = fn(&mut Vec<u8>);

/// Nobody could prove what such a folder has published.
#[test]
fn a_folder_that_contradicts_itself_is_not_published() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = list(&[("01", "01"), ("01", "02"), ("01", "03")]);
    let made = |name: &str| {
        let out = folder.path().join(name);
        let Batched::Written(made) = batch(good.path(), &Names::standard(), &out).expect("read") else {
            panic!("it is good")
        };
        made.check().expect("unchanged");
        out
    };
    let refusal = |out: &Path| Batch::open(out).expect("a batch").check().expect_err("changed").to_string();
    // A proof that is changed, two that are surplus or missing, and one whose row is elsewhere.
    let proofs: [Change; 5] = [
        |bytes| {
            let place = bytes.len() / 2;
            bytes[place] ^= 1;
        },
        |bytes| bytes.push(0),
        |bytes| bytes.extend([0; 72]),
        |bytes| bytes.truncate(bytes.len() - 72),
        |bytes| *bytes.last_mut().expect("a byte") ^= 1,
    ];
    let rows: [Change; 3] = [
        |bytes| *bytes = String::from_utf8_lossy(bytes).replacen("0303", "0304", 1).into_bytes(),
        |bytes| bytes.extend(bytes.clone()),
        |bytes| bytes.truncate(bytes.len() / 3),
    ];
    let proofs = proofs.iter().map(|change| (PROOFS, change, "does not prove the rows of pointers.jsonl"));
    let rows = rows.iter().map(|change| (LIST, change, "is not the list that batch.json was made of"));
    for (place, (file, change, said)) in proofs.chain(rows).enumerate() {
        let out = made(&place.to_string());
        let path = out.join(file);
        let mut bytes = std::fs::read(&path).expect("read");
        change(&mut bytes);
        std::fs::write(&path, bytes).expect("written");
        assert_eq!(refusal(&out), format!("{} {said}: make the batch again", path.display()));
    }
    for file in [PROOFS, LIST] {
        let out = made(file);
        std::fs::remove_file(out.join(file)).expect("removed");
        assert_eq!(refusal(&out), format!("{} cannot be read", out.join(file).display()));
    }
    for (name, from, to) in [("count", "\"count\": 3", "\"count\": 4"), ("custodian", "0x0101", "0x0201")] {
        let out = made(name);
        let text = std::fs::read_to_string(out.join(SUMMARY)).expect("read");
        assert!(text.contains(from), "{text}");
        std::fs::write(out.join(SUMMARY), text.replacen(from, to, 1)).expect("written");
        let list = out.join(LIST);
        let said = format!("{} is not the list that batch.json was made of: make the batch again", list.display());
        assert_eq!(refusal(&out), said);
    }
    let out = made("bad row");
    let text = std::fs::read_to_string(out.join(LIST)).expect("read");
    std::fs::write(out.join(LIST), text + "[]\n").expect("written");
    assert_eq!(refusal(&out), format!("{}:4: it was changed: make the batch again", out.join(LIST).display()));
}
