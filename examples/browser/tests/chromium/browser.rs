//! Chromium without a window, driven over two pipes by its DevTools protocol.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};
use std::{env, fs, process};

use base64::Engine as _;
use serde_json::{Value, json};

/// How long one call or one wait may take. What takes longer fails, and says what was waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A browser of its own. It ends with this value.
pub(crate) struct Browser {
    child: Child,
    folder: PathBuf,
    to: File,
    from: Receiver<Value>,
    calls: u64,
    answers: BTreeMap<u64, Value>,
    /// Pages within pages that are sealed off.
    frames: Vec<Tab>,
    /// All events so far.
    pub(crate) events: Vec<Value>,
}

/// A page of the browser.
#[derive(Clone)]
pub(crate) struct Tab {
    session: String,
}

impl Browser {
    pub(crate) fn start(name: &str) -> Self {
        let folder = env::temp_dir().join(format!("browser-{name}-{}", process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("saved")).unwrap();
        let (to, from) = (folder.join("to"), folder.join("from"));
        assert!(Command::new("mkfifo").args([&to, &from]).status().unwrap().success());
        // The protocol wants its pipes as files 3 and 4.
        let chromium = env::var("CHROMIUM").unwrap_or_else(|_| "chromium".into());
        let child = Command::new("sh")
            .args(["-c", r#"exec "$@" 3<"$TO" 4>"$FROM""#, "sh", &chromium, "--headless", "--no-sandbox"])
            .args(["--remote-debugging-pipe", "--disable-gpu", "--no-first-run", "--disable-background-networking"])
            .args(["--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-dev-shm-usage"])
            // Whatever else the browser itself asks for leads nowhere.
            .args(["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "about:blank"])
            .arg(format!("--user-data-dir={}", folder.join("profile").display()))
            .envs([("TO", &to), ("FROM", &from)])
            .env("HOME", &folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(folder.join("log")).unwrap())
            .spawn()
            .unwrap();
        let to = OpenOptions::new().write(true).open(to).unwrap();
        let answers = BufReader::with_capacity(1 << 20, File::open(from).unwrap());
        let (sender, from) = channel();
        thread::spawn(move || {
            for message in answers.split(0).map_while(Result::ok) {
                if sender.send(serde_json::from_slice(&message).unwrap()).is_err() {
                    break;
                }
            }
        });
        let mut browser = Self {
            child,
            folder,
            to,
            from,
            calls: 0,
            answers: BTreeMap::new(),
            frames: Vec::new(),
            events: Vec::new(),
        };
        let saved = browser.saved();
        let downloads = json!({"behavior": "allow", "downloadPath": saved, "eventsEnabled": true});
        browser.call(None, "Browser.setDownloadBehavior", downloads);
        browser
    }

    /// Where files go that a page saves.
    pub(crate) fn saved(&self) -> PathBuf {
        self.folder.join("saved")
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn version(&mut self) -> String {
        self.call(None, "Browser.getVersion", json!({}))["product"].as_str().unwrap().to_owned()
    }

    /// Calls a method and waits for its result.
    pub(crate) fn call(&mut self, tab: Option<&Tab>, method: &str, parameters: Value) -> Value {
        let result = self.try_call(tab, method, parameters);
        result.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    fn try_call(&mut self, tab: Option<&Tab>, method: &str, parameters: Value) -> Result<Value, Value> {
        self.calls += 1;
        let mut message = json!({"id": self.calls, "method": method, "params": &parameters});
        if let Some(tab) = tab {
            message["sessionId"] = tab.session.clone().into();
        }
        let mut bytes = serde_json::to_vec(&message).unwrap();
        bytes.push(0);
        self.to.write_all(&bytes).unwrap();
        let id = self.calls;
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(mut answer) = self.answers.remove(&id) {
                return match answer.get("error") {
                    Some(error) => Err(error.clone()),
                    None => Ok(answer["result"].take()),
                };
            }
            let left = until.saturating_duration_since(Instant::now());
            let message = self.from.recv_timeout(left).unwrap_or_else(|error| {
                let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                let state = self.child.try_wait();
                panic!("Chromium does not answer to {method} {parameters} ({error}, {state:?}): {log}")
            });
            match message["id"].as_u64() {
                // Of this call, or of one that waits while a new worker or frame is attached to.
                Some(id) => drop(self.answers.insert(id, message)),
                None => self.note(message),
            }
        }
    }

    /// Workers and frames in other processes are attached to, so that what they ask for is seen as well.
    fn note(&mut self, event: Value) {
        if event["method"] == "Target.attachedToTarget" {
            let session = event["params"]["sessionId"].as_str().unwrap().to_owned();
            let tab = Tab { session };
            if event["params"]["targetInfo"]["type"] == "iframe" {
                self.frames.push(tab.clone());
            }
            self.watch(&tab);
        } else {
            self.events.push(event);
        }
    }

    fn watch(&mut self, tab: &Tab) {
        let attach = json!({"autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true});
        for (method, parameters) in [
            ("Network.enable", json!({})),
            ("Runtime.enable", json!({})),
            ("Log.enable", json!({})),
            ("Page.enable", json!({})),
            ("Target.setAutoAttach", attach),
            ("Runtime.runIfWaitingForDebugger", json!({})),
        ] {
            // A worker has no pages.
            let _ = self.try_call(Some(tab), method, parameters);
        }
    }

    /// Opens an empty page.
    pub(crate) fn tab(&mut self, width: u32, height: u32) -> Tab {
        let target = self.call(None, "Target.createTarget", json!({"url": "about:blank"}))["targetId"].take();
        let attached = self.call(None, "Target.attachToTarget", json!({"targetId": target, "flatten": true}));
        let tab = Tab { session: attached["sessionId"].as_str().unwrap().to_owned() };
        self.watch(&tab);
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.call(Some(&tab), "Emulation.setDeviceMetricsOverride", size);
        tab
    }

    /// Goes to a page and waits until all of the page is there.
    pub(crate) fn go(&mut self, tab: &Tab, url: &str) {
        let went = self.call(Some(tab), "Page.navigate", json!({"url": url}));
        assert_eq!(went["errorText"], Value::Null, "{url}");
        self.wait(tab, "document.readyState === 'complete' && location.href !== 'about:blank'");
    }

    /// The value of an expression in a page; of a promise what it resolves to.
    pub(crate) fn value(&mut self, tab: &Tab, expression: &str) -> Value {
        let parameters = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let mut result = self.call(Some(tab), "Runtime.evaluate", parameters);
        assert_eq!(result.get("exceptionDetails"), None, "{expression}");
        result["result"]["value"].take()
    }

    /// The last page within a page.
    pub(crate) fn frame(&mut self) -> Tab {
        self.frames.last().cloned().expect("no frame is sealed off")
    }

    /// Waits until an expression is true.
    pub(crate) fn wait(&mut self, tab: &Tab, expression: &str) {
        let until = Instant::now() + PATIENCE;
        let parameters = json!({"expression": format!("Boolean({expression})"), "returnByValue": true});
        // In between two pages there is nowhere to look.
        while self
            .try_call(Some(tab), "Runtime.evaluate", parameters.clone())
            .map_or(true, |r| r["result"]["value"] != true)
        {
            assert!(Instant::now() < until, "waited in vain for {expression}");
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Clicks on an element, as a person does.
    pub(crate) fn click(&mut self, tab: &Tab, selector: &str) {
        let place = self.middle(tab, selector);
        for kind in ["mousePressed", "mouseReleased"] {
            let parameters = json!({"type": kind, "x": place.0, "y": place.1, "button": "left", "clickCount": 1});
            self.call(Some(tab), "Input.dispatchMouseEvent", parameters);
        }
    }

    /// Drops files on an element.
    pub(crate) fn drop_files(&mut self, tab: &Tab, selector: &str, files: &[&Path]) {
        let place = self.middle(tab, selector);
        for kind in ["dragEnter", "dragOver", "drop"] {
            let data = json!({"items": [], "files": files, "dragOperationsMask": 1});
            let parameters = json!({"type": kind, "x": place.0, "y": place.1, "data": data});
            self.call(Some(tab), "Input.dispatchDragEvent", parameters);
        }
    }

    fn middle(&mut self, tab: &Tab, selector: &str) -> (f64, f64) {
        let code = format!(
            "(() => {{ const e = document.querySelector({selector:?}); e.scrollIntoView({{block: 'center'}}); \
             const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; }})()"
        );
        let place = self.value(tab, &code);
        (place[0].as_f64().unwrap(), place[1].as_f64().unwrap())
    }

    /// Puts files into a file input, as a person who chooses them.
    pub(crate) fn choose_files(&mut self, tab: &Tab, selector: &str, files: &[&Path]) {
        let root = self.call(Some(tab), "DOM.getDocument", json!({}))["root"]["nodeId"].take();
        let node = self.call(Some(tab), "DOM.querySelector", json!({"nodeId": root, "selector": selector}));
        self.call(Some(tab), "DOM.setFileInputFiles", json!({"nodeId": node["nodeId"], "files": files}));
    }

    /// Waits for a file that a page saves, and reads it.
    pub(crate) fn take_saved(&mut self, tab: &Tab, name: &str) -> Vec<u8> {
        let file = self.saved().join(name);
        let until = Instant::now() + PATIENCE;
        let done =
            |event: &Value| event["method"] == "Browser.downloadProgress" && event["params"]["state"] == "completed";
        while !self.events.iter().any(done) || !file.exists() {
            assert!(Instant::now() < until, "{name} was not saved");
            self.value(tab, "0");
            thread::sleep(Duration::from_millis(10));
        }
        self.events.retain(|event| !done(event));
        let bytes = fs::read(&file).unwrap();
        fs::remove_file(file).unwrap();
        bytes
    }

    /// What every page, frame and worker asked for so far, but for what is in the page itself.
    pub(crate) fn requests(&mut self, tab: &Tab) -> Vec<String> {
        self.value(tab, "0");
        let asked = self.events.iter().filter(|event| event["method"] == "Network.requestWillBeSent");
        let urls = asked.map(|event| event["params"]["request"]["url"].as_str().unwrap().to_owned());
        urls.filter(|url| !url.starts_with("blob:") && !url.starts_with("data:")).collect()
    }

    /// Everything that a page complained of or asked a person.
    pub(crate) fn complaints(&mut self, tab: &Tab) -> Vec<String> {
        self.value(tab, "0");
        let names = ["Runtime.exceptionThrown", "Log.entryAdded", "Page.javascriptDialogOpening"];
        let of_kind = |event: &&Value| names.iter().any(|name| event["method"] == *name);
        self.events.iter().filter(of_kind).map(|event| event["params"].to_string()).collect()
    }

    /// A picture of a page, as PNG.
    pub(crate) fn picture(&mut self, tab: &Tab, whole: bool) -> Vec<u8> {
        let parameters = json!({"format": "png", "captureBeyondViewport": whole});
        let picture = self.call(Some(tab), "Page.captureScreenshot", parameters);
        base64::engine::general_purpose::STANDARD.decode(picture["data"].as_str().unwrap()).unwrap()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.to.write_all(b"{\"id\":0,\"method\":\"Browser.close\"}\0");
        let until = Instant::now() + Duration::from_secs(10);
        while self.child.try_wait().is_ok_and(|status| status.is_none()) && Instant::now() < until {
            thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
