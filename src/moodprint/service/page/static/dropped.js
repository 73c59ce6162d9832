// The files in what was dropped or chosen: folders are walked, names keep their folders.

// The entries are asked for at once: the browser forgets them after the event.
export async function droppedFiles(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files].map((file) => ({ file, name: file.name }));
  return (await Promise.all(entries.map((entry) => within(entry)))).flat();
}

export function chosenFiles(input) {
  const found = [...input.files].map((file) => ({ file, name: file.webkitRelativePath || file.name }));
  return found.filter(({ name }) => !hidden(name.split("/").pop()));
}

async function within(entry, path = "") {
  if (hidden(entry.name)) return [];
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject)).catch(() => null);
    return file ? [{ file, name: path + entry.name }] : [];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    // A reader gives a hundred entries at a time, until it gives none.
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject)).catch(() => []);
    if (!some.length) return found;
    for (const each of some) found.push(...(await within(each, `${path}${entry.name}/`)));
  }
}

const hidden = (name) => name.startsWith(".") || name === "Thumbs.db" || name === "desktop.ini";
