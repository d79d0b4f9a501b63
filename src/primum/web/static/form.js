// On a narrow screen a long form shows one question at a time. A card, and without this script any
// form, is whole.
"use strict";
(() => {
  const narrow = matchMedia("(max-width: 40rem)");
  for (const form of document.querySelectorAll("form[data-steps]:not([data-steps=card])")) {
    const asks = [...form.querySelectorAll(".ask-one")].filter((ask) => !ask.closest(".offer"));
    if (asks.length < 2) continue;
    const words = document.documentElement.lang.slice(0, 2);
    const [back, next, all] = { fr: ["Précédente", "Suivante", "Toutes"], ar: ["السابق", "التالي", "الكل"] }[words] || ["Back", "Next", "All"];
    const bar = document.createElement("p");
    bar.className = "steps row";
    bar.innerHTML = `<button type="button" class="quiet">${back}</button><span></span><button type="button">${next}</button><button type="button" class="link">${all}</button>`;
    const [before, after, whole] = bar.querySelectorAll("button");
    let at = Math.max(0, asks.findIndex((ask) => ask.classList.contains("wrong")));
    let off = false;
    const show = (focus) => {
      const on = narrow.matches && !off;
      form.classList.toggle("stepping", on);
      bar.hidden = !on;
      asks.forEach((ask, i) => ask.classList.toggle("now", i === at));
      form.querySelectorAll("[data-section]").forEach((s) => s.classList.toggle("now", s.contains(asks[at])));
      form.classList.toggle("last", at === asks.length - 1);
      bar.children[1].textContent = `${at + 1} / ${asks.length}`;
      before.disabled = at === 0;
      after.disabled = at === asks.length - 1;
      if (on) asks[at].after(bar);
      if (on && focus) asks[at].focus();
    };
    before.onclick = () => { at -= 1; show(true); };
    after.onclick = () => { at += 1; show(true); };
    // A finger that chose the one answer has done with the question. Keys go on choosing.
    let finger = false;
    form.addEventListener("pointerdown", () => { finger = true; });
    form.addEventListener("keydown", () => { finger = false; });
    form.addEventListener("change", (event) => {
      const chosen = event.target;
      const here = asks[at] && asks[at].contains(chosen);
      if (finger && here && chosen.type === "radio" && chosen.value !== "?" && !after.disabled && form.classList.contains("stepping")) after.click();
    });
    whole.onclick = () => { off = true; show(false); };
    narrow.addEventListener("change", () => show(false));
    addEventListener("hashchange", () => {
      const found = asks.findIndex((ask) => "#" + ask.id === location.hash);
      if (found >= 0) { at = found; show(true); }
    });
    show(false);
  }
})();
