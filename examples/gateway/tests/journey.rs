//! A synthetic record travels from its custodian to a doctor, over real contracts on the embedded chain and real HTTP.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use alloy::primitives::{Address, B256};
use consilium_bindings::DataPointerRegistry as abi;
use consilium_deploy::registry::{EncryptionKey, Registry, erase, request};
use consilium_deploy::{Chain, Sender};
use eyre::{OptionExt, Result, ensure};
use gateway::{Custodian, Deed, Kept, Vault, fetch, serve};
use harness::chain::Account;
use harness::records::{LABORATORY, Records, SCHEMA, TREAT};
use tempfile::TempDir;
use tokio::net::TcpListener;

const BUNDLE: &[u8] = include_bytes!("../bundle.json");

/// Contracts, people, a custodian's folder, and the server that hands it out.
struct Scene {
    records: Records,
    registry: Registry,
    folder: TempDir,
    url: String,
}

impl Scene {
    async fn start() -> Result<Self> {
        let records = Records::start().await?;
        let registry = Registry::open(&Chain::connect(&records.chain.url()).await?, records.at).await?;
        let folder = tempfile::tempdir()?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        tokio::spawn(serve(listener, Vault::open(folder.path())?));
        Ok(Self { records, registry, folder, url })
    }

    async fn sender(&self, account: &Account) -> Result<Sender> {
        Chain::connect(&self.records.chain.url()).await?.with_key(account.signer.clone())
    }

    /// The custodian as after a start of its program.
    async fn custodian(&self) -> Result<Custodian> {
        let lab = self.sender(&self.records.lab).await?;
        Custodian::new(self.registry.clone(), lab, Vault::open(self.folder.path())?).await
    }

    async fn stored(&self, custodian: &Custodian) -> Result<Kept> {
        custodian.store(self.records.patient.address(), LABORATORY, SCHEMA, BUNDLE).await
    }

    /// The doctor asks for a record's key; the request's id.
    async fn asked(&self, id: B256, key: &EncryptionKey) -> Result<B256> {
        let doctor = self.sender(&self.records.doctor).await?;
        Ok(request(&self.registry, &doctor, id, TREAT, Address::ZERO, key.public()).await?.0.request)
    }

    async fn fetched(&self, id: B256, request: B256, key: &EncryptionKey) -> Result<Vec<u8>> {
        fetch(&self.registry, &self.url, id, request, key).await
    }

    /// The files in a part of the folder, and in its folders.
    fn files(&self, part: &str) -> Vec<PathBuf> {
        fn add(folder: &Path, found: &mut Vec<PathBuf>) {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() { add(&path, found) } else { found.push(path) }
            }
        }
        let mut found = Vec::new();
        add(&self.folder.path().join(part), &mut found);
        found
    }
}

#[track_caller]
fn refused<T>(done: Result<T>, reason: &str) {
    let error = format!("{:#}", done.err().expect("refused"));
    assert!(error.contains(reason), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_travels_until_its_subject_revokes_and_erases() -> Result<()> {
    let scene = Scene::start().await?;
    let records = &scene.records;
    let mut custodian = scene.custodian().await?;
    let Kept { id, cid, .. } = scene.stored(&custodian).await?;

    // What is on the disk under the CID says nothing.
    let stored = fs::read(scene.folder.path().join("records").join(&cid))?;
    assert!(!stored.windows(7).any(|window| window == b"Patient"));
    let key = EncryptionKey::random();
    refused(scene.asked(id, &key).await, "the subject's consent does not permit this access: no provision permits it");
    records.permits(records.doctor.address(), TREAT).await?;
    let first = scene.asked(id, &key).await?;
    refused(scene.fetched(id, first, &key).await, "the request has no answer");
    assert_eq!(custodian.turn().await?, [Deed::Answered(first)]);
    assert_eq!(custodian.turn().await?, []);
    assert_eq!(scene.fetched(id, first, &key).await?, BUNDLE);
    refused(scene.fetched(id, first, &EncryptionKey::random()).await, "the wrapped key does not open");

    // The patient revokes between the question and the answer.
    let second_key = EncryptionKey::random();
    let second = scene.asked(id, &second_key).await?;
    records.revokes().await?;
    assert_eq!(custodian.turn().await?, [Deed::Declined(second, 16)]);
    let state = records.reads(abi::accessRequestCall { id, requestId: second }).await?;
    assert!(state.declined && !state.delivered && !state.overdue);
    refused(scene.fetched(id, second, &second_key).await, "the request has no answer");

    // The program starts again and reads all events: nothing is answered twice.
    assert_eq!(scene.custodian().await?.turn().await?, []);

    let patient = scene.sender(&records.patient).await?;
    erase(&scene.registry, &patient, id).await?;
    assert_eq!(custodian.turn().await?, [Deed::Destroyed(id)]);
    for part in ["records", "keys", "answers"] {
        assert_eq!(scene.files(part), [] as [PathBuf; 0], "{part}");
    }
    refused(scene.fetched(id, first, &key).await, "was erased");
    Ok(())
}

/// The consent does not let the laboratory store: neither a pointer nor a file is left.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_registered_is_not_kept() -> Result<()> {
    let scene = Scene::start().await?;
    scene.records.revokes().await?;
    let custodian = scene.custodian().await?;
    refused(scene.stored(&custodian).await, "the subject's consent does not let the custodian store this");
    for part in ["records", "keys", "answers"] {
        assert_eq!(scene.files(part), [] as [PathBuf; 0], "{part}");
    }
    Ok(())
}

/// The program is stopped after the registry has recorded the answer, and before it is handed out.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_handed_out_after_an_interruption() -> Result<()> {
    let scene = Scene::start().await?;
    let records = &scene.records;
    records.permits(records.doctor.address(), TREAT).await?;
    let mut custodian = scene.custodian().await?;
    let (Kept { id, .. }, key) = (scene.stored(&custodian).await?, EncryptionKey::random());
    let request = scene.asked(id, &key).await?;
    // It cannot answer for want of the key, says so once, and tries again.
    let place = scene.files("keys").into_iter().find(|path| path.extension().is_some_and(|end| end == "json"));
    let place = place.ok_or_eyre("a key")?;
    let away = scene.folder.path().join("away");
    fs::rename(&place, &away)?;
    let failed = custodian.turn().await?;
    assert!(matches!(&failed[..], [Deed::Failed(of, reason)] if *of == request && reason.contains("has no key")));
    assert_eq!(custodian.turn().await?, []);
    fs::rename(&away, &place)?;
    assert_eq!(custodian.turn().await?, [Deed::Answered(request)]);

    let answer = scene.files("answers").pop().ok_or_eyre("an answer")?;
    fs::rename(&answer, answer.with_extension("pending"))?;
    refused(scene.fetched(id, request, &key).await, "the request has no answer");
    assert_eq!(scene.custodian().await?.turn().await?, [Deed::Answered(request)]);
    assert_eq!(scene.fetched(id, request, &key).await?, BUNDLE);
    Ok(())
}

/// A gateway that serves something else is found out.
#[tokio::test(flavor = "multi_thread")]
async fn the_requester_trusts_no_gateway() -> Result<()> {
    let scene = Scene::start().await?;
    let records = &scene.records;
    records.permits(records.doctor.address(), TREAT).await?;
    let mut custodian = scene.custodian().await?;
    let (kept, other, key) =
        (scene.stored(&custodian).await?, scene.stored(&custodian).await?, EncryptionKey::random());
    let request = scene.asked(kept.id, &key).await?;
    let other_request = scene.asked(other.id, &key).await?;
    custodian.turn().await?;
    let record = |cid: &str| scene.folder.path().join("records").join(cid);
    fs::copy(record(&other.cid), record(&kept.cid))?;
    refused(scene.fetched(kept.id, request, &key).await, "another ciphertext than the registry has the hash of");
    let answer = |id: B256, request: B256| {
        scene.folder.path().join("answers").join(id.to_string()).join(format!("{request}.json"))
    };
    fs::copy(answer(other.id, other_request), answer(kept.id, request))?;
    refused(scene.fetched(kept.id, request, &key).await, "the answer to another request");
    Ok(())
}

/// The program that is stopped when it is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The program as a person runs it.
#[tokio::test(flavor = "multi_thread")]
async fn the_program_stores_serves_and_reads() -> Result<()> {
    let scene = Scene::start().await?;
    let records = &scene.records;
    records.permits(records.doctor.address(), TREAT).await?;
    let (contract, url) = (records.at.to_string(), records.chain.url());
    let vault = scene.folder.path().join("own").display().to_string();
    let gateway = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gateway"));
        command.args(words).args(["--contract", &contract, "--rpc-url", &url]);
        command.env("CONSILIUM_PRIVATE_KEY", records.lab.signer.to_bytes().to_string());
        command
    };
    let bundle = concat!(env!("CARGO_MANIFEST_DIR"), "/bundle.json");
    let (subject, class, schema) = (records.patient.address().to_string(), LABORATORY.to_string(), SCHEMA.to_string());
    let words = ["store", "--vault", &vault, "--subject", &subject, "--class", &class, "--schema", &schema, bundle];
    let stored = tokio::task::block_in_place(|| gateway(&words).output())?;
    ensure!(stored.status.success(), "{stored:?}");
    let told = String::from_utf8(stored.stdout)?;
    let id: B256 = told.split(' ').next().ok_or_eyre("an id")?.parse()?;

    let mut serving = gateway(&["serve", "--vault", &vault, "--listen", "127.0.0.1:0"]);
    let mut serving = Running(serving.stdout(Stdio::piped()).spawn()?);
    let mut lines = BufReader::new(serving.0.stdout.take().ok_or_eyre("its lines")?).lines();
    let mut line = || tokio::task::block_in_place(|| lines.next().ok_or_eyre("it has ended")?.map_err(Into::into));
    let told: Result<String> = line();
    let at = told?.strip_prefix("listening at ").ok_or_eyre("where it listens")?.to_owned();
    let (key, file) = (EncryptionKey::random(), scene.folder.path().join("doctor.json"));
    key.write_new(&file)?;
    let request = scene.asked(id, &key).await?;
    assert_eq!(line()?, format!("answered {request}"));
    let (id, request, file) = (id.to_string(), request.to_string(), file.display().to_string());
    let words = ["read", "--gateway", &at, "--id", &id, "--request", &request, "--key-file", &file];
    let read = tokio::task::block_in_place(|| gateway(&words).output())?;
    ensure!(read.status.success() && read.stdout == BUNDLE, "{read:?}");
    Ok(())
}
