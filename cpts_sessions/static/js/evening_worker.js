// The service worker of one evening, under its own address only. MARK and FILES stand above, written by the server.
//
// The page comes from the network when it answers within a few seconds, else from what was kept; the files come from
// what was kept. What is said, and the list, are in the database of the page (evening_store.js): not here.

const SCOPE = new URL(self.registration.scope).pathname;
const PREFIX = `evening ${SCOPE} `;
const CACHE = PREFIX + MARK;
const PATIENCE = 4000; // milliseconds

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(forgetOthers()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (event.request.mode === "navigate" && url.pathname === SCOPE) event.respondWith(page(event.request));
  else if (FILES.includes(url.pathname + url.search)) event.respondWith(file(event.request));
});

async function keep() {
  const cache = await caches.open(CACHE);
  await cache.addAll([new Request(SCOPE, {cache: "reload", credentials: "omit"}), ...FILES]);
  await self.skipWaiting();
}

async function forgetOthers() {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(others.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function page(request) {
  try {
    const answer = await fetch(request, {signal: AbortSignal.timeout(PATIENCE)});
    if (answer.status < 500) return answer;
  } catch {
    // no network, or too little of it
  }
  return (await caches.match(SCOPE, {cacheName: CACHE})) ?? Response.error();
}

async function file(request) {
  return (await caches.match(request, {cacheName: CACHE})) ?? fetch(request);
}
