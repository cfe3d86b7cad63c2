// One look at one page: opened with an empty cache, everything it loads and says written down.

/** A poor connection, as Lighthouse has it: 150 ms to and fro, 1.6 Mbit/s down. */
const SLOW = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 };
/** On it, what a page can be shown without comes this much later, so that what it moves is always seen to move. */
const LATE = ['image', 'font', 'script', 'media', 'fetch', 'xhr'];
const LATE_MS = 400;
const SETTLE_LIMIT_MS = 20_000;
const VISIT_LIMIT_MS = 90_000;

/**
 * Opens `url`, waits until it is quiet, calls `use(visit)` and closes it.
 *
 * `options`: `width`, `height` (CSS pixels), `scheme` ("light", "dark"), `script` (false: switched off), `slow` (true: a
 * poor connection while it loads), `cookie` (`{ name, value }`), `limit` (how long it may take, in ms), `kinds` (a set
 * of what is known to show the focus, shared by pages that are visited in the same way), `expected` (`status`,
 * `language`, `direction`: what the checks hold it to).
 *
 * The visit has `page`, `context` and `cdp` (Playwright's), `url`, `options`, `expected`, `response` of the page itself,
 * `requests` (`{ url, bytes, status }`, bytes as they went over the wire, heads included), `bytes` (their sum),
 * `complaints` (errors on the console, exceptions, requests that failed), `shifts` (what moved) and `notes` (what checks
 * could not decide).
 */
export async function withVisit(browser, url, options, use) {
  const visit = await open(browser, url, options ?? {});
  let timer;
  const late = new Promise((_, reject) => {
    const limit = options?.limit ?? VISIT_LIMIT_MS;
    timer = setTimeout(() => reject(new Error(`${url}: not done in ${limit / 1000} s`)), limit);
  });
  try {
    return await Promise.race([use(visit), late]);
  } finally {
    clearTimeout(timer);
    await visit.context.close();
  }
}

async function open(browser, url, options) {
  const { width = 1280, height = width < 600 ? 740 : 800, scheme = 'light', script = true, slow = false } = options;
  const expected = { status: 200, ...options.expected };
  // A context of its own: no cache, cookies or storage from the pages before.
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    javaScriptEnabled: script,
    locale: expected.language ?? 'en',
  });
  try {
    if (options.cookie) await context.addCookies([{ ...options.cookie, url }]);
    await context.addInitScript({ path: new URL('in-page.js', import.meta.url).pathname });
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    const visit = {
      page,
      context,
      cdp,
      url,
      options,
      expected,
      requests: [],
      complaints: [],
      notes: [],
      shifts: { on: true, seen: [] },
    };
    const stop = await record(visit);
    if (slow) {
      await cdp.send('Network.emulateNetworkConditions', SLOW);
      await page.route('**/*', async (route) => {
        if (LATE.includes(route.request().resourceType())) await new Promise((done) => setTimeout(done, LATE_MS));
        await route.continue().catch(() => {}); // the page may be gone by now
      });
    }
    visit.response = await page.goto(url, { waitUntil: 'load', timeout: SETTLE_LIMIT_MS });
    // The load is over when half a second passes without a request.
    await page.waitForLoadState('networkidle', { timeout: SETTLE_LIMIT_MS });
    visit.bytes = visit.requests.reduce((sum, request) => sum + request.bytes, 0);
    stop();
    if (slow) {
      await page.unrouteAll();
      await cdp.send('Network.emulateNetworkConditions', {
        offline: false,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput: -1,
      });
    }
    return visit;
  } catch (error) {
    await context.close();
    throw error;
  }
}

// Writes down requests and complaints until the page is quiet; what tests do to it afterwards is not counted.
async function record({ page, cdp, url, expected, requests, complaints, shifts }) {
  let on = true;
  const byId = new Map();
  const listen = (event, use) => cdp.on(event, (message) => on && use(message));
  listen('Network.requestWillBeSent', ({ requestId, request }) => {
    if (/^(data|blob):/.test(request.url)) return;
    // A redirect keeps its id; its bytes come with the answer that ends it.
    const entry = { url: request.url, bytes: 0, status: 0 };
    byId.set(requestId, entry);
    requests.push(entry);
  });
  listen('Network.responseReceived', ({ requestId, response }) => {
    if (byId.has(requestId)) byId.get(requestId).status = response.status;
  });
  listen('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (byId.has(requestId)) byId.get(requestId).bytes = encodedDataLength;
  });
  listen('Network.loadingFailed', ({ requestId, errorText, blockedReason }) => {
    if (byId.has(requestId)) complaints.push(`${byId.get(requestId).url} did not load: ${blockedReason ?? errorText}`);
  });
  page.on('pageerror', (error) => on && complaints.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    // A page that is meant to answer 404 is reported on the console too.
    const meant = expected.status >= 400 && message.location().url === url;
    if (on && !meant && ['error', 'warning'].includes(message.type())) {
      complaints.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  // From the browser and not from a script in the page: it works with script off.
  cdp.on('PerformanceTimeline.timelineEventAdded', ({ event }) => {
    if (shifts.on && event.type === 'layout-shift') shifts.seen.push(event.layoutShiftDetails);
  });
  await cdp.send('Network.enable');
  await cdp.send('PerformanceTimeline.enable', { eventTypes: ['layout-shift'] });
  return () => (on = false);
}
