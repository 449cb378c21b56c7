// SPDX-License-Identifier: MIT
// Searchable, sortable tables; figures under tabs; the language and the code that the reader chose.
(() => {
  "use strict";
  const all = (what, within = document) => [...within.querySelectorAll(what)];
  const make = (tag, given = {}, ...inside) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(given)) made.setAttribute(name, value);
    made.append(...inside);
    return made;
  };
  const recall = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
  const remember = (name, value) => { try { localStorage.setItem(name, value); } catch { /* private */ } };

  for (const link of all(".minelib-languages a")) {
    link.addEventListener("click", () => remember("minelib-language", link.dataset.language));
  }
  // the arrows of the table of contents say what they open; folded code is named by what is on it
  for (const summary of all(".bd-sidebar-primary li > details > summary")) {
    const link = summary.closest("li").querySelector("a");
    if (link && !summary.textContent.trim()) summary.setAttribute("aria-label", link.textContent.trim());
  }
  all("div.cell details > summary[aria-label]").forEach((summary) => summary.removeAttribute("aria-label"));

  // all code of a page shown or hidden, as the reader left it
  for (const place of all(".minelib-code-switch")) {
    const button = place.querySelector("button");
    const set = (shown) => {
      document.documentElement.classList.toggle("minelib-no-code", !shown);
      button.setAttribute("aria-pressed", shown);
      remember("minelib-code", shown ? "shown" : "hidden");
    };
    button.addEventListener("click", () => set(button.getAttribute("aria-pressed") !== "true"));
    place.hidden = false;
    set(recall("minelib-code") !== "hidden");
  }

  const keyOf = (cell) => {
    const text = cell.dataset.key ?? cell.textContent.trim();
    return text !== "" && isFinite(text) ? Number(text) : text;
  };
  const compare = (a, b) => {
    if (a === "" || b === "") return (a === "") - (b === "");
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a).localeCompare(String(b), document.documentElement.lang);
  };

  let searched = 0;
  const prepare = (ledger) => {
    const table = ledger.querySelector("table");
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const column = ledger.dataset.filter;
    const input = make("input", { type: "search", id: `minelib-search-${(searched += 1)}` });
    const tools = make("div", { class: "minelib-tools" }, make("label", { for: input.id }, `${ledger.dataset.search} `, input));
    const count = make("p", { class: "minelib-count", role: "status" });
    let wanted = null;
    const refresh = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word)) || (wanted !== null && row.cells[column].textContent.trim() !== wanted);
      }
      const shown = rows.filter((row) => !row.hidden).length;
      count.textContent = ledger.dataset.shown.replace("{shown}", shown).replace("{all}", rows.length);
    };
    if (column !== undefined) {
      const values = rows.map((row) => row.cells[column].textContent.trim());
      const buttons = [null, ...new Set(values.filter(Boolean))].map((value) => {
        const total = value === null ? rows.length : values.filter((each) => each === value).length;
        const button = make("button", { type: "button", "aria-pressed": value === null }, `${value ?? ledger.dataset.all} (${total})`);
        button.addEventListener("click", () => {
          wanted = value;
          buttons.forEach((each) => each.setAttribute("aria-pressed", each === button));
          refresh();
        });
        return button;
      });
      tools.append(make("div", { class: "minelib-filters" }, ...buttons));
    }
    input.addEventListener("input", refresh);
    ledger.prepend(tools, count);
    [...table.tHead.rows[0].cells].forEach((head, index) => {
      const button = make("button", { type: "button" }, head.textContent);
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        all("th", table.tHead).forEach((each) => each.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        rows.sort((a, b) => compare(keyOf(a.cells[index]), keyOf(b.cells[index])) * (down ? -1 : 1));
        body.append(...rows);
      });
    });
    refresh();
    ledger.dataset.ready = "yes";
  };
  all(".minelib-ledger").forEach(prepare);

  // numbers come as a script: a page in a folder may fetch nothing else
  const waiting = {};
  window.minelibTaken = (name, data) => waiting[name](data);
  const taken = (src, name, then) => {
    waiting[name] = then;
    document.head.append(make("script", { src }));
  };
  const offered = (name, text) => make("a", { href: URL.createObjectURL(new Blob([text])), download: name }, name.split(".").pop().toUpperCase());
  const fill = (panel, name) => {
    const link = panel.querySelector("a");
    taken(link.getAttribute("href").replace(/csv$/, "js"), name, (data) => {
      const row = (tag, cells, keys) => make("tr", {}, ...cells.map((cell, i) => make(tag, keys(i), cell)));
      const brief = data.heads.map((_, i) => data.cells.every((cells) => cells[i].length < 13));
      const side = (i) => (data.keys[i] < 0 ? { class: brief[i] ? "minelib-brief" : "" } : { class: "minelib-right" });
      const body = data.cells.map((cells, n) => row("td", cells, (i) => ({
        ...side(i), ...(data.keys[i] < 0 ? {} : { "data-key": data.data[n][data.keys[i]] ?? "" }),
      })));
      const table = make("table", {}, make("thead", {}, row("th", data.heads, (i) => ({ scope: "col", ...side(i) }))), make("tbody", {}, ...body));
      const region = make("div", { class: "minelib-scroll", tabindex: 0, role: "region", "aria-label": data.about[0] }, table);
      const ledger = make("div", { class: "minelib-ledger", "data-search": panel.dataset.search, "data-shown": panel.dataset.shown }, region);
      const { about, columns, data: values } = data;
      link.after(" · ", offered(`${name}.json`, JSON.stringify({ about, columns, data: values })));
      panel.append(ledger);
      prepare(ledger);
    });
  };

  const copying = (panel, text) => {
    const button = make("button", { type: "button", class: "minelib-copy" }, panel.dataset.copy);
    const said = make("span", { role: "status" });
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text());
      said.textContent = ` ${panel.dataset.copied}`;
    });
    panel.append(button, said);
  };

  for (const place of all(".minelib-tabs")) {
    const code = place.closest("div.cell")?.querySelector(".cell_input div.highlight, details div.highlight");
    const panels = [...place.children].filter((panel) => code || !panel.matches(".minelib-code") || panel.remove());
    const [data, cite] = [panels[1], panels.at(-1)];
    if (code) place.querySelector(".minelib-code").append(code.cloneNode(true));
    all(".minelib-code [id]", place).forEach((each) => each.removeAttribute("id"));
    copying(cite, () => `${cite.querySelector("p").textContent} ${location.href.split("#")[0]}#${place.id}`);
    const tabs = panels.map((panel, i) => {
      panel.id = `${place.id}-panel-${i}`;
      panel.setAttribute("role", "tabpanel");
      const tab = make("button", { type: "button", role: "tab", id: `${place.id}-tab-${i}`, "aria-controls": panel.id }, panel.dataset.tab);
      panel.setAttribute("aria-labelledby", tab.id);
      tab.addEventListener("click", () => choose(i));
      return tab;
    });
    const choose = (chosen) => {
      tabs.forEach((tab, i) => {
        tab.setAttribute("aria-selected", i === chosen);
        tab.tabIndex = i === chosen ? 0 : -1;
        panels[i].hidden = i !== chosen;
      });
      if (panels[chosen] === data && !data.dataset.filled) fill(data, place.id, (data.dataset.filled = "yes"));
    };
    const list = make("div", { role: "tablist", class: "minelib-tablist", "aria-label": place.dataset.title }, ...tabs);
    list.addEventListener("keydown", (event) => {
      const from = tabs.indexOf(document.activeElement);
      const to = { ArrowRight: from + 1, ArrowLeft: from - 1, Home: 0, End: -1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      const next = (to + tabs.length) % tabs.length;
      choose(next);
      tabs[next].focus();
    });
    place.prepend(list);
    place.dataset.ready = "yes";
    choose(0);
  }
  window.minelibPage = { all, make, recall, taken, offered, copying };
})();
