//! The functions that the page's worker calls, with bytes in and bytes out.
//!
//! The worker asks for [`room`], writes bytes there, and calls a function that takes them. What a function has to say
//! is at [`answer`] until the next call. A function that can fail returns 0 and leaves a sentence there.
//!
//! Nothing here reads or writes through a pointer: the page gets addresses of vectors that stay as they are until the
//! next call, and the page runs nothing at the same time. Unsafe are the names alone, which must not be those of other
//! functions in the same wasm; there are no others.
#![expect(unsafe_code, reason = "a function can be called from a page only under a name that the linker keeps")]

use std::cell::RefCell;
use std::mem;

use workos_to_authio::review::Show;

use crate::{FileKind, Planned, Session, Written};

#[derive(Debug, Default)]
struct State {
    room: Vec<u8>,
    answer: Vec<u8>,
    name: String,
    session: Session,
    planned: Option<Planned>,
    written: Vec<Written>,
}

impl State {
    /// 1, or 0 with the sentence as the answer.
    fn say<T>(&mut self, result: Result<T, String>, keep: impl FnOnce(&mut Self, T)) -> u32 {
        self.answer.clear();
        match result {
            Ok(value) => {
                keep(self, value);
                1
            }
            Err(sentence) => {
                self.answer = sentence.into();
                0
            }
        }
    }
}

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

fn with<T>(call: impl FnOnce(&mut State) -> T) -> T {
    STATE.with_borrow_mut(call)
}

/// The address of room for so many bytes; 0 where there is not enough memory.
#[unsafe(no_mangle)]
extern "C" fn room(length: usize) -> *mut u8 {
    with(|state| {
        state.room = Vec::new();
        if state.room.try_reserve_exact(length).is_err() {
            return std::ptr::null_mut();
        }
        state.room.resize(length, 0);
        state.room.as_mut_ptr()
    })
}

/// The address of what the last call had to say.
#[unsafe(no_mangle)]
extern "C" fn answer() -> *const u8 {
    with(|state| state.answer.as_ptr())
}

/// How many bytes that is.
#[unsafe(no_mangle)]
extern "C" fn answer_length() -> usize {
    with(|state| state.answer.len())
}

/// Takes the bytes in the room for the name of the next file. 1 where a review needs the file, else 0: then the page
/// does not read it.
#[unsafe(no_mangle)]
extern "C" fn name_file() -> u32 {
    with(|state| {
        state.name = String::from_utf8_lossy(&mem::take(&mut state.room)).into_owned();
        u32::from(FileKind::of(&state.name) != FileKind::Unused)
    })
}

/// Takes the bytes in the room for the content of the file that was named.
#[unsafe(no_mangle)]
extern "C" fn add_file() -> u32 {
    with(|state| {
        let (name, bytes) = (mem::take(&mut state.name), mem::take(&mut state.room));
        let added = state.session.add(&name, bytes);
        state.say(added, |_, ()| {})
    })
}

/// Plans the files that were added; the JSON of the plan is the answer.
#[unsafe(no_mangle)]
extern "C" fn plan() -> u32 {
    with(|state| {
        let planned = state.session.plan().and_then(|planned| Ok((planned.plan_json()?, planned)));
        state.say(planned, |state, (json, planned)| {
            state.answer = json;
            state.planned = Some(planned);
        })
    })
}

/// Writes the review of the plan: 0 shows ids, 1 names, 2 addresses. Returns the number of files.
#[unsafe(no_mangle)]
extern "C" fn review(show: u32) -> usize {
    let show = match show {
        0 => Show::Ids,
        1 => Show::Names,
        _ => Show::Addresses,
    };
    with(|state| {
        state.answer.clear();
        state.written = Vec::new();
        if let Some(planned) = &state.planned {
            state.written = planned.write(show);
        }
        // The last file is taken first.
        state.written.reverse();
        state.written.len()
    })
}

/// The name of the next file of the review is the answer. 0 where there is none.
#[unsafe(no_mangle)]
extern "C" fn next_name() -> u32 {
    with(|state| {
        let name = state.written.last().map(|file| file.name.clone()).ok_or_else(String::new);
        state.say(name, |state, name| state.answer = name.into())
    })
}

/// The text of the next file of the review is the answer, and the file is done with.
#[unsafe(no_mangle)]
extern "C" fn next_text() -> u32 {
    with(|state| {
        let file = state.written.pop().ok_or_else(String::new);
        state.say(file, |state, file| state.answer = file.text.into())
    })
}
