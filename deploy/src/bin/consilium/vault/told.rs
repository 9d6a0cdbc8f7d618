//! A vault as people and programs read it.

use alloy::primitives::Address;
use consilium_deploy::config::moment::Moment;
use consilium_deploy::vault::{self, Found, Lapsed, NOT_CHECKED, State, Watched};
use consilium_deploy::{Chain, shown};
use eyre::{Result, eyre};
use serde_json::{Value, json};

use crate::exit::{No, unanswered};
use crate::say::say;

/// Prints what speaks against a vault.
pub(super) fn tell(doubts: &[String]) {
    for doubt in doubts {
        say!("{}", shown::line(doubt));
    }
}

/// Fails where something speaks against a vault, or could not be checked.
pub(super) fn refuse(doubts: &[String]) -> Result<()> {
    if doubts.is_empty() {
        return Ok(());
    }
    let error = eyre!("do not trust this vault: the output above says why");
    Err(if doubts.iter().all(|doubt| doubt.starts_with(NOT_CHECKED)) { unanswered(error) } else { No::of(error) })
}

/// Of each program that has no report, or only the first one: those before that are void, because no other one followed
/// in time. A node that does not serve the events is among the doubts already.
pub(super) async fn voided(chain: &Chain, vault: Address, state: &State) -> Vec<Option<Lapsed>> {
    let mut all = Vec::with_capacity(state.programs.len());
    for Watched { program, death, .. } in &state.programs {
        all.push(match death.reports {
            reports @ (0 | 1) => vault::lapsed(chain, vault, *program, reports == 1).await.unwrap_or_default(),
            _ => None,
        });
    }
    all
}

pub(super) fn words(state: &State, watched: &Watched, lapsed: Option<&Lapsed>) -> String {
    let life = watched.inactive.as_ref().map_or_else(|| "active".to_owned(), |reason| format!("inactive, {reason}"));
    let lapsed = lapsed.map(|lapsed| format!("; {lapsed}")).unwrap_or_default();
    format!("{life}; {}{lapsed}", state.reported(watched))
}

pub(super) fn object(state: &State, lapsed: &[Option<Lapsed>], doubts: &[String]) -> Value {
    let programs = state.programs.iter().zip(lapsed).map(|(watched, lapsed)| {
        let death = &watched.death;
        json!({
            "program": watched.program,
            "inactive": watched.inactive,
            "since": death.since.to::<u64>(),
            "last": death.last.to::<u64>(),
            "reports": death.reports,
            "reportAgainBy": state.report_again_by(death),
            "void": lapsed.map(void),
            "escapableFrom": state.escapable_from(death),
        })
    });
    let terms = &state.terms;
    json!({
        "owner": state.owner,
        "ether": state.ether.to_string(),
        "heir": terms.heir,
        "doubts": doubts,
        "deathPeriod": terms.deathPeriod,
        "escapeDelay": terms.escapeDelay,
        "minReports": terms.minReports,
        "activationGas": terms.activationGas,
        "programs": programs.collect::<Vec<_>>(),
    })
}

fn void(Lapsed { reports, last }: Lapsed) -> Value {
    json!({ "reports": reports, "last": last })
}

pub(super) fn found_words(found: Found) -> String {
    match found {
        Found::Alive => "is alive".to_owned(),
        Found::Dead { reports, since, again_by, lapsed, escapable_from } => {
            let (since, by) =
                (Moment(since), again_by.map_or("seven days from now".to_owned(), |by| Moment(by).to_string()));
            let lapsed = lapsed.map(|lapsed| format!("; {lapsed}")).unwrap_or_default();
            let confirmed =
                escapable_from.map(|from| format!("; DEATH CONFIRMED, the heir may escape from {} on", Moment(from)));
            format!(
                "CANNOT BE ACTIVATED: report {reports} since {since}; report again by {by}, or all are void{lapsed}{}",
                confirmed.unwrap_or_default()
            )
        }
    }
}

pub(super) fn found_object(found: Found) -> Value {
    match found {
        Found::Alive => json!({ "alive": true }),
        Found::Dead { reports, since, again_by, lapsed, escapable_from } => json!({
            "alive": false,
            "reports": reports,
            "since": since,
            "reportAgainBy": again_by,
            "void": lapsed.map(void),
            "escapableFrom": escapable_from,
        }),
    }
}
