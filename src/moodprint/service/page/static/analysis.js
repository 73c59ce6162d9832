// One file: its player and its timeline in step, and what people say of stretches.
import { correcting } from "./corrections.js";
import { pointer, zooming } from "./pointer.js";
import { call, clock, words } from "./said.js";
import { onKey } from "./shortcuts.js";
import { Timeline, cellsOf } from "./timeline.js";
import { Selection } from "./selection.js";
import { stopListening } from "./listen.js";
import { Whole } from "./whole.js";

const byId = (id) => document.getElementById(id);
const pending = byId("pending");
const player = byId("player");

byId("delete-analysis").addEventListener("click", async (event) => {
  if (!confirm("Delete this file with its answer and its corrections?")) return;
  const id = (player ?? pending).dataset.id;
  const { back } = event.target.dataset;
  if (await call("DELETE", `/api/analyses/${id}`)) location.assign(back);
});

if (pending && ["queued", "running"].includes(pending.dataset.state)) {
  const events = new EventSource("/api/events");
  events.addEventListener("analysis", (event) => {
    const file = JSON.parse(event.data);
    if (file.id !== pending.dataset.id) return;
    pending.querySelector("progress").value = file.progress;
    if (!["queued", "running"].includes(file.state)) location.reload();
  });
}

if (player) start();

async function start() {
  const { id } = player.dataset;
  const duration = Number(player.dataset.duration);
  const read = async (part) => {
    const response = await fetch(`/api/analyses/${id}/${part}`);
    return response.ok ? response.json() : null;
  };
  const [answer, peaks] = await Promise.all([read("answer"), read("peaks")]);
  const timeline = new Timeline(byId("wave"), duration, cellsOf(answer.segments), peaks);
  const media = byId("media");
  const selection = new Selection(timeline, byId("edge-start"), byId("edge-end"));
  new Whole(timeline, byId("whole"));
  const hear = play(media, timeline);
  pointer(timeline, selection, (time) => seek(media, timeline, time));
  zooming(timeline);
  correcting(id, timeline, selection, hear);
  const hash = () => {
    const found = /^#t=([\d.]+)/.exec(location.hash);
    if (found) seek(media, timeline, Number(found[1]));
  };
  addEventListener("hashchange", hash);
  hash();
  timeline.draw();
  player.dataset.ready = "true";
}

function seek(media, timeline, time) {
  timeline.free = false;
  const place = Math.min(timeline.duration, Math.max(0, time));
  if (media.readyState === 0) {
    media.addEventListener("loadedmetadata", () => (media.currentTime = place), { once: true });
  } else {
    media.currentTime = place;
  }
  tell(timeline, place);
}

function tell(timeline, time) {
  timeline.follow(time);
  const canvas = timeline.canvas;
  const cell = timeline.cellAt(time);
  byId("clock").value = clock(time);
  byId("here").value = cell ? words(cell) : "";
  canvas.setAttribute("aria-valuenow", time.toFixed(1));
  canvas.setAttribute("aria-valuetext", `${clock(time)}${cell ? `, ${words(cell)}` : ""}`);
}

// Gives a function that plays from here to there, and stops.
function play(media, timeline) {
  const button = byId("play");
  let last = Infinity;
  const toggle = () => {
    stopListening();
    last = Infinity;
    if (media.paused) media.play().catch(() => {});
    else media.pause();
  };
  const step = () => {
    tell(timeline, media.currentTime);
    if (!media.paused && media.currentTime >= last) media.pause();
    if (!media.paused) requestAnimationFrame(step);
  };
  const state = () => {
    button.setAttribute("aria-pressed", String(!media.paused));
    button.setAttribute("aria-label", media.paused ? "Play" : "Pause");
    button.textContent = media.paused ? "\u25b6" : "\u23f8";
    step();
  };
  button.addEventListener("click", toggle);
  media.addEventListener("click", toggle);
  media.addEventListener("play", state);
  media.addEventListener("pause", state);
  media.addEventListener("seeked", () => tell(timeline, media.currentTime));
  media.addEventListener("error", () => (byId("unplayable").hidden = false));
  onKey(" ", toggle);
  onKey("k", toggle);
  const jump = (seconds) => seek(media, timeline, timeline.time + seconds);
  onKey("j", () => jump(-5));
  onKey("l", () => jump(5));
  onKey("J", () => jump(-1));
  onKey("L", () => jump(1));
  const changes = timeline.stretches.slice(1);
  onKey("n", () => {
    const next = changes.find((cell) => cell.start > timeline.time + 0.05);
    if (next) seek(media, timeline, next.start);
  });
  onKey("p", () => {
    const before = changes.findLast((cell) => cell.start < timeline.time - 0.5);
    seek(media, timeline, before?.start ?? 0);
  });
  timeline.canvas.addEventListener("keydown", (event) => {
    const moves = { ArrowLeft: -5, ArrowRight: 5, PageDown: -60, PageUp: 60 };
    if (event.key in moves) jump(moves[event.key]);
    else if (event.key === "Home") seek(media, timeline, 0);
    else if (event.key === "End") seek(media, timeline, timeline.duration);
    else return;
    event.preventDefault();
  });
  return ({ start, end }) => {
    stopListening();
    seek(media, timeline, start);
    last = end;
    media.play().catch(() => {});
  };
}
