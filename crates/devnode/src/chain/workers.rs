//! Where messages outside of blocks are executed: on threads whose stack is deep enough.

use crate::evm::STACK_BYTES;
use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};
use tokio::sync::oneshot;

type Job = Box<dyn FnOnce() + Send>;

thread_local! {
    static DEEP: Cell<bool> = const { Cell::new(false) };
}

/// Says that this thread has a stack of [`STACK_BYTES`], and that others take over its work while it executes.
pub(crate) fn calls_may_run_here() {
    DEEP.set(true);
}

/// Executes calls. Most take less time than handing them to another thread would, so they run where they are asked for,
/// if that thread [may](calls_may_run_here) and not too many do so; others go to a pool of threads, which stop when this is
/// dropped and their jobs are done.
#[derive(Debug)]
pub(super) struct Workers {
    pool: mpsc::Sender<Job>,
    /// How many calls may still begin on the threads that ask for them.
    free: AtomicUsize,
}

impl Workers {
    pub(super) fn start(count: usize) -> std::io::Result<Self> {
        let (pool, jobs) = mpsc::channel::<Job>();
        let jobs = Arc::new(Mutex::new(jobs));
        for index in 0..count {
            let jobs = jobs.clone();
            thread::Builder::new().name(format!("devnode-call-{index}")).stack_size(STACK_BYTES).spawn(move || {
                while let Some(job) = next(&jobs) {
                    // A panic costs one answer, not the thread: the job's sender is dropped, which its caller sees.
                    let _ = catch_unwind(AssertUnwindSafe(job));
                }
            })?;
        }
        Ok(Self { pool, free: AtomicUsize::new(count) })
    }

    /// Runs a job; `None` if it panicked.
    pub(super) async fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        if let Some(_place) = self.place_here() {
            return catch_unwind(AssertUnwindSafe(job)).ok();
        }
        let (answer, answered) = oneshot::channel();
        let job = Box::new(move || {
            // Whoever asked may have gone.
            let _ = answer.send(job());
        });
        self.pool.send(job).ok()?;
        answered.await.ok()
    }

    fn place_here(&self) -> Option<FreePlace<'_>> {
        let take = |free: usize| free.checked_sub(1);
        let taken = DEEP.get() && self.free.fetch_update(Ordering::Acquire, Ordering::Relaxed, take).is_ok();
        taken.then(|| FreePlace(&self.free))
    }
}

/// One of the calls that run on the threads that ask for them.
struct FreePlace<'a>(&'a AtomicUsize);

impl Drop for FreePlace<'_> {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Release);
    }
}

fn next(jobs: &Mutex<mpsc::Receiver<Job>>) -> Option<Job> {
    // Not poisoned: nothing panics while it is held.
    jobs.lock().ok()?.recv().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// On which threads two jobs run: one while another runs where it was asked for, one after that.
    async fn threads(workers: &Workers) -> [String; 2] {
        let name = || thread::current().name().unwrap_or_default().to_owned();
        let running = workers.place_here();
        let during = workers.run(name).await.unwrap();
        drop(running);
        [during, workers.run(name).await.unwrap()]
    }

    /// What comes of some work on a thread that may execute calls, or may not.
    fn on_a_thread<T: Send + 'static>(deep: bool, work: impl AsyncFnOnce(Workers) -> T + Send + 'static) -> T {
        let asking = move || {
            if deep {
                calls_may_run_here();
            }
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(work(Workers::start(1).unwrap()))
        };
        thread::Builder::new().name("asking".into()).spawn(asking).unwrap().join().unwrap()
    }

    #[test]
    fn calls_run_where_they_are_asked_for_while_there_is_room() {
        let threads = |deep| on_a_thread(deep, async |workers| threads(&workers).await);
        assert_eq!(threads(true), ["devnode-call-0", "asking"]);
        assert_eq!(threads(false), ["devnode-call-0", "devnode-call-0"]);
    }

    #[test]
    fn a_panic_costs_one_answer() {
        for deep in [true, false] {
            let answers = on_a_thread(deep, async |workers| {
                let panicked: Option<()> = workers.run(|| panic!("on purpose")).await;
                (panicked, workers.run(|| 5).await, workers.free.load(Ordering::Relaxed))
            });
            assert_eq!(answers, (None, Some(5), 1));
        }
    }
}
