//! The reference vectors in `vectors.json`, told to ours and to the peer on one chain. docs/erc-consent.md explains the file.

use std::collections::{BTreeMap, BTreeSet};

use alloy::{
    primitives::{Address, B256, U256, keccak256},
    sol,
    sol_types::{SolCall, SolConstructor},
};
use consilium_bindings::Consent as C;
use eyre::{OptionExt, Result, bail, ensure};
use harness::{
    chain::{Account, Chain},
    deploy, peers, peers::Peer};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::world::{peer, time};

sol! {
    interface Authority {
        function allow(address caller, bytes4 selector, uint8 kind) external;
    }
}

/// When the first steps happen.
const BEGINNING: u64 = 4_000_000_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    accounts: BTreeMap<String, Address>,
    /// Whom the authority lets call which functions.
    restricted: BTreeMap<String, Vec<String>>,
    policies: BTreeMap<String, Map<String, Value>>,
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    name: String,
    policy: String,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Step {
    Call { at: u64, from: String, call: String, arguments: Map<String, Value> },
    Question { at: u64, ask: Asked, answer: Answer },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Asked {
    grantor: String,
    actor: String,
    on_behalf_of: String,
    data_class: u8,
    purpose: u8,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    permitted: bool,
    reason: u8,
    grantee: String,
    number: u32,
}

/// Arguments, and what their names mean.
struct Arguments<'a>(&'a Vectors, &'a Map<String, Value>);

impl Arguments<'_> {
    fn get(&self, name: &str) -> Result<&Value> {
        self.1.get(name).ok_or_eyre(format!("{name} is missing"))
    }

    fn number(&self, name: &str) -> Result<u64> {
        self.get(name)?.as_u64().ok_or_eyre(format!("{name} is a number"))
    }

    fn small<T: TryFrom<u64>>(&self, name: &str) -> Result<T> {
        T::try_from(self.number(name)?).ok().ok_or_eyre(format!("{name} is smaller"))
    }

    fn flag(&self, name: &str) -> Result<bool> {
        self.get(name)?.as_bool().ok_or_eyre(format!("{name} is true or false"))
    }

    fn account(&self, name: &str) -> Result<Address> {
        self.0.account(self.get(name)?.as_str().ok_or_eyre("an account has a name")?)
    }

    fn word(&self, name: &str) -> Result<B256> {
        Ok(self.get(name)?.as_str().ok_or_eyre("a word is hexadecimal")?.parse()?)
    }

    /// A list of numbers as the mask of their bits, where the number `first` has bit 0.
    fn mask<const BITS: usize, const LIMBS: usize>(
        &self,
        name: &str,
        first: usize,
    ) -> Result<alloy::primitives::Uint<BITS, LIMBS>> {
        let mut mask = alloy::primitives::Uint::ZERO;
        for number in self.get(name)?.as_array().ok_or_eyre(format!("{name} is a list"))? {
            let number = number.as_u64().ok_or_eyre("a number")? as usize;
            let bit = number.checked_sub(first).filter(|bit| *bit < BITS).ok_or_eyre(format!("{name}: {number}"))?;
            mask.set_bit(bit, true);
        }
        Ok(mask)
    }

    fn provision(&self) -> Result<C::Provision> {
        Ok(C::Provision {
            grantee: self.account("grantee")?,
            classes: self.mask("classes", 0)?,
            purposes: self.mask::<64, 1>("purposes", 0)?.to(),
            deny: self.flag("deny")?,
            notBefore: time(self.number("notBefore")?),
            expiry: time(self.number("expiry")?),
            document: B256::ZERO,
        })
    }

    fn policy(&self) -> Result<(C::Policy, [u16; 64])> {
        let mut longest = [u16::MAX; 64];
        for (purpose, days) in self.get("longest")?.as_object().ok_or_eyre("longest is by purpose")? {
            let place = longest.get_mut(purpose.parse::<usize>()?).ok_or_eyre("there are 64 purposes")?;
            *place = u16::try_from(days.as_u64().ok_or_eyre("days")?)?;
        }
        let policy = C::Policy {
            separatePurposes: self.mask::<64, 1>("separatePurposes", 0)?.to(),
            separateClasses: self.mask::<64, 1>("separateClasses", 192)?.to(),
            emergencyPurposes: self.mask::<64, 1>("emergencyPurposes", 0)?.to(),
            refusedJurisdictions: self.mask::<32, 1>("refusedJurisdictions", 0)?.to(),
            closedClasses: self.mask("closedClasses", 0)?,
            openFor: self.small("openFor")?,
            reviewWithin: self.small("reviewWithin")?,
            window: self.small("window")?,
            limit: self.small("limit")?,
            recoveryDelay: self.small("recoveryDelay")?,
            hook: Address::ZERO,
        };
        Ok((policy, longest))
    }

    /// A call's data: the arguments have the names that the interface gives them.
    fn data(&self, call: &str) -> Result<Vec<u8>> {
        let (grantor, until) = (|| self.account("grantor"), || self.number("until").map(time));
        let provision = || Arguments(self.0, self.get("provision")?.as_object().ok_or_eyre("a provision")?).provision();
        let scope = || eyre::Ok((self.mask("classes", 0)?, self.mask::<64, 1>("purposes", 0)?.to()));
        Ok(match call {
            "grant" => C::grantCall { grantor: grantor()?, provision: provision()? }.abi_encode(),
            "amend" => {
                let (number, provision) = (self.small("number")?, provision()?);
                C::amendCall { grantor: grantor()?, number, provision }.abi_encode()
            }
            "revoke" => {
                let (grantee, number) = (self.account("grantee")?, self.small("number")?);
                C::revokeCall { grantor: grantor()?, grantee, number }.abi_encode()
            }
            "revokeGrantee" => {
                C::revokeGranteeCall { grantor: grantor()?, grantee: self.account("grantee")? }.abi_encode()
            }
            "revokeAll" => C::revokeAllCall { grantor: grantor()? }.abi_encode(),
            "setRepresentative" => {
                let ((classes, purposes), representative) = (scope()?, self.account("representative")?);
                let (grantor, until) = (grantor()?, until()?);
                C::setRepresentativeCall { grantor, representative, classes, purposes, until }.abi_encode()
            }
            "appointRepresentative" => {
                let ((classes, purposes), representative) = (scope()?, self.account("representative")?);
                let (grantor, until) = (grantor()?, until()?);
                C::appointRepresentativeCall { grantor, representative, classes, purposes, until }.abi_encode()
            }
            "setRecovery" => {
                C::setRecoveryCall { grantor: grantor()?, recoverer: self.account("recoverer")? }.abi_encode()
            }
            "startRecovery" => {
                C::startRecoveryCall { grantor: grantor()?, newKey: self.account("newKey")? }.abi_encode()
            }
            "finishRecovery" => C::finishRecoveryCall { grantor: grantor()? }.abi_encode(),
            "setMember" => C::setMemberCall { member: self.account("member")?, until: until()? }.abi_encode(),
            "setMembers" => C::setMembersCall { root: self.word("root")? }.abi_encode(),
            "proveMember" => {
                let (organization, member) = (self.account("organization")?, self.account("member")?);
                let proof = serde_json::from_value(self.get("proof")?.clone())?;
                C::proveMemberCall { organization, member, until: until()?, proof }.abi_encode()
            }
            "setOrganization" => {
                let (organization, jurisdiction) = (self.account("organization")?, self.small("jurisdiction")?);
                C::setOrganizationCall { organization, until: until()?, jurisdiction }.abi_encode()
            }
            "setRole" => {
                let (role, account) = (self.small("role")?, self.account("account")?);
                C::setRoleCall { role, account, until: until()? }.abi_encode()
            }
            "setPolicy" => {
                let name = self.get("policy")?.as_str().ok_or_eyre("a policy has a name")?;
                let (policy, longest) = self.0.policy(name)?;
                C::setPolicyCall { policy, longest }.abi_encode()
            }
            "declareEmergency" => {
                let (grantor, classes, reason) = (grantor()?, self.mask("classes", 0)?, self.small("reason")?);
                C::declareEmergencyCall { grantor, classes, reason, statement: B256::ZERO }.abi_encode()
            }
            other => bail!("no vector calls {other}"),
        })
    }
}

impl Vectors {
    fn load() -> Result<Self> {
        Ok(serde_json::from_str(include_str!("vectors.json"))?)
    }

    fn account(&self, name: &str) -> Result<Address> {
        self.accounts.get(name).copied().ok_or_eyre(format!("{name} is nobody"))
    }

    fn policy(&self, name: &str) -> Result<(C::Policy, [u16; 64])> {
        Arguments(self, self.policies.get(name).ok_or_eyre(format!("no policy is called {name}"))?).policy()
    }
}

/// A chain, who acts on it, and an authority that lets them do what the file says.
struct Scene {
    chain: Chain,
    people: BTreeMap<String, Account>,
    authority: Address,
}

async fn prepared(vectors: &Vectors) -> Result<Scene> {
    // The peer is larger than a chain lets contracts be.
    let (chain, mut people) = (Chain::start_without_limit()?, BTreeMap::new());
    // A program expires after a year, so it is deployed at the vectors' time.
    chain.advance_to(BEGINNING - 10_000).await?;
    for (name, address) in vectors.accounts.iter().filter(|(name, _)| *name != "nobody" && !name.starts_with("role ")) {
        let account = chain.account_with(name, 1).await?;
        ensure!(account.address() == *address, "the key of {name} is of {}", account.address());
        people.insert(name.clone(), account);
    }
    let (admin, authority) = (chain.dev_account()?, peers::create(&chain, "ConsentAuthority", &[]).await?);
    let abi = Peer::load("PeerConsent")?.abi;
    for (name, calls) in &vectors.restricted {
        for call in calls {
            let function = abi.function(call).and_then(|all| all.first()).ok_or_eyre(call.clone())?;
            let (caller, selector) = (vectors.account(name)?, function.selector());
            let allow = Authority::allowCall { caller, selector, kind: 1 };
            ensure!(admin.send(authority, allow.abi_encode()).await?.status());
        }
    }
    Ok(Scene { chain, people, authority })
}

/// What a contract says to a question in each of its forms.
async fn answered(chain: &Chain, contract: Address, question: &C::Question) -> Result<C::isPermittedReturn> {
    let C::Question { grantor, actor, onBehalfOf, dataClass, purpose } = question.clone();
    let ask = async |data: Vec<u8>| chain.ask(Address::ZERO, contract, data).await;
    let one = C::isPermittedCall { grantor, actor, onBehalfOf, dataClass, purpose };
    let one = ask(one.abi_encode()).await?.output::<C::isPermittedCall>();
    let classes = U256::ONE << usize::from(dataClass);
    let masked = C::permittedClassesCall { grantor, actor, onBehalfOf, classes, purpose };
    let masked = ask(masked.abi_encode()).await?.output::<C::permittedClassesCall>();
    ensure!(masked == if one.permitted { classes } else { U256::ZERO }, "permittedClasses says {masked}");
    let many = C::arePermittedCall { questions: vec![question.clone()] };
    let many = ask(many.abi_encode()).await?.output::<C::arePermittedCall>();
    ensure!(many == [one.reason], "arePermitted says {many:?}");
    Ok(one)
}

/// Runs a vector on both; what was answered otherwise, and the reasons that were answered.
async fn run(vectors: &Vectors, vector: &Vector, scene: &Scene) -> Result<(Vec<String>, Vec<u8>)> {
    let Scene { chain, people, authority } = scene;
    let (policy, longest) = vectors.policy(&vector.policy)?;
    let arguments = C::constructorCall { initialAuthority: *authority, policy, longest, codes: Vec::new() }.abi_encode();
    let program = deploy::unconstructed(chain, "consent").await?;
    let ours = deploy::proxy(chain, program, [&deploy::CONSTRUCTOR[..], &arguments].concat()).await?;
    let contracts = [("ours", ours), ("the peer", peer(chain, &arguments).await?)];
    let (mut wrong, mut reasons) = (Vec::new(), Vec::new());
    for (place, step) in vector.steps.iter().enumerate() {
        for (which, contract) in contracts {
            let here = format!("{}, step {place}, {which}", vector.name);
            match step {
                Step::Call { at, from, call, arguments } => {
                    chain.set_time(*at).await?;
                    let by = people.get(from).ok_or_eyre(format!("{from} has no key"))?;
                    let receipt = by.send(contract, Arguments(vectors, arguments).data(call)?).await?;
                    ensure!(receipt.status(), "{here}: {call} reverted");
                }
                Step::Question { at, ask, answer } => {
                    chain.advance_to(*at).await?;
                    ensure!(chain.now().await? == *at, "{here}: it is later than {at}");
                    let question = C::Question {
                        grantor: vectors.account(&ask.grantor)?,
                        actor: vectors.account(&ask.actor)?,
                        onBehalfOf: vectors.account(&ask.on_behalf_of)?,
                        dataClass: ask.data_class,
                        purpose: ask.purpose,
                    };
                    let found = answered(chain, contract, &question).await?;
                    let Answer { permitted, reason, ref grantee, number } = *answer;
                    let expected = (permitted, reason, vectors.account(grantee)?, number);
                    let found = (found.permitted, found.reason, found.grantee, found.number);
                    reasons.push(reason);
                    if found != expected {
                        wrong.push(format!("{here}: {found:?}, not {expected:?}"));
                    }
                }
            }
        }
    }
    Ok((wrong, reasons))
}

#[tokio::test(flavor = "multi_thread")]
async fn both_answer_every_vector() -> Result<()> {
    let vectors = Vectors::load()?;
    let scene = prepared(&vectors).await?;
    let chain = &scene.chain;
    let (mut wrong, mut reasons) = (Vec::new(), BTreeSet::new());
    for vector in &vectors.vectors {
        let snapshot: Value = chain.rpc("evm_snapshot", ()).await?;
        let (differences, answered) = run(&vectors, vector, &scene).await?;
        wrong.extend(differences);
        reasons.extend(answered);
        let reverted: bool = chain.rpc("evm_revert", (snapshot,)).await?;
        ensure!(reverted, "the chain did not go back");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // No reason is left out.
    assert_eq!(reasons, (1..=3).chain(16..=24).collect());
    Ok(())
}

/// A proof's leaf is that of the standard library of trees: here a list of one member.
#[test]
fn the_list_s_root_is_its_member_s_leaf() -> Result<()> {
    use alloy::sol_types::SolValue;

    let vectors = Vectors::load()?;
    let calls = vectors.vectors.iter().flat_map(|vector| &vector.steps).filter_map(|step| match step {
        Step::Call { call, arguments, .. } => Some((call.as_str(), Arguments(&vectors, arguments))),
        Step::Question { .. } => None,
    });
    let (mut roots, mut leaves) = (BTreeSet::new(), BTreeSet::new());
    for (call, arguments) in calls {
        match call {
            "setMembers" => drop(roots.insert(arguments.word("root")?)),
            "proveMember" => {
                let member = (arguments.account("member")?, time(arguments.number("until")?));
                leaves.insert(keccak256(keccak256(member.abi_encode())));
            }
            _ => {}
        }
    }
    assert!(leaves.is_subset(&roots) && !leaves.is_empty(), "{leaves:?} {roots:?}");
    Ok(())
}
