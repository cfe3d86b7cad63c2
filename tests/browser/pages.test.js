// Every page of pages.json, in every language: all checks of checks.js, and titles that differ within a language.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startBrowser } from './browser.js';
import { CHECKS, titlesDiffer } from './checks.js';
import { addressOf, languages, pages, ready, visits } from './list.js';
import { startPortal } from './server.js';
import { withVisit } from './visit.js';

// TIDEWAITER_PORTAL: the origin of a portal that runs already, as http://127.0.0.1:8080, instead of one of our own.
const running = process.env.TIDEWAITER_PORTAL;
const skip = ready || running ? false : 'pages.json says that the portal is not ready';

// Where the keyboard leads hangs on the markup and not on the words: the longest of the checks runs in the first language.
const FIRST_LANGUAGE_ALONE = ['the keyboard reaches everything, visibly and in order'];

describe('pages', { skip }, () => {
  let browser, portal;
  before(async () => {
    portal = running ? { origin: running, stop: () => {} } : await startPortal();
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.close();
    await portal?.stop();
  });

  // The first language is looked at in every way; the others, which have the same markup, in one way each, in turn.
  const ways = Object.entries(visits).map(([how, options]) => [how, { ...options, kinds: new Set() }]);
  for (const [which, [language, direction]] of Object.entries(languages).entries()) {
    const titles = {};
    describe(language, { concurrency: 4 }, () => {
      for (const [at, page] of pages.entries()) {
        const checks = Object.entries(CHECKS).filter(([name]) => which === 0 || !FIRST_LANGUAGE_ALONE.includes(name));
        const chosen = which === 0 ? ways : [ways[(at + which) % ways.length]];
        for (const [how, options] of chosen) {
          const address = addressOf(language, page);
          it(`${address}, ${how}`, async (test) => {
            const expected = { status: page.status ?? 200, language, direction };
            await withVisit(browser, portal.origin + address, { ...options, expected }, async (visit) => {
              titles[address] = await visit.page.title();
              for (const [name, check] of checks) {
                await test.test(name, async () => assert.deepEqual(await check(visit), []));
              }
              test.diagnostic(`${address}: ${visit.bytes} bytes in ${visit.requests.length} requests`);
              for (const note of visit.notes) test.diagnostic(`${address}: ${note}`);
            });
          });
        }
      }
    });
    it(`${language}: titles differ`, () => {
      assert.equal(Object.keys(titles).length, pages.length, 'not every page was seen');
      assert.deepEqual(titlesDiffer(titles), []);
    });
  }
});
