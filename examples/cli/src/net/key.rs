use std::env;
use std::fmt;

use crate::status::Failure;

/// A secret key of an API, from the environment. It is written nowhere: there is no `Display`, and `Debug` shows
/// nothing of it.
#[derive(Clone)]
pub(crate) struct Key {
    text: String,
    /// The variable that it is from.
    pub(crate) variable: &'static str,
}

impl Key {
    /// Reads the key of a variable.
    pub(crate) fn from_env(variable: &'static str) -> Result<Self, Failure> {
        let unusable = |what: &str| Failure::Unusable(format!("{variable} {what}"));
        let text = env::var_os(variable).unwrap_or_default();
        let text = text.into_string().map_err(|_| unusable("is not text"))?;
        let text = text.trim().to_owned();
        if text.is_empty() {
            return Err(unusable("is not set; put the secret key of the API there"));
        }
        if !text.starts_with("sk_") {
            return Err(unusable("is not a secret key: these begin with sk_"));
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(unusable("has characters that no key has"));
        }
        Ok(Self { text, variable })
    }

    /// Whether the key says that it is one of a test environment.
    pub(crate) fn is_test(&self) -> bool {
        self.text.starts_with("sk_test_")
    }

    /// The header that shows it to the API.
    pub(super) fn header(&self) -> String {
        format!("Bearer {}", self.text)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key(from {})", self.variable)
    }
}
