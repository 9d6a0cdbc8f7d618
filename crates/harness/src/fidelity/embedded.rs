//! Replaying against the embedded node, whose clock can be set.

use super::{Exceptions, Mask, Recording, Report, Selection, Times, replay};
use devnode::{ArbosVersion, DevNode};
use eyre::Result;

/// Replays a recording against a fresh embedded node that makes its blocks when Nitro made them.
///
/// # Errors
/// As [`replay`].
pub fn replay_embedded(
    version: ArbosVersion,
    recording: &Recording,
    exceptions: &Exceptions,
    selection: &Selection,
    progress: impl FnMut(usize, usize),
) -> Result<Report> {
    let node = || DevNode::builder().bare(true).arbos_version(version).spawn();
    let times = Times::find(&node()?.http_url(), recording, exceptions)?;
    replay(&node()?.http_url(), recording, Some(&times), &Mask::kept()?, exceptions, selection, progress)
}
