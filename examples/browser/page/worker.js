"use strict";
// Reads files into the planner's memory, plans, writes the review. Answers: stage, problem, file, done.
const PIECE = 1 << 22;
let planner = null;

const text = new TextDecoder();
const stage = (words, done) => postMessage({ stage: words, done });

// What the last call had to say, as bytes of its own.
function answer() {
  return new Uint8Array(planner.memory.buffer, planner.answer(), planner.answer_length()).slice();
}

function problem() {
  return text.decode(answer());
}

// Memory moves when the planner needs more of it, so the view is made anew each time. Nothing runs between the pieces.
function room(length, name) {
  const at = planner.room(length);
  if (at === 0) { throw new Error(name + ": there is not enough memory for this file"); }
  return new Uint8Array(planner.memory.buffer, at, length);
}

function named(name) {
  const bytes = new TextEncoder().encode(name);
  room(bytes.length, name).set(bytes);
  return planner.name_file() === 1;
}

async function read(file) {
  const view = room(file.size, file.name);
  for (let at = 0; at < file.size; at += PIECE) {
    stage("Reading " + file.name, at / file.size);
    view.set(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()), at);
  }
  stage("Taking in " + file.name);
  if (planner.add_file() === 0) { throw new Error(problem()); }
}

function write(show) {
  stage("Writing the review");
  planner.review(show);
  while (planner.next_name() === 1) {
    const name = text.decode(answer());
    planner.next_text();
    const bytes = answer();
    postMessage({ file: name, bytes }, [bytes.buffer]);
  }
  postMessage({ done: true });
}

const ran = (async function () {
  const { wasm } = await new Promise((resolve) => { onmessage = (event) => resolve(event.data); });
  const queue = [];
  let wake = () => {};
  onmessage = (event) => { queue.push(event.data); wake(); };
  planner = (await WebAssembly.instantiate(wasm, {})).instance.exports;
  for (;;) {
    while (queue.length === 0) { await new Promise((resolve) => { wake = resolve; }); }
    const { files, show } = queue.shift();
    if (files) {
      const unused = [];
      for (const file of files) {
        if (named(file.name)) { await read(file); } else { unused.push(file.name); }
      }
      if (unused.length > 0) { postMessage({ unused }); }
      stage("Planning");
      if (planner.plan() === 0) { throw new Error(problem()); }
      const bytes = answer();
      postMessage({ file: "plan.json", bytes }, [bytes.buffer]);
    }
    write(show);
  }
})();
ran.catch((error) => {
  // Of the planner itself: a trap has no sentence of its own.
  const broke = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
  postMessage({ problem: broke ? "The planner stopped. Most likely there is not enough memory in the browser; the program needs less." : error.message });
});
