//! The global allocator: the standard one, counted as the component's counts. By thread, since tests
//! run side by side.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// What the component's allocator adds to each allocation.
const OVERHEAD: usize = 16;

thread_local! {
    static USED: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

/// The standard allocator, counted.
pub struct Counting;

/// Runs `work`, and tells how many bytes it had in use at once, beyond what was in use before.
pub fn peak_of<T>(work: impl FnOnce() -> T) -> (T, u64) {
    let before = USED.get();
    PEAK.set(before);
    let done = work();
    (done, u64::try_from(PEAK.get() - before).unwrap_or(0))
}

fn count(size: isize) {
    let used = USED.get() + size;
    USED.set(used);
    PEAK.set(PEAK.get().max(used));
}

fn counted(size: usize) -> isize {
    (size + OVERHEAD) as isize
}

// SAFETY: every request goes to `System` unchanged.
#[expect(unsafe_code, reason = "a global allocator is an unsafe trait")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(counted(layout.size()));
        // SAFETY: the caller's promise about `layout` is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(counted(layout.size()));
        // SAFETY: the caller's promise about `layout` is passed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-counted(layout.size()));
        // SAFETY: `pointer` came from `System` with this layout.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // The old and the new place may exist side by side while bytes are copied.
        count(counted(size));
        count(-counted(layout.size()));
        // SAFETY: `pointer` came from `System` with this layout; the caller promises the size.
        unsafe { System.realloc(pointer, layout, size) }
    }
}
