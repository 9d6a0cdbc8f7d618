//! What those try at the gateway who mean harm, and gateways that are set up wrongly.

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, B256, U256, hex},
    providers::Provider,
    rpc::types::TransactionRequest,
    sol_types::{SolCall, SolValue},
};
use consilium_bindings::{
    AccessManager::{grantRoleCall, revokeRoleCall},
    Consent::*,
};
use eyre::Result;
use harness::{
    actor::{Actor, actors},
    answer::Answer,
    chain::Chain,
    deploy,
    peers::Peer,
};

use super::{EhrGateway::*, *};

/// Without the office it can ask and not record: then nothing is opened.
#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_without_the_recorders_office_opens_nothing() -> Result<()> {
    let ward = Ward::without_office().await?;
    let (world, doctor, hospital) = (&ward.world, &ward.world.doctor, ward.hospital.address());
    world.grants(permit(hospital)).await?;
    let refusal = AccessManagedUnauthorized { caller: ward.gateway };
    let refused = async || {
        ward.asked(doctor.address(), ward.open()).await?.refused(refusal.clone());
        ward.leaves_nothing(doctor).await
    };
    refused().await?;
    ward.asked(doctor.address(), ward.order()).await?.succeeded();
    // The doctor's own office does not help: the gateway is who records.
    ward.seats(RECORDERS, recordCall::SELECTOR, doctor.address()).await?;
    refused().await?;
    let account = ward.gateway;
    manages(world, &ward.admin, grantRoleCall { roleId: RECORDERS, account, executionDelay: 0 }).await?;
    ward.opens(doctor, Said::by(1, hospital, 1)).await?;
    manages(world, &ward.admin, revokeRoleCall { roleId: RECORDERS, account }).await?;
    refused().await
}

/// A denial of the hospital, and a permit for another organisation, cannot be got around by a member of both.
#[tokio::test(flavor = "multi_thread")]
async fn a_clinician_acts_for_the_gateways_organisation_alone() -> Result<()> {
    let ward = Ward::start().await?;
    let (world, doctor, hospital) = (&ward.world, &ward.world.doctor, ward.hospital.address());
    let clinic = world.chain.account("clinic").await?;
    let until = time(world.chain.now().await? + DAY);
    let admit = setOrganizationCall { organization: clinic.address(), until, jurisdiction: 1 };
    world.does(&world.dao, admit).await?;
    world.does(&clinic, setMemberCall { member: doctor.address(), until }).await?;
    world.grants(permit(clinic.address())).await?;
    ward.keeps_from(doctor, Said::only(16)).await?;
    // Words behind the arguments are no arguments.
    let refusal = NotPermitted { reason: 16, grantee: Address::ZERO, number: 0 };
    for word in [clinic.address(), Address::ZERO] {
        let data = [ward.open().abi_encode(), word.abi_encode()].concat();
        world.chain.ask(doctor.address(), ward.gateway, data).await?.refused(refusal.clone());
    }
    let other = gateway(world, clinic.address()).await?;
    ward.seats(RECORDERS, recordCall::SELECTOR, other).await?;
    world.chain.ask(doctor.address(), other, ward.open().abi_encode()).await?.succeeded();

    world.grants(permit(doctor.address())).await?;
    ward.opens(doctor, Said::by(1, doctor.address(), 1)).await?;
    let number = world.grants(denial(hospital)).await?;
    ward.keeps_from(doctor, Said::by(21, hospital, number)).await?;
    // Alone, the doctor would see it.
    assert_eq!(world.says().await?.reason, 1);
    Ok(())
}

/// A contract that the doctor calls does not become the doctor.
#[tokio::test(flavor = "multi_thread")]
async fn a_contract_in_between_is_an_actor_of_its_own() -> Result<()> {
    let ward = Ward::start().await?;
    let (world, doctor) = (&ward.world, &ward.world.doctor);
    world.grants(permit(ward.hospital.address())).await?;
    let between = actors(&world.chain, 1).await?[0];
    for data in [ward.open().abi_encode(), ward.order().abi_encode()] {
        ward.world.chain.ask(doctor.address(), ward.gateway, data.clone()).await?.succeeded();
        let through = Actor::actCall { target: ward.gateway, value: U256::ZERO, data: data.into() };
        let receipt = doctor.send(between, through.abi_encode()).await?;
        let [answer] = &Answer::all(&receipt, between)[..] else { panic!("{receipt:?}") };
        answer.refused(NotPermitted { reason: 22, grantee: Address::ZERO, number: 0 });
    }
    assert_eq!(ward.end().await?, (0, B256::ZERO));
    Ok(())
}

/// No answer is no permit.
#[tokio::test(flavor = "multi_thread")]
async fn a_consent_that_does_not_answer_opens_nothing() -> Result<()> {
    let ward = Ward::start().await?;
    let (world, doctor) = (&ward.world, ward.world.doctor.address());
    world.grants(permit(ward.hospital.address())).await?;
    ward.asked(doctor, ward.open()).await?.succeeded();
    world.chain.let_programs_expire().await?;
    assert!(!ward.asked(doctor, ward.open()).await?.success);
    assert!(!ward.asked(doctor, ward.order()).await?.success);
    Ok(())
}

/// What a constructor with these arguments answers.
async fn created(chain: &Chain, consent: Address, organization: Address) -> Result<Answer> {
    let code = Peer::load(NAME)?.init_code(&(consent, organization).abi_encode_params());
    Answer::asked(chain.dev.call(TransactionRequest::default().with_deploy_code(code)).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_is_made_for_a_consent_and_an_organisation() -> Result<()> {
    let (world, _) = governed().await?;
    let (chain, hospital) = (&world.chain, Address::repeat_byte(0x0a));
    created(chain, world.at, hospital).await?.succeeded();
    created(chain, world.at, Address::ZERO).await?.refused(NoOrganization {});
    // It answers one to everything, without an end.
    let yes = chain.create(deploy::init_code(&hex!("6001 6000 52 6020 6000 f3"))).await?;
    // It answers with half a word.
    let short = chain.create(deploy::init_code(&hex!("6001 6000 52 6010 6010 f3"))).await?;
    // It says yes to the question alone, and reverts.
    let failing = hex!("6004 35 60e0 1c 63ffffffff 14 15 6000 52 6020 6000 fd");
    let failing = chain.create(deploy::init_code(&failing)).await?;
    // The manager has ERC-165, without the question. An account, and a precompile, have no code.
    for account in [world.stranger.address(), Address::with_last_byte(4), world.authority, yes, short, failing] {
        created(chain, account, hospital).await?.refused(NotAConsent { account });
    }
    Ok(())
}
