// SPDX-License-Identifier: MIT
// Searchable, sortable tables, and the language that the reader chose.
(function () {
  "use strict";
  document.querySelectorAll(".minelib-languages a").forEach(function (link) {
    link.addEventListener("click", function () {
      try { localStorage.setItem("minelib-language", link.dataset.language); } catch (error) { /* private */ }
    });
  });

  // the arrows of the table of contents say what they open
  document.querySelectorAll(".bd-sidebar-primary li > details > summary").forEach(function (summary) {
    var link = summary.closest("li").querySelector("a");
    if (link && !summary.textContent.trim()) { summary.setAttribute("aria-label", link.textContent.trim()); }
  });

  // all code of a page shown or hidden, as the reader left it
  document.querySelectorAll(".minelib-code-switch").forEach(function (place) {
    var button = place.querySelector("button");
    var shown = true;
    try { shown = localStorage.getItem("minelib-code") !== "hidden"; } catch (error) { /* private */ }
    function set() {
      document.documentElement.classList.toggle("minelib-no-code", !shown);
      button.setAttribute("aria-pressed", String(shown));
    }
    button.addEventListener("click", function () {
      shown = !shown;
      try { localStorage.setItem("minelib-code", shown ? "shown" : "hidden"); } catch (error) { /* private */ }
      set();
    });
    place.hidden = false;
    set();
  });

  // folded code is named by what is written on it
  document.querySelectorAll("div.cell details > summary[aria-label]").forEach(function (summary) {
    summary.removeAttribute("aria-label");
  });

  function key(cell) {
    var text = cell.dataset.key !== undefined ? cell.dataset.key : cell.textContent.trim();
    var number = parseFloat(text);
    return text !== "" && !isNaN(number) && isFinite(text) ? number : text;
  }

  function compare(a, b) {
    if (a === "") { return b === "" ? 0 : 1; }
    if (b === "") { return -1; }
    if (typeof a === "number" && typeof b === "number") { return a - b; }
    return String(a).localeCompare(String(b), document.documentElement.lang);
  }

  function prepare(ledger, place) {
    var table = ledger.querySelector("table");
    var body = table.tBodies[0];
    var rows = Array.prototype.slice.call(body.rows);
    var column = ledger.dataset.filter;
    var wanted = null;

    var tools = document.createElement("div");
    tools.className = "minelib-tools";
    var label = document.createElement("label");
    label.textContent = ledger.dataset.search + " ";
    var input = document.createElement("input");
    input.type = "search";
    input.id = "minelib-search-" + place;
    label.htmlFor = input.id;
    label.appendChild(input);
    tools.appendChild(label);

    var count = document.createElement("p");
    count.className = "minelib-count";
    count.setAttribute("role", "status");

    function refresh() {
      var words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      var shown = 0;
      rows.forEach(function (row) {
        var text = row.textContent.toLowerCase();
        var fits = words.every(function (word) { return text.indexOf(word) >= 0; });
        if (wanted !== null) { fits = fits && row.cells[column].textContent.trim() === wanted; }
        row.hidden = !fits;
        shown += fits ? 1 : 0;
      });
      count.textContent = ledger.dataset.shown.replace("{shown}", shown).replace("{all}", rows.length);
    }

    if (column !== undefined) {
      var values = [];
      rows.forEach(function (row) {
        var text = row.cells[column].textContent.trim();
        if (text && values.indexOf(text) < 0) { values.push(text); }
      });
      var buttons = document.createElement("div");
      buttons.className = "minelib-filters";
      [null].concat(values).forEach(function (value) {
        var button = document.createElement("button");
        button.type = "button";
        var total = value === null ? rows.length : rows.filter(function (row) {
          return row.cells[column].textContent.trim() === value;
        }).length;
        button.textContent = (value === null ? ledger.dataset.all : value) + " (" + total + ")";
        button.setAttribute("aria-pressed", String(value === null));
        button.addEventListener("click", function () {
          wanted = value;
          buttons.querySelectorAll("button").forEach(function (each) {
            each.setAttribute("aria-pressed", String(each === button));
          });
          refresh();
        });
        buttons.appendChild(button);
      });
      tools.appendChild(buttons);
    }
    input.addEventListener("input", refresh);
    ledger.insertBefore(tools, ledger.firstChild);
    ledger.insertBefore(count, tools.nextSibling);

    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, index) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.textContent = "";
      head.appendChild(button);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending";
        Array.prototype.forEach.call(table.tHead.rows[0].cells, function (each) {
          each.removeAttribute("aria-sort");
        });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        rows.sort(function (a, b) {
          var order = compare(key(a.cells[index]), key(b.cells[index]));
          return down ? -order : order;
        });
        rows.forEach(function (row) { body.appendChild(row); });
      });
    });
    refresh();
  }

  document.querySelectorAll(".minelib-ledger").forEach(prepare);
})();
