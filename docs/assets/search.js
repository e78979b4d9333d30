// Search over an index that is a script of its own, so that it also works from a file.
// It is loaded when somebody first goes to the search.
"use strict";
{
  const STOP = new Set(
    ("a an and are as at be by can could do does for from get have how i if in into is it many me mean my of on one or should " +
      "somebody that the there this to use using want we what when where which who why will with without you your").split(" "),
  );
  const WEIGHT = { guides: 1.25, "changelog.html": 0.3 };
  const WHOLE_PAGE = 1.25;
  const LIKENESS = [0.8, 0.6, 0.5, 0.4, 0.3]; // of the words that are searched in place of another
  const AGAIN = 0.75; // for each better hit on the same page
  const MOST = 12;

  // --- words ----------------------------------------------------------------------------------------------------------

  const stem = (word) => word.replace(/(?<=...)(?:ing|ed|es|s)$/, "").replace(/(?<=...)e$/, "").replace(/(.)\1$/, "$1");

  function tokens(text) {
    const found = [];
    for (const word of text.match(/[\p{L}\p{N}_]+/gu) ?? []) {
      found.push(word.toLowerCase());
      const parts = word.split(/_|(?<=[a-z])(?=[A-Z])/);
      if (parts.length > 1) found.push(...parts.map((part) => part.toLowerCase()));
    }
    return found;
  }

  const terms = (text) => tokens(text).map(stem);

  // --- the index ------------------------------------------------------------------------------------------------------

  let index;

  function prepare({ entries, synonyms }) {
    const counts = new Map();
    const places = entries.map(([title, page, url, text]) => {
      const fields = { title: new Set(terms(title)), page: new Set(terms(page)), text: new Set(terms(text)) };
      for (const term of new Set(Object.values(fields).flatMap((field) => [...field]))) {
        counts.set(term, (counts.get(term) ?? 0) + 1);
      }
      return { title, page, url, text, fields, weight: (WEIGHT[url.split(/[/#]/)[0]] ?? 1) * (url.includes("#") ? 1 : WHOLE_PAGE) };
    });
    const rare = (term) => Math.log(1 + places.length / (1 + (counts.get(term) ?? 0)));
    const others = new Map(Object.entries(synonyms).map(([word, list]) => [stem(word), list.split(" ").map(stem)]));
    return { places, rare, others };
  }

  function match(term, { title, page, text }) {
    const begins = (field) => term.length > 2 && [...field].some((word) => word.startsWith(term));
    if (title.has(term)) return 10;
    if (begins(title)) return 5;
    if (page.has(term)) return 3;
    if (text.has(term)) return 2.5;
    return begins(text) ? 1 : 0;
  }

  function find(query) {
    const words = tokens(query);
    const wanted = words.filter((word) => !STOP.has(word)).map(stem);
    if (words.length > 1) wanted.push(...(index.others.has(stem(words.join(""))) ? [stem(words.join(""))] : []));
    if (!wanted.length) return [];
    const whole = query.trim().toLowerCase();
    const scored = [];
    for (const place of index.places) {
      let score = 0;
      let covered = 0;
      for (const term of wanted) {
        const own = match(term, place.fields) * index.rare(term);
        const like = (index.others.get(term) ?? []).map(
          (other, at) => LIKENESS[at] * match(other, place.fields) * index.rare(other),
        );
        const best = Math.max(own, ...like);
        score += best;
        covered += best > 0;
      }
      if (!covered) continue;
      const exact = place.title.toLowerCase() === whole || place.title.toLowerCase().split(" ").includes(whole) ? 2 : 1;
      scored.push({ place, score: score * (covered / wanted.length) ** 2 * place.weight * exact });
    }
    const seen = new Map();
    for (const hit of scored.sort((a, b) => b.score - a.score)) {
      const page = hit.place.url.split("#")[0];
      hit.score *= AGAIN ** (seen.get(page) ?? 0);
      seen.set(page, (seen.get(page) ?? 0) + 1);
    }
    return scored.sort((a, b) => b.score - a.score).slice(0, MOST).map((hit) => hit.place);
  }

  const root = document.documentElement.dataset.root;
  let loading;

  function load() {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `${root}search-index.js`;
      script.onload = () => resolve((index = prepare(window.searchIndex)));
      script.onerror = reject;
      document.head.append(script);
    });
    return loading;
  }

  window.searchPortal = async (query) => {
    await load();
    return find(query);
  };

  // --- the box: a combobox with a list of links -----------------------------------------------------------------------

  const box = document.querySelector(".search input");
  const list = document.querySelector(".hits");
  const status = document.querySelector(".search [role=status]");
  let active = -1;
  if (!matchMedia("(hover: none)").matches) box.placeholder = "Search (press /)";

  function mark(position) {
    const options = [...list.children];
    active = options.length ? (position + options.length) % options.length : -1;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === active)));
    if (active < 0) return box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-activedescendant", options[active].id);
    options[active].scrollIntoView({ block: "nearest" });
  }

  function close() {
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
    active = -1;
  }

  async function show() {
    const query = box.value;
    if (!query.trim()) {
      status.textContent = "";
      return close();
    }
    const places = await window.searchPortal(query);
    if (query !== box.value) return; // an older answer
    list.replaceChildren(
      ...places.map((place, at) => {
        const link = document.createElement("a");
        const small = document.createElement("small");
        link.href = root + place.url;
        link.id = `hit-${at}`;
        link.tabIndex = -1;
        link.setAttribute("role", "option");
        const text = place.text.length > 120 ? place.text.slice(0, 120).replace(/\s\S*$/, " …") : place.text;
        small.textContent = [place.page === place.title ? "" : place.page, text].filter(Boolean).join(" · ");
        link.append(place.title, small);
        return link;
      }),
    );
    status.textContent = places.length ? `${places.length} found` : "Nothing found.";
    list.hidden = !places.length;
    box.setAttribute("aria-expanded", String(!list.hidden));
    mark(places.length ? 0 : -1);
  }

  box.addEventListener("focus", load, { once: true });
  box.addEventListener("input", show);
  box.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") close();
    if (list.hidden) return;
    if (step) {
      event.preventDefault();
      mark(active + step);
    }
    if (event.key === "Enter") list.children[active]?.click();
  });
  list.addEventListener("click", close);
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".search")) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input, textarea, select, [contenteditable]")) {
      event.preventDefault();
      box.focus();
    }
  });
}
