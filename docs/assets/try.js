// Swagger UI over the contract, with this machine's mock as the only server.
"use strict";

const local = /^(127\.0\.0\.1|localhost|\[::1\])$/.test(location.hostname);
const mock = local ? location.origin : "http://127.0.0.1:8080";

const tryable = structuredClone(window.contract);
tryable.servers = [{ url: mock, description: "The mock on this machine" }];
for (const item of Object.values(tryable.paths)) {
  for (const operation of Object.values(item)) delete operation.callbacks;
}

SwaggerUIBundle({
  spec: tryable,
  dom_id: "#swagger-ui",
  deepLinking: false,
  docExpansion: "list",
  defaultModelsExpandDepth: -1,
  tryItOutEnabled: true,
  validatorUrl: null,
});

const dark = matchMedia("(prefers-color-scheme: dark)");
const dress = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", dress);
dress();

// Swagger UI's own markup lacks a few names that a screen reader needs.
function name() {
  for (const select of document.querySelectorAll("#swagger-ui select:not([aria-label])")) {
    select.setAttribute("aria-label", select.id === "servers" ? "Server" : "Media type or example");
  }
}
new MutationObserver(name).observe(document.getElementById("swagger-ui"), { childList: true, subtree: true });
name();
