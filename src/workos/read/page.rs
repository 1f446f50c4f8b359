//! One answer of a list endpoint, as it comes from the API: what `pull` reads with.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::lists::Cursors;
use super::object::{Found, Key};
pub(crate) use super::record::Record;
use super::section::{Reader, Sifting};
use crate::workos::Rejected;
use crate::{Text, Texts};

/// What an answer says of its list, whatever its records are like.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    /// The ids of the records in order; none where a record has no readable id.
    pub(crate) ids: Vec<Option<Text>>,
    /// Whether it says anything of further pages.
    pub(crate) has_metadata: bool,
    /// The cursor of the next page. A value that is no text stands as JSON.
    pub(crate) after: Option<Text>,
    /// Whether the next page cannot be asked for: the cursor is no text.
    pub(crate) is_lost: bool,
}

/// Why a text is not an answer of a list endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotAPage {
    /// It begins like a web page.
    Html,
    /// It is cut short, or it is something else.
    Other,
}

impl NotAPage {
    /// What a text is that is not a list.
    pub(crate) fn of(text: &str) -> Self {
        if text.trim_start().starts_with('<') { Self::Html } else { Self::Other }
    }
}

/// The text of a body. A byte order mark is not part of it.
pub(crate) fn text(body: &[u8]) -> Result<&str, NotAPage> {
    let text = core::str::from_utf8(body).map_err(|_| NotAPage::Other)?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Reads what an answer says of its list: an envelope with `data`, or a bare list.
pub(crate) fn outline(text: &str) -> Result<Outline, NotAPage> {
    serde_json::from_str::<Outline>(text).map_err(|_| NotAPage::of(text))
}

/// Reads the id of an answer that is one record.
pub(crate) fn id_of_record(text: &str) -> Result<Option<Text>, NotAPage> {
    if !text.trim_start().starts_with('{') {
        return outline(text).map(|_| None);
    }
    serde_json::from_str::<Id>(text).map(|Id(id)| id).map_err(|_| NotAPage::Other)
}

/// Reads the records of an answer, of the list of a user where one is named. Bad ones are set aside (B2); positions
/// count from `first`.
pub(crate) fn records<T: Record>(text: &str, user: Option<&Text>, first: u64, rejected: &mut Vec<Rejected>) -> Vec<T> {
    let (mut records, mut gaps) = (Vec::new(), Vec::new());
    let mut reader = Reader::new(&mut records, &mut gaps, Sifting { rejected, index: first });
    reader.user = user.cloned();
    reader.list_of_text(text);
    records
}

/// The signing certificates of a connection, as PEM.
pub(crate) fn certificates(text: &str) -> Texts {
    #[derive(serde::Deserialize)]
    struct Certificate {
        value: Text,
    }
    #[derive(serde::Deserialize)]
    struct List<'a> {
        #[serde(borrow)]
        data: Vec<&'a RawValue>,
    }

    let Ok(List { data }) = serde_json::from_str(text) else { return Texts::new() };
    let read = |text: &RawValue| serde_json::from_str::<Certificate>(text.get()).ok();
    data.into_iter().filter_map(read).map(|certificate| certificate.value).collect()
}

struct Id(Option<Text>);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A value of any kind, of which only an object may have an id.
        let value = <&RawValue>::deserialize(deserializer)?;
        Ok(Self(match Found::of(value, "id") {
            Found::Text(id) if value.get().starts_with('{') && !id.is_empty() => Some(id),
            _ => None,
        }))
    }
}

impl<'de> Deserialize<'de> for Outline {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Page;

        impl<'de> Visitor<'de> for Page {
            type Value = Outline;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Outline, A::Error> {
                let mut ids = Vec::new();
                while let Some(Id(id)) = seq.next_element()? {
                    ids.push(id);
                }
                Ok(Outline { ids, ..Outline::default() })
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Outline, A::Error> {
                let (mut ids, mut metadata) = (None, None);
                while let Some(key) = map.next_key_seed(Key)? {
                    match Cow::as_ref(&key) {
                        "data" | "list" => {
                            let more = map.next_value::<Vec<Id>>()?.into_iter().map(|Id(id)| id);
                            ids.get_or_insert_with(Vec::new).extend(more);
                        }
                        "list_metadata" | "listMetadata" => {
                            metadata = Cursors::and(metadata, Cursors::of(map.next_value()?));
                        }
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                let ids = ids.ok_or_else(|| A::Error::custom("no list"))?;
                let has_metadata = metadata.is_some();
                let Cursors { after, after_is_text, .. } = metadata.unwrap_or_default();
                Ok(Outline { ids, has_metadata, is_lost: after.is_some() && !after_is_text, after })
            }
        }

        deserializer.deserialize_any(Page)
    }
}
