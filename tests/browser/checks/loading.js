// What came over the wire, and what the page did while it came.

/** Most bytes that a page may send on first load, heads included. */
export const WEIGHT_LIMIT_BYTES = 60_000;

export function answers({ response, expected }) {
  const problems = [];
  if (response.status() !== expected.status) problems.push(`status ${response.status()}, not ${expected.status}`);
  const type = response.headers()['content-type'] ?? 'none';
  if (!/^text\/html; ?charset=utf-8$/i.test(type)) problems.push(`content-type ${type}, not text/html; charset=utf-8`);
  return problems;
}

export function weight({ bytes, requests }) {
  if (bytes <= WEIGHT_LIMIT_BYTES) return [];
  const largest = requests.toSorted((a, b) => b.bytes - a.bytes).slice(0, 5);
  return [`${bytes} bytes: ${largest.map(({ url, bytes }) => `${url} ${bytes}`).join(', ')}`];
}

/** Also while scrolling through: pictures without a size move what is below them only when they come. */
export async function layoutShift({ page, cdp, shifts }) {
  const steps = await page.evaluate(() => Math.ceil(document.documentElement.scrollHeight / innerHeight));
  for (let step = 1; step <= steps && shifts.on; step++) {
    await page.evaluate((step) => scrollTo({ top: step * innerHeight, behavior: 'instant' }), step);
    await page.waitForTimeout(50);
  }
  await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }));
  await page.waitForTimeout(50);
  shifts.on = false; // checks that come later change the window, and that moves things
  return Promise.all(
    shifts.seen.map(async ({ value, sources }) => {
      const what = await Promise.all(sources.map(({ nodeId }) => describe(cdp, nodeId)));
      return `moved by ${value.toFixed(4)}: ${what.join(', ') || 'something that is gone'}`;
    }),
  );
}

async function describe(cdp, backendNodeId) {
  try {
    const { object } = await cdp.send('DOM.resolveNode', { backendNodeId });
    const { result } = await cdp.send('Runtime.callFunctionOn', {
      objectId: object.objectId,
      functionDeclaration: 'function () { return this.localName ? inPage.describe(this) : `"${this.data}"` }',
      returnByValue: true,
    });
    return result.value;
  } catch {
    return 'something that is gone';
  }
}

export function noOthers({ requests, url }) {
  const { origin } = new URL(url);
  return requests.filter((request) => new URL(request.url).origin !== origin).map(({ url }) => `asks ${url}`);
}

export function noComplaints({ complaints, requests, url, expected }) {
  const failed = requests.filter(
    (request) => request.status >= 400 && !(request.url === url && expected.status >= 400),
  );
  return [...complaints, ...failed.map(({ url, status }) => `${url} answered ${status}`)];
}

export function policyKept({ page }) {
  return page.evaluate(() => inPage.violations);
}

/** The content policy has no exceptions, and covers what `default-src` does not. */
export function securityHeaders({ response }) {
  const headers = response.headers();
  const problems = [];
  const wanted = {
    'x-content-type-options': /^nosniff$/,
    'referrer-policy': /^(no-referrer|same-origin|strict-origin|strict-origin-when-cross-origin)$/,
    'cross-origin-opener-policy': /^same-origin$/,
    'permissions-policy': /\S/,
  };
  for (const [name, pattern] of Object.entries(wanted)) {
    if (!pattern.test(headers[name] ?? '')) problems.push(`${name}: ${headers[name] ?? 'missing'}`);
  }
  return [...problems, ...policyProblems(headers['content-security-policy'])];
}

function policyProblems(policy) {
  if (!policy) return ['content-security-policy: missing'];
  const problems = [];
  const directives = new Map();
  for (const part of policy
    .split(';')
    .map((text) => text.trim())
    .filter(Boolean)) {
    const [name, ...sources] = part.split(/\s+/);
    directives.set(name.toLowerCase(), sources);
  }
  for (const name of ['default-src', 'base-uri', 'form-action', 'frame-ancestors']) {
    if (!directives.has(name)) problems.push(`content-security-policy lets anything in: no ${name}`);
  }
  for (const [name, sources] of directives) {
    for (const source of sources) {
      // A data: picture holds no script; data: anywhere else is an open door.
      const open =
        /^'unsafe-|\*|^https?:|^(blob|filesystem):$/.test(source) || (source === 'data:' && name !== 'img-src');
      if (open && name !== 'report-uri') problems.push(`content-security-policy has an exception: ${name} ${source}`);
    }
  }
  return problems;
}
