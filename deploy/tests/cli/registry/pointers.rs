//! Pointers are registered, published, shown, refused and erased.

use alloy::primitives::{B256, keccak256};
use alloy::providers::Provider;
use consilium_bindings::DataPointerRegistry as R;
use eyre::Result;
use serde_json::Value;

use super::registry;
use super::scene::*;
use crate::consent::scene::{Desk, done, somebody};
use crate::{refusal, run};

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pointer_is_registered_shown_and_erased() -> Result<()> {
    let scene = Scene::start().await?;
    let commitment = keccak256("commitment").to_string();
    let file = scene.pointer("result.json", &commitment);
    let told = done(&scene.runs(&scene.lab, &["register", &file]));
    let id = told.strip_prefix("registered ").and_then(|rest| rest.split(',').next()).expect("an id").to_owned();
    assert!(told.contains(&format!(", of the subject {}\n", scene.patient.address())), "{told}");
    assert!(told.contains(" gas, transaction 0x"), "{told}");
    let status = scene.reads(R::statusCall { id: id.parse()? }).await?;
    assert_eq!((status.state, status.custodian), (1, scene.lab.address()));

    let words = done(&scene.runs(&scene.doctor, &["show", "--id", &id]));
    let first = format!("{id} is registered\nits subject is {}", scene.patient.address());
    assert!(words.starts_with(&first) && words.contains("\nit is of LABORATORY (8), under the schema 1\n"), "{words}");
    let found = scene.does(&scene.doctor, &["show", "--id", &id]);
    assert_eq!((found["state"].as_u64(), text(&found["contents"]["keyCommitment"])), (Some(1), commitment.as_str()));
    assert!(text(&found["contents"]["cid"]).starts_with("bafkr"));

    // A second time it is refused, and so is whoever is not its custodian or subject.
    let error = refusal(scene.runs(&scene.lab, &["register", &file]));
    assert!(error.contains(&format!("the pointer {id} was registered before")), "{error}");
    assert!(error.ends_with("(RegistryPointerExists)"), "{error}");
    let error = refusal(scene.runs(&scene.doctor, &["erase", "--id", &id]));
    assert!(error.contains(" may not do this: ") && error.ends_with("(RegistryUnauthorized)"), "{error}");

    let erased = scene.does(&scene.patient, &["erase", "--id", &id]);
    assert!(
        text(&erased["transaction"]).starts_with("0x") && erased["gasUsed"].as_u64().is_some_and(|gas| gas > 21_000)
    );
    let words = done(&scene.runs(&scene.doctor, &["show", "--id", &id]));
    assert!(words.starts_with(&format!("{id} is erased\n")), "{words}");
    assert!(words.contains(&format!("\nthat did {}, at 20", scene.patient.address())), "{words}");
    let found = scene.does(&scene.doctor, &["show", "--id", &id]);
    assert_eq!((&found["contents"], text(&found["words"])), (&Value::Null, "erased"));
    let error = refusal(scene.runs(&scene.lab, &["erase", "--id", &id]));
    assert!(
        error.contains("is not registered, or was erased") && error.ends_with("(RegistryNoSuchPointer)"),
        "{error}"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_registered_is_told_and_not_sent() -> Result<()> {
    let scene = Scene::start().await?;
    let commitment = keccak256("commitment").to_string();
    let good = std::fs::read_to_string(scene.pointer("good.json", &commitment))?;
    let change = |name: &str, value: Value| {
        let mut pointer: Value = serde_json::from_str(&good).expect("JSON");
        pointer[name] = value;
        pointer.to_string()
    };
    let other = somebody("other").to_string();
    let (lab, doctor) = (&scene.lab, &scene.doctor);
    let cases = [
        (lab, change("custodian", other.into()), "let the custodian register it"),
        (lab, change("schema", 2.into()), "nothing is registered under the schema 2 for data of class 8"),
        (lab, change("encryption", 9.into()), "the encryption 9 has no code on this chain: correct the number"),
        (lab, change("previous", B256::repeat_byte(1).to_string().into()), "cannot be superseded by it"),
        (lab, change("cid", "bafy".into()), "`cid` is not a CID: "),
        (lab, change("keyCommitment", Value::Null), "it lacks `keyCommitment`"),
        (lab, "{\n".into(), "it ends in the middle"),
        (lab, String::new(), "it is empty"),
        (doctor, good.clone(), "is not an admitted custodian: the DAO admits it"),
    ];
    for (by, pointer, reason) in cases {
        let file = scene.desk.file("bad.json", &pointer);
        let before = scene.chain.dev.get_transaction_count(by.address()).await?;
        let error = refusal(scene.runs(by, &["register", &file]));
        assert!(error.contains(reason), "{pointer}: {error}");
        assert_eq!(scene.chain.dev.get_transaction_count(by.address()).await?, before, "something was sent");
    }
    scene.revokes().await?;
    let error = refusal(scene.runs(lab, &["register", &scene.desk.file("good.json", &good)]));
    let reason = "the subject's consent does not let the custodian store this: no provision permits it (reason 16)";
    assert!(error.contains(reason) && error.ends_with("(RegistrationRefused)"), "{error}");
    Ok(())
}

/// From a list to an individual pointer, and to one that its subject refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_published_and_proven() -> Result<()> {
    let scene = Scene::start().await?;
    let (patient, lab) = (scene.patient.address(), scene.lab.address());
    let mut list = "subject,custodian,data class,schema,encryption,key commitment,cid\n".to_owned();
    for number in 0..5 {
        let (digest, commitment) = (keccak256(format!("digest {number}")), keccak256(format!("key {number}")));
        list += &format!("{patient},{lab},LABORATORY,1,1,{commitment},f01551220{digest:x}\n");
    }
    let (file, folder) = (scene.desk.file("list.csv", list), scene.desk.path("batch"));
    done(&run(registry(&["batch", &file, "--out", &folder])));
    let proofs = done(&run(registry(&["prove", &folder, "--all"])));
    let ids: Vec<String> = proofs
        .lines()
        .map(|line| {
            let line: Value = serde_json::from_str(line).expect("JSON");
            text(&line["id"]).to_owned()
        })
        .collect();

    let error = refusal(scene.runs(&scene.doctor, &["publish", &folder]));
    assert!(error.contains("let the custodian publish it"), "{error}");
    let error = refusal(scene.runs(&scene.lab, &["publish", &folder, "--number", "3"]));
    assert!(error.contains("has no batch 3: correct the number, or leave it out to open a new batch"), "{error}");
    let error = refusal(scene.runs(&scene.lab, &["publish", &folder, "--manifest", "Qm"]));
    assert!(error.contains("the manifest: `cid` is not a CID"), "{error}");
    let (proofs, whole) = (scene.desk.path("batch/proofs"), std::fs::read(scene.desk.path("batch/proofs"))?);
    std::fs::write(&proofs, [&whole[..], &[0]].concat())?;
    let error = refusal(scene.runs(&scene.lab, &["publish", &folder]));
    assert!(error.ends_with("does not prove the rows of pointers.jsonl: make the batch again"), "{error}");
    std::fs::write(&proofs, whole)?;
    let published = scene.does(&scene.lab, &["publish", &folder]);
    assert_eq!((published["batch"].as_u64(), published["count"].as_u64()), (Some(1), Some(5)));
    let stored = scene.reads(R::batchCall { custodian: lab, batch: 1 }).await?;
    assert_eq!((stored.root.to_string().as_str(), stored.count), (text(&published["root"]), 5));
    // Again, with the list as it is stored elsewhere.
    let cid = format!("f01551220{:x}", keccak256("an encrypted manifest"));
    scene.does(&scene.lab, &["publish", &folder, "--number", "1", "--manifest", &cid]);
    let stored = scene.reads(R::batchCall { custodian: lab, batch: 1 }).await?;
    assert_eq!((stored.version, stored.manifest.digest), (2, keccak256("an encrypted manifest")));

    let words = ["individualize", &folder, "--number", "1", "--id", &ids[0]];
    let told = done(&scene.runs(&scene.doctor, &words));
    assert!(told.starts_with(&format!("registered {}, of batch 1\n", ids[0])), "{told}");
    let words = done(&scene.runs(&scene.doctor, &["show", "--id", &ids[0]]));
    assert!(words.contains("\nit is one of a batch, whose manifest has its contents"), "{words}");
    let error = refusal(scene.runs(&scene.doctor, &["show", "--id", &ids[1]]));
    assert!(error.ends_with("or individualize it first if it is in a batch"), "{error}");

    let leaf = done(&run(registry(&["prove", &folder, "--id", &ids[1], "--json"])));
    let leaf = scene.desk.file("leaf.json", leaf);
    let error = refusal(scene.runs(&scene.lab, &["refuse", &leaf]));
    assert!(error.ends_with("(RegistryUnauthorized)"), "{error}");
    assert_eq!(scene.does(&scene.patient, &["refuse", &leaf])["id"], ids[1].as_str());
    let words = done(&scene.runs(&scene.doctor, &["show", "--id", &ids[1]]));
    assert!(words.starts_with(&format!("{} is refused by its subject before it was registered\n", ids[1])), "{words}");
    let error = refusal(scene.runs(&scene.lab, &["individualize", &folder, "--number", "1", "--id", &ids[1]]));
    assert!(error.ends_with("(RegistryPointerExists)"), "{error}");
    Ok(())
}

/// A contract of another kind could answer anything.
#[tokio::test(flavor = "multi_thread")]
async fn the_registry_is_found_or_said_to_be_missing() -> Result<()> {
    let scene = Scene::start().await?;
    let (url, id) = (scene.chain.url(), B256::ZERO.to_string());
    let show = |more: &[&str]| {
        let words = ["show", "--id", &id, "--rpc-url", &url];
        let output = tokio::task::block_in_place(|| run(registry(&[&words, more].concat())));
        refusal(output)
    };
    let [nobody, other] = [somebody("nobody"), nitro::STYLUS_DEPLOYER].map(|at| at.to_string());
    assert!(show(&["--contract", &nobody]).contains("there is no contract at "));
    assert!(show(&["--contract", &other]).contains("does not answer as a data pointer registry"));
    let desk = Desk::new();
    let error = show(&["--records", &desk.path("")]);
    assert!(error.ends_with("has no record of a deployment on chain 412346: give --contract, or --records"), "{error}");
    Ok(())
}
