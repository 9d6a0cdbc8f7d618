//! The section of the file: the purpose of storing, the time to answer, the encryptions, and who holds the offices.

use alloy::primitives::B256;
use fhir::Vocabulary;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::{ADMITTERS, CURATORS, consent};
use crate::config::members::{self, Member};
use crate::config::rules::{refuse, span};
use crate::config::{Clock, Refusal};
use crate::shown::shortened;

/// The most characters of a code.
const LONGEST_CODE: usize = 32;

/// The most encryptions. Each costs 24,500 gas at the founding.
const MOST_ENCRYPTIONS: usize = 20;

/// The registry's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// The number of the purpose that a subject permits where a custodian may register.
    pub store_purpose: u8,
    /// In how many seconds a custodian has to answer a request.
    pub answer_within: u32,
    /// The codes of the encryptions, whose numbers count from 1.
    pub encryptions: Vec<String>,
    /// Who may admit custodians.
    pub admitters: Vec<Member>,
    /// Who may decide about schemas.
    pub curators: Vec<Member>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    store_purpose: Spanned<String>,
    answer_within: Spanned<u64>,
    encryptions: Spanned<Vec<Spanned<String>>>,
    admitters: Option<Spanned<Vec<members::File>>>,
    curators: Option<Spanned<Vec<members::File>>>,
}

impl Settings {
    /// The codes as they go on chain: zeros follow them.
    pub(super) fn codes(&self) -> Vec<B256> {
        self.encryptions.iter().map(|code| B256::right_padding_from(code.as_bytes())).collect()
    }
}

/// `consent` is the consent's settings. Without them the file is refused later: the registry needs it.
pub(super) fn check(file: &File, consent: Option<&consent::Settings>) -> Result<Settings, Refusal> {
    Ok(Settings {
        store_purpose: store_purpose(&file.store_purpose, consent)?,
        // A span is at most a year, whose seconds fit 32 bits.
        answer_within: span(&file.answer_within, Clock::Timestamp, "`answer_within`")? as u32,
        encryptions: encryptions(&file.encryptions)?,
        admitters: members::office_or_nobody(file.admitters.as_ref(), ADMITTERS)?,
        curators: members::office_or_nobody(file.curators.as_ref(), CURATORS)?,
    })
}

/// A purpose that somebody can consent to: otherwise nothing could be registered with a subject's consent.
fn store_purpose(code: &Spanned<String>, consent: Option<&consent::Settings>) -> Result<u8, Refusal> {
    let said = shortened(code.get_ref(), LONGEST_CODE);
    let rows = &Vocabulary::standard().purposes.rows;
    let Some(row) = rows.iter().find(|row| row.code == *code.get_ref()) else {
        let reason = format!(
            "`store_purpose`: \"{said}\" is no code of a purpose; crates/fhir/src/vocabulary.toml has all codes"
        );
        return refuse(code, reason);
    };
    let days = consent.map(|consent| consent.longest.get(usize::from(row.index)).copied().unwrap_or_default());
    if days == Some(0) {
        let reason = format!(
            "`store_purpose`: nobody can consent to {said}, so nothing could be registered: give it days in the \
             consent's `longest`, or name another purpose"
        );
        return refuse(code, reason);
    }
    Ok(row.index)
}

fn encryptions(list: &Spanned<Vec<Spanned<String>>>) -> Result<Vec<String>, Refusal> {
    if list.get_ref().is_empty() {
        return refuse(list, "`encryptions` is empty: nothing could be registered");
    }
    if list.get_ref().len() > MOST_ENCRYPTIONS {
        let reason = format!(
            "`encryptions` has more than {MOST_ENCRYPTIONS} codes: name those that are used, and let proposals add \
             others by `setEncryption`"
        );
        return refuse(list, reason);
    }
    let mut encryptions: Vec<String> = Vec::new();
    for code in list.get_ref() {
        let text = code.get_ref();
        if text.is_empty() || text.len() > LONGEST_CODE || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            let reason = format!("`encryptions`: a code has 1 to {LONGEST_CODE} visible ASCII characters");
            return refuse(code, reason);
        }
        if encryptions.contains(text) {
            return refuse(code, format!("`encryptions`: {text} is listed twice"));
        }
        encryptions.push(text.clone());
    }
    Ok(encryptions)
}
