// Buttons that play a passage of a file: one at a time, and no further than its end.
const audio = new Audio();
let button = null;
let end = 0;

function stop() {
  audio.pause();
  if (button) button.setAttribute("aria-pressed", "false");
  button = null;
}

audio.addEventListener("timeupdate", () => {
  if (button && audio.currentTime >= end) stop();
});
audio.addEventListener("ended", stop);
audio.addEventListener("error", () => {
  if (button) button.title = "This browser cannot play this kind of file.";
  stop();
});

document.addEventListener("click", (event) => {
  const pressed = event.target.closest(".listen");
  if (!pressed) return;
  const same = pressed === button;
  stop();
  if (same) return;
  button = pressed;
  button.setAttribute("aria-pressed", "true");
  end = Number(button.dataset.end);
  const start = Number(button.dataset.start);
  audio.src = `${button.dataset.media}#t=${start}`;
  audio.addEventListener("loadedmetadata", () => (audio.currentTime = start), { once: true });
  audio.play().catch(() => {});
});

export { stop as stopListening };
