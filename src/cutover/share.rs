//! Shares of the organizations, and where each organization stands (C3, C4).

use alloc::borrow::Cow;
use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::authio::TARGET_ORGANIZATION;

/// All organizations, in basis points: hundredths of a percent. Also the number of places (C4).
const WHOLE: u16 = 10_000;

/// A share of the organizations, exact to a hundredth of a percent, from 0% to 100% (C4).
///
/// Every organization has a place from 0 to 9,999 which follows from its external id alone; a share of *n* basis points
/// holds the places below *n*. So a share holds every smaller one, and nobody else's coming or going moves an
/// organization in or out. In exchange the share is met on average only: docs/cutover.md says how nearly.
///
/// Written `10%` or `12.5%`; read with or without the sign.
///
/// ```
/// use workos_to_authio::cutover::Share;
///
/// let tenth: Share = "10".parse().unwrap();
/// assert_eq!(tenth, Share::percent(10).unwrap());
/// assert_eq!(Share::basis_points(1_250).unwrap().to_string(), "12.5%");
/// assert_eq!(Share::percent(101), None);
///
/// assert!(!tenth.includes("workos:org:org_01A"));
/// assert!(Share::ALL.includes("workos:org:org_01A"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Share(u16);

impl Share {
    /// 0%
    pub const NONE: Self = Self(0);
    /// 100%
    pub const ALL: Self = Self(WHOLE);

    /// So many percent; `None` above 100.
    pub const fn percent(percent: u8) -> Option<Self> {
        Self::basis_points(percent as u16 * 100)
    }

    /// So many hundredths of a percent; `None` above 10,000.
    pub const fn basis_points(basis_points: u16) -> Option<Self> {
        if basis_points <= WHOLE { Some(Self(basis_points)) } else { None }
    }

    /// The share in hundredths of a percent.
    pub const fn as_basis_points(self) -> u16 {
        self.0
    }

    /// Whether an organization is in the share, by its external id (`workos:org:<id>`). No plan is needed, so that an
    /// application that decides at sign-in agrees with the phases. Pilots go first whatever their place: they are not
    /// asked here.
    pub fn includes(self, organization_external_id: &str) -> bool {
        bucket(organization_external_id) < self.0
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (whole, 0) => write!(f, "{whole}%"),
            (whole, part) if part % 10 == 0 => write!(f, "{whole}.{}%", part / 10),
            (whole, part) => write!(f, "{whole}.{part:02}%"),
        }
    }
}

/// A text that is no [`Share`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a share is 0 to 100 percent with at most two decimals, such as 10 or 12.5%")]
#[non_exhaustive]
pub struct ShareError;

impl FromStr for Share {
    type Err = ShareError;

    fn from_str(text: &str) -> Result<Self, ShareError> {
        let number = text.strip_suffix('%').unwrap_or(text);
        let (whole, part) = number.split_once('.').map_or((number, "0"), |(whole, part)| (whole, part));
        let digits = |text: &str, most: usize| {
            let fits = (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
            fits.then(|| text.parse::<u32>().ok()).flatten().ok_or(ShareError)
        };
        let tenths = if part.len() == 1 { 10 } else { 1 };
        let basis_points = digits(whole, 3)? * 100 + digits(part, 2)? * tenths;
        u16::try_from(basis_points).ok().and_then(Self::basis_points).ok_or(ShareError)
    }
}

impl Serialize for Share {
    /// As text with its sign: a bare 10 could be taken for percent or for basis points.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <Cow<'de, str>>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The bucket of an organization, from 0 to 9,999, by its external id alone (C4). Lower buckets go first.
pub(super) fn bucket(external_id: &str) -> u16 {
    if external_id == TARGET_ORGANIZATION {
        // C10: it stands for all organizations at once, and no part of them can go ahead of the rest.
        return WHOLE - 1;
    }
    // Scaled from 64 bits by multiplication: the quotient is below WHOLE, and every bucket is as wide as the others.
    let scaled = (u128::from(hash(external_id)) * u128::from(WHOLE)) >> 64;
    u16::try_from(scaled).unwrap_or(WHOLE - 1)
}

/// FNV-1a over the bytes, then the finalizer of MurmurHash3: FNV alone leaves the ids of one day, which differ in their
/// last letters, close together. Never to be changed: it would move organizations between phases of a running move.
fn hash(text: &str) -> u64 {
    let fnv = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    let mut hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, fnv);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::ToString;

    /// C4: these stand for good. A change here would move organizations of a running move.
    #[test]
    fn places_are_pinned() {
        for (text, hashed, bucket_of) in [
            ("", 0xefd0_1f60_ba99_2926, 9_367),
            ("a", 0x82a2_a958_a9be_ce5b, 5_102),
            ("workos:org:org_01A", 0x8cd3_5370_a053_e5db, 5_500),
            ("workos:org:org_01FXHTE0T9WFQTHVEAP6ARR1BR", 0x9d4f_5eac_61fb_4e05, 6_144),
            ("workos:org:Zürich", 0x1094_ba05_422f_cf99, 647),
        ] {
            assert_eq!((hash(text), bucket(text)), (hashed, bucket_of), "{text}");
        }
        assert_eq!(bucket(TARGET_ORGANIZATION), 9_999);
    }

    /// C4: ids of one kind, counted up, fill ten equal parts evenly: the chi-squared value is that of chance (below
    /// 27.9 in 999 of 1,000 cases), in each position of a counter.
    #[test]
    fn places_are_spread() {
        for pad in [4, 8, 26] {
            let mut tenths = [0_u32; 10];
            for number in 0..10_000 {
                tenths[usize::from(bucket(&format!("workos:org:org_{number:0pad$}")) / 1_000)] += 1;
            }
            let squares: u32 = tenths.iter().map(|count| count.abs_diff(1_000).pow(2)).sum();
            assert!(squares < 27_900, "{pad}: {tenths:?}");
        }
    }

    #[test]
    fn shares_are_read_and_written() {
        for (text, basis_points, written) in [
            ("0", 0, "0%"),
            ("10", 1_000, "10%"),
            ("010%", 1_000, "10%"),
            ("12.5%", 1_250, "12.5%"),
            ("12.50", 1_250, "12.5%"),
            ("0.05%", 5, "0.05%"),
            ("33.33", 3_333, "33.33%"),
            ("100.00", 10_000, "100%"),
        ] {
            let share: Share = text.parse().unwrap();
            assert_eq!((share.as_basis_points(), share.to_string().as_str()), (basis_points, written));
            let json = serde_json::to_string(&share).unwrap();
            assert_eq!(json, format!("\"{written}\""));
            assert_eq!(serde_json::from_str::<Share>(&json).unwrap(), share);
        }
        for text in [
            "", "%", "10%%", "-1", "+1", " 10", "1e1", "100.01", "101", "655.36", "1000", "10.", ".5", "1.234",
            "1.2.3", "١",
        ] {
            assert_eq!(text.parse::<Share>(), Err(ShareError), "{text}");
        }
        assert!(serde_json::from_str::<Share>("10").is_err(), "percent or basis points?");
    }
}
