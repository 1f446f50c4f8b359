"use strict";
(function () {
  const by = (id) => document.getElementById(id);
  const drop = by("drop"), input = by("files"), show = by("show");
  const workerUrl = URL.createObjectURL(new Blob([by("worker").textContent], { type: "text/javascript" }));
  let worker = null;
  let saved = [];
  let began = 0;

  function wasm() {
    return Uint8Array.from(atob(by("wasm").textContent), (c) => c.charCodeAt(0));
  }

  function say(problem) {
    by("problem").hidden = !problem;
    by("problem").textContent = problem || "";
    by("progress").hidden = true;
    if (problem) { show.disabled = false; }
  }

  function link(name, bytes) {
    const a = document.createElement("a");
    a.textContent = name;
    a.download = name.split("/").pop();
    a.href = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
    saved.push(a.href);
    return a;
  }

  // A file of the review has come. The page is shown, everything can be saved.
  function take(name, bytes) {
    const a = link(name, bytes);
    // A page of its own address, so that links to its own parts work; it is saved as bytes and shown as a page.
    if (name === "review.html") {
      const url = URL.createObjectURL(new Blob([bytes], { type: "text/html;charset=utf-8" }));
      saved.push(url);
      by("review").src = url;
    }
    if (!name.startsWith("handoff/")) { by("save").append(a, " "); return; }
    const li = document.createElement("li");
    li.append(a);
    by("sheets").querySelector("ul").append(li);
  }

  function clear(keepsPlan) {
    const plan = keepsPlan ? by("save").querySelector("a[download='plan.json']") : null;
    saved = saved.filter((url) => plan && plan.href === url || URL.revokeObjectURL(url));
    by("save").textContent = "Save: ";
    if (plan) { by("save").append(plan, " "); }
    by("sheets").querySelector("ul").textContent = "";
    by("sheets").hidden = true;
    by("said").textContent = "";
    delete by("review").dataset.took;
    say("");
  }

  function answer(event) {
    const data = event.data;
    if (data.stage) {
      by("progress").hidden = false;
      by("stage").textContent = data.stage + " …";
      if (data.done === undefined) { by("bar").removeAttribute("value"); } else { by("bar").value = data.done; }
    } else if (data.file) {
      take(data.file, data.bytes);
    } else if (data.unused) {
      by("said").textContent = "Not needed and not read: " + data.unused.join(", ") + ".";
    } else if (data.problem) {
      worker.terminate();
      worker = null;
      say(data.problem);
    } else if (data.done) {
      const count = by("sheets").querySelectorAll("li").length;
      by("sheets").hidden = count === 0;
      by("sheets").querySelector("summary").textContent = count + " hand-off sheets for administrators outside";
      by("result").hidden = false;
      say("");
      show.disabled = false;
      by("review").dataset.took = Math.round(performance.now() - began);
    }
  }

  function review(files) {
    if (files.length === 0) { return; }
    if (worker) { worker.terminate(); }
    began = performance.now();
    clear(false);
    by("result").hidden = true;
    show.disabled = true;
    worker = new Worker(workerUrl);
    worker.onmessage = answer;
    worker.onerror = (event) => { say("The page has a fault: " + event.message); };
    const bytes = wasm();
    worker.postMessage({ wasm: bytes }, [bytes.buffer]);
    worker.postMessage({ files, show: Number(show.value) });
  }

  // The files of a drop; of a folder those that are in it.
  async function dropped(items) {
    const entries = items.map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry());
    const loose = items.map((item) => item.getAsFile());
    const files = [];
    for (const [at, entry] of entries.entries()) {
      if (!entry || !entry.isDirectory) {
        if (loose[at]) { files.push(loose[at]); }
        continue;
      }
      const reader = entry.createReader();
      for (;;) {
        const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
        if (some.length === 0) { break; }
        for (const one of some.filter((one) => one.isFile)) {
          files.push(await new Promise((resolve, reject) => one.file(resolve, reject)));
        }
      }
    }
    return files;
  }

  input.addEventListener("change", () => { review(Array.from(input.files)); input.value = ""; });
  show.addEventListener("change", () => {
    if (!worker) { return; }
    began = performance.now();
    clear(true);
    show.disabled = true;
    worker.postMessage({ show: Number(show.value) });
  });
  document.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  document.addEventListener("dragleave", () => drop.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    const items = Array.from(event.dataTransfer.items).filter((item) => item.kind === "file");
    dropped(items).then(review, () => say("The folder cannot be read. Drop its files, or open this page from a server."));
  });
})();
