// What a page does beside being read: filters, copy buttons, the choice of a language, the colour scheme.
"use strict";

const words = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

for (const form of document.querySelectorAll(".filter")) {
  const input = form.querySelector("input");
  const output = form.querySelector("output");
  const follows = (row) => form.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING;
  const rows = [...document.querySelectorAll("tbody tr")].filter(follows);
  const filter = () => {
    const wanted = words(input.value);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !wanted.every((word) => text.includes(word));
      shown += !row.hidden;
    }
    output.textContent = `${shown} of ${rows.length}`;
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("input", filter);
  filter();
}

// --- copy buttons ---------------------------------------------------------------------------------------------------

async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea"); // a page from a file or without TLS has no clipboard
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

const REACHES = 68; // characters of a first line that do not reach the button

for (const block of document.querySelectorAll("main pre")) {
  if (block.closest(".result") || block.dataset.code === "output") continue;
  const frame = document.createElement("div");
  const button = document.createElement("button");
  frame.className = "copyable";
  if (block.textContent.indexOf("\n") > REACHES) block.classList.add("long"); // it would go on under the button
  button.className = "copy";
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await copy(block.textContent.replace(/\n$/, ""));
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
  block.replaceWith(frame);
  frame.append(block, button);
}

// --- one language at a time -----------------------------------------------------------------------------------------

const remembered = (name, value) => {
  try {
    if (value) localStorage[name] = value;
    return localStorage[name];
  } catch {
    return value; // the reader keeps no data
  }
};

for (const box of document.querySelectorAll(".samples")) {
  const samples = [...box.querySelectorAll(".sample")];
  const row = document.createElement("div");
  row.className = "languages";
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", "Language");
  const show = (language) => {
    const chosen = samples.some((one) => one.dataset.language === language) ? language : samples[0].dataset.language;
    for (const one of samples) one.classList.toggle("off", one.dataset.language !== chosen);
    for (const button of row.children) button.setAttribute("aria-pressed", String(button.textContent === chosen));
  };
  for (const sample of samples) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sample.dataset.language;
    button.addEventListener("click", () => show(remembered("language", sample.dataset.language)));
    row.append(button);
  }
  box.prepend(row);
  show(remembered("language"));
}

// --- the colour scheme ----------------------------------------------------------------------------------------------

const SCHEMES = { "": ["◐", "Colours: as your system"], light: ["☀", "Colours: light"], dark: ["☾", "Colours: dark"] };
const scheme = document.querySelector("button.scheme");
const root = document.documentElement;
const dress = (name) => {
  root.classList.remove("light", "dark");
  if (name) root.classList.add(name);
  const [sign, label] = SCHEMES[name];
  scheme.textContent = sign;
  scheme.setAttribute("aria-label", label);
  scheme.title = label;
};
let present = root.classList.contains("dark") ? "dark" : root.classList.contains("light") ? "light" : "";
scheme.hidden = false;
scheme.addEventListener("click", () => {
  const names = Object.keys(SCHEMES);
  present = names[(names.indexOf(present) + 1) % names.length];
  dress(present);
  try {
    localStorage.scheme = present;
  } catch {
    // the reader keeps no data
  }
});
dress(present);
