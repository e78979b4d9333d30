// Lets the parts of a page that carry data-live follow what happens, without losing what a person is
// doing there: opened details, a selection, a field with the focus, the scrolling of a table.
"use strict";
(() => {
  const INTERVAL = 2000;
  const button = document.getElementById("live");
  const status = document.getElementById("live-status");
  const seen = new Map();
  let on = sessionStorage.getItem("live") !== "off";

  const busy = (part) => {
    const selection = getSelection();
    return part.contains(document.activeElement) || (!selection.isCollapsed && part.contains(selection.anchorNode));
  };

  const replace = (part, fresh) => {
    for (const open of part.querySelectorAll("details[open][id]")) {
      fresh.querySelector(`#${CSS.escape(open.id)}`)?.setAttribute("open", "");
    }
    const scrolled = [...part.querySelectorAll(".scroll")].map((box) => box.scrollLeft);
    part.replaceChildren(...fresh.childNodes);
    part.querySelectorAll(".scroll").forEach((box, index) => { box.scrollLeft = scrolled[index] ?? 0; });
  };

  const refresh = async () => {
    if (!on || document.hidden) return;
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of document.querySelectorAll("[data-live]")) {
        const fresh = page.getElementById(part.id);
        if (!fresh || fresh.innerHTML === seen.get(part.id) || busy(part)) continue;
        seen.set(part.id, fresh.innerHTML);
        replace(part, fresh);
      }
      status.textContent = "";
    } catch {
      status.textContent = "The mock does not answer.";
    }
  };

  const show = () => {
    button.setAttribute("aria-pressed", String(on));
    button.textContent = on ? "Live" : "Paused";
  };

  for (const part of document.querySelectorAll("[data-live]")) seen.set(part.id, part.innerHTML);
  button.addEventListener("click", () => {
    on = !on;
    sessionStorage.setItem("live", on ? "on" : "off");
    show();
    refresh();
  });
  button.hidden = false;
  show();
  setInterval(refresh, INTERVAL);
})();
