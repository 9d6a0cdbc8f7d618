//! The DAO's policy, which applies at once to what was granted before, and the tables of codes.

use alloy::{
    primitives::{Address, B256, U256},
    sol_types::SolEvent,
};
use consilium_bindings::Consent::*;
use eyre::Result;

use crate::world::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_is_set() -> Result<()> {
    let world = World::start().await?;
    for version in 2..=4 {
        let mut longest = [0; 64];
        for (purpose, days) in longest.iter_mut().enumerate() {
            *days = version as u16 * 1_000 + purpose as u16;
        }
        let policy = Policy {
            separatePurposes: u64::from(version),
            separateClasses: u64::MAX - u64::from(version),
            emergencyPurposes: 1 << version,
            refusedJurisdictions: u32::MAX - version,
            closedClasses: U256::MAX >> version,
            openFor: version,
            reviewWithin: u32::MAX - version,
            window: (1 << 24) - version,
            limit: version as u16,
            recoveryDelay: version,
            hook: Address::repeat_byte(version as u8),
        };
        let event = PolicySet { version, policy: policy.clone(), longest }.encode_log_data();
        world.logs(&world.dao, setPolicyCall { policy: policy.clone(), longest }, &[event]).await?;
        let found = world.read(policyCall {}).await?;
        assert_eq!((found.version, found.policy, found.longest), (version, policy, longest));
    }
    for invalid in [Policy { openFor: 1 << 24, ..policy() }, Policy { window: u32::MAX, ..policy() }] {
        let call = setPolicyCall { policy: invalid, longest: LONGEST };
        world.refuses(world.dao.address(), call.clone(), ConsentInvalidPolicy {}).await?;
        let caller = world.stranger.address();
        world.refuses(caller, call, AccessManagedUnauthorized { caller }).await?;
    }
    Ok(())
}

/// What was permitted is permitted no longer, from the policy's block on, and again when the policy is as before.
#[tokio::test(flavor = "multi_thread")]
async fn a_tighter_policy_applies_at_once() -> Result<()> {
    let world = World::start().await?;
    let (doctor, hospital) = (world.doctor.address(), world.hospital().await?.address());
    world
        .grants(Provision { classes: classes(&[LABS, HIV]), purposes: purposes(&[TREAT, RESEARCH]), ..permit(doctor) })
        .await?;
    let ask = async || world.asks(doctor, hospital, HIV, TREAT).await;
    let permits = Said::by(1, doctor, 1);
    let days = |purpose: u8, days| {
        let mut longest = LONGEST;
        longest[usize::from(purpose)] = days;
        longest
    };
    assert_eq!(ask().await?, permits);
    for (policy, longest, said) in [
        (policy(), days(TREAT, 0), Said::by(19, doctor, 1)),
        (policy(), days(TREAT, 1), permits),
        (policy(), days(RESEARCH, 0), permits),
        (Policy { separateClasses: 1, ..policy() }, LONGEST, Said::by(20, doctor, 1)),
        (Policy { separateClasses: 2, ..policy() }, LONGEST, permits),
        (Policy { separatePurposes: 1, ..policy() }, LONGEST, Said::by(20, doctor, 1)),
        (Policy { separatePurposes: 1 << RESEARCH, ..policy() }, LONGEST, permits),
        (Policy { separatePurposes: 1 << RESEARCH | 1, ..policy() }, LONGEST, permits),
        (Policy { refusedJurisdictions: 1 << 1, ..policy() }, LONGEST, Said::only(24)),
        (Policy { refusedJurisdictions: u32::MAX - 2, ..policy() }, LONGEST, permits),
    ] {
        world.sets_policy(policy, longest).await?;
        assert_eq!(ask().await?, said);
        world.sets_policy(crate::world::policy(), LONGEST).await?;
        assert_eq!(ask().await?, permits);
    }
    // The provision keeps the version of its day.
    let stored = world.read(provisionsCall { grantor: world.patient.address(), grantee: doctor }).await?;
    assert_eq!(stored[0].policyVersion, 1);
    assert_eq!(world.read(policyCall {}).await?.version, 21);
    Ok(())
}

/// A class or a purpose that is separate needs a permit of its own, which may name several of them.
#[tokio::test(flavor = "multi_thread")]
async fn separate_consents() -> Result<()> {
    let separate = Policy { separateClasses: 0b101, separatePurposes: purposes(&[RESEARCH, 8]), ..policy() };
    let world = World::with(separate, LONGEST).await?;
    let (grantor, doctor) = (world.patient.address(), world.doctor.address());
    // Each permit, and which of its classes it permits for treatment and for research. 193 is not separate.
    for (of, purposes, treat, research) in [
        (vec![LABS], purposes(&[TREAT]), vec![LABS], vec![]),
        (vec![LABS, 192], purposes(&[TREAT]), vec![LABS], vec![]),
        (vec![192], purposes(&[TREAT]), vec![192], vec![]),
        (vec![192, 194], purposes(&[TREAT]), vec![192, 194], vec![]),
        (vec![193], purposes(&[TREAT]), vec![193], vec![]),
        (vec![193, 194], purposes(&[TREAT]), vec![193], vec![]),
        (vec![LABS], purposes(&[TREAT, RESEARCH]), vec![LABS], vec![]),
        (vec![LABS], purposes(&[RESEARCH]), vec![], vec![LABS]),
        (vec![LABS], purposes(&[RESEARCH, 8]), vec![], vec![LABS]),
        (vec![192, LABS], purposes(&[RESEARCH]), vec![], vec![LABS]),
        (vec![192], purposes(&[RESEARCH]), vec![], vec![192]),
        ((0..=255).collect(), u64::MAX, (0..=255).filter(|class| ![192, 194].contains(class)).collect(), vec![]),
    ] {
        world.does(&world.patient, revokeAllCall { grantor }).await?;
        let provision = Provision { classes: classes(&of), purposes, ..permit(doctor) };
        let number = world.grants(provision).await?;
        for (purpose, expected) in [(TREAT, treat), (RESEARCH, research)] {
            let view =
                permittedClassesCall { grantor, actor: doctor, onBehalfOf: Address::ZERO, classes: U256::MAX, purpose };
            assert_eq!(world.read(view).await?, classes(&expected), "{of:?} for {purpose}");
            for class in [LABS, 192, 193, 194] {
                let named = of.contains(&class) && purposes >> purpose & 1 == 1;
                let said = match (named, expected.contains(&class)) {
                    (false, _) => Said::only(16),
                    (true, true) => Said::by(1, doctor, number),
                    (true, false) => Said::by(20, doctor, number),
                };
                assert_eq!(world.asks(doctor, Address::ZERO, class, purpose).await?, said);
            }
        }
    }
    // A denial needs not be separate: what it names is denied.
    let deny = Provision { classes: U256::MAX, purposes: u64::MAX, ..denial(doctor) };
    world.does(&world.patient, revokeAllCall { grantor }).await?;
    world.grants(Provision { classes: classes(&[192]), ..permit(doctor) }).await?;
    let number = world.grants(deny).await?;
    assert_eq!(world.asks(doctor, Address::ZERO, 192, TREAT).await?, Said::by(21, doctor, number));
    Ok(())
}

/// Each jurisdiction by itself, from the first to the last.
#[tokio::test(flavor = "multi_thread")]
async fn refused_jurisdictions() -> Result<()> {
    let world = World::start().await?;
    let hospital = world.hospital().await?.address();
    world.grants(permit(hospital)).await?;
    let until = time(world.chain.now().await? + 100 * DAY);
    for jurisdiction in [0, 1, 30, 31] {
        let call = setOrganizationCall { organization: hospital, until, jurisdiction };
        world.does(&world.dao, call).await?;
        for (refused, reason) in [(0, 1), (1 << jurisdiction, 24), (!(1 << jurisdiction), 1), (u32::MAX, 24)] {
            world.sets_policy(Policy { refusedJurisdictions: refused, ..policy() }, LONGEST).await?;
            assert_eq!(world.asks(world.doctor.address(), hospital, LABS, TREAT).await?.reason, reason);
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_say_what_numbers_mean() -> Result<()> {
    let world = World::start().await?;
    let (dao, caller) = (world.dao.address(), world.stranger.address());
    for (table, last) in [(0, 255), (1, 63), (2, 31), (3, 255), (4, 31)] {
        for number in [0, last] {
            let code = B256::right_padding_from(format!("T{table}N{number}").as_bytes());
            assert!(world.read(codeCall { table, number }).await?.is_zero());
            let event = CodeSet { table, number, code }.encode_log_data();
            world.logs(&world.dao, setCodeCall { table, number, code }, &[event]).await?;
            assert_eq!(world.read(codeCall { table, number }).await?, code);
        }
        if last < 255 {
            for number in [last + 1, 255] {
                let call = setCodeCall { table, number, code: DOCUMENT };
                world.refuses(dao, call, ConsentInvalidCode { table, number }).await?;
            }
        }
    }
    for table in [5, 255] {
        let call = setCodeCall { table, number: 0, code: DOCUMENT };
        world.refuses(dao, call.clone(), ConsentInvalidCode { table, number: 0 }).await?;
        world.refuses(caller, call, AccessManagedUnauthorized { caller }).await?;
    }
    // What was set is where it was, and goes again.
    assert_eq!(world.read(codeCall { table: 1, number: 63 }).await?, B256::right_padding_from(b"T1N63"));
    world.does(&world.dao, setCodeCall { table: 1, number: 63, code: B256::ZERO }).await?;
    assert!(world.read(codeCall { table: 1, number: 63 }).await?.is_zero());
    Ok(())
}
