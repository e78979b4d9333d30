// Redoc's own markup lacks a few names and levels that a screen reader needs.
"use strict";

function put(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

function name() {
  for (const menu of document.querySelectorAll(".menu-content")) {
    put(menu, "role", "navigation");
    put(menu, "aria-label", "Operations");
  }
  for (const button of document.querySelectorAll("#redoc main button[aria-label]")) {
    const text = button.textContent.trim();
    button.dataset.label ??= button.getAttribute("aria-label");
    if (text && !button.dataset.label.includes(text)) put(button, "aria-label", `${button.dataset.label}: ${text}`);
  }
  for (const link of document.querySelectorAll('#redoc a[href^="/"]')) put(link, "href", `#${link.getAttribute("href")}`);
  let above = 0; // no heading may be more than one level below the one before it
  for (const heading of document.querySelectorAll("#redoc main :is(h1, h2, h3, h4, h5, h6)")) {
    const level = Math.min(Number(heading.tagName[1]), above + 1);
    if (level !== Number(heading.tagName[1])) put(heading, "aria-level", String(level));
    else heading.removeAttribute("aria-level");
    above = level;
  }
}

new MutationObserver(name).observe(document.body, { childList: true, subtree: true, characterData: true });
name();
