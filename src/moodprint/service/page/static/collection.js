// A collection: uploads, the queue as it moves, and the parts of the page that follow it.
import { call, clock, say } from "./said.js";
import { onKey } from "./shortcuts.js";
import "./listen.js";
import { takeUploads } from "./uploads.js";

const id = document.getElementById("drop").dataset.collection;
const queue = document.getElementById("queue");
const states = new Map(); // of the files that events told of
let queued = Number(queue.dataset.queued);
let running = Number(queue.dataset.running);
let finished = 0;
let since = performance.now();
const PARTS_EVERY_MS = 4000;
let parts = null;

const active = (state) => state === "queued" || state === "running";

function count(before, after) {
  if (before === "queued") queued -= 1;
  if (before === "running") running -= 1;
  if (after === "queued") queued += 1;
  if (after === "running") running += 1;
  if (active(before) && !active(after)) finished += 1;
}

function show() {
  const left = queued + running;
  if (!left) {
    if (!queue.hidden) say("All files are analysed.");
    queue.hidden = true;
    finished = 0;
    return;
  }
  if (queue.hidden) since = performance.now();
  queue.hidden = false;
  const each = (performance.now() - since) / 1000 / finished;
  const time = finished ? `, about ${clock(each * left)} left` : "";
  document.getElementById("queue-words").textContent =
    `${finished} analysed, ${running} at work, ${queued} waiting${time}`;
  document.getElementById("queue-bar").value = finished / (finished + left);
}

// The list and the overview follow at most every few seconds, however many files end.
function refresh() {
  parts ??= setTimeout(() => {
    parts = null;
    htmx.trigger("#overview", "changed");
    if (document.querySelectorAll("#list .file").length <= 50) {
      document.getElementById("filters").dispatchEvent(new Event("changed"));
    }
  }, states.size < 20 ? 600 : PARTS_EVERY_MS);
}

const events = new EventSource(`/api/events?collection=${encodeURIComponent(id)}`);
events.addEventListener("analysis", (event) => {
  const file = JSON.parse(event.data);
  const row = document.querySelector(`.file[data-id="${file.id}"]`);
  const before = states.get(file.id) ?? (row ? [...row.classList].find((name) => name !== "file") : undefined);
  states.set(file.id, file.state);
  if (before !== file.state) {
    count(before, file.state);
    refresh();
  }
  const bar = row?.querySelector("progress");
  if (bar) bar.value = file.progress;
  show();
});
events.addEventListener("sharing", () => htmx.trigger("#sharing", "changed"));

const filters = document.getElementById("filters");
const csv = document.getElementById("csv");
function link() {
  const asked = new URLSearchParams([...new FormData(filters)].filter(([, value]) => value !== ""));
  csv.href = `/collections/${id}/files.csv?${asked}`;
}
filters.addEventListener("change", link);
filters.addEventListener("input", link);
filters.addEventListener("submit", (event) => event.preventDefault());

document.getElementById("delete-collection").addEventListener("click", async () => {
  if (!confirm("Delete this collection with all its files, answers and corrections?")) return;
  if (await call("DELETE", `/api/collections/${id}`)) location.assign("/");
});
document.getElementById("rename-collection").addEventListener("click", async () => {
  const title = document.getElementById("name");
  const name = prompt("What is it called?", title.textContent);
  const renamed = name && (await call("PATCH", `/api/collections/${id}`, { name }));
  if (!renamed) return;
  for (const place of [title, document.querySelector("nav [aria-current]")]) place.textContent = renamed.name;
});

// Timelines of the same length compare arcs, lengths to scale compare files.
const toScale = document.getElementById("to-scale");
function scale() {
  const rows = [...document.querySelectorAll("#list .file")];
  const longest = Math.max(...rows.map((row) => Number(row.dataset.duration)));
  for (const row of rows) {
    const strip = row.querySelector(".strip");
    if (strip) strip.style.width = toScale.checked ? `${(100 * row.dataset.duration) / longest}%` : "";
  }
}
toScale.addEventListener("change", scale);
document.getElementById("list").addEventListener("htmx:afterSwap", scale);

document.addEventListener("click", (event) => {
  const { field, value } = event.target.closest("a[data-field]")?.dataset ?? {};
  if (field) {
    filters.reset();
    filters.elements[field].value = value;
    filters.dispatchEvent(new Event("change", { bubbles: true }));
  }
});

takeUploads(() => id);
onKey("u", () => document.getElementById("choose-files").click());
onKey("/", () => document.getElementById("search").focus());
show();
