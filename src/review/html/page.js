"use strict";
(function () {
  var PAGE = 50;
  function cell(tag, text, column) {
    var one = document.createElement(tag);
    one.textContent = text;
    if (tag === "th") { one.scope = "row"; } else { one.dataset.c = column; }
    return one;
  }
  function setUp(section) {
    var key = section.dataset.table;
    var tools = section.querySelector(".tools");
    var body = section.querySelector("tbody");
    var found = section.querySelector(".found");
    var more = section.querySelector(".more");
    var search = tools.querySelector("input");
    var filter = tools.querySelector("select");
    var columns = Array.prototype.map.call(section.querySelectorAll("thead th"), function (th) { return th.textContent; });
    // A row is a line of the data: the text is searched as it is, and a row is taken apart when it is drawn.
    var data = null, hits = null;
    var drawn = 0;
    tools.hidden = false;
    function shown(text) { return text.replace(/\f/g, "\n").replace(/\x1a/g, "<"); }
    function rows() {
      if (!data) { data = document.getElementById("data-" + key).textContent.split("\n"); }
      return data;
    }
    function draw(count) {
      var all = rows();
      var part = document.createDocumentFragment();
      var end = Math.min(hits.length, drawn + count);
      for (; drawn < end; drawn++) {
        var row = document.createElement("tr");
        all[hits[drawn]].split("\t").forEach(function (text, at) { row.appendChild(cell(at ? "td" : "th", shown(text), columns[at])); });
        part.appendChild(row);
      }
      body.appendChild(part);
      more.hidden = drawn >= hits.length;
      more.textContent = "Show " + Math.min(200, hits.length - drawn) + " more";
      found.textContent = hits.length + " of " + all.length + (drawn < hits.length ? ", the first " + drawn + " shown" : "");
    }
    function run() {
      var all = rows();
      // Of 100,000 rows this takes a tenth of the time that small letters for all of them would.
      var words = search.value.replace(/</g, "\x1a").split(/\s+/).filter(Boolean).map(function (word) {
        return new RegExp(word.replace(/[\\^$.*+?()[\]{}|\/]/g, "\\$&"), "iu");
      });
      var at = filter ? Number(filter.dataset.column) : -1;
      var only = filter ? filter.value : "";
      hits = [];
      for (var i = 0; i < all.length; i++) {
        if (only && shown(all[i].split("\t")[at]) !== only) { continue; }
        var ok = true;
        for (var w = 0; w < words.length && ok; w++) { ok = words[w].test(all[i]); }
        if (ok) { hits.push(i); }
      }
      body.textContent = "";
      drawn = 0;
      draw(PAGE);
    }
    var timer = 0;
    search.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(run, 30); });
    if (filter) { filter.addEventListener("change", run); }
    more.addEventListener("click", function () {
      if (!hits) { run(); }
      draw(200);
    });
    section.review = run;
    section.rows = function () { return rows().map(function (row) { return row.split("\t").map(shown); }); };
  }
  Array.prototype.forEach.call(document.querySelectorAll("[data-table]"), setUp);
  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      var first = document.querySelector("[data-table] input");
      if (first) { event.preventDefault(); first.focus(); }
    }
  });
  // A link that is about a code or a record shows its rows alone.
  Array.prototype.forEach.call(document.querySelectorAll("[data-code],[data-find]"), function (link) {
    link.addEventListener("click", function () {
      var section = document.getElementById(link.getAttribute("href").slice(1));
      if (!section || !section.review) { return; }
      var filter = section.querySelector("select");
      section.querySelector("input").value = link.dataset.find || "";
      if (filter) { filter.value = link.dataset.code || ""; }
      section.review();
    });
  });
  // A sealed frame, as of the page that plans in a browser, may not follow links to its own parts.
  document.addEventListener("click", function (event) {
    var link = window.top === window ? null : event.target.closest("a[href^='#']");
    var part = link && document.getElementById(link.getAttribute("href").slice(1));
    if (part) {
      event.preventDefault();
      part.tabIndex = -1;
      part.focus();
      part.scrollIntoView();
    }
  });
  window.addEventListener("beforeprint", function () {
    Array.prototype.forEach.call(document.querySelectorAll("details:not(.other)"), function (one) { one.open = true; });
  });
})();
