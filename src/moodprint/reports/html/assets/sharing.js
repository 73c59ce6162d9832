// Filtering, and one sound at a time. No request leaves the page.
"use strict";

const filter = document.getElementById("filter");
const least = document.getElementById("least");
const tracks = [...document.querySelectorAll("section.track")];
const groups = [...document.querySelectorAll("section.group")];

function show() {
  const words = filter.value.trim().toLocaleLowerCase();
  const fits = (section) => section.dataset.words.toLocaleLowerCase().includes(words);
  for (const track of tracks) track.hidden = !fits(track) || Number(track.dataset.files) < Number(least.value);
  for (const group of groups) group.hidden = !fits(group);
  document.getElementById("shown").textContent = `${tracks.filter((track) => !track.hidden).length} of ${tracks.length} tracks`;
}

if (filter) {
  filter.addEventListener("input", show);
  least.addEventListener("change", show);
  show();
}

addEventListener("play", (event) => {
  for (const other of document.querySelectorAll("audio")) if (other !== event.target) other.pause();
}, true);
