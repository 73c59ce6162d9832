// Keys without a modifier, which no browser uses outside of text; `?` lists them.
const keys = new Map();

export function onKey(key, act) {
  keys.set(key, act);
}

const help = document.getElementById("help");
const toggle = () => (help.open ? help.close() : help.showModal());
document.getElementById("help-button").addEventListener("click", toggle);
onKey("?", toggle);

document.addEventListener("keydown", (event) => {
  const writing = event.target.closest("input, select, textarea, [contenteditable]");
  if (writing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === " " && event.target.closest("button, a, summary")) return;
  if (help.open && event.key !== "?") return;
  const act = keys.get(event.key);
  if (act) {
    event.preventDefault();
    act(event);
  }
});

// Buttons that htmx sends off: what follows when they succeed.
const after = {
  list: () => document.getElementById("filters")?.dispatchEvent(new Event("changed")),
  corrections: () => htmx.trigger("#corrections", "changed"),
  reload: () => location.reload(),
};
document.body.addEventListener("htmx:afterRequest", (event) => {
  const then = event.detail.elt.dataset.then;
  if (then && event.detail.successful) after[then]();
});
// A filter left open is not sent.
document.body.addEventListener("htmx:configRequest", (event) => {
  for (const [name, value] of Object.entries(event.detail.parameters)) {
    if (value === "") delete event.detail.parameters[name];
  }
});
