// Buttons that play a passage of a file: one at a time, and no further than its end.
import { complain } from "./said.js";

const audio = new Audio();
let button = null;

function mark(pressed) {
  button.setAttribute("aria-pressed", String(pressed));
  button.textContent = pressed ? "\u25a0" : "\u25b6";
}

function stop() {
  audio.pause();
  if (button) mark(false);
  button = null;
}

audio.addEventListener("timeupdate", () => {
  if (button && audio.currentTime >= Number(button.dataset.end)) stop();
});
audio.addEventListener("ended", stop);
audio.addEventListener("error", () => {
  if (button) complain("This browser cannot play this kind of file.");
  stop();
});

document.addEventListener("click", (event) => {
  const pressed = event.target.closest(".listen");
  if (!pressed) return;
  const same = pressed === button;
  stop();
  if (same) return;
  button = pressed;
  mark(true);
  const start = Number(button.dataset.start);
  audio.src = `${button.dataset.media}#t=${start}`;
  audio.addEventListener("loadedmetadata", () => (audio.currentTime = start), { once: true });
  audio.play().catch(() => {});
});

// A part of the page came anew while one of its passages plays: the button there stops it now.
document.body.addEventListener("htmx:afterSettle", () => {
  if (!button || button.isConnected) return;
  const { media, start, end } = button.dataset;
  const here = `.listen[data-media="${media}"][data-start="${start}"][data-end="${end}"]`;
  button = document.querySelector(here);
  if (button) mark(true);
  else stop();
});

export { stop as stopListening };
