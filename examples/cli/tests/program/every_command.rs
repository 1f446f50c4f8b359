//! What holds for every command: exit status, closed pipes, full disks, several inputs, standard input, hostile text.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};

use serde_json::Value;

use crate::bundle::pages;
use crate::process::{assert_unusable, command, file, folder, run, run_with_input};

/// A complete export.
const EXPORT: &str = include_str!("../nights/monday.json");

/// Every command with arguments that it is content with, on a complete export.
fn commands(folder: &Path) -> Vec<(&'static str, Vec<String>)> {
    let saved = folder.join("pages");
    fs::create_dir(&saved).unwrap();
    pages(&saved);
    let bundle = file(folder, "workos.json", EXPORT);
    let plan = file(folder, "plan.json", run("plan", &["--input", &bundle]).stdout);
    let input = || ["--input".to_owned(), bundle.clone()];
    let out = ["--out".to_owned(), folder.join("review").to_str().unwrap().to_owned()];
    vec![
        ("plan", input().to_vec()),
        ("check", [&["--plan".to_owned(), plan][..], &input()].concat()),
        ("nightly", input().to_vec()),
        ("cutover", input().to_vec()),
        ("review", [&out[..], &input()].concat()),
        ("bundle", vec![saved.to_str().unwrap().to_owned()]),
    ]
}

/// Those that read bundles.
fn readers(folder: &Path) -> Vec<(&'static str, Vec<String>)> {
    commands(folder).into_iter().filter(|(_, arguments)| arguments.contains(&"--input".to_owned())).collect()
}

fn borrowed(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Every command stands in the list above, and every command has a help text with its exit status or one that names it.
#[test]
fn the_list_of_commands_is_whole() {
    let help = run("--help", &[]);
    let listed = help.stdout.split("Commands:").nth(1).unwrap().split("Options:").next().unwrap();
    let names: Vec<&str> = listed
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    // Those with a network are tested in the suites `network` and `apply`.
    let (networked, local): (Vec<&str>, Vec<&str>) =
        names.into_iter().partition(|name| ["pull", "snapshot", "apply", "undo", "night"].contains(name));
    assert_eq!(networked, ["pull", "snapshot", "apply", "undo", "night"]);
    let here = commands(&folder("list")).into_iter().map(|(name, _)| name);
    assert_eq!(local, here.chain(["help"]).collect::<Vec<_>>());
    assert!(help.stdout.contains("Exit status:\n  0  done\n"), "{}", help.stdout);
}

/// `| head -1`: the reader goes away, and nobody complains.
#[test]
fn a_closed_pipe_ends_quietly() {
    for (name, arguments) in commands(&folder("pipes")) {
        for arguments in [borrowed(&arguments), vec!["--help"]] {
            let mut child = command(name, &arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            drop(child.stdout.take());
            let output = child.wait_with_output().unwrap();
            let text = stderr(&output);
            assert_eq!(output.status.code(), Some(0), "{name}: {text}");
            assert!(!text.contains("panicked") && !text.contains("error: standard output"), "{name}: {text}");
        }
    }
}

/// Nothing that was not printed counts as printed.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_an_error() {
    let full = || OpenOptions::new().write(true).open("/dev/full").unwrap();
    for (name, arguments) in commands(&folder("full")) {
        for arguments in [borrowed(&arguments), vec!["--help"]] {
            let output = command(name, &arguments).stdout(full()).output().unwrap();
            let text = stderr(&output);
            assert_eq!(output.status.code(), Some(1), "{name} {arguments:?}: {text}");
            assert_eq!(text, "error: standard output: No space left on device (os error 28)\n", "{name}");
        }
        // Nobody can be told that standard error is full.
        let output = command(name, &borrowed(&arguments)).stderr(full()).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{name}");
    }
}

/// Two environments, one after the other or one from standard input, are one bundle.
#[test]
fn several_inputs_are_joined() {
    let folder = folder("several");
    let half = |kept: usize| {
        let mut bundle: Value = serde_json::from_str(EXPORT).unwrap();
        for section in bundle.as_object_mut().unwrap().values_mut() {
            let records = section.as_array().unwrap().iter().enumerate();
            *section = records.filter(|(at, _)| at % 2 == kept).map(|(_, record)| record.clone()).collect();
        }
        bundle.to_string()
    };
    let (even, odd) = (file(&folder, "even.json", half(0)), half(1));
    let odd_file = file(&folder, "odd.json", &odd);
    // What a command prints, and the page that `review` writes.
    let page = folder.join("review/review.html");
    let with_page = |run| (run, fs::read_to_string(&page).ok());
    for (name, arguments) in readers(&folder) {
        let whole = with_page(run(name, &borrowed(&arguments)));
        let rest: Vec<&str> = borrowed(&arguments).into_iter().take(arguments.len() - 2).collect();
        let with = |inputs: &[&str]| with_page(run_with_input(name, &[&rest[..], inputs].concat(), odd.as_bytes()));
        assert!(with(&["--input", &even, "--input", &odd_file]) == whole, "{name}");
        assert!(with(&["--input=-", "--input", &even]) == whole, "{name}");
        assert!(with(&["--input", &even]) != whole, "{name}");
    }
}

/// Files that are not usable are exit 2 and one line, which names the file, for every command and every option.
#[test]
fn what_is_not_usable_is_exit_2() {
    let folder = folder("every_unusable");
    let garbage = file(&folder, "garbage.json", b"\xff\xfe{}");
    let empty = file(&folder, "empty.json", "");
    let deep = file(&folder, "deep.json", "[".repeat(100_000));
    let folder_name = folder.to_str().unwrap().to_owned();
    for (name, arguments) in readers(&folder) {
        let arguments = borrowed(&arguments);
        for option in ["--input", "--options", "--plan", "--ledger", "--snapshot", "--guards"] {
            // Options of other commands, and the options that are there already.
            if !run(name, &["--help"]).stdout.contains(&format!("{option} <")) || option == "--plan" {
                continue;
            }
            for path in [&garbage, &empty, &deep, &folder_name, "/no/such/file.json"] {
                assert_unusable(&run(name, &[&arguments[..], &[option, path]].concat()), path);
            }
        }
        assert_unusable(
            &run(name, &[&arguments[..], &["--input=-", "--input=-"]].concat()),
            "standard input can be read only once",
        );
        assert_unusable(&run_with_input(name, &[&arguments[..], &["--input", "-"]].concat(), b"{"), "standard input: ");
    }
}

/// One line, whatever the mistake, and no text of a stranger moves the cursor.
#[test]
fn mistakes_on_the_command_line_are_one_line() {
    let hostile = "--\u{1b}[31mred\u{202e}\r\n\n\nUsage: x";
    for (name, _) in commands(&folder("mistakes")) {
        for arguments in
            [&["--inptu"][..], &["--input"], &["a", "b", "c"], &[hostile], &["--move"], &["--move="], &["", ""]]
        {
            let run = run(name, arguments);
            assert_unusable(&run, "; see --help");
            assert!(!run.stderr.trim_end().contains(|c: char| c.is_control() || c == '\u{202e}'), "{run:?}");
        }
    }
    assert_unusable(&run("plna", &[]), "unrecognized subcommand 'plna'");
    assert_unusable(&run("", &[]), "see --help");
    let none = std::process::Command::new(env!("CARGO_BIN_EXE_workos-to-authio")).output().unwrap();
    assert_eq!((none.status.code(), stderr(&none).as_str()), (Some(2), "error: which command? see --help\n"));
}

/// File names and arguments need not be UTF-8.
#[test]
#[cfg(unix)]
fn names_that_are_not_utf8() {
    use std::os::unix::ffi::OsStrExt;
    let folder = folder("not_utf8");
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.json");
    fs::write(folder.join(name), EXPORT).unwrap();
    let output = command("plan", &["--input"]).arg(folder.join(name)).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let output = command("cutover", &["--pilot"]).arg(name).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(stderr(&output).lines().count(), 1);
}

/// Standard input may end, or stay open, without being read.
#[test]
fn standard_input_is_read_only_where_it_is_asked_for() {
    let mut child =
        command("plan", &[]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    // Were it read, this would wait for ever.
    assert!(child.wait().unwrap().success());
    let _ = child.stdin.take().map(|mut stdin| stdin.write_all(b"never read"));
}
