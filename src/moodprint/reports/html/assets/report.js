// The life of the page: players, waveforms, charts, and the table of files. No request leaves it.
"use strict";

const DATA = JSON.parse(document.getElementById("data").textContent);
const STEP_S = 5;
const DARK = matchMedia("(prefers-color-scheme: dark)");
const FINE_POINTER = matchMedia("(pointer: fine)");
const LINE_WIDTHS = { speech: 1, other: 2 };
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

function clock(seconds) {
  const whole = Math.floor(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n) => String(n).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

class Player {
  static active = null;

  constructor(section, data, onTime) {
    this.section = section;
    this.duration = data.duration;
    this.onTime = onTime;
    this.audio = section.querySelector("audio");
    if (!this.audio) return;
    this.button = section.querySelector(".play");
    this.button.addEventListener("click", () => this.toggle());
    for (const event of ["play", "pause", "ended"]) this.audio.addEventListener(event, () => this.changed());
    for (const event of ["timeupdate", "seeked"]) this.audio.addEventListener(event, () => this.tell());
    for (const button of section.querySelectorAll(".seek"))
      button.addEventListener("click", () => this.seek(Number(button.dataset.start), true));
  }

  // A passage from its start to its end; a second click stops it.
  passage(button) {
    if (!this.audio) return;
    if (this.heard === button) return this.audio.pause();
    this.seek(Number(button.dataset.start), true);
    this.heard = button;
    button.classList.add("on");
  }

  leavePassage() {
    this.heard?.classList.remove("on");
    this.heard = null;
  }

  toggle() {
    if (this.audio.paused) this.play();
    else this.audio.pause();
  }

  play() {
    this.activate();
    this.audio.play().catch((error) => { if (error.name !== "AbortError") throw error; });
  }

  // One sound at a time, and the keyboard belongs to the player touched last.
  activate() {
    if (Player.active && Player.active !== this) Player.active.audio.pause();
    Player.active = this;
  }

  seek(seconds, thenPlay = false) {
    if (!this.audio) return;
    this.leavePassage();
    this.activate();
    this.audio.currentTime = Math.min(Math.max(seconds, 0), Math.max(this.duration - 0.05, 0));
    this.tell();
    if (thenPlay) this.play();
  }

  changed() {
    const playing = !this.audio.paused;
    this.section.classList.toggle("playing", playing);
    this.button.setAttribute("aria-label", this.button.ariaLabel.replace(/^\w+/, playing ? "Pause" : "Play"));
    const follow = () => {
      this.tell();
      if (!this.audio.paused) requestAnimationFrame(follow);
    };
    if (playing) requestAnimationFrame(follow);
    else this.leavePassage();
  }

  tell() {
    if (this.heard && this.audio.currentTime >= Number(this.heard.dataset.end)) this.audio.pause();
    this.onTime(this.audio.currentTime);
  }
}

class Waveform {
  constructor(section, data, seek) {
    this.canvas = section.querySelector(".wave canvas");
    this.head = section.querySelector(".wave .head");
    this.data = data;
    this.slider = this.canvas.getAttribute("role") === "slider";
    if (this.slider) this.canvas.addEventListener("pointerdown", (event) => {
      const box = this.canvas.getBoundingClientRect();
      seek(((event.clientX - box.left) / box.width) * data.duration);
    });
    new ResizeObserver(() => this.draw()).observe(this.canvas);
    DARK.addEventListener("change", () => this.draw());
  }

  draw() {
    const { width, height } = this.canvas.getBoundingClientRect();
    const scale = devicePixelRatio || 1;
    this.canvas.width = width * scale;
    this.canvas.height = height * scale;
    const pen = this.canvas.getContext("2d");
    pen.scale(scale, scale);
    for (let x = 0; x < width; x += 3) {
      const [from, to] = [x / width, Math.min((x + 3) / width, 1)];
      const tall = Math.max(this.peak(from, to) * height, 2);
      this.bar(pen, x, tall, height, ((from + to) / 2) * this.data.duration);
    }
  }

  peak(from, to) {
    const peaks = this.data.peaks;
    if (!peaks.length) return 0.35;
    const part = peaks.slice(Math.floor(from * peaks.length), Math.max(Math.ceil(to * peaks.length), 1));
    return Math.max(0, ...part);
  }

  // Music in the colour of its emotion, speech in thin lines, other sound in dots: not by colour alone.
  bar(pen, x, tall, height, seconds) {
    const stretch = this.data.stretches.find((each) => seconds < each.end);
    const here = stretch && seconds >= stretch.start ? stretch : {};
    const look = here.emotion ?? (here.presence in LINE_WIDTHS ? here.presence : "none");
    pen.fillStyle = colour(look);
    pen.globalAlpha = here.emotion && here.unsure ? 0.45 : 1;
    const [top, wide] = [(height - tall) / 2, LINE_WIDTHS[look] ?? 2];
    if (look !== "other") return pen.fillRect(x, top, wide, tall);
    for (let y = 0; y < tall; y += 4) pen.fillRect(x, top + y, wide, 2);
  }

  show(seconds) {
    this.head.hidden = false;
    this.head.style.left = `${(100 * seconds) / this.data.duration}%`;
    if (!this.slider) return;
    this.canvas.setAttribute("aria-valuenow", Math.round(seconds));
    this.canvas.setAttribute("aria-valuetext", clock(seconds));
  }
}

class Chart {
  constructor(section, data, seek) {
    this.figure = data.figure;
    this.plot = section.querySelector(".plot");
    this.head = section.querySelector(".chart .head");
    this.seconds = null;
    this.onceNear();
    this.onClick(section.querySelector(".chart"), seek);
  }

  // A page may hold hundreds of files: each chart is drawn when it comes near the window.
  onceNear() {
    const watch = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watch.disconnect();
      this.draw();
    }, { rootMargin: "600px" });
    watch.observe(this.plot);
    addEventListener("beforeprint", () => this.draw());
  }

  draw() {
    if (this.drawn) return;
    this.drawn = true;
    const { data, layout } = this.figure;
    layout.dragmode = FINE_POINTER.matches ? "zoom" : false;
    Plotly.newPlot(this.plot, data, layout, { displayModeBar: false, responsive: true });
    this.dress();
    DARK.addEventListener("change", () => this.dress());
    this.plot.on("plotly_relayout", () => this.place());
    this.plot.on("plotly_afterplot", () => this.place());
  }

  dress() {
    const axis = { gridcolor: colour("line"), linecolor: colour("line"), tickcolor: colour("line"), zerolinecolor: colour("line") };
    const changes = {
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: getComputedStyle(document.body).fontFamily, size: 12, color: colour("faint") },
      hoverlabel: { bgcolor: colour("card"), bordercolor: colour("line"), font: { color: colour("ink") }, align: "left" },
    };
    for (const name of ["xaxis", "yaxis", "yaxis2"])
      for (const [key, value] of Object.entries(axis)) changes[`${name}.${key}`] = value;
    Plotly.relayout(this.plot, changes);
    const lines = this.figure.data.flatMap((trace, index) => (trace.yaxis === "y2" ? [index] : []));
    Plotly.restyle(this.plot, { "line.color": colour("ink") }, lines);
  }

  // From the click itself and not from plotly's event, which needs a point under the pointer.
  onClick(frame, seek) {
    let down = null;
    frame.addEventListener("pointerdown", (event) => { down = event.clientX; }, true);
    frame.addEventListener("pointerup", (event) => {
      if (down === null || Math.abs(event.clientX - down) > 4) return;
      const seconds = this.secondsAt(event.clientX);
      if (seconds !== null) seek(seconds);
    }, true);
  }

  secondsAt(clientX) {
    const { left, width } = this.lane();
    const part = (clientX - left) / width;
    const [from, to] = this.plot.layout.xaxis.range;
    return part >= 0 && part <= 1 ? from + part * (to - from) : null;
  }

  lane() {
    const box = this.plot.getBoundingClientRect();
    const { l, r } = this.figure.layout.margin;
    return { left: box.left + l, offset: l, width: box.width - l - r };
  }

  show(seconds) { this.seconds = seconds; this.place(); }

  place() {
    if (!this.drawn || this.seconds === null) return;
    const [from, to] = this.plot.layout.xaxis.range;
    const part = (this.seconds - from) / (to - from);
    const { offset, width } = this.lane();
    this.head.hidden = part < 0 || part > 1;
    this.head.style.left = `${offset + part * width}px`;
  }
}

class Rows {
  constructor(section) {
    this.rows = [...section.querySelectorAll("tr[data-start]")];
  }

  show(seconds) {
    const last = this.rows.findLastIndex((row) => Number(row.dataset.start) <= seconds);
    this.rows.forEach((row, index) => row.classList.toggle("now", index === last));
  }
}

function wake(section) {
  const data = DATA[section.id];
  const now = section.querySelector(".now");
  const seek = (seconds) => player.seek(seconds);
  const watchers = [new Waveform(section, data, seek), new Rows(section)];
  if (section.querySelector(".plot")) watchers.push(new Chart(section, data, seek));
  const player = new Player(section, data, (seconds) => {
    now.textContent = clock(seconds);
    for (const watcher of watchers) watcher.show(seconds);
  });
  return player;
}

function keyboard(players) {
  const withSound = players.filter((player) => player.audio);
  addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const player = Player.active ?? withSound[0];
    if (!player) return;
    const onControl = event.target.closest("button, a, summary, input");
    if (event.key === " " && !onControl) player.toggle();
    else if (event.key === "ArrowLeft") player.seek(player.audio.currentTime - STEP_S);
    else if (event.key === "ArrowRight") player.seek(player.audio.currentTime + STEP_S);
    else return;
    event.preventDefault();
  });
}

function sortable(table) {
  const body = table.tBodies[0];
  const given = [...body.rows];
  const heads = [...table.tHead.rows[0].cells].filter((head) => head.dataset.kind);
  const value = (row, column) => row.cells[column]?.dataset.value ?? "-9";
  const sort = (head) => {
    const up = head.getAttribute("aria-sort") !== "ascending";
    for (const other of heads) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const compare = head.dataset.kind === "number" ? (a, b) => Number(a) - Number(b) : (a, b) => a.localeCompare(b);
    const rows = [...body.rows].sort((a, b) => (up ? 1 : -1) * compare(value(a, head.cellIndex), value(b, head.cellIndex)));
    body.append(...rows);
  };
  for (const head of heads) head.querySelector("button").addEventListener("click", () => sort(head));
  document.getElementById("sort").addEventListener("change", (event) => {
    for (const head of heads) head.removeAttribute("aria-sort");
    if (event.target.value === "") body.append(...given);
    else sort(heads[Number(event.target.value)]);
  });
}

function filterable(table) {
  const [words, status, shown] = ["filter", "status", "shown"].map((id) => document.getElementById(id));
  const rows = [...table.tBodies[0].rows];
  const answered = (row) => !["unsure", "no music", "failed"].includes(row.dataset.status);
  const show = () => {
    const sought = words.value.trim().toLocaleLowerCase();
    for (const row of rows) {
      const named = row.cells[0].textContent.toLocaleLowerCase().includes(sought);
      row.hidden = !named || !(status.value === "" || row.dataset.status === status.value);
    }
    shown.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length}`;
  };
  words.addEventListener("input", show);
  status.addEventListener("change", show);
  for (const button of document.querySelectorAll(".count"))
    button.addEventListener("click", () => {
      status.value = button.dataset.status === "answered" ? "" : button.dataset.status;
      show();
      if (button.dataset.status === "answered") {
        for (const row of rows) row.hidden ||= !answered(row);
        shown.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length}`;
      }
      table.scrollIntoView({ block: "nearest" });
    });
  show();
}

const players = new Map([...document.querySelectorAll("section.file")].map((section) => [section.id, wake(section)]));
keyboard([...players.values()]);
for (const button of document.querySelectorAll(".passage"))
  button.addEventListener("click", () => players.get(button.dataset.file)?.passage(button));
const table = document.getElementById("summary");
if (table) {
  sortable(table);
  filterable(table);
}
