//! Reading JSON: one pass over good documents, record by record only after a failure (B1, B2).

pub(super) mod field;
