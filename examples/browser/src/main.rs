//! Makes the page: builds the wasm, puts style, scripts and wasm into one file, and allows exactly these by their
//! hashes.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use workos_to_authio::review::{SCRIPT_HASH, STYLE_HASH};

const PAGE: &str = include_str!("../page/index.html");
const STYLE: &str = include_str!("../page/page.css");
const SCRIPT: &str = include_str!("../page/page.js");
const WORKER: &str = include_str!("../page/worker.js");
const TARGET: &str = "wasm32-unknown-unknown";

fn main() -> ExitCode {
    match make() {
        Ok(page) => {
            println!("{}", page.display());
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

fn make() -> Result<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let root = root.canonicalize().map_err(|error| format!("{}: {error}", root.display()))?;
    let wasm = built(&root)?;
    let wasm = fs::read(&wasm).map_err(|error| format!("{}: {error}", wasm.display()))?;
    let folder = root.join("target/browser");
    let page = folder.join("index.html");
    let written = fs::create_dir_all(&folder).and_then(|()| fs::write(&page, assembled(&wasm)));
    written.map_err(|error| format!("{}: {error}", page.display()))?;
    Ok(page)
}

/// Builds the planner for a browser.
fn built(root: &Path) -> Result<PathBuf, String> {
    // A folder of its own: the one of this build may be locked.
    let target = root.join("target/wasm");
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root).args(["build", "--package", "workos-to-authio-browser", "--lib", "--profile", "browser"]);
    command.args(["--target", TARGET, "--target-dir"]).arg(&target);
    match command.status() {
        Ok(status) if status.success() => Ok(target.join(TARGET).join("browser").join("workos_to_authio_browser.wasm")),
        Ok(_) => Err(format!("the planner was not built; `rustup target add {TARGET}` adds what the build needs")),
        Err(error) => Err(format!("cargo cannot be started: {error}")),
    }
}

/// The page, in one file.
fn assembled(wasm: &[u8]) -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    // The review is a page within this one, and both pages' policies hold for it. Worker and review are made in the
    // page.
    let policy = format!(
        "default-src 'none'; connect-src 'none'; script-src 'sha256-{}' 'sha256-{SCRIPT_HASH}' 'wasm-unsafe-eval'; \
         style-src 'sha256-{}' 'sha256-{STYLE_HASH}'; worker-src blob:; frame-src blob:; base-uri 'none'; form-action 'none'",
        hash(SCRIPT),
        hash(STYLE),
    );
    let mut page = String::with_capacity(PAGE.len() + wasm.len() / 3 * 4 + 20_000);
    // A place may come once: what is put in is not looked at again.
    let mut rest = PAGE;
    let wasm = STANDARD.encode(wasm);
    for (place, text) in [
        ("{policy}", policy.as_str()),
        ("{style}", STYLE),
        ("{wasm}", &wasm),
        ("{worker}", WORKER),
        ("{script}", SCRIPT),
    ] {
        if let Some((before, after)) = rest.split_once(place) {
            page.push_str(before);
            page.push_str(text);
            rest = after;
        }
    }
    page.push_str(rest);
    page
}
