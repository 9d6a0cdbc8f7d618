//! What may be too much for one founding: the codes of countries, of which the DAO can add some later.

use super::Settings;
use crate::part::List;

/// The countries.
pub(super) const LIST: List = List {
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

/// The countries that get their codes and are not refused.
const fn welcome(settings: &Settings) -> u32 {
    settings.jurisdictions & !settings.refused_jurisdictions
}
