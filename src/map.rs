//! Maps and sets in the order in which their keys came. The hash is quick and has a seed of its own in every process:
//! half of the time of planning is looking up ids.

use indexmap::{IndexMap, IndexSet};

pub(crate) type Map<K, V> = IndexMap<K, V, foldhash::fast::RandomState>;
pub(crate) type Set<K> = IndexSet<K, foldhash::fast::RandomState>;

/// An empty map, with room for this many keys.
pub(crate) fn map_of<K, V>(keys: usize) -> Map<K, V> {
    Map::with_capacity_and_hasher(keys, Default::default())
}
