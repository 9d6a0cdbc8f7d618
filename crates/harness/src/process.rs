//! What a process takes, as Linux says it in `/proc`.

use std::{fs, time::Duration};

use eyre::{OptionExt, Result, WrapErr};

/// A process.
#[derive(Clone, Copy, Debug)]
pub struct Process(u32);

impl Process {
    /// This one.
    pub fn own() -> Self {
        Self(std::process::id())
    }

    /// The one with this number.
    pub fn of(id: u32) -> Self {
        Self(id)
    }

    /// The memory that it holds, in bytes (VmRSS).
    ///
    /// # Errors
    /// Where the process is gone, or the system is not Linux.
    pub fn memory(self) -> Result<u64> {
        let status = self.read("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or_eyre("no VmRSS")?;
        let kib: u64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kib * 1024)
    }

    /// Processor time that it has used, of all its threads, in steps of 10 ms.
    ///
    /// # Errors
    /// As [`Self::memory`].
    pub fn processor(self) -> Result<Duration> {
        let stat = self.read("stat")?;
        // After the program's name, which may have anything in it: utime and stime are the 12th and 13th.
        let (_, numbers) = stat.rsplit_once(')').ok_or_eyre("no process")?;
        let ticks = numbers.split_whitespace().skip(11).take(2).map(str::parse::<u64>);
        Ok(Duration::from_millis(10 * ticks.sum::<Result<u64, _>>()?))
    }

    fn read(self, what: &str) -> Result<String> {
        let file = format!("/proc/{}/{what}", self.0);
        fs::read_to_string(&file).wrap_err_with(|| format!("cannot read {file}: this is measured on Linux"))
    }
}
