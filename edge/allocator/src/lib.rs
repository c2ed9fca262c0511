//! The global allocator: the standard one, counted, with a ceiling.
//!
//! It counts bytes in use rather than pages, so that a fresh instance and a reused one refuse at the
//! same point: what a transform gets is a function of its input alone.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::Cell;
use std::alloc::System;

/// What an allocation costs beyond its size: the header and rounding of dlmalloc.
const OVERHEAD: usize = 16;

/// What is left even of a budget that is used up at the start: room to say so.
const MESSAGES: usize = 64 << 10;

/// The standard allocator, counted.
pub struct Counting {
    used: Cell<usize>,
    peak: Cell<usize>,
    limit: Cell<usize>,
}

/// A count under way; the ceiling is lifted when it ends.
pub struct Count<'a> {
    counting: &'a Counting,
}

// SAFETY: wasm32 without the atomics feature has one thread; the cells are never shared.
#[expect(unsafe_code, reason = "a global allocator must be Sync")]
unsafe impl Sync for Counting {}

impl Counting {
    /// With nothing in use and no ceiling.
    #[expect(clippy::new_without_default, reason = "it is a static, and needs a constant")]
    pub const fn new() -> Self {
        Self { used: Cell::new(0), peak: Cell::new(0), limit: Cell::new(usize::MAX) }
    }

    /// Begins a count: no more than `limit` bytes of linear memory from here on.
    pub fn begin(&self, limit: u64) -> Count<'_> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let limit = limit.saturating_sub(static_bytes());
        self.limit.set(limit.max(self.used.get().saturating_add(MESSAGES)));
        self.peak.set(self.used.get());
        Count { counting: self }
    }

    /// Whether `size` bytes more are within the ceiling; if so they count.
    fn take(&self, size: usize) -> bool {
        let used = self.used.get().saturating_add(size).saturating_add(OVERHEAD);
        let fits = used <= self.limit.get();
        if fits {
            self.used.set(used);
            self.peak.set(self.peak.get().max(used));
        }
        fits
    }

    fn give_back(&self, size: usize) {
        self.used.set(self.used.get().saturating_sub(size.saturating_add(OVERHEAD)));
    }
}

impl Count<'_> {
    /// Bytes of linear memory that the component takes before it does anything.
    pub fn base(&self) -> u64 {
        static_bytes() as u64
    }

    /// Bytes of linear memory in use now.
    pub fn used(&self) -> u64 {
        (self.counting.used.get() + static_bytes()) as u64
    }

    /// The most that was in use at once.
    pub fn peak(&self) -> u64 {
        (self.counting.peak.get() + static_bytes()) as u64
    }
}

impl Drop for Count<'_> {
    fn drop(&mut self) {
        self.counting.limit.set(usize::MAX);
    }
}

/// Stack and static data: everything below the heap.
#[expect(unsafe_code, reason = "the linker tells where the heap begins by an extern symbol")]
fn static_bytes() -> usize {
    #[cfg(target_arch = "wasm32")]
    {
        unsafe extern "C" {
            static __heap_base: u8;
        }
        // SAFETY: only the address is taken; wasm-ld defines the symbol.
        (&raw const __heap_base) as usize
    }
    #[cfg(not(target_arch = "wasm32"))]
    0
}

// SAFETY: every request goes to `System` unchanged, or is refused with null as the trait allows.
#[expect(unsafe_code, reason = "a global allocator is an unsafe trait")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if !self.take(layout.size()) {
            return core::ptr::null_mut();
        }
        // SAFETY: the caller's promise about `layout` is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if !self.take(layout.size()) {
            return core::ptr::null_mut();
        }
        // SAFETY: the caller's promise about `layout` is passed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        self.give_back(layout.size());
        // SAFETY: `pointer` came from `System` with this layout.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // The old and the new place may exist side by side while bytes are copied.
        if !self.take(size) {
            return core::ptr::null_mut();
        }
        self.give_back(layout.size());
        // SAFETY: `pointer` came from `System` with this layout; the caller promises the size.
        unsafe { System.realloc(pointer, layout, size) }
    }
}
