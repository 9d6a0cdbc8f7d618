//! How much is kept of a message.

/// Most bytes that are kept of one message while it is traced. Its answer as JSON takes a few times as many. Ours: a Nitro
/// node keeps what the timeout of a trace allows.
pub const MOST_RECORDED: usize = 128 << 20;

/// What a call takes besides its data, in bytes: the call itself, and its names and numbers as JSON.
pub(super) const CALL_BYTES: usize = 512;
/// What the notes of a call take, in bytes.
pub(super) const NOTES_BYTES: usize = 1_024;
/// What an account that was read takes besides its code, in bytes.
pub(super) const ACCOUNT_BYTES: usize = 512;
/// What a slot that was read takes, in bytes: its number, and its values before and after.
pub(super) const SLOT_BYTES: usize = 256;
/// What a level of nesting takes, in bytes: a number of the path that `flatCallTracer` shows.
pub(super) const LEVEL_BYTES: usize = 32;

/// The bytes that are left.
#[derive(Debug)]
pub(super) struct Room {
    bytes: usize,
    left: usize,
    is_full: bool,
}

impl Room {
    pub(super) fn new(bytes: usize) -> Self {
        Self { bytes, left: bytes, is_full: false }
    }

    /// Takes so many bytes. False, now and from then on, if there are not as many.
    pub(super) fn take(&mut self, bytes: usize) -> bool {
        match self.left.checked_sub(bytes) {
            Some(left) if !self.is_full => self.left = left,
            _ => self.is_full = true,
        }
        !self.is_full
    }

    /// All that there was at the beginning, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Bytes that were taken.
    pub(super) fn taken(&self) -> usize {
        self.bytes - self.left
    }

    /// Whether more was to be kept than there is room for.
    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_ends_it() {
        let mut room = Room::new(10);
        assert!(room.take(4) && room.take(6) && !room.is_full());
        assert!(!room.take(1) && room.is_full());
        assert!(!room.take(0));
        assert!(!Room::new(1).take(usize::MAX));
    }
}
