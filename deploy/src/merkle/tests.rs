use harness::merkle::Tree;
use proptest::prelude::*;

use super::*;

const FORM: Form = Form { mark: &[7; 32], made_by: "consilium", what: "batch" };

fn leaves(ids: impl IntoIterator<Item = B256>) -> Vec<Leaf> {
    let leaf = |(line, id): (u32, B256)| Leaf { id, line, offset: u64::from(line) * 400 };
    let mut leaves: Vec<_> = (0..).zip(ids).map(leaf).collect();
    leaves.sort_unstable();
    leaves
}

/// A file of these leaves.
fn file(leaves: &[Leaf]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    write(&mut file, &FORM, &nodes(leaves), leaves).expect("written");
    file
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// The tests' tree is compared with the package's own trees (`tests/data-pointer-registry/trees.rs`).
    #[test]
    fn root_and_proofs_are_those_of_the_tests_tree(count in 1_u64..200) {
        let ids: Vec<_> = (0..count).map(|number| keccak256(number.to_be_bytes())).collect();
        let expected = Tree::of(&ids);
        let leaves = leaves(ids.clone());
        let file = file(&leaves);
        let mut proofs = Proofs::open(file.path(), FORM).expect("a file");
        prop_assert_eq!((proofs.root(), proofs.count()), (expected.root(), count));
        for (index, id) in ids.iter().enumerate() {
            let found = proofs.find(*id).expect("read").expect("there");
            prop_assert_eq!(&found.proof, &expected.proof(index));
            prop_assert_eq!((found.id, found.offset), (*id, index as u64 * 400));
        }
        for stranger in [B256::ZERO, B256::repeat_byte(0xff), keccak256("a stranger")] {
            prop_assert_eq!(proofs.find(stranger).expect("read"), None);
        }
        let mut seen = Vec::new();
        each_proof(&mut proofs, |id, proof| {
            seen.push((id, proof.to_vec()));
            Ok(())
        }).expect("whole");
        let mut all: Vec<_> = ids.iter().enumerate().map(|(index, id)| (*id, expected.proof(index))).collect();
        all.sort_unstable();
        seen.sort_unstable();
        prop_assert_eq!(seen, all);
    }
}

#[test]
fn a_file_that_was_changed_is_refused() {
    let leaves = leaves((0..9_u64).map(|number| keccak256(number.to_be_bytes())));
    let good = std::fs::read(file(&leaves).path()).expect("read");
    let refusal = |bytes: &[u8]| {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), bytes).expect("written");
        let each = |proofs: &mut Proofs| leaves.iter().try_for_each(|leaf| proofs.find(leaf.id).map(drop));
        Proofs::open(file.path(), FORM).and_then(|mut proofs| each(&mut proofs)).expect_err("refused").to_string()
    };
    for length in [0, 39, 40, good.len() - 1] {
        let error = refusal(&good[..length]);
        assert!(error.contains(" is not a file of proofs: ") || error.contains(" is cut off"), "{error}");
    }
    assert!(refusal(&[&good[..], &[0]].concat()).contains("is cut off, or was changed"));
    // The root, a node, a leaf's neighbour: each is in a proof.
    for place in [40, 40 + 3 * 32, 40 + 16 * 32 + 5] {
        let mut bad = good.clone();
        bad[place] ^= 1;
        let error = refusal(&bad);
        assert!(error.contains("contradicts itself: something in it was changed"), "{place}: {error}");
    }
    let mut many = good;
    many[32..40].copy_from_slice(&u64::MAX.to_be_bytes());
    assert!(refusal(&many).contains("is cut off, or was changed"));
}
