//! How many addresses will merge: the number that people watch.

use alloc::collections::BTreeMap;

use crate::email;

/// Counts addresses that more than one user record has (U1, U3). It keeps no address, only a number drawn from each.
#[derive(Debug, Clone, Default)]
pub(super) struct Merging {
    /// Whether an address was met a second time.
    addresses: BTreeMap<u64, bool>,
    count: u64,
}

impl Merging {
    pub(super) fn note(&mut self, address: &str) {
        let Ok(address) = email::usable(address) else { return };
        // FNV-1a. Two addresses with one number would be a wrong figure on a screen, one in 10^9 for 100,000 addresses.
        let number = address.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3)
        });
        match self.addresses.get_mut(&number) {
            None => drop(self.addresses.insert(number, false)),
            Some(again) if !*again => {
                *again = true;
                self.count += 1;
            }
            Some(_) => {}
        }
    }

    pub(super) const fn count(&self) -> u64 {
        self.count
    }
}
