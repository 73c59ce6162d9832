// What happens, said to those who do not see it.
export function say(text) {
  document.getElementById("said").textContent = text;
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
export async function fault(response) {
  try {
    return (await response.json()).detail;
  } catch {
    return `The service answered ${response.status}.`;
  }
}
