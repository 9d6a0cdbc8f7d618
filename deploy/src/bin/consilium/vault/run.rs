//! What each command does.

use alloy::primitives::{Address, utils::format_ether};
use alloy::sol_types::SolCall;
use consilium_deploy::config::moment::Moment;
use consilium_deploy::vault::{self, NOT_CHECKED, State, Vault};
use consilium_deploy::{Chain, shown};
use eyre::{Result, ensure};
use serde_json::json;

use super::told::{found_object, found_words, object, refuse, tell, voided, words};
use super::{Create, DAY, Escape, Factory, Report, Show, Told};
use crate::at::{self, print};
use crate::say::{answer, complain, say};

impl Create {
    pub(super) async fn run(self) -> Result<()> {
        let sender = self.key.sends(self.meant.connect(&self.node).await?)?;
        let terms = Vault::Terms {
            heir: self.heir,
            deathPeriod: u32::from(self.death_days) * DAY,
            escapeDelay: u32::from(self.escape_days) * DAY,
            minReports: self.reports,
            activationGas: self.activation_gas,
        };
        let arguments = Vault::constructorCall { owner: self.owner, programs: self.programs, terms };
        let warnings = vault::beforehand(sender.chain(), &arguments).await?;
        for warning in &warnings {
            complain!("warning: {warning}");
        }
        let factory = self.factory.factory;
        let (vault, sent) = vault::create(&sender, factory, arguments.clone()).await?;
        let doubts = match vault::state(sender.chain(), vault).await {
            Ok(state) => {
                let mut doubts = vault::doubts(sender.chain(), vault, &state, &[], factory).await;
                doubts.extend(changed(&state, &arguments));
                doubts
            }
            Err(error) => vec![format!("{NOT_CHECKED}{error:#}")],
        };
        let told = json!({ "vault": vault, "warnings": warnings, "doubts": doubts });
        match sent {
            Some(sent) => at::Told(self.json).done(&format!("the vault is at {vault}"), told, &sent)?,
            None if self.json => print(&told)?,
            None => say!("the vault was created before: it is at {vault}"),
        }
        if !self.json {
            tell(&doubts);
        }
        refuse(&doubts)
    }
}

/// What was another way when the vault was created: it stood already, and its owner has changed it since.
fn changed(state: &State, arguments: &Vault::constructorCall) -> Option<String> {
    let programs = state.programs.iter().map(|watched| watched.program);
    let is_same =
        state.owner == arguments.owner && state.terms == arguments.terms && programs.eq(arguments.programs.clone());
    (!is_same).then(|| {
        "CHANGED: it was created so before, and its owner has changed it since: `consilium vault show` prints what it is \
         now. Other terms make another vault"
            .to_owned()
    })
}

impl Show {
    pub(super) async fn run(self) -> Result<()> {
        let Told { at, json: is_json } = self.vault;
        let (chain, contract) = at.find_vault().await?;
        let state = vault::state(&chain, contract).await?;
        let doubts = vault::doubts(&chain, contract, &state, &self.earlier_owners, self.factory.factory).await;
        let lapsed = voided(&chain, contract, &state).await;
        if is_json {
            print(&object(&state, &lapsed, &doubts))?;
            return refuse(&doubts);
        }
        let terms = &state.terms;
        say!("{:>14}  {}", "owner", state.owner);
        say!("{:>14}  {} ETH", "holds", format_ether(state.ether));
        match terms.heir {
            Address::ZERO => say!("{:>14}  none: there is no escape", "heir"),
            heir => say!("{:>14}  {heir}", "heir"),
        }
        let days = |seconds: u32| f64::from(seconds) / f64::from(DAY);
        say!("{:>14}  {} days, {} reports at least", "confirmed after", days(terms.deathPeriod), terms.minReports);
        say!("{:>14}  {} days after that", "escape", days(terms.escapeDelay));
        say!("{:>14}  {} gas", "an attempt has", terms.activationGas);
        for (watched, lapsed) in state.programs.iter().zip(&lapsed) {
            say!("{:>14}  {}: {}", "watches", watched.program, shown::line(&words(&state, watched, lapsed.as_ref())));
        }
        tell(&doubts);
        refuse(&doubts)
    }
}

impl Report {
    pub(super) async fn run(self) -> Result<()> {
        let Told { at, json: is_json } = self.vault;
        let (chain, contract) = at.find_vault().await?;
        let sender = self.key.sends(chain)?;
        let state = checked(sender.chain(), contract, &self.factory).await?;
        let programs = match self.program {
            Some(program) => vec![program],
            None => state.programs.iter().map(|known| known.program).collect(),
        };
        let (mut all, mut refused) = (Vec::new(), 0);
        for program in programs {
            match vault::report(&sender, contract, program).await {
                Ok(reported) => {
                    let (transaction, gas_used) = (reported.sent.transaction, reported.sent.gas_used);
                    if !is_json {
                        say!("{program}  {}: {gas_used} gas, transaction {transaction}", found_words(reported.found));
                    }
                    if let Some(reason) = reported.unanswered {
                        complain!("warning: the report is in a block, and the node did not say more of it: {reason}");
                    }
                    let mut told = found_object(reported.found);
                    told["program"] = json!(program);
                    told["transaction"] = json!(transaction);
                    told["gasUsed"] = json!(gas_used);
                    all.push(told);
                }
                Err(error) => {
                    refused += 1;
                    let reason = format!("{error:#}");
                    if !is_json {
                        say!("{program}  NOT REPORTED: {}", shown::line(&reason));
                    }
                    all.push(json!({ "program": program, "refused": reason }));
                }
            }
        }
        if is_json {
            print(&json!({ "programs": all }))?;
        }
        ensure!(refused == 0, "{refused} of {} programs were not reported: the lines above say why", all.len());
        Ok(())
    }
}

impl Escape {
    pub(super) async fn run(self) -> Result<()> {
        let (chain, contract) = self.vault.at.find_vault().await?;
        let state = checked(&chain, contract, &self.factory).await?;
        let known = state.programs.iter().find(|known| known.program == self.program);
        let from = known.and_then(|known| state.escapable_from(&known.death));
        let Some(from) = from else { eyre::bail!("the death of {} is not confirmed", self.program) };
        let call = Vault::escapeCall { program: self.program }.abi_encode();
        let data = alloy::primitives::hex::encode_prefixed(call);
        if self.vault.json {
            return print(&json!({ "from": state.terms.heir, "to": contract, "data": data, "notBefore": from }));
        }
        say!("From {} on the heir {} sends this, within two days of a report:", Moment(from), state.terms.heir);
        say!("to    {contract}");
        answer(&format!("data  {data}"))
    }
}

/// A vault that is one, before anything is sent to it, or told to be sent.
async fn checked(chain: &Chain, contract: Address, Factory { factory }: &Factory) -> Result<State> {
    let state = vault::state(chain, contract).await?;
    if let Some(doubt) = vault::expect(chain, contract, &state, *factory).await? {
        complain!("warning: {}", shown::line(&doubt));
    }
    Ok(state)
}
