//! Threads with a stack that is deep enough to execute messages on.

use crate::evm::STACK_BYTES;
use std::{
    sync::{Arc, Mutex, mpsc},
    thread,
};
use tokio::sync::oneshot;

type Job = Box<dyn FnOnce() + Send>;

/// A pool of threads for calls. They stop when the pool is dropped and its jobs are done.
#[derive(Debug)]
pub(super) struct Workers(mpsc::Sender<Job>);

impl Workers {
    pub(super) fn start(count: usize) -> std::io::Result<Self> {
        let (sender, jobs) = mpsc::channel::<Job>();
        let jobs = Arc::new(Mutex::new(jobs));
        for index in 0..count {
            let jobs = jobs.clone();
            thread::Builder::new().name(format!("devnode-call-{index}")).stack_size(STACK_BYTES).spawn(move || {
                while let Some(job) = next(&jobs) {
                    // A panic costs one answer, not the thread: the job's sender is dropped, which its caller sees.
                    let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(job));
                }
            })?;
        }
        Ok(Self(sender))
    }

    /// Runs a job; `None` if it panicked.
    pub(super) async fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let (answer, answered) = oneshot::channel();
        let job = Box::new(move || {
            // Whoever asked may have gone.
            let _ = answer.send(job());
        });
        self.0.send(job).ok()?;
        answered.await.ok()
    }
}

fn next(jobs: &Mutex<mpsc::Receiver<Job>>) -> Option<Job> {
    // Not poisoned: nothing panics while it is held.
    jobs.lock().ok()?.recv().ok()
}
