//! How overlays meet what lies below, and how often.

/// In which directions an overlay is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// In both.
    Both,
    /// Across.
    X,
    /// Down.
    Y,
}

/// How an overlay meets what lies below (Porter and Duff).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Composite {
    /// Where there is a picture below, over it.
    Atop,
    /// Where there is a picture below, alone.
    In,
    /// The sum of both.
    Lighter,
    /// Where there is nothing below, alone.
    Out,
    /// Over what lies below.
    Over,
    /// Where there is one of the two.
    Xor,
}

const COMPOSITES: &[(&str, Composite)] = &[
    ("atop", Composite::Atop),
    ("in", Composite::In),
    ("lighter", Composite::Lighter),
    ("out", Composite::Out),
    ("over", Composite::Over),
    ("xor", Composite::Xor),
];

const REPEATS: &[(&str, Repeat)] = &[("true", Repeat::Both), ("x", Repeat::X), ("y", Repeat::Y)];

impl Repeat {
    pub(super) fn read(value: &str) -> Option<Self> {
        value_of(REPEATS, value)
    }

    pub(super) fn text(self) -> Option<String> {
        name_of(REPEATS, self)
    }
}

impl Composite {
    pub(super) fn read(value: &str) -> Option<Self> {
        value_of(COMPOSITES, value)
    }

    pub(super) fn text(self) -> Option<String> {
        name_of(COMPOSITES, self)
    }
}

fn value_of<T: Copy>(names: &[(&str, T)], name: &str) -> Option<T> {
    names.iter().find(|known| known.0 == name).map(|known| known.1)
}

fn name_of<T: Copy + PartialEq>(names: &[(&str, T)], value: T) -> Option<String> {
    names.iter().find(|known| known.1 == value).map(|known| known.0.to_owned())
}
