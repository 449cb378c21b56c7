// SPDX-License-Identifier: MIT
// Living figures: the still picture first, what can be asked over it when it comes into view.
(() => {
  "use strict";
  const { all, make, taken, offered, copying } = window.minelibPage;
  const lang = document.documentElement.lang;
  const here = document.querySelector('script[src*="live.js"]').src;
  const asking = {};
  const script = (name) => (asking[name] ??= new Promise((done, failed) => {
    const element = make("script", { src: new URL(name, here) });
    element.onload = done;
    element.onerror = failed;
    document.head.append(element);
  }));

  // the state of the controls lies in the address, behind the name of the figure
  const asked = (id) => {
    const [name, state] = decodeURI(location.hash.slice(1)).split("?");
    return name === id ? new URLSearchParams(state ?? "") : null;
  };
  const place = (text) => (isNaN(text) ? Date.parse(text) : Number(text));
  const nearest = (control, value) => {
    const far = (each) => Math.abs(place(each) - place(value));
    return control.ordered && !isNaN(place(value)) ? control.values.reduce((a, b) => (far(b) < far(a) ? b : a)) : null;
  };
  const cell = (value, digits) => {
    if (typeof value !== "number") return value ?? "–";
    if (digits === null && Number.isInteger(value)) return String(value);
    const shown = digits ?? 1;
    return value.toLocaleString(lang, { minimumFractionDigits: shown, maximumFractionDigits: shown, roundingMode: "halfEven" });
  };

  const chart = (spec, box) => {
    const shown = make("div", { class: "minelib-chart", role: "img" });
    box.append(shown);
    return async (view) => {
      const data = { ...spec.data, ...view.data };
      const traces = spec.traces.map((trace) => {
        const x = data[trace.of ?? spec.x];
        const [low, high] = (trace.bounds ?? []).map((name) => data[name]);
        const whiskers = low && { symmetric: false, array: x.map((v, i) => high[i] - v), arrayminus: x.map((v, i) => v - low[i]) };
        return { ...trace, x, y: data[trace.y], ...(trace.text && { text: data[trace.text] }), ...(low && { error_x: whiskers }) };
      });
      const layout = { ...spec.layout, font: { ...spec.layout.font, family: getComputedStyle(box).fontFamily } };
      for (const [side, more] of Object.entries(view.layout ?? {})) layout[side] = { ...layout[side], ...more };
      await script("plotly-basic.min.js");
      await window.Plotly.react(shown, traces, layout, { displayModeBar: false, responsive: true });
      shown.setAttribute("aria-label", view.said);
    };
  };

  const drawn = (tag, given, words) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(given)) made.setAttribute(name, value);
    if (words) made.textContent = words;
    return made;
  };
  const map = (spec, box) => {
    const svg = drawn("svg", { class: "minelib-map", role: "img" });
    box.append(make("div", { class: "minelib-scroll", tabindex: 0, role: "group", "aria-label": spec.title }, svg));
    const most = {};
    for (const [key, view] of Object.entries(spec.views)) {
      const level = key.split("|")[0];
      most[level] = Math.max(most[level] ?? 0, ...view.sizes);
    }
    return (view, state) => {
      const tiles = state.level === "province";
      const sides = spec.marks[state.level].flatMap(({ x, y }) => [[x, y]]);
      const [left, right] = [Math.min(...sides.map(([x]) => x)) - 0.7, Math.max(...sides.map(([x]) => x)) + 0.7];
      svg.setAttribute("viewBox", `${left} -0.7 ${right - left} ${Math.max(...sides.map(([, y]) => y)) + 1.8}`);
      svg.setAttribute("aria-label", view.said);
      const latin = /[a-z]/.test(spec.marks[state.level][0].name);
      svg.style.minWidth = tiles && latin ? "34rem" : "";
      const font = Math.max(0.15, (10.5 * (right - left)) / svg.clientWidth); // never under 10.5 pixels
      svg.replaceChildren(...spec.marks[state.level].flatMap(({ x, y, name, colour }, i) => {
        const [size, part] = [view.sizes[i], (view.sizes[i] ?? 0) / most[state.level]];
        const look = { fill: tiles ? "#c8372d" : colour, stroke: "#8c8c8c", "stroke-width": 0.01 };
        const shape = tiles
          ? drawn("rect", { ...look, x: x - 0.48, y: y - 0.48, width: 0.96, height: 0.96, "fill-opacity": 0.75 * part })
          : drawn("circle", { ...look, cx: x, cy: y, r: 0.58 * Math.sqrt(part), "fill-opacity": 0.75 });
        const down = tiles ? 0 : 0.58 * Math.sqrt(part) + 1.1 * font;
        const text = { x, "text-anchor": "middle", "font-size": tiles ? (latin ? Math.min(0.19, 1.6 / name.length) : 0.28) : font, fill: "#1d2129" };
        const value = { ...text, "font-size": tiles ? 0.22 : 1.1 * font, y: y + down + (tiles ? 0.3 : 1.2 * font) };
        return [shape, drawn("text", { ...text, y: y + down }, name), drawn("text", value, size == null ? "–" : `${cell(size, 1)}%`)];
      }));
    };
  };

  const list = (spec, box, controls) => {
    const entries = spec.rows.map((row) => make("li"));
    entries.forEach((entry, i) => { entry.innerHTML = spec.rows[i]; });
    box.append(make("ul", { class: "minelib-claims" }, ...entries));
    return (view, state) => {
      entries.forEach((entry, i) => {
        entry.hidden = controls.some(({ name }, n) => state[name] !== "" && state[name] !== spec.keys[i][n]);
      });
    };
  };

  const table = (spec, view) => {
    const row = (tag, cells) => make("tr", {}, ...cells.map((each) => make(tag, tag === "th" ? { scope: "col" } : {}, each)));
    const columns = spec.columns.map(({ name, digits }) => view.data[name].map((value) => cell(value, digits)));
    const body = (columns[0] ?? []).map((_, i) => row("td", columns.map((column) => column[i])));
    return make("table", {}, make("thead", {}, row("th", spec.columns.map(({ label }) => label))), make("tbody", {}, ...body));
  };

  // what is shown, under a head of lines that begin with #, as the files of the other figures
  const csv = ({ columns }, view, about) => {
    const row = (cells) => cells.map((each) => (typeof each === "string" ? `"${each.replaceAll('"', '""')}"` : each ?? "")).join(",");
    const parts = columns.map(({ name }) => view.data[name]);
    const heads = [...about, view.said, ...columns.map(({ name, label }) => `${name}: ${label}`)];
    return [...heads.map((each) => `# ${each.replace(/\s+/g, " ")}`), row(columns.map(({ name }) => name)), ...parts[0].map((_, i) => row(parts.map((part) => part[i])))].join("\n");
  };

  const build = async (root, spec) => {
    const words = JSON.parse(root.dataset.words);
    const tabs = root.closest(".minelib-tabs");
    const state = { ...spec.start };
    const notes = [];
    for (const { name, values, words: said, ordered, label } of spec.controls) {
      const wanted = asked(tabs.id)?.get(name);
      if (wanted == null) continue;
      const found = values.includes(wanted) ? wanted : nearest({ ordered, values }, wanted) ?? state[name];
      state[name] = found;
      if (found !== wanted) notes.push(words.nearest.replace("{control}", label).replace("{value}", wanted).replace("{shown}", said[values.indexOf(found)]));
    }
    const box = make("div", { class: "minelib-asked", role: "group", "aria-label": spec.title });
    const turned = make("div", { class: "minelib-tools" });
    const said = make("p", { role: "status", "aria-live": "polite", class: "minelib-said" });
    const details = spec.columns && make("details", {}, make("summary", {}, words.table));
    box.append(make("h3", {}, spec.title), turned);
    const draw = (spec.traces ? chart : spec.marks ? map : list)(spec, box, spec.controls);
    const show = async () => {
      const view = spec.views ? spec.views[spec.controls.map(({ name }) => state[name]).join("|")] : {};
      if (!view) { said.textContent = words.absent; return; }
      await draw(view, state);
      const counts = { "{shown}": all("li:not([hidden])", box).length, "{all}": spec.rows?.length };
      if (spec.reckoned) await script("reckon.js");
      const reckoned = spec.reckoned ? window.minelibReckon(spec, state, cell) : "";
      const told = (view.said ?? spec.said).replace(/\{shown\}|\{all\}/g, (each) => counts[each]);
      said.textContent = [...notes.splice(0), told, reckoned].join(" ").trim();
      if (details) details.replaceChildren(details.firstChild, offered(`${tabs.id}-shown.csv`, csv(spec, view, words.about)), make("div", { class: "minelib-scroll", tabindex: 0, role: "region", "aria-label": spec.title }, table(spec, view)));
    };
    const turn = (name, value) => {
      state[name] = value;
      try { history.replaceState(null, "", `#${tabs.id}?${new URLSearchParams(state)}`); } catch { /* not here */ }
      return show();
    };
    for (const control of spec.controls) {
      const { name, label, values, words: said, ordered } = control;
      const id = `${tabs.id}-${name}`;
      const at = () => values.indexOf(state[name]);
      const out = make("output", { for: id }, said[at()]);
      const input = ordered
        ? make("input", { type: "range", id, min: 0, max: values.length - 1, step: 1, "aria-valuetext": said[at()] })
        : make("select", { id }, ...values.map((value, i) => make("option", { value }, said[i])));
      input.value = ordered ? at() : state[name];
      input.addEventListener("input", () => {
        const i = ordered ? Number(input.value) : input.selectedIndex;
        if (ordered) input.setAttribute("aria-valuetext", (out.textContent = said[i]));
        turn(name, values[i]);
      });
      turned.append(make("label", { for: id }, `${label} `, input, ...(ordered ? [" ", out] : [])));
      if (!control.play) continue;
      const button = make("button", { type: "button", class: "minelib-copy" }, words.play);
      let clock;
      const stop = () => { clearInterval(clock); clock = undefined; button.textContent = words.play; };
      button.addEventListener("click", () => {
        if (clock) return stop();
        button.textContent = words.stop;
        if (at() === values.length - 1) input.value = -1;
        clock = setInterval(() => {
          input.value = Number(input.value) + 1;
          input.dispatchEvent(new Event("input"));
          if (Number(input.value) === values.length - 1) stop();
        }, 900);
      });
      turned.append(button);
    }
    box.append(said, ...(spec.note ? [make("p", { class: "minelib-count" }, spec.note)] : []), ...(details ? [details] : []));
    const link = make("p", { "data-copy": words.copy, "data-copied": words.copied });
    copying(link, () => `${spec.title}. ${said.textContent} ${words.cited} ${location.href.split("#")[0]}#${tabs.id}?${new URLSearchParams(state)}`);
    box.append(link);
    root.append(box);
    await show();
    root.dataset.ready = "yes";
  };

  const begin = (root) => taken(root.dataset.live, `${root.closest(".minelib-tabs").id}-live`, (spec) => build(root, spec));
  const watch = new IntersectionObserver((seen) => seen.filter((each) => each.isIntersecting).forEach(({ target }) => {
    watch.unobserve(target);
    begin(target);
  }), { rootMargin: "200px" });
  for (const root of all(".minelib-live")) {
    watch.observe(root);
    const tabs = root.closest(".minelib-tabs");
    if (asked(tabs.id)) tabs.scrollIntoView();
  }
})();
