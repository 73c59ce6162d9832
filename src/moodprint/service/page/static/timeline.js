// A file over its time: waveform, probabilities, emotions and corrections, drawn on a canvas.
import { clock } from "./said.js";

export const EMOTIONS = ["angry", "calm", "fear", "happy", "sad"];
const LEAST_SHOWN_S = 1;
const AXIS = 20;
const LANE = 14;
const STEPS_S = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];

// Segments overlap: each moment goes to the nearest, as in moodprint.cells.
export function cellsOf(segments) {
  const cells = [];
  let free = 0;
  segments.forEach((segment, at) => {
    const next = segments[at + 1];
    const start = Math.max(segment.start_s, free);
    let end = segment.end_s;
    if (next && next.start_s < end) end = (next.start_s + end) / 2;
    if (end > start) {
      cells.push({ ...segment, start, end, kind: kindOf(segment) });
      free = end;
    }
  });
  return cells;
}

// Neighbours that say the same as one.
function stretchesOf(cells) {
  const stretches = [];
  for (const { start, end, kind } of cells) {
    const last = stretches.at(-1);
    if (last && last.kind === kind && last.end === start) last.end = end;
    else stretches.push({ start, end, kind });
  }
  return stretches;
}

function kindOf(segment) {
  if (segment.presence !== "music" || !segment.emotion) return segment.presence;
  return segment.abstained ? "unsure" : segment.emotion;
}

export class Timeline {
  constructor(canvas, duration, cells, peaks) {
    Object.assign(this, { canvas, duration, cells, peaks });
    this.stretches = stretchesOf(cells);
    this.from = 0;
    this.to = duration;
    this.time = 0;
    this.selection = null;
    this.corrections = [];
    this.viewers = []; // told when another part is shown, or it is drawn anew
    this.free = false; // whether what is shown was chosen by hand, away from what plays
    this.pending = false;
    this.colours();
    new ResizeObserver(() => this.draw()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.colours();
      this.draw();
    });
  }

  colours() {
    const style = getComputedStyle(document.documentElement);
    const read = (name) => style.getPropertyValue(`--${name}`).trim();
    this.colour = Object.fromEntries(EMOTIONS.map((name) => [name, read(name)]));
    for (const name of ["unsure", "speech", "other"]) this.colour[name] = read(name);
    this.colour.silence = read("line");
    [this.ink, this.faint, this.line, this.focus, this.card] = ["ink", "faint", "line", "focus", "card"].map(read);
  }

  get width() {
    return this.canvas.clientWidth;
  }

  x(time) {
    return ((time - this.from) / (this.to - this.from)) * this.width;
  }

  at(x) {
    const time = this.from + (x / this.width) * (this.to - this.from);
    return Math.min(this.duration, Math.max(0, time));
  }

  cellAt(time) {
    let low = 0;
    let high = this.cells.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const cell = this.cells[middle];
      if (time < cell.start) high = middle - 1;
      else if (time >= cell.end) low = middle + 1;
      else return cell;
    }
    return null;
  }

  stretchAt(time) {
    return this.stretches.find((each) => each.start <= time && time < each.end);
  }

  view(from, to) {
    const length = Math.min(this.duration, Math.max(Math.min(LEAST_SHOWN_S, this.duration), to - from));
    this.from = Math.min(Math.max(0, from), this.duration - length);
    this.to = this.from + length;
    this.free = this.time < this.from || this.time > this.to;
    this.draw();
  }

  zoom(factor, around = this.time) {
    const share = (around - this.from) / (this.to - this.from);
    const length = (this.to - this.from) / factor;
    const middle = share >= 0 && share <= 1 ? share : 0.5;
    const place = share >= 0 && share <= 1 ? around : (this.from + this.to) / 2;
    this.view(place - length * middle, place + length * (1 - middle));
  }

  pan(seconds) {
    this.view(this.from + seconds, this.to + seconds);
  }

  // While it plays the view turns a page when the time leaves it; what is dragged, or was moved
  // elsewhere by hand, stays put.
  follow(time) {
    this.time = time;
    if (time >= this.from && time <= this.to) this.free = false;
    else if (!this.held && !this.free) {
      const length = this.to - this.from;
      this.view(time - length * 0.05, time + length * 0.95);
    }
    this.draw();
  }

  draw() {
    if (this.pending) return;
    this.pending = true;
    requestAnimationFrame(() => {
      this.pending = false;
      this.paint();
      for (const tell of this.viewers) tell();
    });
  }

  // A canvas as sharp as the screen, empty.
  penOf(canvas) {
    const ratio = devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== across || canvas.height !== down) Object.assign(canvas, { width: across, height: down });
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    return pen;
  }

  paint() {
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight];
    const pen = this.penOf(this.canvas);
    const body = height - AXIS - LANE;
    const wave = body * 0.5;
    this.paintAxis(pen, width, height);
    this.paintWave(pen, width, AXIS + wave / 2, wave / 2 - 4);
    this.paintProbabilities(pen, AXIS + wave + 4, body - wave - 4 - 18);
    this.paintStrip(pen, height - LANE - 18, 16);
    this.paintCorrections(pen, height - LANE + 2, LANE - 2);
    this.paintSelection(pen, height);
    pen.fillStyle = this.ink;
    pen.fillRect(this.x(this.time) - 1, 0, 2, height);
  }

  paintAxis(pen, width) {
    const shown = this.to - this.from;
    const step = STEPS_S.find((each) => (shown / each) * 70 <= width) ?? 7200;
    pen.fillStyle = this.faint;
    pen.font = "12px system-ui, sans-serif";
    for (let tick = Math.ceil(this.from / step) * step; tick <= this.to; tick += step) {
      const x = this.x(tick);
      pen.fillRect(x, 0, 1, 5);
      pen.fillText(clock(tick, step < 1 ? 1 : 0), x + 3, 13);
    }
  }

  paintWave(pen, width, middle, most) {
    if (!this.peaks) return;
    const { rate_hz: rate, peaks } = this.peaks;
    for (let x = 0; x < width; x += 1) {
      const first = Math.floor(this.at(x) * rate);
      const last = Math.max(first + 1, Math.ceil(this.at(x + 1) * rate));
      let peak = 0;
      for (let place = first; place < last && place < peaks.length; place += 1) {
        if (peaks[place] > peak) peak = peaks[place];
      }
      const cell = this.cellAt(this.at(x + 0.5));
      pen.fillStyle = cell ? this.colour[cell.kind] : this.line;
      const half = Math.max(0.5, (peak / 255) * most);
      pen.fillRect(x, middle - half, 1, 2 * half);
    }
  }

  shown(parts) {
    return parts.filter((part) => part.end > this.from && part.start < this.to);
  }

  paintProbabilities(pen, top, height) {
    for (const cell of this.shown(this.cells)) {
      if (!cell.emotion) continue;
      const [left, right] = [this.x(cell.start), this.x(cell.end)];
      let y = top;
      for (const emotion of EMOTIONS) {
        const part = cell.probabilities[emotion] * height;
        pen.globalAlpha = emotion === cell.emotion ? 0.85 : 0.3;
        pen.fillStyle = this.colour[emotion];
        pen.fillRect(left, y, right - left + 0.5, part);
        y += part;
      }
    }
    pen.globalAlpha = 1;
  }

  paintStrip(pen, top, height) {
    for (const { start, end, kind } of this.shown(this.stretches)) {
      if (kind === "silence") continue;
      pen.fillStyle = this.colour[kind];
      pen.fillRect(this.x(start), top, this.x(end) - this.x(start), height);
    }
  }

  paintCorrections(pen, top, height) {
    for (const { start, end, label } of this.corrections) {
      const [left, right] = [this.x(start), this.x(end)];
      pen.fillStyle = this.colour[label] ?? this.faint;
      pen.fillRect(left, top, Math.max(2, right - left), height - 2);
      pen.strokeStyle = this.ink;
      pen.strokeRect(left + 0.5, top + 0.5, Math.max(2, right - left - 1), height - 3);
    }
  }

  paintSelection(pen, height) {
    if (!this.selection) return;
    const [left, right] = [this.x(this.selection.start), this.x(this.selection.end)];
    pen.globalAlpha = 0.18;
    pen.fillStyle = this.focus;
    pen.fillRect(left, 0, right - left, height);
    pen.globalAlpha = 1;
  }
}
