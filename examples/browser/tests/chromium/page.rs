//! The page: a bundle is dropped, the review is shown, nothing is asked of the network (R12).

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::Value;

use crate::browser::{Browser, Tab};
use crate::server::Server;
use crate::{cargo, generated_export, root};

/// Remembers every stage that the page shows while its worker works.
const STAGES: &str = "window.stages = []; if (window.watcher) window.watcher.disconnect(); \
    window.watcher = new MutationObserver(() => { const s = document.querySelector('#stage').textContent; \
    if (!document.querySelector('#progress').hidden && s !== window.stages.at(-1)) window.stages.push(s); }); \
    window.watcher.observe(document.querySelector('#progress'), {subtree: true, childList: true, characterData: true})";

const SHOWN: &str = "document.querySelector('#review').dataset.took || !document.querySelector('#problem').hidden";

fn made() -> Vec<u8> {
    let said = cargo(&["run", "--quiet", "--package", "workos-to-authio-browser"]);
    fs::read(String::from_utf8(said).unwrap().trim_end()).unwrap()
}

/// What the program prints of a file.
fn native(file: &Path) -> Vec<u8> {
    let file = file.to_str().unwrap();
    cargo(&["run", "--quiet", "--", "plan", "--input", file])
}

fn shown(browser: &mut Browser, tab: &Tab) -> u64 {
    browser.wait(tab, SHOWN);
    assert_eq!(browser.value(tab, "document.querySelector('#problem').textContent"), "");
    browser.value(tab, "Number(document.querySelector('#review').dataset.took)").as_u64().unwrap()
}

fn save(browser: &mut Browser, tab: &Tab, name: &str) -> Vec<u8> {
    browser.click(tab, &format!("a[download='{name}']"));
    browser.take_saved(tab, name)
}

/// The review within the page: the page cannot look into it, nor it into the page.
fn review(browser: &mut Browser, tab: &Tab) -> Tab {
    assert_eq!(browser.value(tab, "document.querySelector('#review').contentDocument"), Value::Null);
    let frame = browser.frame();
    browser.wait(&frame, "document.readyState === 'complete' && document.querySelector('h1')");
    frame
}

fn generated(folder: &Path, users: &str) -> PathBuf {
    let file = folder.join("export.json");
    fs::write(&file, generated_export(users)).unwrap();
    file
}

/// The review in the page answers a search and follows its own links.
fn looks_around(browser: &mut Browser, tab: &Tab) {
    let frame = review(browser, tab);
    let title = browser.value(&frame, "document.querySelector('h1').textContent");
    assert_eq!(title, "Review of a move from WorkOS to Authio");
    let rows = "document.querySelectorAll('#findings tbody tr').length";
    let before = browser.value(&frame, rows).as_u64().unwrap();
    browser.value(&frame, "{ const i = document.querySelector('#findings input'); i.value = 'sso_handoff'; i.dispatchEvent(new Event('input')); }");
    browser.wait(
        &frame,
        &format!(
            "{rows} > 0 && {rows} < {before} && document.querySelector('#findings td').textContent === 'sso_handoff'"
        ),
    );
    // Signs are signs, and letters are found in any case.
    for (words, finds) in [("SSO_handoff", true), ("sso.handoff", false), ("[", false), ("<", false)] {
        browser.value(
            &frame,
            &format!(
                "{{ const i = document.querySelector('#findings input'); i.value = {words:?}; \
            i.dispatchEvent(new Event('input')); document.querySelector('#findings').review(); }}"
            ),
        );
        assert_eq!(browser.value(&frame, &format!("{rows} > 0")), finds, "{words}");
    }
    browser.value(&frame, "document.querySelector('nav a[href=\"#handoffs\"]').click()");
    browser.wait(&frame, "Math.abs(document.querySelector('#handoffs').getBoundingClientRect().top) < 60");
    assert_eq!(browser.value(&frame, "document.querySelector('h1').textContent"), title);
}

#[test]
#[ignore = "needs Chromium: .ci/browser"]
fn r12_a_dropped_bundle_is_planned_in_the_page_and_nothing_leaves_it() {
    let page = made();
    let server = Server::start(page.clone());
    let mut browser = Browser::start("page");
    let disk = browser.folder().join("index.html");
    fs::write(&disk, page).unwrap();
    let shipped = root().join("examples/cli/bundle.json");
    let large = generated(browser.folder(), "10000");

    // Served, and opened from the disk: the page is the same.
    for url in [server.url.clone(), format!("file://{}", disk.display())] {
        let tab = browser.tab(1200, 900);
        browser.events.clear();
        browser.go(&tab, &url);
        for (file, dropped) in [(&shipped, true), (&large, false), (&large, true)] {
            let began = Instant::now();
            browser.value(&tab, STAGES);
            if dropped {
                browser.drop_files(&tab, "#drop", &[file]);
            } else {
                browser.choose_files(&tab, "#files", &[file]);
            }
            let took = shown(&mut browser, &tab);
            let stages = browser.value(&tab, "window.stages.join(', ')");
            let stages = stages.as_str().unwrap();
            let name = file.file_name().unwrap().to_str().unwrap();
            assert!(stages.contains(&format!("Reading {name} …")), "{stages}");
            assert!(stages.ends_with("Planning …, Writing the review …"), "{stages}");
            let bytes = save(&mut browser, &tab, "plan.json");
            assert!(bytes == native(file), "{}: the plan is another than the program's", file.display());
            looks_around(&mut browser, &tab);
            println!(
                "{} bytes of {}: reviewed in {took} ms, {:.1} s with the driver; plan of {} bytes",
                fs::metadata(file).unwrap().len(),
                url.split(':').next().unwrap(),
                began.elapsed().as_secs_f32(),
                bytes.len()
            );
        }
        // The page itself is the only request, of the log and of the server.
        assert_eq!(browser.requests(&tab), [url.as_str()]);
        assert_eq!(browser.complaints(&tab), [""; 0]);
    }
    assert_eq!(server.asked(), ["GET / HTTP/1.1"]);

    // The policy is what stands in the way, and the log would have seen it.
    let tab = browser.tab(1200, 900);
    browser.go(&tab, &server.url);
    let ask = format!("fetch({:?}).then(() => 'let through', () => 'refused')", format!("{}leak", server.url));
    assert_eq!(browser.value(&tab, &ask), "refused");
    assert!(!server.asked().iter().any(|line| line.contains("leak")));
    assert!(browser.complaints(&tab).iter().any(|entry| entry.contains("connect-src 'none'")));
    println!("{}", browser.version());
}

/// The files of a move, and its folder: the page plans as `plan --move` does (N10), and reads no secret.
#[test]
#[ignore = "needs Chromium: .ci/browser"]
fn r12_a_move_is_planned_as_the_program_plans_it() {
    let mut browser = Browser::start("move");
    // Chromium lets a page read a dropped folder only where the page was served.
    let server = Server::start(made());
    let dir = browser.folder().join("acme");
    fs::create_dir_all(dir.join("journal")).unwrap();
    let bundle = fs::read_to_string(root().join("examples/cli/tests/nights/monday.json")).unwrap();
    fs::write(dir.join("workos.json"), &bundle).unwrap();
    let path = dir.to_str().unwrap();
    let program = |arguments: &[&str]| cargo(&[&["run", "--quiet", "--"], arguments, &["--move", path]].concat());
    program(&["nightly", "--assume-applied"]);
    program(&["cutover", "--share", "40"]);
    // Every organization has another name: its slug stays, for the ledger knows it.
    fs::write(dir.join("workos.json"), bundle.replace(r#""name": ""#, r#""name": "New "#)).unwrap();
    program(&["nightly"]);
    fs::write(dir.join("secrets.ndjson"), "{}").unwrap();
    fs::write(dir.join("journal/0001.ndjson"), "{}").unwrap();
    let expected = program(&["plan", "--dry-run"]);
    let alone = native(&dir.join("workos.json"));
    assert!(expected != alone, "the ledger pins nothing here");

    let tab = browser.tab(1200, 900);
    browser.events.clear();
    let url = server.url.clone();
    browser.go(&tab, &url);
    let names = ["workos.json", "ledger.json", "authio.json", "changes.json", "cutover.json", "secrets.ndjson"];
    let files: Vec<PathBuf> = names.iter().map(|name| dir.join(name)).collect();
    let files: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    for dropped in [&files[..], &[dir.as_path()]] {
        // What an earlier drop left must not pass for the answer.
        browser.value(&tab, "delete document.querySelector('#review').dataset.took");
        browser.drop_files(&tab, "#drop", dropped);
        shown(&mut browser, &tab);
        assert!(save(&mut browser, &tab, "plan.json") == expected, "the page plans another way");
        let said = browser.value(&tab, "document.querySelector('#said').textContent");
        assert!(said.as_str().unwrap().contains("secrets.ndjson"), "{said}");
        let frame = review(&mut browser, &tab);
        browser.wait(&frame, "document.querySelector('#phases')");
        let verdict = browser.value(&frame, "document.querySelector('.verdict strong').textContent");
        assert!(verdict.as_str().unwrap().starts_with("This night "), "{verdict}");
    }
    assert_eq!(browser.requests(&tab), [url.as_str()]);
    assert_eq!(browser.complaints(&tab), [""; 0]);

    // A file that is not JSON gets a sentence, and the page goes on.
    fs::write(dir.join("broken.json"), "{").unwrap();
    browser.drop_files(&tab, "#drop", &[&dir.join("broken.json")]);
    browser.wait(&tab, "!document.querySelector('#problem').hidden");
    let problem = browser.value(&tab, "document.querySelector('#problem').textContent");
    assert!(problem.as_str().unwrap().starts_with("broken.json: "), "{problem}");
    browser.drop_files(&tab, "#drop", &files);
    shown(&mut browser, &tab);
}
