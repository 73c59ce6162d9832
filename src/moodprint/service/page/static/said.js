// What happens, in words: for those who do not see it, and faults for everybody.

export function say(text) {
  document.getElementById("said").textContent = text;
}

// A fault stands until it is closed or another one comes.
export function complain(text) {
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "Close";
  const line = document.createElement("p");
  line.append(text, " ", close);
  close.addEventListener("click", () => line.remove());
  document.getElementById("faults").replaceChildren(line);
}

export function clock(seconds, decimals = 0) {
  const scale = 10 ** decimals;
  const whole = Math.floor(seconds * scale + 0.5);
  const total = Math.floor(whole / scale);
  const two = (value) => String(value).padStart(2, "0");
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor(total / 60) % 60;
  const time = hours ? `${hours}:${two(minutes)}:${two(total % 60)}` : `${minutes}:${two(total % 60)}`;
  return decimals ? `${time}.${String(whole % scale).padStart(decimals, "0")}` : time;
}

// The detail of a problem (RFC 9457), or what the status says.
export function detail(text, status) {
  try {
    return JSON.parse(text).detail;
  } catch {
    return `The service answered ${status}.`;
  }
}

// A call of the API; null where it failed, which is said.
export async function call(method, path, body) {
  try {
    const fields = body && { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    const response = await fetch(path, { method, ...fields });
    if (response.ok) return response.status === 204 ? {} : response.json();
    complain(detail(await response.text(), response.status));
  } catch {
    complain("The service does not answer. Does it still run?");
  }
  return null;
}

// What a cell of a timeline says.
export function words(cell) {
  if (!cell.emotion) return `no music (${cell.presence})`;
  const sure = `${Math.round(cell.confidence * 100)}%`;
  return cell.abstained ? `unsure, perhaps ${cell.emotion} (${sure})` : `${cell.emotion} (${sure})`;
}
