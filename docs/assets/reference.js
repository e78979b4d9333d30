// Redoc's own markup lacks a few names that a screen reader needs.
"use strict";

function name() {
  for (const menu of document.querySelectorAll(".menu-content:not([role])")) {
    menu.setAttribute("role", "navigation");
    menu.setAttribute("aria-label", "Operations");
  }
}

new MutationObserver(name).observe(document.body, { childList: true, subtree: true });
name();
