//! `review.html` in a real browser: text of others stays text (R6), and a large page is quick (R11).

use std::path::Path;
use std::time::Instant;
use std::{env, fs};

use serde_json::Value;
use workos_to_authio::cutover::{CutoverOptions, cutover};
use workos_to_authio::plan;
use workos_to_authio::review::{Material, Review, Show};
use workos_to_authio::workos::Bundle;

use crate::browser::{Browser, Tab};
use crate::hostile_text::{HOSTILE, plan_with_text};
use crate::{generated_export, root};

fn write(folder: &Path, name: &str, html: &str) -> String {
    let file = folder.join(name);
    fs::write(&file, html).unwrap();
    format!("file://{}", file.display())
}

/// Draws every row that the page has as data, and opens everything.
const DRAW: &str = "for (const s of document.querySelectorAll('[data-table]')) if (s.review) s.review(); \
    for (const d of document.querySelectorAll('details')) d.open = true;";

/// Every element with the names of its attributes: what a text could add to.
const SHAPE: &str =
    "Array.from(document.querySelectorAll('*'), e => e.tagName + ' ' + e.getAttributeNames()).join('\\n')";

/// Whether each cell that a script drew has the text that the data has.
const CELLS: &str = "(() => { for (const s of document.querySelectorAll('[data-table]')) { const rows = s.rows(); \
    const drawn = Array.from(s.querySelectorAll('tbody tr'), r => Array.from(r.children, c => c.textContent)); \
    if (JSON.stringify(drawn) !== JSON.stringify(rows.slice(0, drawn.length)) || drawn.length === 0) return s.id; } \
    return 'all'; })()";

#[test]
#[ignore = "needs Chromium: .ci/browser"]
fn r6_a_browser_runs_nothing_of_a_text_and_shows_it() {
    let mut browser = Browser::start("hostile");
    let folder = browser.folder().to_owned();
    let tab = browser.tab(1200, 900);
    let mut load = |text: &str, show: Show| {
        let html = Review::new(&Material::new(&plan_with_text(text)).show(show)).html();
        let url = write(&folder, "review.html", &html);
        browser.events.clear();
        browser.go(&tab, &url);
        browser.value(&tab, DRAW);
        assert_eq!(browser.value(&tab, CELLS), "all", "{text:?}");
        assert_eq!(browser.requests(&tab), [url], "{text:?}");
        assert_eq!(browser.complaints(&tab), [""; 0], "{text:?}");
        let shown = browser.value(&tab, "document.body.textContent");
        (browser.value(&tab, SHAPE), shown.as_str().unwrap().to_owned())
    };
    for show in [Show::Ids, Show::Names, Show::Addresses] {
        let (plain, _) = load("plain", show);
        for text in HOSTILE {
            let (shape, shown) = load(text, show);
            assert_eq!(shape, plain, "{text:?}");
            let printable = text.chars().all(|c| c.is_ascii() && !c.is_control());
            assert!(show != Show::Addresses || !printable || shown.contains(text.trim()), "{text:?} is not shown");
        }
    }
    println!("{} texts in every field, each shown as text; {}", HOSTILE.len(), browser.version());
}

fn bundle(users: &str) -> Bundle {
    Bundle::from_slice(&generated_export(users)).unwrap()
}

/// The time from the event of a search to its answer on the page, in ms.
fn search(browser: &mut Browser, tab: &Tab, words: &str) -> f64 {
    let code = format!(
        "new Promise(resolve => {{ const s = document.querySelector('#users'), i = s.querySelector('input'), f = s.querySelector('.found'); \
         const began = performance.now(); new MutationObserver((_, o) => {{ o.disconnect(); \
         requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began), 0)); }}).observe(f, {{childList: true}}); \
         i.value = {words:?}; i.dispatchEvent(new Event('input')); }})"
    );
    browser.value(tab, &code).as_f64().unwrap()
}

/// Follows each link that is about a record: the rows that its table then shows all have the record. How many there were.
const FOLLOW: &str = "(() => { let count = 0; for (const link of document.querySelectorAll('[data-find]')) { \
    const section = document.querySelector(link.getAttribute('href')); if (!section.review) continue; \
    section.querySelector('input').value = 'something else'; link.click(); \
    const rows = Array.from(section.querySelectorAll('tbody tr'), r => r.textContent); \
    if (rows.length === 0 || !rows.every(r => r.includes(link.dataset.find))) return link.dataset.find; count++; } \
    return count; })()";

/// R3: a link of a finding shows the rows of that record alone.
#[test]
#[ignore = "needs Chromium: .ci/browser"]
fn r3_a_link_of_a_finding_shows_the_rows_of_its_record() {
    let html = Review::new(&Material::new(&plan(&bundle("2000")))).html();
    let mut browser = Browser::start("links");
    let url = write(browser.folder(), "review.html", &html);
    let tab = browser.tab(1200, 900);
    browser.go(&tab, &url);
    let followed = browser.value(&tab, FOLLOW);
    println!("{followed} links followed");
    assert!(followed.as_u64().is_some_and(|count| count > 3), "{followed}");
}

/// R11: 100,000 users.
#[test]
#[ignore = "needs Chromium: .ci/browser"]
fn r11_a_hundred_thousand_users_are_shown_and_searched_quickly() {
    // More than a quarter of the records share an address with another.
    let bundle = bundle("140000");
    let plan = plan(&bundle);
    let mut built = [0.0; 2];
    // The best of three: what else the machine does falls on either.
    let mut html = String::new();
    let mut best = [f64::MAX; 2];
    for _ in 0..3 {
        let began = Instant::now();
        let json = serde_json::to_vec(&plan).unwrap();
        built[0] = began.elapsed().as_secs_f64();
        drop(json);
        let began = Instant::now();
        html = Review::new(&Material::new(&plan)).html();
        built[1] = began.elapsed().as_secs_f64();
        best = [best[0].min(built[0]), best[1].min(built[1])];
    }
    let mut browser = Browser::start("large");
    let url = write(browser.folder(), "review.html", &html);
    let tab = browser.tab(1200, 900);
    let Shown { painted, loaded, at_once, slowest } = shown(&mut browser, &tab, &url);
    assert!(plan.users.len() >= 100_000, "{}", plan.users.len());
    println!(
        "{} users: review.html {:.1} MB, built in {:.2} s, plan as JSON in {:.2} s: {:.1} times; first paint after {painted:.0} ms, loaded \
         after {loaded:.0} ms; a search at once {at_once:.0} ms, later ones at most {slowest:.0} ms; {}",
        plan.users.len(),
        html.len() as f64 / 1e6,
        best[1],
        best[0],
        best[1] / best[0],
        browser.version()
    );
    assert!(html.len() < 40_000_000);
    assert!(loaded < 3_000.0 && painted < 3_000.0, "{loaded} {painted}");
    assert!(at_once < 200.0 && slowest < 200.0, "{at_once} {slowest}");
    assert!(best[1] < 3.0 * best[0], "{best:?}");

    // Everything shown, and every phase.
    let phases = cutover(&plan, &CutoverOptions::new().shares(["10".parse().unwrap(), "40".parse().unwrap()]));
    let html = Review::new(&Material::new(&plan).phases(&phases).show(Show::Addresses)).html();
    let url = write(browser.folder(), "all.html", &html);
    let Shown { loaded, at_once, .. } = shown(&mut browser, &tab, &url);
    println!(
        "with addresses and phases {:.1} MB, loaded after {loaded:.0} ms, a search at once {at_once:.0} ms",
        html.len() as f64 / 1e6
    );
    assert!(html.len() < 40_000_000);
    assert!(loaded < 3_000.0 && at_once < 200.0, "{loaded} {at_once}");
}

/// How quickly a page was there and answered, in ms: a search typed at once, for which nothing is prepared yet, and the
/// slowest of some later ones.
struct Shown {
    painted: f64,
    loaded: f64,
    at_once: f64,
    slowest: f64,
}

/// The best of three: what else the machine does falls on any.
fn shown(browser: &mut Browser, tab: &Tab, url: &str) -> Shown {
    let mut best = Shown { painted: f64::MAX, loaded: f64::MAX, at_once: f64::MAX, slowest: f64::MAX };
    for _ in 0..3 {
        let (painted, loaded) = load(browser, tab, url);
        let at_once = search(browser, tab, "user_01");
        let next = ["ana", "organization admin", "no such person at all", "a"].map(|words| search(browser, tab, words));
        best.painted = best.painted.min(painted);
        best.loaded = best.loaded.min(loaded);
        best.at_once = best.at_once.min(at_once);
        best.slowest = best.slowest.min(next.into_iter().fold(0.0, f64::max));
    }
    best
}

/// Goes to a page; when it was painted first, and when it was there as a whole, in ms.
fn load(browser: &mut Browser, tab: &Tab, url: &str) -> (f64, f64) {
    browser.go(tab, url);
    let shown = "performance.getEntriesByType('paint').find(e => e.name === 'first-contentful-paint')";
    browser.wait(tab, shown);
    let loaded = "performance.getEntriesByType('navigation')[0].loadEventEnd";
    browser.wait(tab, &format!("{loaded} > 0"));
    let painted = browser.value(tab, &format!("{shown}.startTime")).as_f64().unwrap();
    (painted, browser.value(tab, loaded).as_f64().unwrap())
}

/// Pictures for people to look at, in the folder that `PICTURES` names: the shipped bundle and 2,000 users; wide,
/// narrow, dark, printed.
#[test]
#[ignore = "needs Chromium: .ci/browser"]
fn pictures_of_a_review() {
    let Some(folder) = env::var_os("PICTURES") else { return };
    let folder = Path::new(&folder);
    fs::create_dir_all(folder).unwrap();
    let shipped = Bundle::from_slice(&fs::read(root().join("examples/cli/bundle.json")).unwrap()).unwrap();
    let mut browser = Browser::start("pictures");
    for (name, bundle) in [("shipped", shipped), ("tenant", bundle("2000"))] {
        let plan = plan(&bundle);
        let phases = cutover(&plan, &CutoverOptions::new().shares(["10".parse().unwrap(), "40".parse().unwrap()]));
        let html = Review::new(&Material::new(&plan).phases(&phases)).html();
        let url = write(folder, &format!("{name}.html"), &html);
        for (form, width, media) in [
            ("wide", 1180, [("prefers-color-scheme", "light")]),
            ("phone", 390, [("prefers-color-scheme", "light")]),
            ("dark", 1180, [("prefers-color-scheme", "dark")]),
        ] {
            let tab = browser.tab(width, 1180);
            let features: Vec<Value> =
                media.iter().map(|(name, value)| serde_json::json!({"name": name, "value": value})).collect();
            browser.call(Some(&tab), "Emulation.setEmulatedMedia", serde_json::json!({"features": features}));
            browser.go(&tab, &url);
            let picture = browser.picture(&tab, false);
            fs::write(folder.join(format!("{name}-{form}.png")), picture).unwrap();
            let picture = browser.picture(&tab, true);
            fs::write(folder.join(format!("{name}-{form}-all.png")), picture).unwrap();
        }
        let tab = browser.tab(1180, 1180);
        browser.go(&tab, &url);
        let printed = browser.call(Some(&tab), "Page.printToPDF", serde_json::json!({"printBackground": false}));
        use base64::Engine as _;
        let pdf = base64::engine::general_purpose::STANDARD.decode(printed["data"].as_str().unwrap()).unwrap();
        fs::write(folder.join(format!("{name}.pdf")), pdf).unwrap();
    }
}
