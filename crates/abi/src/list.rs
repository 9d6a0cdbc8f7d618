//! Arrays as views.

use core::{fmt, marker::PhantomData};

use crate::decode::{Decode, read};

/// An array `T[]` in checked data. It is two numbers and a reference: copy it freely.
pub struct List<'a, T> {
    data: &'a [u8],
    first: usize,
    len: usize,
    of: PhantomData<fn() -> T>,
}

impl<'a, T: Decode<'a>> List<'a, T> {
    pub(crate) fn new(data: &'a [u8], first: usize, len: usize) -> Self {
        Self { data, first, len, of: PhantomData }
    }

    /// `len` elements that are zero or empty, as data that is not there reads.
    pub fn blank(len: usize) -> Self {
        Self::new(&[], 0, len)
    }

    /// The number of elements.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The element at `index`, if there is one.
    pub fn get(&self, index: usize) -> Option<T> {
        (index < self.len).then(|| self.element(index))
    }

    /// The elements in order.
    pub fn iter(&self) -> Iter<'a, T> {
        Iter { list: *self, next: 0 }
    }

    fn element(&self, index: usize) -> T {
        let words = if T::DYNAMIC { 1 } else { T::WORDS };
        read(self.data, self.first, self.first.wrapping_add(32 * words * index))
    }
}

impl<T> Clone for List<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for List<'_, T> {}

impl<'a, T: Decode<'a> + fmt::Debug> fmt::Debug for List<'a, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<'a, T: Decode<'a> + PartialEq> PartialEq for List<'a, T> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<'a, T: Decode<'a>> IntoIterator for List<'a, T> {
    type Item = T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

/// The elements of a [`List`].
pub struct Iter<'a, T> {
    list: List<'a, T>,
    next: usize,
}

impl<T> Clone for Iter<'_, T> {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

impl<'a, T: Decode<'a>> Iterator for Iter<'a, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        let item = self.list.get(self.next)?;
        self.next += 1;
        Some(item)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.list.len - self.next;
        (left, Some(left))
    }
}

impl<'a, T: Decode<'a>> ExactSizeIterator for Iter<'a, T> {}
