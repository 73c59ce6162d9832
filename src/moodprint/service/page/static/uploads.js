// Files and folders dropped on the page, sent three at a time.
import { chosenFiles, droppedFiles } from "./dropped.js";
import { clock, detail, say } from "./said.js";

const AT_A_TIME = 3;
const BUSY = [429, 503]; // the service asks to come again later
const MOST_TRIES = 20;
const MOST_LISTED = 100; // of those that wait: a folder of thousands is sent, but not listed at once
const OPEN = ["waiting", "sending", "held"];
const byId = (id) => document.getElementById(id);

let uploads = [];
let started = 0;
let drawing = false;

const are = (...states) => uploads.filter((each) => states.includes(each.state));
const total = (list, value) => list.reduce((sum, each) => sum + value(each), 0);
const size = (upload) => upload.file.size;

// `into` gives the id of the collection for files that came; `ended` is told when all are sent.
export function takeUploads(into, ended = () => {}) {
  const take = async (files) => {
    const collection = files.length ? await into(files) : null;
    if (collection) add(files, collection, ended);
  };
  for (const id of ["files", "folder"]) {
    const input = byId(id);
    byId(`choose-${id}`).addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      take(chosenFiles(input));
      input.value = "";
    });
  }
  const zone = byId("drop");
  const over = (event) => {
    event.preventDefault();
    zone.classList.add("over");
  };
  // The whole page takes drops: a file beside the zone would replace the page.
  addEventListener("dragover", over);
  addEventListener("dragleave", (event) => event.relatedTarget === null && zone.classList.remove("over"));
  addEventListener("drop", async (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    take(await droppedFiles(event.dataTransfer));
  });
  byId("stop-uploads").addEventListener("click", () => are(...OPEN).forEach(cancel));
  addEventListener("beforeunload", (event) => are(...OPEN).length && event.preventDefault());
}

// What is too large is told before it is sent: a service that refuses hangs up on who still sends.
function start(each) {
  const megabytes = Number(byId("drop").dataset.mostMegabytes);
  const isLarge = each.file.size > megabytes * 1e6;
  const fault = isLarge ? `larger than the ${megabytes} MB that a file may have` : undefined;
  return { ...each, fault, sent: 0, tries: 0, state: isLarge ? "failed" : "waiting" };
}

function add(files, collection, ended) {
  if (!are(...OPEN).length) [uploads, started] = [[], performance.now()];
  uploads.push(...files.map((each) => start({ ...each, collection, ended })));
  byId("uploads").hidden = false;
  byId("uploads-list").replaceChildren();
  say(`${files.length} files are sent.`);
  next();
}

function next() {
  const waiting = are("waiting");
  waiting.slice(0, Math.max(0, AT_A_TIME - are("sending").length)).forEach(send);
  draw();
  if (uploads.length && !are(...OPEN).length) {
    say(words());
    uploads[0].ended(are("sent").length === uploads.length);
  }
}

function send(upload) {
  const request = new XMLHttpRequest(); // fetch does not tell how much was sent
  const form = new FormData();
  form.append("collection", upload.collection);
  form.append("name", upload.name);
  form.append("file", upload.file);
  Object.assign(upload, { request, state: "sending", fault: undefined, tries: upload.tries + 1 });
  request.upload.addEventListener("progress", (event) => {
    upload.sent = event.total ? (event.loaded / event.total) * upload.file.size : 0;
    draw();
  });
  request.addEventListener("load", () => {
    if (BUSY.includes(request.status) && upload.tries < MOST_TRIES) {
      hold(upload, Number(request.getResponseHeader("Retry-After")) || 5);
      return;
    }
    const sent = request.status === 201;
    if (!sent) upload.fault = detail(request.responseText, request.status);
    end(upload, sent ? "sent" : "failed");
  });
  request.addEventListener("error", () => {
    upload.fault = "the service does not answer";
    end(upload, "failed");
  });
  request.open("POST", "/api/analyses");
  request.send(form);
}

// Until the service has room again.
function hold(upload, seconds) {
  if (upload.state !== "sending") return;
  Object.assign(upload, { state: "held", sent: 0 });
  setTimeout(() => {
    if (upload.state === "held") upload.state = "waiting";
    next();
  }, seconds * 1000);
  draw();
}

function again(upload) {
  Object.assign(upload, { state: "waiting", sent: 0, tries: 0, fault: undefined });
  next();
}

function end(upload, state) {
  if (upload.state !== "sending") return;
  Object.assign(upload, { state, sent: upload.file.size });
  next();
}

function cancel(upload) {
  const { request, state } = upload;
  upload.state = "cancelled";
  if (state === "sending") request.abort();
  next();
}

function words() {
  const sent = are("sent").length;
  const said = `${sent} of ${uploads.length} file${uploads.length === 1 ? "" : "s"} sent`;
  const open = are(...OPEN);
  if (!open.length) return `${said}.`;
  const [gone, left] = [total(uploads, (each) => each.sent), total(open, (each) => size(each) - each.sent)];
  const seconds = (performance.now() - started) / 1000;
  return gone > 0 && seconds > 1 ? `${said}, about ${clock((seconds / gone) * left)} left` : said;
}

function draw() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    const open = are(...OPEN);
    const bytes = total(uploads, size);
    byId("uploads-words").textContent = words();
    byId("uploads-bar").value = bytes ? 1 - total(open, (each) => size(each) - each.sent) / bytes : 1;
    byId("stop-uploads").hidden = !open.length;
    const listed = are("sending", "held", "failed", "cancelled").concat(are("waiting").slice(0, MOST_LISTED));
    for (const upload of uploads) if (upload.row && !listed.includes(upload)) upload.row.remove();
    listed.forEach(drawRow);
  });
}

// Changed in place: a button keeps the focus while the numbers run.
function drawRow(upload) {
  upload.row ??= row(upload);
  const [, bar, state, button] = upload.row.children;
  const isOpen = OPEN.includes(upload.state);
  bar.hidden = !isOpen;
  const act = isOpen ? "Cancel" : "Try again";
  if (button.textContent !== act) {
    button.textContent = act;
    button.setAttribute("aria-label", `${act}: ${upload.name}`);
  }
  bar.value = size(upload) ? upload.sent / size(upload) : 0;
  state.textContent = upload.fault ?? { held: "waits for the service" }[upload.state] ?? upload.state;
  upload.row.classList.toggle("failed", upload.state === "failed");
  if (!upload.row.isConnected) byId("uploads-list").append(upload.row);
}

function row(upload) {
  const line = document.createElement("li");
  const [name, bar, state, button] = ["span", "progress", "span", "button"].map((tag) => document.createElement(tag));
  name.className = "name";
  name.textContent = upload.name;
  bar.max = 1;
  bar.setAttribute("aria-label", `Sent of ${upload.name}`);
  button.type = "button";
  button.className = "quiet";
  button.addEventListener("click", () => (OPEN.includes(upload.state) ? cancel(upload) : again(upload)));
  line.append(name, bar, state, button);
  return line;
}
