// The first page: files that are dropped on it make a collection of their own.
import { onKey } from "./shortcuts.js";
import { call } from "./said.js";
import { takeUploads } from "./uploads.js";

let made = null;

// Called after the folder, where they come out of one.
async function newCollection(files) {
  const folders = new Set(files.map(({ name }) => (name.includes("/") ? name.split("/")[0] : "")));
  const [folder] = folders;
  const day = new Date().toLocaleDateString("en", { day: "numeric", month: "long", year: "numeric" });
  const name = folders.size === 1 && folder ? folder : `Files of ${day}`;
  made = await call("POST", "/api/collections", { name: name.slice(0, 200) });
  if (!made) return null;
  const link = document.createElement("a");
  link.href = `/collections/${made.id}`;
  link.textContent = made.name;
  document.getElementById("drop-title").replaceChildren("They go into ", link);
  return made.id;
}

takeUploads(newCollection, (all) => all && location.assign(`/collections/${made.id}`));
onKey("u", () => document.getElementById("choose-files").click());
