// The package and the sample page in Chromium: the vectors, the page's security policy, keyboard, a phone, and no server.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { browserPath } from '../../../tests/browser/find.js';
import { FOLDER, PORT, middle, serve, slice, start_engine, vectors } from './files.js';
import { Tidewaiter } from '../index.js';

const package_folder = fileURLToPath(new URL('..', import.meta.url));
const folders = { js: package_folder, vectors: FOLDER, sample: join(package_folder, 'sample') };
let browser, server;

before(async () => {
  server = await serve(folders, PORT);
  browser = await chromium.launch({ executablePath: browserPath(), args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('every worked example is answered byte for byte as natively', { timeout: 600_000 }, async () => {
  const page = await browser.newPage();
  await page.goto(`${server.address}/vectors/sizes.json`);
  const { wrong, answered, times } = await page.evaluate(async () => {
    const { Tidewaiter } = await import('/js/index.js');
    const vectors = await (await fetch('/vectors/vectors.json')).json();
    if (!crossOriginIsolated) throw new Error('the clock would be too coarse');
    // One ratebook at a time: a browser holds some hundred memories of WebAssembly at once and gives none more.
    const by_place = Map.groupBy(vectors, ({ to }) => to);
    const rounds = Math.ceil(10_000 / vectors.length);
    const wrong = [];
    const times = [];
    for (const [to, group] of by_place) {
      const book = await Tidewaiter.open(await (await fetch(`/vectors/slices/${to}.twrb`)).arrayBuffer());
      for (const { name, file, asked, quote, steps } of group) {
        if (book.quote_text(asked) !== quote) wrong.push(`${file}: ${name}`);
        if (book.quote_text(asked, { steps: true }) !== steps) wrong.push(`${file}: ${name}, with steps`);
      }
      for (let round = 0; round < rounds; round += 1) {
        for (const { asked } of group) {
          const begun = performance.now();
          book.quote_text(asked);
          times.push(performance.now() - begun);
        }
      }
    }
    return { wrong, answered: vectors.length, times };
  });
  assert.deepEqual(wrong, []);
  assert.equal(answered, vectors.length);
  const figures = middle(times);
  writeFileSync(join(FOLDER, 'chromium.json'), JSON.stringify(figures));
  console.log('Chromium', JSON.stringify(figures));
  await page.close();
});

test('a worker answers too', async () => {
  const page = await browser.newPage();
  await page.goto(`${server.address}/vectors/sizes.json`);
  const { asked, quote } = vectors.find(({ to }) => to === 'FR');
  const told = await page.evaluate(async ({ asked, origin }) => {
    const source = `import { Tidewaiter } from '${origin}/js/index.js';
      onmessage = async ({ data }) => {
        const book = await Tidewaiter.open(await (await fetch('${origin}/vectors/slices/FR.twrb')).arrayBuffer());
        postMessage(book.quote_text(data));
      };`;
    const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })), { type: 'module' });
    worker.postMessage(asked);
    return new Promise((done, failed) => Object.assign(worker, { onmessage: ({ data }) => done(data), onerror: (e) => failed(new Error(e.message)) }));
  }, { asked, origin: server.address });
  assert.equal(told, quote);
  await page.close();
});

/** Numbers that look random and are the same in each run (a linear congruential generator; the constants are those of Numerical Recipes). */
function dice(seed) {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

test('fifty random baskets on the sample page cost what the API says', { timeout: 300_000 }, async () => {
  const engine = await start_engine();
  const page = await browser.newPage();
  try {
    await page.goto(`${server.address}/sample/`);
    await page.waitForFunction(() => !document.querySelector('#ask').disabled);
    const roll = dice(20261121);
    const one_of = (list) => list[roll(list.length)];
    const outcomes = new Set();
    for (let at = 0; at < 50; at += 1) {
      const items = Array.from({ length: 1 + roll(3) }, () => ({
        code: one_of(['6109.10', '9503.00', '4202.21', '8517.13', '3304.99', '4901.99', '6403.99', '7113.19', '']),
        origin: one_of(['CN', 'IN', 'US', 'VN', 'TR', '']),
        quantity: String(1 + roll(9)),
        price: `${roll(90)}.${String(roll(100)).padStart(2, '0')}`,
      }));
      const parcel = { from: one_of(['CN', 'US', 'GB']), currency: one_of(['EUR', 'USD', 'GBP']), freight: `${roll(20)}.50`, channel: one_of(['post', 'express', '']) };
      const shown = await page.evaluate(({ parcel, items }) => {
        for (const [name, value] of Object.entries(parcel)) document.querySelector(`[name=${name}]`).value = value;
        const there = () => [...document.querySelectorAll('.item')];
        while (there().length < items.length) document.querySelector('#more').click();
        while (there().length > items.length) there().at(-1).querySelector('.less').click();
        there().forEach((item, at) => {
          for (const [name, value] of Object.entries({ description: '', ...items[at] })) item.querySelector(`[name=${name}]`).value = value;
        });
        document.querySelector('#basket').requestSubmit();
        return {
          headline: document.querySelector('#told .total')?.textContent,
          rows: [...document.querySelectorAll('#told tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent)),
        };
      }, { parcel, items });
      const filled = (document) => Object.fromEntries(Object.entries(document).filter(([, value]) => value !== ''));
      const asked = { to: 'DE', ...filled(parcel), items: items.map(filled) };
      const response = await fetch(`${engine.address}/v1/quotes`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(asked) });
      const quote = await response.json();
      assert.equal(response.status, 200, JSON.stringify(quote));
      outcomes.add(quote.outcome);
      const text = ({ least_asked: least, most_asked: most }) => (most === undefined ? `${least} or more` : least === most ? least : `${least} to ${most}`);
      assert.deepEqual(shown.rows, quote.charges.map(({ name, sum }) => [name, text(sum)]), JSON.stringify(asked));
      if (quote.outcome !== 'prohibited') assert.ok(shown.headline.includes(quote.total.least_asked), `${shown.headline}: ${JSON.stringify(asked)}`);
    }
    assert.ok(outcomes.has('amount') && outcomes.size > 1, `of several kinds: ${[...outcomes]}`);
  } finally {
    await page.close();
    engine.stop();
  }
});

test('the sample page answers with the server stopped, and says how old its data is', { timeout: 120_000 }, async () => {
  const own = await serve(folders, PORT + 1);
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  try {
    const page = await context.newPage();
    const complaints = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (e) => complaints.push(String(e)));
    await page.goto(`${own.address}/sample/`);
    await page.waitForFunction(() => !document.querySelector('#ask').disabled);
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      if (!navigator.serviceWorker.controller) {
        await new Promise((ready) => navigator.serviceWorker.addEventListener('controllerchange', ready, { once: true }));
      }
    });
    assert.deepEqual(complaints, []);

    await own.stop();
    await assert.rejects(fetch(`${own.address}/sample/`));
    // Anew, with no server at all.
    await page.reload();
    await page.waitForFunction(() => !document.querySelector('#ask').disabled);
    const book = await Tidewaiter.open(slice('DE', '.usual'));
    const age = await page.textContent('#age');
    assert.ok(age.includes(`of ${book.data_day}, ${book.data_age_days()} day`), age);

    // By keyboard alone: to the button and into the answer.
    await page.focus('[name=freight]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#answer:not([hidden])');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'answer');
    const quote = book.quote({
      to: 'DE', from: 'CN', currency: 'EUR', freight: '4.90', channel: 'post',
      items: [{ description: 'Cotton T-shirt', code: '6109.10', origin: 'CN', quantity: '2', price: '12.50' }],
    });
    const answer = await page.textContent('#told');
    assert.ok(answer.includes(quote.total.least_asked), answer);
    for (const charge of quote.charges) assert.ok(answer.includes(charge.name), charge.name);

    // A gap is a range with its question, never a figure.
    await page.fill('[name=code]', '');
    await page.click('#ask');
    assert.match(await page.textContent('#told'), /between|at least/);
    assert.match(await page.textContent('#told'), /goods code/i);
    // What is wrong is said at its field.
    await page.fill('[name=price]', 'twelve');
    await page.click('#ask');
    assert.match(await page.textContent('#told'), /cannot be answered/);
    // Goods come and go, and the focus stays in the form.
    await page.click('#more');
    assert.equal(await page.locator('.item').count(), 2);
    await page.locator('.less').last().click();
    assert.equal(await page.evaluate(() => document.activeElement.closest('.item') !== null), true);

    // A phone, and assistive technology.
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'it is wider than a phone');
    // The policy forbids adding scripts to the page, so the checker goes in by the debugger's door.
    const { readFileSync } = await import('node:fs');
    await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.html).join(' ')}`), []);
    // And its policy is what keeps others out: no eval, nothing from elsewhere.
    const policy = await page.getAttribute('meta[http-equiv=Content-Security-Policy]', 'content');
    assert.ok(policy.includes("default-src 'none'") && !policy.includes('unsafe-inline') && !policy.includes("'unsafe-eval'"), policy);
    assert.equal(await page.evaluate(() => new Promise((told) => {
      document.addEventListener('securitypolicyviolation', () => told('refused'), { once: true });
      const script = document.createElement('script');
      script.textContent = 'globalThis.ran = true';
      document.head.append(script);
      setTimeout(() => told(globalThis.ran ? 'ran' : 'nothing'), 500);
    })), 'refused');
  } finally {
    await context.close();
    await own.stop().catch(() => {});
  }
});
