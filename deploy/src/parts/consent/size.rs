//! What may be too much for one founding: what the DAO can add later.

use super::Settings;
use crate::part::List;

/// The countries, each of which has a code.
pub(super) const COUNTRIES: List = List {
    length: |config| config.consent().map_or(0, |settings| welcome(settings).count_ones() as usize),
    truncate: |config, count| {
        if let Some(settings) = config.consent_mut() {
            let welcome = welcome(settings);
            let first = (0..u32::BITS).filter(|number| welcome >> number & 1 == 1).take(count);
            settings.jurisdictions = first.fold(settings.refused_jurisdictions, |mask, number| mask | 1 << number);
        }
    },
    refusal: |all, enough| {
        format!(
            "{all} countries in `jurisdictions` do not fit into one transaction on this chain, and {enough} do: name \
             {enough} at most, and let proposals add the others by `setCode`"
        )
    },
};

/// The purposes that somebody can consent to. Each has a code and a word of policy.
pub(super) const PURPOSES: List = List {
    length: |config| config.consent().map_or(0, |settings| named(&settings.longest).count()),
    truncate: |config, count| {
        if let Some(settings) = config.consent_mut() {
            let behind: Vec<_> = named(&settings.longest).skip(count).collect();
            for (purpose, days) in settings.longest.iter_mut().enumerate() {
                if behind.contains(&purpose) {
                    *days = 0;
                }
            }
        }
    },
    refusal: |all, enough| {
        format!(
            "{all} purposes that somebody can consent to do not fit into one transaction on this chain, and {enough} do: \
             name {enough} at most in `longest`, leave out its `default`, and let proposals add the others by `setPolicy` \
             and `setCode`"
        )
    },
};

/// The purposes that have days.
fn named(longest: &[u16]) -> impl Iterator<Item = usize> {
    longest.iter().enumerate().filter(|(_, days)| **days > 0).map(|(purpose, _)| purpose)
}

/// The countries that get their codes and are not refused.
const fn welcome(settings: &Settings) -> u32 {
    settings.jurisdictions & !settings.refused_jurisdictions
}
