//! What a whole program costs, from the file to the printed plan. Each run is a process of its own, so that its memory
//! is.

use std::hint::black_box;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, fs};

use workos_to_authio::plan;
use workos_to_authio::workos::Bundle;

use super::bare;

/// Reads a file with bare serde_json.
pub(crate) const READ_BARE: &str = "--read-bare";
/// Reads a file, plans it and prints the plan: what `workos-to-authio plan --compact` does.
pub(crate) const PLAN_FILE: &str = "--plan-file";

/// What a process cost.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    /// In the program and in the system for it, to a hundredth of a second.
    pub(crate) time: Duration,
    /// The most memory that it held at a time, in bytes.
    pub(crate) peak: u64,
}

/// Does what the arguments ask for in place of the bench, if they do, and says on standard error what it cost.
pub(crate) fn run_if_asked() {
    let arguments: Vec<String> = env::args().collect();
    let file = |task: &str| {
        let position = arguments.iter().position(|argument| argument == task)?;
        Some(arguments.get(position + 1).unwrap())
    };
    if let Some(file) = file(READ_BARE) {
        let text = fs::read_to_string(file).unwrap();
        black_box(serde_json::from_str::<bare::Bundle>(&text).unwrap());
    } else if let Some(file) = file(PLAN_FILE) {
        let bundle = Bundle::from_json(&fs::read_to_string(file).unwrap()).unwrap();
        let plan = plan(&bundle);
        drop(bundle);
        let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
        serde_json::to_writer(&mut out, &plan).unwrap();
        out.flush().unwrap();
        drop(black_box(plan));
    } else {
        return;
    }
    if let Some(Cost { time, peak }) = own_cost() {
        eprintln!("cost {} {peak}", time.as_millis());
    }
    // As the program does: what the process holds goes with it.
    std::process::exit(0);
}

/// What a task costs in a process of its own, where the system tells.
pub(crate) fn cost(task: &str, file: &Path) -> Option<Cost> {
    let mut program = Command::new(env::current_exe().unwrap());
    let output = program.arg(task).arg(file).stdout(Stdio::null()).stderr(Stdio::piped()).output().unwrap();
    assert!(output.status.success(), "{task} failed");
    let said = String::from_utf8(output.stderr).unwrap();
    let mut words = said.lines().find_map(|line| line.strip_prefix("cost "))?.split(' ');
    let mut next = || words.next()?.parse::<u64>().ok();
    Some(Cost { time: Duration::from_millis(next()?), peak: next()? })
}

/// What this process cost so far, as Linux tells.
fn own_cost() -> Option<Cost> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // Behind the name of the program, which may have spaces: the 12th and the 13th are ticks of a hundredth of a
    // second.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    let time = Duration::from_millis(10 * (ticks()? + ticks()?));
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = peak.split_whitespace().next()?.parse().ok()?;
    Some(Cost { time, peak: kilobytes * 1024 })
}
