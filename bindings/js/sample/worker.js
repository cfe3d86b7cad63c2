// Keeps the page's files. Newer ones are taken from the server where it answers soon; else the kept ones answer.
const KEPT = 'basket';
const FILES = ['./', 'style.css', 'page.js', 'tidewaiter/index.js', 'tidewaiter/book.js', 'tidewaiter/tidewaiter.wasm', 'data/slice.twrb'];
const SOON_MS = 2000;

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

async function answer(request) {
  const cache = await caches.open(KEPT);
  try {
    const fresh = await fetch(request, { signal: AbortSignal.timeout(SOON_MS), cache: 'no-cache' });
    if (fresh.ok) await cache.put(request, fresh.clone());
    return fresh.ok ? fresh : (await cache.match(request)) ?? fresh;
  } catch (e) {
    const kept = await cache.match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw e;
  }
}

self.addEventListener('fetch', (event) => {
  const { method, url } = event.request;
  if (method === 'GET' && url.startsWith(self.registration.scope)) event.respondWith(answer(event.request));
});
