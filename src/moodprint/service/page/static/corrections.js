// What people say of stretches: selected, said in the form, kept by the service, drawn in a lane.
import { call, clock, complain, say } from "./said.js";
import { onKey } from "./shortcuts.js";

const byId = (id) => document.getElementById(id);

export function correcting(id, timeline, selection, hear) {
  const form = byId("correction");
  const fields = form.elements;
  fields.author.value = localStorage.getItem("author") ?? "";
  let telling = 0;
  selection.onchange = (range) => {
    fields.start_s.value = range ? range.start.toFixed(2) : "";
    fields.end_s.value = range ? range.end.toFixed(2) : "";
    byId("hear").disabled = byId("unselect").disabled = !range;
    clearTimeout(telling);
    const words = range ? `${clock(range.start, 1)} to ${clock(range.end, 1)} is selected.` : "Nothing is selected.";
    telling = setTimeout(() => say(words), 400); // not at each pixel of a drag
  };
  const typed = () => {
    if (Number(fields.end_s.value) > Number(fields.start_s.value)) {
      selection.set(Number(fields.start_s.value), Number(fields.end_s.value));
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
    if (body.end_s <= body.start_s) {
      complain("A stretch ends after it starts.");
      return;
    }
    if (!(await call("POST", `/api/analyses/${id}/corrections`, body))) return;
    fields.note.value = "";
    selection.clear();
    setTimeout(() => say("The correction is kept."), 500);
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
  onKey("m", () => {
    const stretch = timeline.stretchAt(timeline.time);
    if (stretch) selection.set(stretch.start, stretch.end);
  });
  const move = (seconds) => selection.range && selection.shift(seconds);
  onKey(",", () => move(-0.1));
  onKey(".", () => move(0.1));
  onKey("<", () => move(-1));
  onKey(">", () => move(1));
  const listen = () => selection.range && hear(selection.range);
  onKey("h", listen);
  byId("hear").addEventListener("click", listen);
  byId("unselect").addEventListener("click", () => selection.clear());
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
