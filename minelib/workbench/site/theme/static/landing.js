// SPDX-License-Identifier: MIT
// Show one language of the first page: the one chosen before, else the browser's.
(function () {
  "use strict";
  var root = document.documentElement;
  var titles = JSON.parse(root.dataset.titles);
  var links = document.querySelectorAll(".languages a");
  function remembered() {
    try { return localStorage.getItem("minelib-language"); } catch (error) { return null; }
  }
  function show(language) {
    root.dataset.shown = language;
    document.title = titles[language];
    document.querySelectorAll("main").forEach(function (main) {
      main.hidden = main.dataset.language !== language;
      if (!main.hidden) { root.lang = main.lang; }
    });
    links.forEach(function (link) {
      if (link.dataset.language === language) { link.setAttribute("aria-current", "true"); }
      else { link.removeAttribute("aria-current"); }
    });
  }
  links.forEach(function (link) {
    link.addEventListener("click", function (event) {
      event.preventDefault();
      try { localStorage.setItem("minelib-language", link.dataset.language); } catch (error) { /* private */ }
      show(link.dataset.language);
    });
  });
  var wish = remembered() || (navigator.language || "").slice(0, 2);
  show(titles[wish] ? wish : Object.keys(titles)[0]);
})();
