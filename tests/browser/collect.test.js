// The pages of a seller, on a phone and without script: signed up, a number recorded, sales, the return, its payment.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startBrowser } from './browser.js';
import { CHECKS, runChecks } from './checks.js';
import { languages } from './list.js';
import { startPortal } from './server.js';
import { withVisit } from './visit.js';

// Those that do not speak of the load: the page is one that the visit came to.
const ON_THE_WAY = [
  'exactly one h1',
  'says its language and direction',
  'has a title',
  'images are named or hidden',
  'links say where they lead',
  'axe finds nothing, light and dark',
  'text on drawings and fills can be read, light and dark',
  'targets of 24 px at least',
  'no sideways scrolling at 360 and 320 px',
  'words stay in their cells',
  'works at 200 %',
  'prints without navigation',
].filter((name) => CHECKS[name]);

const SALES = `kind,document,date,to,from,currency,goods,charge,scheme,rate,rate_type,net,amount
sale,1,2026-10-05,FR,CN,EUR,100.00,eu.vat,eu.ioss,20 %,standard,100.00,20.00
sale,2,2026-10-06,DE,CN,XAF,65595.70,eu.vat,eu.ioss,19 %,standard,65595.70,12463.18
`;

let browser, folder, portal;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'collect-'));
  const key = join(folder, 'key.pem');
  const made = spawnSync(process.env.TIDEWAITER_BIN, ['key', 'new', key, '--no-passphrase']);
  assert.equal(made.status, 0, String(made.stderr));
  portal = await startPortal({
    options: ['--collect', `sqlite:${join(folder, 'house.db')}`, '--collect-key', key, '--collect-open']
      .concat(['--today', '2026-12-05', '--burst', '100000', '--rate', '10000']),
  });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await portal?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

describe('a seller goes from the first page to the payment', { concurrency: 3 }, () => {
  for (const [lang, direction] of Object.entries(languages)) {
    it(lang, async () => {
      const at = (path) => `${portal.origin}/${lang}/collect${path}`;
      const options = { script: lang === 'en', width: 360, limit: 600_000, kinds: new Set(), expected: { language: lang, direction } };
      await withVisit(browser, at(''), options, async (visit) => {
        const { page } = visit;
        // Where the keyboard leads hangs on the markup and not on the words.
        const walk = lang === 'en' ? ['the keyboard reaches everything, visibly and in order'] : [];
        const looked = async (what, more = []) => {
          visit.url = page.url();
          assert.deepEqual(await runChecks(visit, [...ON_THE_WAY, ...more]), {}, what);
        };
        const press = async (target) => {
          await target.click();
          await page.waitForLoadState('load');
        };
        const send = () => press(page.locator('main form.card button[type=submit]').last());

        await looked('the first page');
        await press(page.locator('main a[href$="/collect/signup"]'));
        await looked('sign up', walk);
        await page.locator('#name').fill(`Mug Shop ${lang}`);
        await send();
        assert.match(await page.locator('#new-token').innerText(), /^twc_/);
        await looked('the token');
        await press(page.locator('main a[href$="/collect/apply"]'));
        await looked('which authority');

        // Particulars for an authority that is elsewhere: what is wrong stands beside its field, what was written stays.
        await page.goto(at('/prepare/eu.ioss'));
        await page.locator('form.card').evaluate((form) => (form.noValidate = true));
        await page.locator('#f-email').fill('nobody');
        await send();
        assert.equal(await page.locator('#f-email').inputValue(), 'nobody');
        assert.equal(await page.locator('#f-email').getAttribute('aria-invalid'), 'true');
        await looked('faults of a form');

        await page.goto(at('/number/eu.ioss'));
        await page.locator('#number').fill('IM37200000101');
        await page.locator('#from').fill('2026-10-01');
        await send();
        await looked('a number that cannot be right');
        await page.locator('#number').fill('IM3720000010');
        await page.locator('#state').fill('IE');
        await send();
        assert.equal(page.url(), at('/mine'));
        await looked('the own page', walk);

        await page.goto(at('/sales'));
        const file = (text) => ({ name: 'sales.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
        await page.setInputFiles('#file', file('kind,document,date\nsale,1,03/04/2026\n'));
        await press(page.locator('form[enctype] button'));
        await looked('faults of a file');
        await page.setInputFiles('#file', file(SALES));
        await press(page.locator('form[enctype] button'));
        assert.equal(await page.locator('.note.good').count(), 1);
        await looked('sales', walk);

        const question = '?scheme=eu.ioss&period=2026-10';
        await page.goto(at(`/return${question}`));
        await looked('a return whose rate is missing');
        await page.locator('input[name=rate]').fill(lang === 'en' ? '655.957' : '655,957');
        await press(page.locator('form[action$="/return/rate"] button'));
        // 20.00 and 12463.18 / 655.957 = 19.00.
        assert.match((await page.locator('.due').innerText()).replace(',', '.'), /39\.00/);
        await looked('a return', walk);
        await page.goto(at(`/return/lines${question}`));
        await looked('the sales behind it');
        await page.goto(at(`/return/send${question}`));
        await looked('the question');
        await page.locator('input[name=sure]').check();
        await press(page.locator('main form[action*="/return/send"] button'));
        assert.equal(page.url(), at(`/return${question}`).replace(question, '') + '?scheme=eu.ioss&period=2026-10');

        await page.goto(at(`/pay${question}`));
        await page.locator('#name').fill('Revenue');
        await page.locator('#iban').fill('DE75512108001245126199');
        await send();
        assert.equal(await page.locator('.qr svg').count(), 1);
        await looked('the payment');
        for (const path of ['/people', '/log']) {
          await page.goto(at(path));
          await looked(path);
        }
      });
    });
  }
});
