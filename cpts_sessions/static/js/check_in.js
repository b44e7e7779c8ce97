// The QR and the six digits that change every thirty seconds, drawn without network.
//
// The codes are those of cpts_sessions/attendance/check_in.py: HMAC-SHA-256 of the number of the window (8 bytes,
// big-endian) by the key of the session; its first 80 bits in base32 end the address to scan, its last 32 bits make
// the digits. What is in the page for it: templates/public/_check_in.html.

import {generate} from "../vendor/lean-qr.js";

const WINDOW = 30_000; // milliseconds
const QUIET = 4; // modules of white around a QR (ISO/IEC 18004)
const SVG = "http://www.w3.org/2000/svg";
const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

/** Whether this browser can compute the codes: only pages read over https, or from the machine itself. */
export const canDraw = () => Boolean(globalThis.crypto?.subtle);

/** The number of the thirty seconds of an instant, in milliseconds since 1970. */
export const windowOf = (milliseconds) => Math.floor(milliseconds / WINDOW);

/** The codes of one window: {scanned, typed}. `key` is base64url, as the page carries it. */
export async function codes(key, number) {
  const bytes = Uint8Array.from(atob(key.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
  const hmac = await crypto.subtle.importKey("raw", bytes, {name: "HMAC", hash: "SHA-256"}, false, ["sign"]);
  const message = new DataView(new ArrayBuffer(8));
  message.setBigUint64(0, BigInt(number));
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", hmac, message.buffer));
  const six = String(new DataView(mac.buffer).getUint32(mac.length - 4) % 1_000_000).padStart(6, "0");
  return {scanned: base32(mac.subarray(0, 10)), typed: `${six.slice(0, 3)}\u00a0${six.slice(3)}`};
}

function base32(bytes) {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  let text = "";
  for (let left = bytes.length * 8 - 5; left >= 0; left -= 5) text += BASE32[Number((bits >> BigInt(left)) & 31n)];
  return text;
}

/** A QR as an SVG element: black on white whatever the colours of the page, with its quiet zone. */
export function picture(text, label) {
  const qr = generate(text, {minCorrectionLevel: 1}); // M: 15 % of the picture may be spoilt
  const side = qr.size + 2 * QUIET;
  let path = "";
  for (let y = 0; y < qr.size; y++) {
    for (let x = 0; x < qr.size; x++) if (qr.get(x, y)) path += `M${x + QUIET} ${y + QUIET}h1v1h-1z`;
  }
  const svg = element("svg", {viewBox: `0 0 ${side} ${side}`, role: "img", "aria-label": label});
  svg.append(
    element("rect", {width: side, height: side, fill: "#fff"}),
    element("path", {d: path, fill: "#000", "shape-rendering": "crispEdges"}),
  );
  return svg;
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/**
 * Draw the code of this moment in `root`, then each next one, until the function given back is called.
 *
 * key: of the session, base64url; url: the address to scan, but its end; offset: how many milliseconds the server is
 * ahead of this device, when that is known.
 */
export function start(root, {key, url, offset = 0}) {
  const place = (name) => root.querySelector(`[data-${name}]`);
  let drawn = null;
  let lock = null;
  let stopped = false;

  const tick = async () => {
    const at = Date.now() + offset;
    place("left").textContent = String(Math.ceil((WINDOW - (at % WINDOW)) / 1000));
    const number = windowOf(at);
    if (number === drawn) return;
    drawn = number;
    const made = await codes(key, number);
    if (stopped || number !== drawn) return;
    place("qr").replaceChildren(picture(url + made.scanned, place("qr").dataset.qr));
    place("code").textContent = made.typed;
  };
  // a telephone that sleeps shows nothing; where this is refused, its owner touches it now and then
  const stayAwake = async () => {
    if (document.visibilityState !== "visible" || !navigator.wakeLock) return;
    const got = await navigator.wakeLock.request("screen").catch(() => null);
    if (stopped) await got?.release();
    else lock = got;
  };
  const seen = () => {
    tick();
    stayAwake();
  };

  const timer = setInterval(tick, 500);
  document.addEventListener("visibilitychange", seen);
  seen();
  return () => {
    stopped = true;
    clearInterval(timer);
    document.removeEventListener("visibilitychange", seen);
    lock?.release().catch(() => null);
  };
}

/** How many milliseconds the server is ahead; 0 without network, or when it cannot be told from the trip. */
export async function ahead(address) {
  try {
    const left = Date.now();
    const answer = await fetch(address, {method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(4000)});
    const back = Date.now();
    const said = Date.parse(answer.headers.get("Date") ?? "");
    const difference = said + 500 - (left + back) / 2;
    return back - left < 4000 && Math.abs(difference) > 2000 ? difference : 0;
  } catch {
    return 0;
  }
}

/** Make a <details> of the page draw its codes while it is open. */
export function install(root) {
  const {key, url, clock} = root.dataset;
  if (!canDraw()) return; // its link to the code drawn by the server stays
  let stop = null;
  const follow = async () => {
    stop?.();
    stop = null;
    if (!root.open) return;
    stop = start(root, {key, url});
    root.querySelector("[data-drawn]").scrollIntoView({block: "center"}); // between the bars of the page
    const mine = stop;
    const offset = await ahead(clock);
    if (offset && stop === mine) {
      stop();
      stop = start(root, {key, url, offset});
    }
  };
  root.querySelector("[data-drawn]").hidden = false;
  root.querySelector("[data-plain]").hidden = true;
  root.addEventListener("toggle", follow);
  follow();
}

if (globalThis.document) document.querySelectorAll("[data-check-in]").forEach(install);
