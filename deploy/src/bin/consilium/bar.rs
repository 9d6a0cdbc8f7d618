//! A line for each step that is done, a bar while one runs, and Ctrl-C between two steps.

use std::ops::ControlFlow;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use consilium_deploy::{Done, Progress, Step, abandon};
use indicatif::{ProgressBar, ProgressStyle};

use crate::password::show_typing;
use crate::say::{complain, say};

/// Exit code of a program that was ended by Ctrl-C.
pub(crate) const INTERRUPTED: u8 = 130;

/// Shows a deployment to a person. Where standard error is no terminal, the lines alone are printed.
pub(crate) struct Bar {
    bar: ProgressBar,
    began: Arc<AtomicBool>,
    stop: Arc<AtomicBool>,
}

impl Bar {
    pub(crate) fn new() -> Self {
        let style =
            ProgressStyle::with_template("{spinner} [{pos}/{len}] {msg} ({elapsed})").expect("a valid template");
        let bar = ProgressBar::new(0).with_style(style);
        let [began, stop] = [(); 2].map(|()| Arc::new(AtomicBool::new(false)));
        tokio::spawn(listen(began.clone(), stop.clone(), bar.clone()));
        Self { bar, began, stop }
    }

    fn line(&self, text: String) {
        self.bar.suspend(|| say!("{text}"));
    }
}

impl Progress for Bar {
    fn planned(&mut self, steps: &[Step]) {
        self.bar.set_length(steps.len() as u64);
        self.bar.enable_steady_tick(Duration::from_millis(100));
    }

    fn noted(&mut self, note: &str) {
        self.line(format!("note: {note}"));
    }

    fn started(&mut self, step: Step) {
        self.began.store(true, Ordering::Relaxed);
        self.bar.set_message(step.to_string());
    }

    fn finished(&mut self, step: Step, done: &Done) -> ControlFlow<()> {
        self.line(match done {
            Done::Already if matches!(step, Step::Renew(_)) => format!("  not needed   {step}"),
            Done::Already => format!("  done before  {step}"),
            Done::Sent(receipt) => {
                format!("        done  {step}: {} gas, transaction {}", receipt.gas_used, receipt.transaction_hash)
            }
            Done::Proven { checks, .. } => format!("        done  {step}: {checks} facts hold"),
            Done::Skipped { reason } => format!("    NOT DONE  {step}: {reason}; calls of it cost more gas"),
        });
        self.bar.inc(1);
        if self.bar.length() == Some(self.bar.position()) {
            self.bar.finish_and_clear();
        }
        if self.stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// The first Ctrl-C stops after the step that runs, the second at once. As long as none runs, the first stops at once:
/// nothing has been sent.
async fn listen(began: Arc<AtomicBool>, stop: Arc<AtomicBool>, bar: ProgressBar) {
    if tokio::signal::ctrl_c().await.is_err() {
        return;
    }
    if began.load(Ordering::Relaxed) {
        stop.store(true, Ordering::Relaxed);
        bar.suspend(|| complain!("stopping after this step; Ctrl-C again stops at once"));
        if tokio::signal::ctrl_c().await.is_err() {
            return;
        }
    }
    abandon();
    show_typing();
    process::exit(INTERRUPTED.into());
}
