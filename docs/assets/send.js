// Sends a request to the mock that serves this page, and shows what it answered.
"use strict";

const form = document.querySelector("form.send");
const away = document.querySelector("[data-away]");
const here = /^https?:$/.test(location.protocol) && /^(127\.0\.0\.1|localhost|\[::1\])$/.test(location.hostname);

function url() {
  const query = new URLSearchParams();
  for (const input of form.querySelectorAll('[name^="query."]')) {
    if (input.value) query.set(input.name.slice(6), input.value);
  }
  return form.dataset.path + (query.size ? `?${query}` : "");
}

function basic(username, password) {
  return `Basic ${btoa(String.fromCodePoint(...new TextEncoder().encode(`${username}:${password}`)))}`;
}

async function send() {
  const { account, password, type, body } = form.elements;
  const headers = { Accept: type.value, Authorization: basic(account.value, password.value) };
  if (body) headers["Content-Type"] = type.value;
  const response = await fetch(url(), { method: form.dataset.method, headers, body: body?.value, cache: "no-store" });
  const text = await response.text();
  const json = response.headers.get("content-type")?.includes("json");
  return [`${response.status} ${response.statusText}`, json ? JSON.stringify(JSON.parse(text), null, 2) : text];
}

if (here) {
  const result = form.querySelector(".result");
  form.hidden = false;
  away.hidden = true;
  form.elements.type.addEventListener("change", ({ target }) => {
    const template = form.querySelector(`template[data-type="${target.value}"]`);
    if (template) form.elements.body.value = template.content.textContent;
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    let shown;
    try {
      shown = await send();
    } catch {
      shown = ["No answer", "No mock serves this page. Run `make preview` in a checkout."];
    }
    result.hidden = form.querySelector('a[href="/_mock/"]').hidden = false;
    result.querySelector(".kind").textContent = shown[0];
    result.querySelector("code").textContent = shown[1];
  });
}
