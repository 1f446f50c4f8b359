//! Who gets a slug or an address, where what Authio holds and what is planned meet (N9).

use alloc::vec::Vec;

use crate::email::Key;
use indexmap::IndexMap;

/// A record that wants a key that it does not hold.
pub(super) struct Claim<'a> {
    /// What it wants. No two claims want the same.
    pub(super) wants: &'a str,
    /// What it holds until it gets that, and the position of it in the snapshot.
    pub(super) holds: Option<(&'a str, usize)>,
}

/// For each claim, the position in the snapshot of the record that holds what it wants and keeps it, if there is one.
///
/// `staying` are the keys that no claim gives up. Of two holders of one key, which only a damaged snapshot has, `first` says
/// which counts, so that no order of the records or of finding them shows. A claim that fails keeps what it holds, so that another that wants this
/// fails too; each fails once at most, so this takes time in proportion to the records.
pub(super) fn settle<'a>(
    claims: &[Claim<'a>],
    staying: impl Iterator<Item = (&'a str, usize)>,
    first: impl Fn(usize, usize) -> usize,
) -> Vec<Option<usize>> {
    let mut holders = alloc::vec![None; claims.len()];
    if claims.is_empty() {
        return holders;
    }
    let wanted: IndexMap<Key<'_>, usize> =
        claims.iter().enumerate().map(|(position, claim)| (Key::new(claim.wants), position)).collect();
    let mut kept: Vec<(&str, usize)> = staying.collect();
    while let Some((key, holder)) = kept.pop() {
        let Some(&position) = wanted.get(&Key::new(key)) else { continue };
        let Some(found) = holders.get_mut(position) else { continue };
        match found {
            Some(other) => *found = Some(first(holder, *other)),
            None => {
                *found = Some(holder);
                kept.extend(claims.get(position).and_then(|claim| claim.holds));
            }
        }
    }
    holders
}
