"use strict";
(() => {
  const $ = (id) => document.getElementById(`at:${id}`);
  const list = $("list"), nodes = [...list.children], claims = nodes.filter((e) => e.matches("details.claim"));
  const words = new Map(), rank = ["refuted", "undecided", "statistical", "holds", "consistent", "proved"];
  const text = (e) => words.get(e) || words.set(e, e.textContent.toLowerCase()).get(e);
  const number = (e, name, none) => (e.dataset[name] === "" ? none : Number(e.dataset[name]));
  const orders = {
    id: (a, b) => a.id.localeCompare(b.id, "en", { numeric: true }),
    verdict: (a, b) => rank.indexOf(a.dataset.verdict) - rank.indexOf(b.dataset.verdict),
    slack: (a, b) => number(b, "slack", -1) - number(a, "slack", -1),
    near: (a, b) => number(a, "near", Infinity) - number(b, "near", Infinity),
  };
  function show() {
    const find = $("find").value.trim().toLowerCase(), sort = $("sort").value;
    list.replaceChildren(...(sort ? [...claims].sort(orders[sort]) : nodes));
    let heading = null, shown = 0, used = false;
    const close = () => { if (heading) heading.hidden = !used; };
    for (const e of nodes) {
      if (e.tagName === "H3") { close(); heading = e; used = false; continue; }
      if (!e.matches("details.claim")) { e.hidden = Boolean(find || $("verdict").value || $("severity").value); continue; }
      const fits = ["verdict", "severity", "statement"].every((k) => !$(k).value || e.dataset[k] === $(k).value);
      e.hidden = !(fits && (!find || text(e).includes(find)));
      if (!e.hidden) { shown += 1; used = true; }
    }
    close();
    $("count").textContent = `${shown} of ${claims.length}`;
    $("open").textContent = claims.some((e) => !e.hidden && !e.open) ? "Open all shown" : "Close all shown";
  }
  function reveal() {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (list.contains(target) && target.closest("[hidden]")) { $("tools").reset(); show(); }
    for (let e = target; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
    target.scrollIntoView();
  }
  $("tools").hidden = false;
  $("tools").addEventListener("input", show);
  $("tools").addEventListener("submit", (event) => event.preventDefault());
  $("open").addEventListener("click", () => {
    const open = claims.some((e) => !e.hidden && !e.open);
    for (const e of claims) if (!e.hidden) e.open = open;
    show();
  });
  addEventListener("hashchange", reveal);
  const contents = document.querySelector("details.contents"), wide = matchMedia("(min-width: 64rem)");
  const fold = () => { contents.open = wide.matches; };
  wide.addEventListener("change", fold);
  contents.addEventListener("click", (event) => { if (event.target.closest("a") && !wide.matches) contents.open = false; });
  addEventListener("keydown", (event) => { if (event.key === "Escape" && !wide.matches) contents.open = false; });
  fold();
  show();
  reveal();
})();
