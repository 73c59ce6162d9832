// The pointer over the timeline: what it seeks, selects, zooms and is told.
import { clock, words } from "./said.js";
import { onKey } from "./shortcuts.js";

const byId = (id) => document.getElementById(id);

// A click seeks, a drag selects, a drag within the selection moves it; a pointer that rests is told
// the numbers.
export function pointer(timeline, selection, go) {
  const canvas = timeline.canvas;
  const tip = byId("tip");
  let pressed = null;
  const place = (event) => event.clientX - canvas.getBoundingClientRect().left;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    const time = timeline.at(place(event));
    const { start, end } = selection.range ?? {};
    const held = time > start && time < end ? { ...selection.range } : null;
    pressed = { x: place(event), time, held, drags: false };
  });
  canvas.addEventListener("pointermove", (event) => {
    const time = timeline.at(place(event));
    if (pressed && (pressed.drags || Math.abs(place(event) - pressed.x) > 4)) {
      pressed.drags = timeline.held = true;
      const { held } = pressed;
      if (held) selection.shift(time - pressed.time - (selection.range.start - held.start));
      else selection.set(Math.min(pressed.time, time), Math.max(pressed.time, time));
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

export function zooming(timeline) {
  const canvas = timeline.canvas;
  canvas.addEventListener(
    "wheel",
    (event) => {
      const isWhole = timeline.to - timeline.from >= timeline.duration;
      if (isWhole && event.deltaY >= 0) return; // there is no further out: the page scrolls on
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
  byId("taller").addEventListener("click", () => {
    byId("timeline").style.height = ""; // as it was dragged
    byId("timeline").classList.toggle("tall");
  });
  onKey("+", doings["zoom-in"]);
  onKey("=", doings["zoom-in"]);
  onKey("-", doings["zoom-out"]);
  onKey("f", whole);
}
