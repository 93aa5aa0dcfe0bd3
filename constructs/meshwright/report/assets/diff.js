// Search in the report: / focuses, all words have to be there, Escape shows everything again.
"use strict";
(() => {
  const search = document.getElementById("search"), status = document.getElementById("status");
  const changes = [...document.querySelectorAll("article")];
  const words = new Map(changes.map((each) => [each, each.textContent.toLowerCase()]));
  function apply() {
    const asked = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    changes.forEach((each) => { each.hidden = !asked.every((word) => words.get(each).includes(word)); });
    document.querySelectorAll("section").forEach((section) => {
      section.hidden = !section.querySelector("article:not([hidden])");
    });
    const left = changes.filter((each) => !each.hidden).length;
    status.textContent = asked.length ? `${left} of ${changes.length} changes` : "";
  }
  if (search) {
    search.addEventListener("input", apply);
    document.addEventListener("keydown", (event) => {
      if (event.key === "/" && document.activeElement !== search) {
        event.preventDefault();
        search.focus();
      } else if (event.key === "Escape") {
        search.value = "";
        apply();
      }
    });
  }
  document.documentElement.dataset.ready = "true";
})();
