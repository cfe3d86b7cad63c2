// The pages of an authority: all checks on all of them, and what its people come to do, without script too.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { startBrowser } from './browser.js';
import { CHECKS, runChecks, titlesDiffer } from './checks.js';
import { AUTHORITY, BORDER, startHouse } from './house.js';
import { languages, visits } from './list.js';
import { withVisit } from './visit.js';

const HERE = '/collect/authority';
/** The pages, once the border file is handed in. */
const pages = ({ waits }) => [
  '',
  '/applications',
  `/applications/${waits}`,
  '/applications/mugs-1',
  '/sellers',
  '/sellers/mugs',
  '/returns',
  '/returns?standing=missing',
  '/returns/mugs/2026-09/1',
  '/border?from=2026-08-01&to=2026-11-30',
  '/form',
];

let browser, house;
before(async () => {
  house = await startHouse();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await house?.stop();
});

const cookie = (token) => ({ name: 'tidewaiter-collect', value: token });
const open = (path, options, use) =>
  withVisit(browser, house.origin + path, { cookie: cookie(house.officer), ...options }, use);

/** Presses a button, and waits for the page behind it. */
async function go(page, target) {
  await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), target.click()]);
}

describe('the border', () => {
  it('a file with a mistake is refused whole, and a right one is compared', async () => {
    await open(`/en${HERE}/border`, { script: false, width: 360 }, async ({ page }) => {
      const hand = async (text) => {
        await page
          .getByLabel('File (CSV')
          .setInputFiles({ name: 'september.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
        await go(page, page.getByRole('button', { name: 'Hand it in' }));
      };
      await hand(BORDER(house.numbers).replace('2026-10,DE', '2026-13,DE'));
      assert.match(await page.getByRole('alert').innerText(), /Line 5: month: "2026-13" is no month/);
      await page.getByText('None yet.').waitFor();
      await hand(BORDER(house.numbers));
      assert.equal(await page.getByRole('alert').count(), 0);
      const rows = await page.locator('section[aria-labelledby=less] tbody tr').allInnerTexts();
      assert.equal(rows.length, 1);
      assert.match(rows[0].replaceAll('\u00a0', ' '), /mugs[\s\S]*EUR 1,800\.00[\s\S]*EUR 1,000\.00[\s\S]*-EUR 800|mugs[\s\S]*-800\.00/);
      for (const [finding, text] of [
        ['not-registered', 'IM3729999994'],
        ['no-return', 'socks'],
      ]) {
        assert.match(await page.locator(`section[aria-labelledby=${finding}] tbody`).innerText(), new RegExp(text));
      }
      // Lamps agree within 5 %, and not within 1.
      await page.getByLabel('Tolerance in per cent').fill('1');
      await go(page, page.getByRole('button', { name: 'Show' }));
      assert.match(await page.locator('section[aria-labelledby=less] tbody').innerText(), /lamps/);
    });
  });
});

describe('every page', () => {
  const ways = Object.entries(visits).map(([how, options]) => [how, { ...options, kinds: new Set() }]);
  for (const [which, [language, direction]] of Object.entries(languages).entries()) {
    const titles = {};
    describe(language, { concurrency: 4 }, () => {
      for (let at = 0; at < 11; at++) {
        const chosen = which === 0 ? ways : [ways[(at + which) % ways.length]];
        for (const [how, options] of chosen) {
          it(`${language} ${at}, ${how}`, async (test) => {
            const path = `/${language}${HERE}${pages(house)[at]}`;
            const expected = { status: 200, language, direction };
            await open(path, { ...options, expected }, async (visit) => {
              assert.equal(visit.response.headers()['cache-control'], 'no-store');
              titles[path.split('?')[0]] = await visit.page.title();
              for (const [name, check] of Object.entries(CHECKS)) {
                if (which > 0 && name.startsWith('the keyboard')) continue;
                await test.test(`${path}: ${name}`, async () => assert.deepEqual(await check(visit), []));
              }
            });
          });
        }
      }
    });
    it(`${language}: titles differ`, () => assert.deepEqual(titlesDiffer(titles), []));
  }
});

describe('who comes', () => {
  it('an inspector reads all and is offered no decision', async () => {
    const options = { cookie: cookie(house.inspector) };
    for (const [path, button] of [
      [`/applications/${house.waits}`, 'Accept'],
      ['/border', 'Hand it in'],
      ['/form', 'Save the form'],
    ]) {
      await open(`/en${HERE}${path}`, options, async ({ page, response }) => {
        assert.equal(response.status(), 200);
        assert.equal(await page.getByRole('button', { name: button }).count(), 0, path);
        await page.getByText('You can read here and change nothing.').waitFor();
      });
    }
    // Nor does it help to send what the button would.
    const body = new URLSearchParams({ decision: 'accept', number: 'IM3720000056', from: '2026-12-01' });
    const headers = { cookie: `tidewaiter-collect=${house.inspector}` };
    const answer = await fetch(`${house.origin}/en${HERE}/applications/${house.waits}`, { method: 'POST', body, headers });
    assert.equal(answer.status, 403);
  });

  it('nobody else comes in, and another site sends nothing', async () => {
    for (const path of pages(house)) {
      const answer = await fetch(`${house.origin}/fr${HERE}${path}`);
      assert.equal(answer.status, 403, path);
      assert.equal(answer.headers.get('cache-control'), 'no-store');
      assert.doesNotMatch(await answer.text(), /The mugs|Galway|IM372/);
    }
    const headers = { cookie: `tidewaiter-collect=${house.officer}`, 'sec-fetch-site': 'cross-site' };
    for (const path of [`/applications/${house.waits}`, '/sellers.csv', '/border', '/form', '/returns/mugs/2026-09/1']) {
      const body = new URLSearchParams({ decision: 'refuse', says: 'no' });
      const answer = await fetch(`${house.origin}/en${HERE}${path}`, { method: 'POST', body, headers });
      assert.equal(answer.status, 403, path);
    }
  });
});

for (const script of [true, false]) {
  describe(script ? 'with script' : 'without script', () => {
    it('an application is asked about', async () => {
      await open(`/en${HERE}`, { script, width: 360 }, async ({ page }) => {
        await go(page, page.getByRole('link', { name: 'Bags and more' }));
        await page.getByText('Galway').first().waitFor();
        await page.getByLabel('What you say to the seller').fill('Which street?');
        await go(page, page.getByRole('button', { name: 'Ask the seller' }));
        assert.match(await page.locator('main').innerText(), /waits for the seller[\s\S]*Which street\?/);
      });
    });

    it('the form is put in another order, added to, refused with its faults, and saved', async () => {
      await open(`/en${HERE}/form`, { script, width: 1280 }, async (visit) => {
        const { page } = visit;
        const rows = page.locator('.rows').first().locator(':scope > li');
        const before = await rows.count();
        const version = Number((await page.locator('main').innerText()).match(/Version (\d+) is in use/)[1]);
        const second = await page.locator('#key-1').inputValue();
        await go(page, rows.nth(1).getByRole('button', { name: /^↑? ?Up/ }));
        assert.equal(await page.locator('#key-0').inputValue(), second);
        assert.equal(await page.evaluate(() => document.activeElement.id), 'label-0');
        await go(page, page.getByRole('button', { name: 'Add a field' }));
        assert.equal(await rows.count(), before + 1);
        await page.locator(`#label-${before}`).fill('Kinds of goods');
        await page.locator(`#key-${before}`).fill('Kinds');
        await go(page, page.getByRole('button', { name: 'Save the form' }));
        assert.match(await page.getByRole('alert').innerText(), /One thing is wrong/);
        assert.equal(await page.locator(`#key-${before}`).getAttribute('aria-invalid'), 'true');
        assert.deepEqual(await runChecks(visit, ['axe finds nothing, light and dark']), {});
        await page.locator(`#key-${before}`).fill(`kinds_${version}`);
        await go(page, page.getByRole('button', { name: 'Save the form' }));
        await page.getByText(`Version ${version + 1} is in use`).waitFor();
        const form = await (await fetch(`${house.origin}/v1/collect/authorities/${AUTHORITY}/form`)).json();
        assert.match(JSON.stringify(form), new RegExp(`kinds_${version}`));
      });
    });

    it('where to register is answered from rows, and from a table', async () => {
      await open('/en/collect/where', { script, width: 360 }, async (visit) => {
        const { page } = visit;
        await page.getByLabel('Where is your business?').fill('China');
        const row = page.getByRole('group', { name: 'Row 1' });
        for (const [label, text] of [
          ['Sold to', 'Norway'],
          ['Currency', 'NOK'],
          ['Amount', '52000'],
          ['Number of orders', '60'],
          ['Worth of the dearest parcel', '1500'],
          ['Price of the dearest thing', '900'],
        ]) {
          await row.getByLabel(label).fill(text);
        }
        await go(page, page.getByRole('button', { name: 'Show where to register' }));
        const said = async () => (await page.locator('main').innerText()).replace(/[\u00a0\u202f]/g, ' ');
        assert.match(await said(), /NOK 52,000\.00 of NOK 50,000\.00 \(104 %\)/);
        assert.match(await said(), /Register under .*VOEC/);
        assert.deepEqual(
          await runChecks(visit, ['axe finds nothing, light and dark', 'no sideways scrolling at 360 and 320 px']),
          {},
        );
        await page.getByText('Change the question').click();
        await row.getByLabel('Sold to').fill('Atlantis');
        await go(page, page.getByRole('button', { name: 'Show where to register' }));
        assert.match(await page.locator('#fault-to-0').innerText(), /no such place/);
      });
      await open('/fr/collect/where', { script, width: 1280 }, async ({ page }) => {
        await page.getByLabel('Où est votre entreprise ?').fill('Chine');
        await page.getByText('Un tableau à la place des lignes').click();
        await page.getByLabel('Collez le tableau').fill('date,to,currency,goods\n2026-11-31,FR,EUR,20\n');
        await go(page, page.getByRole('button', { name: 'Montrer où s’inscrire' }));
        assert.match(await page.locator('#fault-table').innerText(), /row 2: date is "2026-11-31"/);
        await page.getByLabel('Collez le tableau').fill('date,to,currency,goods,code\n2026-11-20,FR,EUR,20,6109.10\n');
        await go(page, page.getByRole('button', { name: 'Montrer où s’inscrire' }));
        const text = await page.locator('main').innerText();
        assert.match(text, /Sous Guichet unique pour les importations, vous pouvez/);
        assert.match(text, /Un vendeur en Chine/);
      });
    });
  });
}

it('an application is accepted, and sellers are taken out as a file', async () => {
  await open(`/en${HERE}/applications/${house.waits}`, { script: false }, async ({ page }) => {
    await page.getByLabel('Number', { exact: true }).fill('IM1');
    await go(page, page.getByRole('button', { name: 'Accept' }));
    assert.match(await page.getByRole('alert').innerText(), /IM1/);
    await page.getByLabel('Number', { exact: true }).fill('IM3720000045');
    await go(page, page.getByRole('button', { name: 'Accept' }));
    assert.match(await page.locator('main').innerText(), /accepted[\s\S]*IM3720000045/);
  });
  const headers = { cookie: `tidewaiter-collect=${house.officer}` };
  const answer = await fetch(`${house.origin}/en${HERE}/sellers.csv`, { method: 'POST', headers });
  assert.equal(answer.headers.get('content-disposition'), `attachment; filename="sellers-${AUTHORITY}.csv"`);
  assert.match(await answer.text(), /^number,name,seller,from,before,last_return_at\nIM3720000012,The mugs shop,mugs,2026-08-01,,2/);
  const taken = await fetch(`${house.origin}/en${HERE}/returns/mugs/2026-09/1`, {
    method: 'POST',
    body: new URLSearchParams({ take: 'document' }),
    headers,
  });
  const hash = createHash('sha256')
    .update(await taken.text())
    .digest('hex');
  await open(`/en${HERE}/returns/mugs/2026-09/1`, {}, async ({ page }) => {
    assert.match(await page.locator('dl.pairs').innerText(), new RegExp(hash));
  });
  const log = await fetch(`${house.origin}/v1/collect/authorities/${AUTHORITY}/log`, {
    headers: { authorization: `Bearer ${house.officer}` },
  });
  assert.match(JSON.stringify(await log.json()), /sellers\.csv/);
});
