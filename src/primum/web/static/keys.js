/* One key each: / goes to the search, j and k (or the arrows, once in a list) go through it, Enter
   opens. Everything works without this file. Who speaks or types otherwise can turn it off. */
(function () {
  "use strict";
  var OFF = "primum-keys-off";
  var CODES = { KeyJ: "j", KeyK: "k", Slash: "/" };
  var FIELDS = "input, select, textarea, [contenteditable]";
  var STEP = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

  function off() {
    try { return localStorage.getItem(OFF) === "1"; } catch (_e) { return false; }
  }

  function entries() {
    var rows = document.querySelectorAll("main ol.plain > li, main ul.plain > li, main tbody > tr");
    return Array.prototype.map.call(rows, function (row) {
      return row.querySelector("a[href]");
    }).filter(function (link) { return link && link.offsetParent !== null; });
  }

  function here(links) {
    var row = document.activeElement && document.activeElement.closest("li, tr");
    return row ? links.findIndex(function (link) { return row.contains(link); }) : -1;
  }

  function move(by, onlyInside) {
    var links = entries();
    var at = here(links);
    if (!links.length || (at < 0 && onlyInside)) return false;
    var to = at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by;
    if (links[to]) links[to].focus();
    return true;
  }

  function search() {
    var field = document.querySelector("main input[type=search]");
    if (!field) return false;
    field.focus();
    field.select();
    return true;
  }

  document.addEventListener("keydown", function (event) {
    if (event.target.closest && event.target.closest(FIELDS)) return;
    if (event.defaultPrevented || event.isComposing || off()) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    /* On a keyboard of another script the same keys say other letters. */
    var key = event.key.charCodeAt(0) > 127 ? CODES[event.code] : event.key;
    var done = key === "/" ? search() : STEP[key] ? move(STEP[key], key.length > 1) : false;
    if (done) event.preventDefault();
  });

  var told = document.getElementById("keys");
  if (!told) return;
  var button = told.querySelector("button");
  function show() {
    told.hidden = false;
    button.textContent = off() ? button.dataset.off : button.dataset.on;
  }
  button.addEventListener("click", function () {
    try { localStorage.setItem(OFF, off() ? "0" : "1"); } catch (_e) { return; }
    show();
  });
  show();
})();
