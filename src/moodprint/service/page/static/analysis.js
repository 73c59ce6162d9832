// One file: its player and its timeline in step, and what people say of stretches.
import { clock, fault, say } from "./said.js";
import { onKey } from "./shortcuts.js";
import { Timeline, cellsOf } from "./timeline.js";
import { Selection } from "./selection.js";
import { stopListening } from "./listen.js";

const byId = (id) => document.getElementById(id);
const pending = byId("pending");
const player = byId("player");

byId("delete-analysis").addEventListener("click", async (event) => {
  if (!confirm("Delete this file with its answer and its corrections?")) return;
  const id = (player ?? pending).dataset.id;
  const response = await fetch(`/api/analyses/${id}`, { method: "DELETE" });
  if (response.ok) location.assign(event.target.dataset.back);
  else say(await fault(response));
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
  play(media, timeline);
  pointer(timeline, selection, (time) => seek(media, timeline, time));
  zooming(timeline);
  correcting(id, media, timeline, selection);
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

function words(cell) {
  if (!cell.emotion) return `no music (${cell.presence})`;
  const sure = `${Math.round(cell.confidence * 100)}%`;
  return cell.abstained ? `unsure, perhaps ${cell.emotion} (${sure})` : `${cell.emotion} (${sure})`;
}

function play(media, timeline) {
  const button = byId("play");
  const toggle = () => {
    stopListening();
    if (media.paused) media.play().catch(() => {});
    else media.pause();
  };
  const step = () => {
    tell(timeline, media.currentTime);
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
  const jump = (seconds) => seek(media, timeline, timeline.time + seconds);
  onKey("j", () => jump(-5));
  onKey("l", () => jump(5));
  onKey("J", () => jump(-1));
  onKey("L", () => jump(1));
  const changes = timeline.cells.filter((cell, at) => at && cell.kind !== timeline.cells[at - 1].kind);
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
}

// A click seeks, a drag selects; a pointer that rests is told the numbers.
function pointer(timeline, selection, go) {
  const canvas = timeline.canvas;
  const tip = byId("tip");
  let pressed = null;
  const place = (event) => event.clientX - canvas.getBoundingClientRect().left;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    pressed = { x: place(event), time: timeline.at(place(event)), drags: false };
  });
  canvas.addEventListener("pointermove", (event) => {
    const time = timeline.at(place(event));
    if (pressed && (pressed.drags || Math.abs(place(event) - pressed.x) > 4)) {
      pressed.drags = timeline.held = true;
      selection.set(Math.min(pressed.time, time), Math.max(pressed.time, time));
    }
    hover(timeline, tip, time, place(event));
  });
  const released = () => {
    if (pressed && !pressed.drags) go(pressed.time);
    timeline.held = false;
    pressed = null;
  };
  canvas.addEventListener("pointerup", released);
  canvas.addEventListener("pointercancel", () => {
    timeline.held = false;
    pressed = null;
  });
  canvas.addEventListener("pointerleave", () => (tip.hidden = true));
}

function hover(timeline, tip, time, x) {
  const cell = timeline.cellAt(time);
  if (!cell) {
    tip.hidden = true;
    return;
  }
  const lines = [`${clock(time, 1)}  ${words(cell)}`];
  if (cell.emotion) {
    const ranked = Object.entries(cell.probabilities).sort((a, b) => b[1] - a[1]);
    lines.push(ranked.map(([name, value]) => `${name} ${Math.round(value * 100)}%`).join("  "));
    lines.push(`valence ${cell.valence.toFixed(2)}  arousal ${cell.arousal.toFixed(2)}`);
  }
  tip.textContent = lines.join("\n");
  tip.hidden = false;
  const room = timeline.width - tip.offsetWidth;
  tip.style.left = `${Math.max(0, Math.min(room, x + 12))}px`;
}

function zooming(timeline) {
  const canvas = timeline.canvas;
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const x = event.clientX - canvas.getBoundingClientRect().left;
      const sideways = event.shiftKey ? event.deltaY : event.deltaX;
      if (Math.abs(sideways) > Math.abs(event.deltaY) || event.shiftKey) {
        timeline.pan((sideways / timeline.width) * (timeline.to - timeline.from));
      } else {
        timeline.zoom(Math.exp(-event.deltaY / 400), timeline.at(x));
      }
    },
    { passive: false },
  );
  const whole = () => timeline.view(0, timeline.duration);
  const doings = { "zoom-in": () => timeline.zoom(2), "zoom-out": () => timeline.zoom(0.5), "zoom-whole": whole };
  for (const [id, act] of Object.entries(doings)) byId(id).addEventListener("click", act);
  byId("taller").addEventListener("click", () => byId("timeline").classList.toggle("tall"));
  onKey("+", doings["zoom-in"]);
  onKey("=", doings["zoom-in"]);
  onKey("-", doings["zoom-out"]);
  onKey("f", whole);
}

function correcting(id, media, timeline, selection) {
  const form = byId("correction");
  const fields = form.elements;
  fields.author.value = localStorage.getItem("author") ?? "";
  selection.onchange = ({ start, end }) => {
    fields.start_s.value = start.toFixed(2);
    fields.end_s.value = end.toFixed(2);
  };
  const typed = () => {
    if (fields.start_s.value && fields.end_s.value) {
      selection.set(Number(fields.start_s.value), Number(fields.end_s.value), false);
    }
  };
  fields.start_s.addEventListener("change", typed);
  fields.end_s.addEventListener("change", typed);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    localStorage.setItem("author", fields.author.value);
    const body = {
      start_s: Number(fields.start_s.value),
      end_s: Number(fields.end_s.value),
      label: fields.label.value,
      note: fields.note.value,
      author: fields.author.value,
    };
    const response = await fetch(`/api/analyses/${id}/corrections`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) {
      say(await fault(response));
      fields.start_s.setCustomValidity(byId("said").textContent);
      fields.start_s.reportValidity();
      setTimeout(() => fields.start_s.setCustomValidity(""), 3000);
      return;
    }
    fields.note.value = "";
    selection.clear();
    say("The correction is kept.");
    htmx.trigger("#corrections", "changed");
  });
  byId("corrections").addEventListener("htmx:afterSwap", () => {
    timeline.corrections = [...document.querySelectorAll("#corrections li")].map((line) => ({
      start: Number(line.dataset.start),
      end: Number(line.dataset.end),
      label: line.dataset.label,
    }));
    timeline.draw();
  });
  onKey("i", () => selection.begin(timeline.time));
  onKey("o", () => selection.finish(timeline.time));
  onKey("x", () => selection.clear());
  onKey("s", () => form.requestSubmit());
  const labels = [...fields.label.options].map((option) => option.value);
  const emotions = labels.filter((label) => label !== "no-music");
  const choose = (label) => {
    fields.label.value = label;
    say(`It is ${label.replace("-", " ")}.`);
  };
  emotions.forEach((label, at) => onKey(String(at + 1), () => choose(label)));
  onKey("0", () => choose("no-music"));
  htmx.trigger("#corrections", "changed");
}
