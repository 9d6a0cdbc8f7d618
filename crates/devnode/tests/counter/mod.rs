//! An allocator that counts, since time is no measure on a busy machine. A program with it has one test: nothing else may be
//! counted.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicI64, Ordering::Relaxed},
};

/// Counts what passes through it.
pub(crate) struct Counter {
    /// How often memory was asked for.
    pub(crate) requests: AtomicI64,
    /// Bytes that were asked for, in all.
    pub(crate) asked: AtomicI64,
    /// Bytes that are held.
    pub(crate) held: AtomicI64,
}

#[global_allocator]
pub(crate) static COUNTER: Counter =
    Counter { requests: AtomicI64::new(0), asked: AtomicI64::new(0), held: AtomicI64::new(0) };

// SAFETY: the system's allocator does all of it.
unsafe impl GlobalAlloc for Counter {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.requests.fetch_add(1, Relaxed);
        self.asked.fetch_add(layout.size() as i64, Relaxed);
        self.held.fetch_add(layout.size() as i64, Relaxed);
        // SAFETY: handed on as it came.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        self.held.fetch_sub(layout.size() as i64, Relaxed);
        // SAFETY: handed on as it came.
        unsafe { System.dealloc(pointer, layout) }
    }
}
