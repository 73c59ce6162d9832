// A collection: uploads, the queue as it moves, and the parts of the page that follow it.
import { call, clock, say } from "./said.js";
import { onKey } from "./shortcuts.js";
import "./listen.js";
import { takeUploads } from "./uploads.js";

const id = document.getElementById("drop").dataset.collection;
const queue = document.getElementById("queue");
const states = new Map(); // of the files that events told of
const PARTS_EVERY_MS = 4000;
const COUNTS_EVERY_MS = 500;

// How far the analysis is; the time left goes by the pace since the first look.
let pace = null;
function show({ queued = 0, running = 0, ...ended }) {
  const left = queued + running;
  if (!left && !queue.hidden) say("All files are analysed.");
  queue.hidden = !left;
  const done = Object.values(ended).reduce((sum, count) => sum + count, 0);
  if (!left) pace = null;
  else pace ??= { done, since: performance.now() };
  if (!left) return;
  const finished = done - pace.done;
  const each = (performance.now() - pace.since) / 1000 / finished;
  const time = finished > 0 ? `, about ${clock(each * left)} left` : "";
  document.getElementById("queue-words").textContent =
    `${finished} analysed, ${running} at work, ${queued} waiting${time}`;
  document.getElementById("queue-bar").value = finished / (finished + left);
}

// What was asked for once more meanwhile is done once, afterwards.
function atMostEvery(wait, act) {
  let timer = null;
  return () => {
    timer ??= setTimeout(() => {
      timer = null;
      act();
    }, wait());
  };
}

const count = atMostEvery(() => COUNTS_EVERY_MS, async () => {
  const found = await call("GET", `/api/collections/${id}`);
  if (found) show(found.counts);
});

// The list and the overview follow at most every few seconds, however many files end.
const refresh = atMostEvery(() => (states.size < 20 ? 600 : PARTS_EVERY_MS), () => {
  htmx.trigger("#overview", "changed");
  if (document.querySelectorAll("#list .file").length <= 50) {
    document.getElementById("filters").dispatchEvent(new Event("changed"));
  }
});

function changed(event) {
  const file = JSON.parse(event.data);
  if (states.get(file.id) !== file.state) {
    states.set(file.id, file.state);
    count();
    refresh();
  }
  const bar = document.querySelector(`.file[data-id="${file.id}"] progress`);
  if (bar) bar.value = file.progress;
}

// A page that nobody sees gives its connection back: a browser has six, for all its tabs.
let events = null;
function follow() {
  events?.close();
  events = null;
  if (document.hidden) return;
  events = new EventSource(`/api/events?collection=${encodeURIComponent(id)}`);
  events.addEventListener("analysis", changed);
  events.addEventListener("sharing", () => htmx.trigger("#sharing", "changed"));
}
document.addEventListener("visibilitychange", () => {
  follow();
  if (document.hidden) return;
  count();
  refresh();
  htmx.trigger("#sharing", "changed");
});

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
document.body.addEventListener("htmx:afterSettle", scale);

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
onKey("b", () => document.getElementById("source")?.focus());
onKey("/", () => document.getElementById("search").focus());
follow();
count();
