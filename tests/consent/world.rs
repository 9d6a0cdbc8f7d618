//! A consent behind a proxy on a chain of its own, who deals with it, and the assertions about it.

use std::collections::BTreeMap;

use alloy::primitives::{Address, B256, Bytes, U256, aliases::U48};
use consilium_bindings::{Consent::*, Construct};
use eyre::Result;
pub(crate) use harness::calls::Calls;
use harness::{
    authority,
    chain::{Account, Chain},
    deploy,
};

pub(crate) const DAY: u64 = 86_400;

/// Data classes. The last is a sensitive one.
pub(crate) const LABS: u8 = 4;
pub(crate) const NOTES: u8 = 5;
pub(crate) const HIV: u8 = 192;
/// A class that no emergency opens.
pub(crate) const CLOSED: u8 = 250;

/// Purposes.
pub(crate) const TREAT: u8 = 0;
pub(crate) const RESEARCH: u8 = 7;

/// The jurisdiction that the policy refuses.
pub(crate) const REFUSED: u8 = 9;

/// The days of no limit.
pub(crate) const NO_LIMIT: u16 = u16::MAX;

/// What a provision is taken from.
pub(crate) const DOCUMENT: B256 = B256::repeat_byte(0xd0);

pub(crate) fn classes(numbers: &[u8]) -> U256 {
    numbers.iter().fold(U256::ZERO, |mask, number| mask | U256::ONE << usize::from(*number))
}

pub(crate) fn purposes(numbers: &[u8]) -> u64 {
    numbers.iter().fold(0, |mask, number| mask | 1 << number)
}

pub(crate) fn time(seconds: u64) -> U48 {
    U48::from(seconds)
}

/// A permit of laboratory results for treatment, from now on, without an end.
pub(crate) fn permit(grantee: Address) -> Provision {
    Provision {
        grantee,
        classes: classes(&[LABS]),
        purposes: purposes(&[TREAT]),
        deny: false,
        notBefore: time(0),
        expiry: time(0),
        document: DOCUMENT,
    }
}

/// The same as a denial.
pub(crate) fn denial(grantee: Address) -> Provision {
    Provision { deny: true, ..permit(grantee) }
}

/// A policy that limits little.
pub(crate) fn policy() -> Policy {
    Policy {
        separatePurposes: 0,
        separateClasses: 0,
        emergencyPurposes: purposes(&[TREAT]),
        refusedJurisdictions: 1 << REFUSED,
        closedClasses: classes(&[CLOSED]),
        openFor: 3_600,
        reviewWithin: 7 * DAY as u32,
        window: DAY as u32,
        limit: 2,
        recoveryDelay: 2 * DAY as u32,
        hook: Address::ZERO,
    }
}

/// Permits without a limit of days.
pub(crate) const LONGEST: [u16; 64] = [NO_LIMIT; 64];

/// What a proxy calls when it is created.
pub(crate) fn constructor(initialAuthority: Address, policy: Policy, longest: [u16; 64]) -> Bytes {
    constructorCall { initialAuthority, policy, longest, codes: Vec::new() }.init_data()
}

/// A consent, and who deals with it.
pub(crate) struct World {
    pub(crate) chain: Chain,
    pub(crate) at: Address,
    pub(crate) implementation: Address,
    pub(crate) authority: Address,
    /// The authority lets it pass.
    pub(crate) dao: Account,
    pub(crate) patient: Account,
    pub(crate) doctor: Account,
    pub(crate) stranger: Account,
}

impl Calls for World {
    fn chain(&self) -> &Chain {
        &self.chain
    }

    fn at(&self) -> Address {
        self.at
    }
}

impl World {
    pub(crate) async fn start() -> Result<Self> {
        Self::with(policy(), LONGEST).await
    }

    pub(crate) async fn with(policy: Policy, longest: [u16; 64]) -> Result<Self> {
        let chain = Chain::start()?;
        let authority = authority::letting(&chain, chain.account("dao").await?.address()).await?;
        Self::under(chain, authority, policy, longest).await
    }

    pub(crate) async fn under(chain: Chain, authority: Address, policy: Policy, longest: [u16; 64]) -> Result<Self> {
        let implementation = deploy::unconstructed(&chain, "consent").await?;
        let at = deploy::proxy(&chain, implementation, constructor(authority, policy, longest)).await?;
        let [dao, patient, doctor, stranger] = [
            chain.account("dao").await?,
            chain.account("patient").await?,
            chain.account("doctor").await?,
            chain.account("stranger").await?,
        ];
        Ok(Self { chain, at, implementation, authority, dao, patient, doctor, stranger })
    }

    /// The next block is made ten seconds after the last one: when.
    pub(crate) async fn soon(&self) -> Result<u64> {
        let soon = self.chain.now().await? + 10;
        self.chain.set_time(soon).await?;
        Ok(soon)
    }

    /// The patient adds a provision; its number.
    pub(crate) async fn grants(&self, provision: Provision) -> Result<u32> {
        self.does(&self.patient, grantCall { grantor: self.patient.address(), provision }).await
    }

    /// The numbers of the provisions in force of the patient for a grantee, in the order in which they are stored.
    pub(crate) async fn numbers(&self, grantee: Address) -> Result<Vec<u32>> {
        let provisions = self.read(provisionsCall { grantor: self.patient.address(), grantee }).await?;
        Ok(provisions.iter().map(|provision| provision.number).collect())
    }

    /// Admits an organisation for a year, with the doctor as its member.
    pub(crate) async fn hospital(&self) -> Result<Account> {
        let hospital = self.chain.account("hospital").await?;
        let until = time(self.chain.now().await? + 365 * DAY);
        let admit = setOrganizationCall { organization: hospital.address(), until, jurisdiction: 1 };
        self.does(&self.dao, admit).await?;
        self.does(&hospital, setMemberCall { member: self.doctor.address(), until }).await?;
        Ok(hospital)
    }

    pub(crate) async fn sets_policy(&self, policy: Policy, longest: [u16; 64]) -> Result<()> {
        self.does(&self.dao, setPolicyCall { policy, longest }).await?;
        Ok(())
    }

    /// What the patient's consents say of a question. All forms of the question must agree.
    pub(crate) async fn asks(&self, actor: Address, onBehalfOf: Address, dataClass: u8, purpose: u8) -> Result<Said> {
        let grantor = self.patient.address();
        let isPermittedReturn { permitted, reason, grantee, number } =
            self.read(isPermittedCall { grantor, actor, onBehalfOf, dataClass, purpose }).await?;
        assert_eq!(permitted, reason < 16, "reason {reason}");

        for asked in [classes(&[dataClass]), U256::MAX, classes(&[dataClass, 77])] {
            let found = self.read(permittedClassesCall { grantor, actor, onBehalfOf, classes: asked, purpose }).await?;
            assert_eq!(found.bit(dataClass.into()), permitted, "{asked} of reason {reason}");
            assert!((found & !asked).is_zero());
        }
        let question = || Question { grantor, actor, onBehalfOf, dataClass, purpose };
        let questions = vec![question(), Question { purpose: 64, ..question() }, question()];
        assert_eq!(self.read(arePermittedCall { questions }).await?, [reason, 16, reason]);

        let explained = self.read(explainCall { grantor, actor, onBehalfOf, dataClass, purpose }).await?;
        assert_eq!((explained.permitted, explained.reason, explained.grantee), (permitted, reason, grantee));
        assert_eq!(explained.provision.number, number);
        let stored = self.read(provisionsCall { grantor, grantee }).await?;
        let by_number: BTreeMap<_, _> = stored.into_iter().map(|provision| (provision.number, provision)).collect();
        match by_number.get(&number) {
            Some(provision) => assert_eq!(explained.provision, *provision),
            None => assert_eq!((number, grantee), (0, Address::ZERO), "a provision that is not stored decided"),
        }
        Ok(Said { reason, grantee, number })
    }

    /// The same for laboratory results, for treatment, by the doctor alone.
    pub(crate) async fn says(&self) -> Result<Said> {
        self.asks(self.doctor.address(), Address::ZERO, LABS, TREAT).await
    }
}

/// An answer: why, and the deciding provision, if any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) reason: u8,
    pub(crate) grantee: Address,
    pub(crate) number: u32,
}

impl Said {
    /// A provision decided.
    pub(crate) fn by(reason: u8, grantee: Address, number: u32) -> Self {
        Self { reason, grantee, number }
    }

    /// No provision decided.
    pub(crate) fn only(reason: u8) -> Self {
        Self::by(reason, Address::ZERO, 0)
    }
}
