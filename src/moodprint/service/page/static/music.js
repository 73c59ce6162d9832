// The page on which music is made: what only drawn music takes is shown for it alone.
import { onKey } from "./shortcuts.js";

const form = document.getElementById("wish");
const engine = document.getElementById("engine");
const seed = form.elements.seed;
function fit() {
  for (const label of form.querySelectorAll(".drawn")) {
    label.hidden = engine.value !== "diffusion";
    label.querySelector("input").disabled = label.hidden;
  }
}
engine.addEventListener("change", fit);
fit();

// The next piece is another one, unless a seed is chosen.
let chosen = false;
seed.addEventListener("input", () => {
  chosen = true;
});
form.addEventListener("htmx:beforeRequest", () => {
  document.getElementById("problem").textContent = "";
});
form.addEventListener("htmx:afterRequest", ({ detail }) => {
  const refused = detail.xhr.getResponseHeader("HX-Retarget");
  if (detail.successful && !refused && !chosen) seed.value = Number(seed.value) + 1;
});

// One at a time is heard.
document.addEventListener(
  "play",
  (event) => {
    for (const other of document.querySelectorAll("audio")) if (other !== event.target) other.pause();
  },
  true,
);
onKey("p", () => document.getElementById("prompt").focus());
