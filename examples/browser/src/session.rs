//! What a page does with files: reads them, plans, writes the review.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use workos_to_authio::cutover::{Cutover, cutover};
use workos_to_authio::mirror::{Changes, Ledger, Snapshot, Verdict};
use workos_to_authio::review::{Material, Review, Show};
use workos_to_authio::workos::Bundle;
use workos_to_authio::{ImportPlan, PlanOptions, plan_with};

use crate::FileKind;

/// The files of one review.
///
/// ```
/// use workos_to_authio::review::Show;
/// use workos_to_authio_browser::Session;
///
/// let mut session = Session::default();
/// session.add("export.json", br#"{"users": [{"id": "user_01A", "email": "ann@acme.example"}]}"#.to_vec())?;
/// let planned = session.plan()?;
/// assert!(planned.plan_json()?.ends_with(b"}\n"));
/// assert_eq!(planned.write(Show::Ids)[0].name, "review.html");
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Default)]
pub struct Session {
    bundle: Option<Bundle>,
    snapshot: Option<Snapshot>,
    options: Option<PlanOptions>,
    ledger: Option<Ledger>,
    night: Option<(Changes, Verdict)>,
    cutover: Option<Cutover>,
    mailed: Vec<String>,
    /// How often each kind was added: a second ledger would be a mistake.
    seen: BTreeMap<&'static str, u32>,
}

/// Of changes.json: what the changes themselves do not have.
#[derive(Deserialize)]
struct Judged {
    verdict: Verdict,
}

impl Session {
    /// Reads a file. Several bundles are joined into one, for environments that move together.
    ///
    /// # Errors
    ///
    /// A sentence for people: the file cannot be read, is the second of its kind, or is not used.
    pub fn add(&mut self, name: &str, bytes: Vec<u8>) -> Result<(), String> {
        let kind = FileKind::of(name);
        if kind != FileKind::Bundle {
            self.once(kind).map_err(|what| format!("{name}: there are two files with {what}"))?;
        }
        match kind {
            FileKind::Bundle => {
                let read = Bundle::from_slice(&bytes).map_err(|error| format!("{name}: {error}"))?;
                drop(bytes);
                match &mut self.bundle {
                    Some(bundle) => bundle.extend(read),
                    None => self.bundle = Some(read),
                }
            }
            FileKind::Snapshot => self.snapshot = Some(object(name, &bytes)?),
            FileKind::Options => self.options = Some(object(name, &bytes)?),
            FileKind::Ledger => self.ledger = Some(object(name, &bytes)?),
            FileKind::Changes => {
                let changes = object(name, &bytes)?;
                self.night = Some((changes, object::<Judged>(name, &bytes)?.verdict));
            }
            FileKind::Cutover => self.cutover = Some(object(name, &bytes)?),
            FileKind::Mailed => self.mailed = parse(name, &bytes)?,
            FileKind::Unused => return Err(format!("{name} is not used in a review")),
        }
        Ok(())
    }

    fn once(&mut self, kind: FileKind) -> Result<(), &'static str> {
        let what = match kind {
            FileKind::Snapshot => "what Authio holds",
            FileKind::Options => "options",
            FileKind::Ledger => "a ledger",
            FileKind::Changes => "changes",
            FileKind::Cutover => "phases",
            FileKind::Mailed => "ids of who was mailed",
            FileKind::Bundle | FileKind::Unused => return Ok(()),
        };
        let count = self.seen.entry(what).or_default();
        *count += 1;
        if *count > 1 { Err(what) } else { Ok(()) }
    }

    /// Plans, as the program's `review` does: what Authio knows keeps its external ids and slugs (N10). The bundle goes
    /// into the answer.
    ///
    /// # Errors
    ///
    /// A sentence for people: no file is a bundle.
    pub fn plan(&mut self) -> Result<Planned, String> {
        let bundle = self.bundle.take().ok_or("no file of these is an export of WorkOS, such as workos.json")?;
        let mut options = self.options.take().unwrap_or_default();
        if self.ledger.is_some() || self.snapshot.is_some() {
            let ledger = self.ledger.take().unwrap_or_default();
            options = match &self.snapshot {
                Some(snapshot) => options.pin(&ledger, snapshot),
                None => options.pin(&ledger, &ledger.snapshot()),
            };
            self.ledger = Some(ledger);
        }
        let plan = plan_with(&bundle, &options);
        let phases = self.cutover.take().map(|earlier| cutover(&plan, &earlier.options()));
        let (night, ledger) = (self.night.take(), self.ledger.take());
        Ok(Planned { plan, bundle, phases, night, ledger, mailed: std::mem::take(&mut self.mailed) })
    }
}

/// A plan with all that a review of the plan needs.
#[derive(Debug)]
pub struct Planned {
    plan: ImportPlan,
    bundle: Bundle,
    phases: Option<Cutover>,
    night: Option<(Changes, Verdict)>,
    ledger: Option<Ledger>,
    mailed: Vec<String>,
}

/// A file of a review.
#[derive(Debug)]
#[non_exhaustive]
pub struct Written {
    /// The name, after `handoff/` for a sheet.
    pub name: String,
    /// The text.
    pub text: String,
}

impl Planned {
    /// The plan, byte for byte as the program's `plan` prints it.
    ///
    /// # Errors
    ///
    /// A sentence for people, where the plan cannot be written.
    pub fn plan_json(&self) -> Result<Vec<u8>, String> {
        let mut json = serde_json::to_vec_pretty(&self.plan).map_err(|error| error.to_string())?;
        json.push(b'\n');
        Ok(json)
    }

    /// The files of the review, `review.html` first, as the program's `review` writes them.
    #[must_use]
    pub fn write(&self, show: Show) -> Vec<Written> {
        let mut material = Material::new(&self.plan).bundle(&self.bundle).show(show).mailed(&self.mailed);
        if let Some((changes, verdict)) = &self.night {
            material = material.changes(changes, verdict);
        }
        if let Some(phases) = &self.phases {
            material = material.phases(phases);
        }
        if let Some(ledger) = &self.ledger {
            material = material.ledger(ledger);
        }
        let review = Review::new(&material);
        let written = |name: &str, text| Written { name: name.into(), text };
        let mut files = vec![
            written("review.html", review.html()),
            written("review.md", review.markdown()),
            written("ids.csv", review.ids_csv()),
            written("mail.csv", review.mail_csv()),
            written("access.csv", review.access_csv()),
            written("findings.csv", review.findings_csv()),
            written("checklist.md", review.checklist()),
        ];
        let sheet = |sheet: workos_to_authio::review::Sheet| Written {
            name: format!("handoff/{}", sheet.file_name),
            text: sheet.text,
        };
        files.extend(review.handoffs().into_iter().map(sheet));
        files
    }
}

/// A JSON object from a file. serde would take a list for the fields in their order.
fn object<T: DeserializeOwned>(name: &str, bytes: &[u8]) -> Result<T, String> {
    if bare(bytes).trim_ascii_start().first() != Some(&b'{') {
        return Err(format!("{name}: expected a JSON object"));
    }
    parse(name, bytes)
}

fn parse<T: DeserializeOwned>(name: &str, bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bare(bytes)).map_err(|error| format!("{name}: {error}"))
}

/// A file without the byte order mark that some editors write.
fn bare(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}
