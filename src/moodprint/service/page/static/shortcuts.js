// Keys without a modifier, which no browser uses outside of text; `?` lists them.
import { complain, detail } from "./said.js";

const keys = new Map();
const OFF = "keys-off";

export function onKey(key, act) {
  keys.set(key, act);
}

const help = document.getElementById("help");
const toggle = () => (help.open ? help.close() : help.showModal());
document.getElementById("help-button").addEventListener("click", toggle);
onKey("?", toggle);

// Who speaks to the computer, or types with a stick, can be without them (WCAG 2.1.4).
const on = document.getElementById("keys-on");
on.checked = localStorage.getItem(OFF) === null;
on.addEventListener("change", () => (on.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));

document.addEventListener("keydown", (event) => {
  const writing = event.target.closest("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");
  if (!on.checked || writing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === " " && event.target.closest("button, a, summary, input")) return;
  if (help.open && event.key !== "?") return;
  const act = keys.get(event.key);
  if (act) {
    event.preventDefault();
    act(event);
  }
});

// Buttons that htmx sends off: what follows when they succeed, and what is said when they do not.
const after = {
  list: () => document.getElementById("filters")?.dispatchEvent(new Event("changed")),
  corrections: () => htmx.trigger("#corrections", "changed"),
  reload: () => location.reload(),
};
document.body.addEventListener("htmx:afterRequest", (event) => {
  const then = event.detail.elt.dataset.then;
  if (then && event.detail.successful) after[then]();
});
document.body.addEventListener("htmx:responseError", (event) => {
  const { responseText, status } = event.detail.xhr;
  complain(detail(responseText, status));
});
document.body.addEventListener("htmx:sendError", () => complain("The service does not answer. Does it still run?"));
// A filter left open is not sent.
document.body.addEventListener("htmx:configRequest", (event) => {
  for (const [name, value] of Object.entries(event.detail.parameters)) {
    if (value === "") delete event.detail.parameters[name];
  }
});
