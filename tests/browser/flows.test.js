// What people come to do, from the first page to the answer, with script and without.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startBrowser } from './browser.js';
import { CHECKS } from './checks.js';
import { startInPieces, startPortal, startShop } from './server.js';
import { withVisit } from './visit.js';

let browser, portal;
before(async () => {
  portal = await startPortal({ options: ['--today', '2026-11-22', '--burst', '100000', '--rate', '10000'] });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await portal?.stop();
});

const visit = (path, options, use) => withVisit(browser, portal.origin + path, options, ({ page }) => use(page));
/** The heading, with the plain signs for those that keep a line together. */
const heading = async (page) => {
  const text = await page.getByRole('heading', { level: 1 }).innerText();
  return text.replaceAll('\u00a0', ' ').replaceAll('\u2011', '-');
};

/** Follows a link or presses a button, and waits for the page behind it. */
async function go(page, target) {
  await target.click();
  await page.waitForLoadState('load');
}
/** The amount in large letters, its spaces made plain. */
const due = async (page) => (await page.locator('.due').first().innerText()).replace(/[\u00a0\u202f]/g, ' ');
/** What the API says to the question in the address of a page. */
async function quote(question) {
  const answer = await fetch(`${portal.origin}/v1/quotes?${question}`);
  assert.equal(answer.status, 200);
  return answer.json();
}

for (const script of [true, false]) {
  describe(script ? 'with script' : 'without script', () => {
    it('a basket is priced from the first page, and the answer is that of the API', async () => {
      await visit('/en/', { script, width: 360 }, async (page) => {
        await page.getByLabel('What do you sell?').fill('6109.10');
        await page.getByLabel('Made in').selectOption('CN');
        await page.getByLabel('How many').fill('2');
        await page.getByLabel('Price of one').fill('12.50');
        await page.getByLabel('Sent from').selectOption('CN');
        await page.getByLabel('Sent to').selectOption('FR');
        await page.getByLabel('Shipping').fill('4.90');
        await go(page, page.getByRole('button', { name: 'Show the cost' }));
        assert.equal(await heading(page), '6109.10: from China to France');
        // Who carries it decides; the page asks.
        await go(page, page.getByRole('link', { name: 'Post', exact: true }));
        const answer = await quote(
          'goods=6109.10&origin=CN&quantity=2&price=12.50&from=CN&to=FR&freight=4.90&currency=EUR&channel=post',
        );
        assert.equal(answer.outcome, 'amount');
        assert.equal(await due(page), `EUR ${Number(answer.total.least_asked).toFixed(2)}`);
        // Every charge leads to the place where its law was read.
        const cite = page.locator('a.cite').first();
        const target = (await cite.getAttribute('href')).slice(1);
        assert.equal(await page.locator(`[id="${target}"]`).count(), 1);
      });
    });

    it('words become a code by a question, and the code a price', async () => {
      await visit('/en/markets?goods=cotton+hoodie&price=40&origin=CN&from=CN&to=DE&currency=EUR', { script }, async (page) => {
        assert.match(await page.locator('main').innerText(), /None of them is certain/);
        await go(page, page.getByRole('link', { name: /^Use this code/ }).first());
        assert.match(page.url(), /code=6110/);
        assert.equal(await page.getByText('None of them is certain').count(), 0);
      });
    });

    it('a second product is added', async () => {
      await visit('/en/markets', { script }, async (page) => {
        await page.getByLabel('What do you sell?').fill('6109.10');
        await page.getByLabel('Price of one').fill('10');
        await go(page, page.getByRole('button', { name: 'Add a product' }));
        await page.getByLabel('What do you sell?').nth(1).fill('9102.11');
        await page.getByLabel('Price of one').nth(1).fill('79');
        await page.getByLabel('Sent to').selectOption('CH');
        await go(page, page.getByRole('button', { name: 'Show the cost' }));
        assert.equal(await heading(page), '6109.10, 9102.11: to Switzerland');
      });
    });

    it('the same basket is compared to other countries', async () => {
      await visit('/en/markets?goods=6109.10&origin=CN&price=30&from=CN&to=DE&currency=EUR&channel=post', { script }, async (page) => {
        await go(page, page.getByRole('link', { name: 'Compare with other countries' }));
        await page.locator('summary', { hasText: 'Single countries' }).click();
        await page.getByLabel('Japan', { exact: true }).check();
        await page.getByLabel('United States', { exact: true }).check();
        await go(page, page.getByRole('button', { name: 'Compare' }));
        const rows = await page.locator('table.compare tbody th').allInnerTexts();
        assert.deepEqual(rows.toSorted(), ['Germany', 'Japan', 'United States']);
      });
    });

    it('a mistake is told beside its field, and what was typed stays', async () => {
      await visit('/en/markets', { script }, async (page) => {
        await page.getByLabel('What do you sell?').fill('mug');
        await page.getByLabel('Price of one').fill('five');
        await page.getByLabel('Sent to').selectOption('FR');
        await go(page, page.getByRole('button', { name: 'Show the cost' }));
        const price = page.getByLabel('Price of one');
        assert.equal(await price.inputValue(), 'five');
        assert.equal(await price.getAttribute('aria-invalid'), 'true');
        const told = await page.locator(`[id="${await price.getAttribute('aria-describedby')}"]`).innerText();
        assert.match(told, /number/);
        assert.equal(await page.getByLabel('What do you sell?').inputValue(), 'mug');
      });
    });

    it('the finder asks, is answered, and leads to a price', async () => {
      await visit('/en/code', { script, width: 360 }, async (page) => {
        await page.locator('main input[name=goods]').fill('mug');
        await go(page, page.locator('main button[type=submit]').first());
        const before = await page.locator('main').innerText();
        const answer = page.locator('main a[href*="answer="]').first();
        await go(page, answer);
        assert.match(page.url(), /answer=/);
        assert.notEqual(await page.locator('main').innerText(), before);
        const use = page.locator('main a[href*="/en/markets?"]').first();
        await go(page, use);
        assert.match(page.url(), /\/en\/markets\?.*\d{4}/);
      });
    });

    it('a country is found, its rules read, and one goods code with an origin', async () => {
      await visit('/en/rates', { script }, async (page) => {
        await go(page, page.locator('main').getByRole('link', { name: 'United States', exact: true }).first());
        assert.equal(new URL(page.url()).pathname, '/en/rates/US');
        assert.equal(await page.locator('[id^="fact-"]').count() > 10, true);
      });
      await visit('/en/rates/US/6109.10', { script }, async (page) => {
        await page.locator('main select[name=origin]').selectOption('CN');
        await go(page, page.locator('main form button').first());
        assert.equal(await page.locator('main select[name=origin]').inputValue(), 'CN');
        // What really reaches goods of China is more than the general duty.
        assert.match(await page.locator('main').innerText(), /301/);
      });
    });

    it('a page that is not there says so', async () => {
      await visit('/en/nowhere', { script, expected: { status: 404 } }, async (page) => {
        assert.equal(await heading(page), 'There is no such page');
        await go(page, page.getByRole('link', { name: 'Go to the start page' }));
        assert.equal(new URL(page.url()).pathname, '/en/');
      });
    });

    it('the language changes and the question stays', async () => {
      await visit('/en/markets?goods=6109.10&origin=CN&price=30&from=CN&to=GB&currency=EUR&channel=post', { script }, async (page) => {
        const english = await due(page);
        await go(page, page.getByRole('link', { name: 'Français' }));
        assert.equal(await page.locator('html').getAttribute('lang'), 'fr');
        assert.equal(await heading(page), '6109.10 : Chine → Royaume-Uni');
        assert.equal(await due(page), `${english.slice(4).replace('.', ',')} EUR`);
      });
    });
  });
}

it('the language changes and keeps a form that was not sent', async () => {
  await visit('/en/', {}, async (page) => {
    await page.getByLabel('What do you sell?').fill('t-shirt');
    await page.getByLabel('Sent to').selectOption('FR');
    await page.locator('.registrations summary').click();
    await page.getByLabel('IOSS').check();
    await go(page, page.getByRole('link', { name: 'Français' }));
    assert.equal(await heading(page), 'Combien cela coûtera-t-il à l’arrivée ?');
    assert.equal(await page.getByLabel('Que vendez-vous ?').inputValue(), 't-shirt');
    assert.equal(await page.getByLabel('Envoyé vers').inputValue(), 'FR');
    assert.ok(await page.getByLabel('IOSS').isChecked());
    assert.equal(await page.locator('[role=alert]').count(), 0, 'nobody asked yet');
  });
});

it('the slider walks along the curve', async () => {
  await visit('/en/markets?goods=6109.10&origin=CN&price=100&from=CN&to=GB&currency=GBP&channel=post', {}, async (page) => {
    const slider = page.locator('.slider input');
    const output = page.locator('.slider output');
    const before = await output.innerText();
    await slider.focus();
    await page.keyboard.press('End');
    assert.notEqual(await output.innerText(), before);
    const last = await page.locator('details.points tbody tr').last().locator('td').first().textContent();
    assert.ok((await output.innerText()).startsWith(last.trim()));
  });
});

it('the root leads to the language of the browser', async () => {
  await visit('/', { expected: { language: 'es' } }, async (page) => {
    assert.equal(new URL(page.url()).pathname, '/es/');
  });
});

// Tables take their widths from rows that are still to come: a page that were drawn before it is whole would jump.
describe('over a line that stutters', () => {
  let pieces;
  before(async () => (pieces = await startInPieces(portal.origin, { size: 600, pause: 30 })));
  after(() => pieces?.stop());

  for (const path of ['/en/about/use', '/en/code?goods=mug&to=US&origin=CN&price=20&currency=USD', '/en/rates/downloads']) {
    for (const width of [360, 1280]) {
      it(`nothing of ${path} moves at ${width} px`, async () => {
        await withVisit(browser, pieces.origin + path, { width }, async (visit) =>
          assert.deepEqual(await CHECKS['nothing moves while it loads'](visit), []),
        );
      });
    }
  }
});

describe('the widget on a product page of another site, under a strict policy', () => {
  const product = 'from="CN" origin="CN" code="6109.10" price="19.90" currency="EUR" channel="post"';
  /** Everything the widget shows, its shadow included. */
  const shown = (page) => page.locator('tidewaiter-duties').evaluate((w) => w.shadowRoot.textContent.replace(/[\u00a0\u202f]/g, ' '));

  it('shows what the API says, and breaks nothing of the policy', async () => {
    const shop = await startShop(portal.origin, { widget: `<tidewaiter-duties ${product} to="FR"></tidewaiter-duties>` });
    try {
      await withVisit(browser, `${shop.origin}/product`, { width: 360 }, async ({ page, complaints }) => {
        const answer = await quote('code=6109.10&description=x&origin=CN&price=19.90&from=CN&to=FR&currency=EUR&channel=post');
        const due = Number(answer.total.least_asked).toFixed(2);
        await page.waitForFunction((text) => document.querySelector('tidewaiter-duties').shadowRoot?.textContent.includes(text), due);
        assert.deepEqual(complaints, []);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= 360, `${wide} px wide`);
      });
    } finally {
      await shop.stop();
    }
  });

  it('says what is wrong, and never zero for what is not known', async () => {
    const shop = await startShop(portal.origin, { widget: '<tidewaiter-duties from="CN" price="abc" currency="EUR" code="61" to="FR"></tidewaiter-duties>' });
    try {
      await withVisit(browser, `${shop.origin}/product`, {}, async ({ page }) => {
        await page.waitForTimeout(1500);
        assert.doesNotMatch(await shown(page), /0\.00/);
      });
    } finally {
      await shop.stop();
    }
  });
});
