//! The gateway of `examples/solidity`, with the consent and a real access manager: what it opens, and what it refuses
//! with which reason.

mod misuse;

use alloy::{
    primitives::{Address, B256, U256},
    sol,
    sol_types::{SolCall, SolEvent, SolValue},
};
use consilium_bindings::Consent::*;
use eyre::{Result, ensure};
use harness::{answer::Answer, chain::Account, peers};

use crate::{authorities::*, log::next, world::*};

sol! {
    #[sol(all_derives)]
    interface EhrGateway {
        event RecordOrdered(
            address indexed grantor, address indexed actor, bytes32 indexed request, uint8 dataClass, uint8 purpose
        );
        event RecordOpened(
            address indexed grantor, address indexed actor, bytes32 indexed request, uint8 dataClass, uint8 purpose,
            uint8 reason
        );
        error NotAConsent(address account);
        error NoOrganization();
        error NotPermitted(uint8 reason, address grantee, uint32 number);
        function consent() external view returns (address);
        function organization() external view returns (address);
        function orderRecord(address grantor, uint8 dataClass, uint8 purpose, bytes32 request) external;
        function openRecord(address grantor, uint8 dataClass, uint8 purpose, bytes32 request) external;
        function sendableClasses(address grantor, address actor, uint256 classes, uint8 purpose)
            external view returns (uint256);
    }
}
use EhrGateway::*;

/// The gateway's name among the compiled examples.
const NAME: &str = "EhrGateway";
/// The manager's roles of recorders, and of those who may break the glass.
const RECORDERS: u64 = 4;
const RESCUERS: u64 = 5;

const REQUEST: B256 = B256::repeat_byte(0x9e);

/// A consent under a manager, a hospital whose member the doctor is, and its gateway, which has the recorder's office.
struct Ward {
    world: World,
    admin: Account,
    hospital: Account,
    gateway: Address,
}

impl Ward {
    async fn start() -> Result<Self> {
        let ward = Self::without_office().await?;
        ward.seats(RECORDERS, recordCall::SELECTOR, ward.gateway).await?;
        Ok(ward)
    }

    async fn without_office() -> Result<Self> {
        let (world, admin) = governed().await?;
        lets(&world, &admin, setOrganizationCall::SELECTOR, world.dao.address(), 0).await?;
        let hospital = world.hospital().await?;
        let gateway = gateway(&world, hospital.address()).await?;
        Ok(Self { world, admin, hospital, gateway })
    }

    async fn seats(&self, role: u64, selector: [u8; 4], account: Address) -> Result<()> {
        seats(&self.world, &self.admin, role, selector, account, 0).await
    }

    /// The patient's laboratory results, for treatment.
    fn open(&self) -> openRecordCall {
        let grantor = self.world.patient.address();
        openRecordCall { grantor, dataClass: LABS, purpose: TREAT, request: REQUEST }
    }

    /// The same, to be fetched for later.
    fn order(&self) -> orderRecordCall {
        let openRecordCall { grantor, dataClass, purpose, request } = self.open();
        orderRecordCall { grantor, dataClass, purpose, request }
    }

    async fn asked(&self, by: Address, call: impl SolCall) -> Result<Answer> {
        self.world.chain.ask(by, self.gateway, call.abi_encode()).await
    }

    /// Where the patient's log ends.
    async fn end(&self) -> Result<(u64, B256)> {
        let log = self.world.read(accessLogCall { grantor: self.world.patient.address() }).await?;
        Ok((log.count, log.head))
    }

    /// The account opens the record: the patient's log and the gateway say so, for this reason.
    async fn opens(&self, by: &Account, said: Said) -> Result<()> {
        let (grantor, actor) = (self.world.patient.address(), by.address());
        let (count, head) = self.end().await?;
        let now = self.world.soon().await?;
        let receipt = by.send(self.gateway, self.open().abi_encode()).await?;
        ensure!(receipt.status(), "openRecord reverted");
        let mut entry = AccessRecorded {
            grantor,
            number: count + 1,
            actor,
            recorder: self.gateway,
            onBehalfOf: self.hospital.address(),
            dataClass: LABS,
            purpose: TREAT,
            reason: said.reason,
            grantee: said.grantee,
            provision: said.number,
            request: REQUEST,
            time: time(now),
            head: B256::ZERO,
        };
        entry.head = next(head, &entry);
        let reason = said.reason;
        let opened = RecordOpened { grantor, actor, request: REQUEST, dataClass: LABS, purpose: TREAT, reason };
        let logs: Vec<_> = receipt.logs().iter().map(|log| (log.address(), log.data().clone())).collect();
        assert_eq!(logs, [(self.world.at, entry.encode_log_data()), (self.gateway, opened.encode_log_data())]);
        assert_eq!(self.end().await?, (count + 1, entry.head));
        Ok(())
    }

    /// The account neither opens nor orders the record, for this reason, and a transaction that tries leaves nothing.
    async fn keeps_from(&self, by: &Account, said: Said) -> Result<()> {
        let Said { reason, grantee, number } = said;
        let refusal = NotPermitted { reason, grantee, number };
        self.asked(by.address(), self.open()).await?.refused(refusal.clone());
        self.asked(by.address(), self.order()).await?.refused(refusal);
        self.leaves_nothing(by).await
    }

    async fn leaves_nothing(&self, by: &Account) -> Result<()> {
        let before = self.end().await?;
        let receipt = by.send(self.gateway, self.open().abi_encode()).await?;
        assert!(!receipt.status() && receipt.logs().is_empty(), "{receipt:?}");
        assert_eq!(self.end().await?, before);
        Ok(())
    }
}

/// A gateway of an organisation.
async fn gateway(world: &World, organization: Address) -> Result<Address> {
    peers::create(&world.chain, NAME, &(world.at, organization).abi_encode_params()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permitted_clinician_opens_a_record() -> Result<()> {
    let ward = Ward::start().await?;
    let (world, doctor, hospital) = (&ward.world, &ward.world.doctor, ward.hospital.address());
    ward.asked(Address::ZERO, consentCall {}).await?.returned(world.at);
    ward.asked(Address::ZERO, EhrGateway::organizationCall {}).await?.returned(hospital);
    world.grants(permit(hospital)).await?;
    ward.opens(doctor, Said::by(1, hospital, 1)).await?;
    world.grants(permit(doctor.address())).await?;
    ward.opens(doctor, Said::by(1, doctor.address(), 1)).await?;

    // What is ordered is not yet opened, and no access.
    let before = ward.end().await?;
    let receipt = doctor.send(ward.gateway, ward.order().abi_encode()).await?;
    let orderRecordCall { grantor, dataClass, purpose, request } = ward.order();
    let ordered = RecordOrdered { grantor, actor: doctor.address(), request, dataClass, purpose };
    let logs: Vec<_> = receipt.logs().iter().map(|log| (log.address(), log.data().clone())).collect();
    assert_eq!(logs, [(ward.gateway, ordered.encode_log_data())]);
    assert_eq!(ward.end().await?, before);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_says_why_and_changes_nothing() -> Result<()> {
    let ward = Ward::start().await?;
    let (world, doctor, hospital) = (&ward.world, &ward.world.doctor, ward.hospital.address());
    let grantor = world.patient.address();
    ward.keeps_from(doctor, Said::only(16)).await?;
    let end = world.chain.now().await? + 1_000;
    world.grants(Provision { notBefore: time(end - 500), expiry: time(end), ..permit(hospital) }).await?;
    ward.keeps_from(doctor, Said::by(17, hospital, 1)).await?;
    world.chain.advance_to(end - 500).await?;
    ward.opens(doctor, Said::by(1, hospital, 1)).await?;
    world.chain.advance_to(end).await?;
    ward.keeps_from(doctor, Said::by(18, hospital, 1)).await?;
    world.grants(permit(hospital)).await?;
    ward.opens(doctor, Said::by(1, hospital, 2)).await?;
    world.grants(denial(doctor.address())).await?;
    ward.keeps_from(doctor, Said::by(21, doctor.address(), 1)).await?;
    world.does(&world.patient, revokeGranteeCall { grantor, grantee: doctor.address() }).await?;
    ward.opens(doctor, Said::by(1, hospital, 2)).await?;

    // Neither another class nor another purpose.
    let refusal = NotPermitted { reason: 16, grantee: Address::ZERO, number: 0 };
    for (dataClass, purpose) in [(NOTES, TREAT), (LABS, RESEARCH), (LABS, 255)] {
        let call = openRecordCall { dataClass, purpose, ..ward.open() };
        ward.asked(doctor.address(), call).await?.refused(refusal.clone());
    }
    ward.keeps_from(&world.stranger, Said::only(22)).await?;
    world.does(&ward.hospital, setMemberCall { member: doctor.address(), until: time(0) }).await?;
    ward.keeps_from(doctor, Said::only(22)).await?;
    let until = time(world.chain.now().await? + DAY);
    world.does(&ward.hospital, setMemberCall { member: doctor.address(), until }).await?;
    ward.opens(doctor, Said::by(1, hospital, 2)).await?;
    for (until, jurisdiction, reason) in [(until, REFUSED, 24), (time(0), 1, 23)] {
        world.does(&world.dao, setOrganizationCall { organization: hospital, until, jurisdiction }).await?;
        ward.keeps_from(doctor, Said::only(reason)).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_revoked_is_refused_at_the_next_call() -> Result<()> {
    let ward = Ward::start().await?;
    let (world, doctor, hospital) = (&ward.world, &ward.world.doctor, ward.hospital.address());
    let grantor = world.patient.address();
    let number = world.grants(permit(hospital)).await?;
    ward.opens(doctor, Said::by(1, hospital, number)).await?;
    world.does(&world.patient, revokeCall { grantor, grantee: hospital, number }).await?;
    ward.keeps_from(doctor, Said::only(16)).await?;
    let number = world.grants(permit(hospital)).await?;
    ward.opens(doctor, Said::by(1, hospital, number)).await?;
    world.does(&world.patient, revokeAllCall { grantor }).await?;
    ward.keeps_from(doctor, Said::only(16)).await
}

/// The glass is broken at the consent, by the clinician; the gateway says that it was, until it is closed.
#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_opens_a_record() -> Result<()> {
    let ward = Ward::start().await?;
    let (world, doctor) = (&ward.world, &ward.world.doctor);
    let (grantor, hospital) = (world.patient.address(), ward.hospital.address());
    let number = world.grants(denial(hospital)).await?;
    ward.keeps_from(doctor, Said::by(21, hospital, number)).await?;
    let declare = declareEmergencyCall { grantor, classes: classes(&[LABS]), reason: 0, statement: DOCUMENT };
    for account in [doctor, &world.stranger] {
        ward.seats(RESCUERS, declareEmergencyCall::SELECTOR, account.address()).await?;
        world.does(account, declare.clone()).await?;
    }
    ward.opens(doctor, Said::only(3)).await?;
    // It opens the record to a member alone, and for the purposes that policy names.
    ward.keeps_from(&world.stranger, Said::only(22)).await?;
    let research = openRecordCall { purpose: RESEARCH, ..ward.open() };
    let refusal = NotPermitted { reason: 16, grantee: Address::ZERO, number: 0 };
    ward.asked(doctor.address(), research).await?.refused(refusal);
    world.chain.advance(u64::from(policy().openFor)).await?;
    ward.keeps_from(doctor, Said::by(21, hospital, number)).await
}

/// The classes that may be sent are those that are opened, one by one.
#[tokio::test(flavor = "multi_thread")]
async fn a_summary_has_the_permitted_classes() -> Result<()> {
    let ward = Ward::start().await?;
    let (world, doctor, hospital) = (&ward.world, &ward.world.doctor, ward.hospital.address());
    let (grantor, actor) = (world.patient.address(), doctor.address());
    world.grants(Provision { classes: classes(&[LABS, NOTES, HIV]), ..permit(hospital) }).await?;
    world.grants(Provision { classes: classes(&[HIV]), ..denial(actor) }).await?;
    let asked = [LABS, HIV, CLOSED];
    let sendable = async |actor, purpose| -> Result<U256> {
        let call = sendableClassesCall { grantor, actor, classes: classes(&asked), purpose };
        Ok(ward.asked(Address::ZERO, call).await?.output::<sendableClassesCall>())
    };
    let found = sendable(actor, TREAT).await?;
    assert_eq!(found, classes(&[LABS]));
    for dataClass in asked {
        let answer = ward.asked(actor, openRecordCall { dataClass, ..ward.open() }).await?;
        assert_eq!(answer.success, found.bit(dataClass.into()), "class {dataClass}");
    }
    assert_eq!(sendable(actor, RESEARCH).await?, U256::ZERO);
    assert_eq!(sendable(world.stranger.address(), TREAT).await?, U256::ZERO);
    Ok(())
}
