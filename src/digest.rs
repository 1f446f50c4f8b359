//! What stands for a value, so that two can be told apart without keeping either.

use alloc::format;
use alloc::string::String;

use serde::Serialize;

use crate::Text;

/// What stands for a value: 32 hexadecimal digits of its JSON (FNV-1a, 128 bits).
///
/// ```
/// use workos_to_authio::apply::digest;
///
/// assert_eq!(digest(&"a"), digest(&"a"));
/// assert_ne!(digest(&"a"), digest(&"b"));
/// ```
pub fn digest(value: &impl Serialize) -> Text {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let json = serde_json::to_vec(value).unwrap_or_default();
    let hash = json.iter().fold(BASIS, |hash, byte| (hash ^ u128::from(*byte)).wrapping_mul(PRIME));
    format!("{hash:032x}").into()
}

/// The same in 16 digits, where a person pastes it.
pub(crate) fn short(value: &impl Serialize) -> String {
    format!("{:.16}", digest(value))
}
