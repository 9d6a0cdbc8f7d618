use alloy::primitives::B256;
use alloy::primitives::aliases::U48;

use super::*;

const NOW: u64 = 1_800_000_000;

/// Two years for treatment, nothing for marketing, and research by itself alone.
fn policy(names: &Names) -> Narrowing {
    let number = |code| names.purpose(code).expect("a purpose");
    let mut longest = [NO_LIMIT; 64];
    longest[usize::from(number("TREAT"))] = 730;
    longest[usize::from(number("HMARKT"))] = 0;
    let policy = abi::Policy {
        separatePurposes: 1 << number("HRESCH"),
        separateClasses: 1,
        emergencyPurposes: 0,
        refusedJurisdictions: 0,
        closedClasses: U256::ZERO,
        openFor: 0,
        reviewWithin: 0,
        window: 0,
        limit: 1,
        recoveryDelay: 0,
        hook: Address::ZERO,
    };
    Narrowing { policy, longest, now: NOW }
}

fn notes(codes: &[&str], expiry: u64, change: impl Fn(&mut abi::Provision)) -> Vec<String> {
    let names = Names::standard();
    let codes: Vec<_> = codes.iter().map(|code| (*code).to_owned()).collect();
    let mut provision = abi::Provision {
        grantee: Address::repeat_byte(1),
        classes: U256::from(1 << 8),
        purposes: names.purposes(&codes).expect("purposes"),
        deny: false,
        notBefore: U48::ZERO,
        expiry: U48::from(expiry),
        document: B256::ZERO,
    };
    change(&mut provision);
    policy(&names).of_provision(&provision, &names)
}

#[test]
fn what_policy_takes_of_a_permit_is_told() {
    let same = |_: &mut abi::Provision| {};
    let end = NOW + 730 * DAY;
    assert_eq!(notes(&["TREAT"], end, same), [""; 0]);
    let cut = format!("policy ends it for TREAT (0) at {} already", Moment(end));
    assert_eq!(notes(&["TREAT"], end + 1, same), [cut.as_str()]);
    assert_eq!(notes(&["TREAT"], 0, same), [cut]);
    assert_eq!(notes(&["HRESCH"], 0, same), [""; 0]);
    let both = notes(&["TREAT", "HRESCH"], NOW + 1, same);
    assert!(both.len() == 1 && both[0].starts_with("policy asks for a consent of its own for HRESCH ("), "{both:?}");
    let closed = notes(&["HMARKT"], NOW + 1, same);
    assert!(closed.len() == 1 && closed[0].starts_with("policy lets nobody consent to HMARKT ("), "{closed:?}");
    let sensitive = notes(&["HRESCH"], 0, |provision| provision.classes |= U256::ONE << 192);
    assert!(sensitive.len() == 1 && sensitive[0].contains("names other classes too"), "{sensitive:?}");
    assert_eq!(notes(&["HRESCH"], 0, |provision| provision.classes = U256::ONE << 192), [""; 0]);
    let later = notes(&["TREAT"], 0, |provision| provision.notBefore = U48::from(NOW + DAY));
    assert!(later[0].contains(&Moment(end + DAY).to_string()), "{later:?}");
    assert_eq!(notes(&["TREAT", "HMARKT"], 0, |provision| provision.deny = true), [""; 0]);
    assert_eq!(notes(&["all"], 0, same).len(), 1);
}
