// Search over an index that is a script of its own, so that it also works from a file.
"use strict";

function found(query) {
  const wanted = words(query);
  if (!wanted.length) return [];
  return window.searchIndex
    .map((entry) => {
      const title = entry.title.toLowerCase();
      const text = `${title} ${entry.text.toLowerCase()}`;
      if (!wanted.every((word) => text.includes(word))) return null;
      return { entry, score: wanted.filter((word) => title.includes(word)).length };
    })
    .filter(Boolean)
    .sort((a, b) => b.score - a.score)
    .slice(0, 12)
    .map((hit) => hit.entry);
}

function show(list, query) {
  const entries = found(query);
  list.replaceChildren(
    ...entries.map((entry) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      const small = document.createElement("small");
      link.href = document.documentElement.dataset.root + entry.url;
      small.textContent = `${entry.page} · ${entry.text.slice(0, 110)}`;
      link.append(entry.title, small);
      item.append(link);
      return item;
    }),
  );
  if (!entries.length) {
    const item = document.createElement("li");
    const text = document.createElement("p");
    text.textContent = "Nothing found.";
    item.append(text);
    list.append(item);
  }
  list.hidden = !query.trim();
}

const box = document.querySelector(".search input");
const hits = document.querySelector(".hits");
box?.addEventListener("input", () => show(hits, box.value));
document.querySelector(".search")?.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    hits.hidden = true;
    box.focus();
  }
  if (event.key === "Enter" && event.target === box) hits.querySelector("a")?.click();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest(".search")) hits.hidden = true;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.target.closest("input, textarea, select, [contenteditable]")) {
    event.preventDefault();
    box.focus();
  }
});
