// A stretch of the timeline, with two edges that a pointer drags and keys move.
import { clock } from "./said.js";

const LEAST_S = 0.1;

export class Selection {
  constructor(timeline, first, last) {
    this.timeline = timeline;
    this.edges = { start: first, end: last };
    this.onchange = () => {};
    timeline.viewers.push(() => this.place());
    for (const [name, edge] of Object.entries(this.edges)) this.listen(name, edge);
  }

  listen(name, edge) {
    let drags = false;
    edge.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      event.stopPropagation();
      edge.setPointerCapture(event.pointerId);
      edge.focus();
      drags = this.timeline.held = true;
    });
    edge.addEventListener("pointermove", (event) => {
      if (!drags) return;
      const left = this.timeline.canvas.getBoundingClientRect().left;
      this.move(name, this.timeline.at(event.clientX - left));
    });
    const release = () => (drags = this.timeline.held = false);
    edge.addEventListener("pointerup", release);
    edge.addEventListener("pointercancel", release);
    edge.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.move(name, this.timeline.selection[name] + step * (event.shiftKey ? 1 : 0.1));
    });
  }

  get range() {
    return this.timeline.selection;
  }

  set(start, end) {
    const most = this.timeline.duration;
    const first = Math.max(0, Math.min(start, most - LEAST_S));
    this.timeline.selection = { start: first, end: Math.min(most, Math.max(end, first + LEAST_S)) };
    this.onchange(this.range);
    this.timeline.draw();
  }

  move(name, time) {
    const { start, end } = this.range;
    if (name === "start") this.set(Math.min(time, end - LEAST_S), end);
    else this.set(start, Math.max(time, start + LEAST_S));
  }

  // The whole of it, as long as it was, within the file.
  shift(seconds) {
    const { start, end } = this.range;
    const by = Math.min(Math.max(seconds, -start), this.timeline.duration - end);
    this.set(start + by, end + by);
  }

  begin(time) {
    this.set(time, this.range && this.range.end > time ? this.range.end : time + 5);
  }

  finish(time) {
    this.set(this.range && this.range.start < time ? this.range.start : Math.max(0, time - 5), time);
  }

  clear() {
    this.timeline.selection = null;
    this.onchange(null);
    this.timeline.draw();
  }

  place() {
    for (const [name, edge] of Object.entries(this.edges)) {
      edge.hidden = !this.range;
      if (!this.range) continue;
      const time = this.range[name];
      const x = this.timeline.x(time);
      edge.hidden = x < -1 || x > this.timeline.width + 1;
      edge.style.left = `${x}px`;
      edge.setAttribute("aria-valuemin", "0");
      edge.setAttribute("aria-valuemax", String(this.timeline.duration));
      edge.setAttribute("aria-valuenow", time.toFixed(2));
      edge.setAttribute("aria-valuetext", clock(time, 1));
    }
  }
}
