//! The settings of the parts: which types they have is each part's own affair.

use std::any::Any;
use std::fmt::Debug;

use serde::ser::{Error, SerializeMap};
use serde::{Serialize, Serializer};

use crate::part::Part;

/// The settings of a part. Every plain type that can be compared and serialized is that.
pub trait Settings: Any + Debug + Send + Sync {
    /// A copy.
    fn copied(&self) -> Box<dyn Settings>;

    /// Whether others are of the same type and equal.
    fn equals(&self, other: &dyn Settings) -> bool;

    /// As the record has them.
    ///
    /// # Errors
    /// If they have no JSON.
    fn json(&self) -> serde_json::Result<serde_json::Value>;
}

impl<T: Any + Debug + Clone + PartialEq + Serialize + Send + Sync> Settings for T {
    fn copied(&self) -> Box<dyn Settings> {
        Box::new(self.clone())
    }

    fn equals(&self, other: &dyn Settings) -> bool {
        (other as &dyn Any).downcast_ref::<T>() == Some(self)
    }

    fn json(&self) -> serde_json::Result<serde_json::Value> {
        serde_json::to_value(self)
    }
}

/// The parts that are deployed, in the order they are created, each with its settings.
#[derive(Debug, Default)]
pub struct Sections(Vec<(&'static dyn Part, Box<dyn Settings>)>);

impl Sections {
    pub(super) fn push(&mut self, part: &'static dyn Part, settings: Box<dyn Settings>) {
        self.0.push((part, settings));
    }

    pub(crate) fn parts(&self) -> impl Iterator<Item = &'static dyn Part> {
        self.0.iter().map(|(part, _)| *part)
    }

    /// The settings of this type, if the part that has them is deployed.
    pub fn get<T: Settings>(&self) -> Option<&T> {
        self.0.iter().find_map(|(_, settings)| (&**settings as &dyn Any).downcast_ref())
    }

    /// The same, to change.
    pub fn get_mut<T: Settings>(&mut self) -> Option<&mut T> {
        self.0.iter_mut().find_map(|(_, settings)| (&mut **settings as &mut dyn Any).downcast_mut())
    }

    /// The settings of a part that every DAO has.
    pub(crate) fn expect<T: Settings>(&self) -> &T {
        self.get().expect("the list of parts has every required part, before those that read its settings")
    }

    /// The same, to change.
    pub(crate) fn expect_mut<T: Settings>(&mut self) -> &mut T {
        self.get_mut().expect("the list of parts has every required part")
    }
}

impl Clone for Sections {
    fn clone(&self) -> Self {
        // Of the settings themselves: a box of settings would copy the box.
        Self(self.0.iter().map(|(part, settings)| (*part, (**settings).copied())).collect())
    }
}

impl PartialEq for Sections {
    fn eq(&self, other: &Self) -> bool {
        let same = |one: &(&dyn Part, Box<dyn Settings>), other: &(&dyn Part, Box<dyn Settings>)| {
            one.0.name() == other.0.name() && (*one.1).equals(&*other.1)
        };
        self.0.len() == other.0.len() && self.0.iter().zip(&other.0).all(|(one, other)| same(one, other))
    }
}

impl Eq for Sections {}

impl Serialize for Sections {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (part, settings) in &self.0 {
            map.serialize_entry(part.section(), &(**settings).json().map_err(S::Error::custom)?)?;
        }
        map.end()
    }
}
