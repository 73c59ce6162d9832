// Files and folders dropped on the page, sent three at a time.
import { clock, say } from "./said.js";

const AT_A_TIME = 3;
const zone = document.getElementById("drop");
const panel = document.getElementById("uploads");
const words = document.getElementById("uploads-words");
const bar = document.getElementById("uploads-bar");
const failed = document.getElementById("uploads-failed");

let waiting = [];
let running = new Set();
let total = 0;
let done = 0;
let bytes = 0;
let sent = 0;
let started = 0;

function add(files) {
  if (!waiting.length && !running.size) {
    [total, done, bytes, sent, started] = [0, 0, 0, 0, performance.now()];
    failed.replaceChildren();
  }
  for (const each of files) {
    waiting.push(each);
    total += 1;
    bytes += each.file.size;
  }
  if (!files.length) return;
  panel.hidden = false;
  say(`${files.length} files are sent.`);
  while (running.size < AT_A_TIME && waiting.length) send(waiting.shift());
}

function send({ file, name }) {
  const request = new XMLHttpRequest();
  const form = new FormData();
  form.append("collection", zone.dataset.collection);
  form.append("name", name);
  form.append("file", file);
  let before = 0;
  request.upload.addEventListener("progress", (event) => {
    const share = event.total ? (event.loaded / event.total) * file.size : 0;
    sent += share - before;
    before = share;
    show();
  });
  request.addEventListener("loadend", () => {
    running.delete(request);
    sent += file.size - before;
    done += 1;
    if (request.status !== 201 && request.status !== 0) refused(name, request.responseText);
    if (request.status === 0 && waiting.length) refused(name, "");
    if (waiting.length) send(waiting.shift());
    show();
  });
  request.open("POST", "/api/analyses");
  request.send(form);
  running.add(request);
  show();
}

function refused(name, text) {
  let detail = "it could not be sent";
  try {
    detail = JSON.parse(text).detail;
  } catch {
    // not a problem of ours: the connection broke
  }
  const line = document.createElement("li");
  line.textContent = `${name}: ${detail}`;
  failed.append(line);
}

function show() {
  bar.value = bytes ? sent / bytes : 0;
  if (!running.size && !waiting.length) {
    words.textContent = `${done - failed.children.length} of ${total} files were sent.`;
    document.getElementById("stop-uploads").hidden = true;
    say(words.textContent);
    return;
  }
  document.getElementById("stop-uploads").hidden = false;
  const left = sent > 0 ? ((performance.now() - started) / 1000) * (bytes / sent - 1) : NaN;
  const time = Number.isFinite(left) ? `, ${clock(left)} left` : "";
  words.textContent = `Sending ${Math.min(done + 1, total)} of ${total}${time}`;
}

// Folders come as entries; what is in them is read a hundred at a time.
async function within(entry, path = "") {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [{ file, name: path + entry.name }];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return found;
    for (const each of some) found.push(...(await within(each, `${path}${entry.name}/`)));
  }
}

const hidden = (each) => each.name.split("/").pop().startsWith(".");

zone.addEventListener("dragover", (event) => {
  event.preventDefault();
  zone.classList.add("over");
});
zone.addEventListener("dragleave", () => zone.classList.remove("over"));
zone.addEventListener("drop", async (event) => {
  event.preventDefault();
  zone.classList.remove("over");
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const found = entries.length
    ? (await Promise.all(entries.map((entry) => within(entry)))).flat()
    : [...event.dataTransfer.files].map((file) => ({ file, name: file.name }));
  add(found.filter((each) => !hidden(each)));
});

for (const id of ["files", "folder"]) {
  const input = document.getElementById(id);
  input.addEventListener("change", () => {
    const found = [...input.files].map((file) => ({ file, name: file.webkitRelativePath || file.name }));
    add(found.filter((each) => !hidden(each)));
    input.value = "";
  });
}
document.getElementById("choose-files").addEventListener("click", () => document.getElementById("files").click());
document.getElementById("choose-folder").addEventListener("click", () => document.getElementById("folder").click());
document.getElementById("stop-uploads").addEventListener("click", () => {
  waiting = [];
  for (const request of running) request.abort();
});
