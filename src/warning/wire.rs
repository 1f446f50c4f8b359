//! Warnings in JSON: their own fields, and the facts that can be computed from them.

use alloc::string::{String, ToString};

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Severity, Subject, Warning};

#[derive(Serialize)]
struct Wire<'a> {
    #[serde(flatten)]
    fields: Fields<'a>,
    severity: Severity,
    subject: Subject<'a>,
    message: String,
}

struct Fields<'a>(&'a Warning);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Warning::serialize(self.0, serializer)
    }
}

impl Serialize for Warning {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Wire { fields: Fields(self), severity: self.severity(), subject: self.subject(), message: self.to_string() }
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Warning {
    /// By way of a JSON value: a tagged enum buffers its content, and serde's own buffer cannot hold a number while
    /// `serde_json/arbitrary_precision` is on (P10).
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Warning::deserialize(serde_json::Value::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
