//! Which file is which: by the names that the files of a move have.

/// What a file is to a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileKind {
    /// A bundle. Every file that has no name of its own in a move is taken for one.
    Bundle,
    /// What Authio holds.
    Snapshot,
    /// How to plan.
    Options,
    /// What was written to Authio.
    Ledger,
    /// What a night changes, with its verdict.
    Changes,
    /// The phases, with the choices that they were made with.
    Cutover,
    /// Who has had a migration mail.
    Mailed,
    /// A file of a move that a review does not need, secrets among them. The page does not read it.
    Unused,
}

impl FileKind {
    /// The kind of a file with a name. A folder before the name does not count.
    #[must_use]
    pub fn of(name: &str) -> Self {
        match name.rsplit(['/', '\\']).next().unwrap_or(name) {
            "authio.json" => Self::Snapshot,
            "options.json" => Self::Options,
            "ledger.json" => Self::Ledger,
            "changes.json" => Self::Changes,
            "cutover.json" => Self::Cutover,
            "mailed.json" => Self::Mailed,
            "plan.json" | "guards.json" => Self::Unused,
            // Journals, secrets, the state of a pull, what an earlier review wrote.
            name if !name.to_ascii_lowercase().ends_with(".json") => Self::Unused,
            _ => Self::Bundle,
        }
    }
}
