// SPDX-License-Identifier: MIT
// Show one language of the first page: the one chosen before, else the browser's.
(() => {
  "use strict";
  const { all, recall } = window.minelibPage;
  const root = document.documentElement;
  const titles = JSON.parse(root.dataset.titles);
  const show = (language) => {
    root.dataset.shown = language;
    document.title = titles[language];
    for (const main of all("main")) main.hidden = main.dataset.language !== language;
    root.lang = document.querySelector("main:not([hidden])").lang;
    for (const link of all(".minelib-languages a")) link.setAttribute("aria-current", link.dataset.language === language);
  };
  for (const link of all(".minelib-languages a")) {
    link.addEventListener("click", (event) => { event.preventDefault(); show(link.dataset.language); });
  }
  const wish = recall("minelib-language") || navigator.language.slice(0, 2);
  show(titles[wish] ? wish : Object.keys(titles)[0]);
})();
