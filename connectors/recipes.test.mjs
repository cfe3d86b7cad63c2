// The recipes of docs/guide/recipes.md, as they stand there: each is run, and must show what the engine answers when it is asked directly.
import assert from 'node:assert/strict';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);
const page = await readFile(new URL('../docs/guide/recipes.md', import.meta.url), 'utf8');
const BASKET = {
  from: 'CN', to: 'GB', currency: 'EUR', freight: '7.00', channel: 'post',
  items: [{ code: '6109.10', origin: 'CN', quantity: 4, price: '25.00' }],
};
let folder, engine, address;

function recipe(language, name) {
  const found = new RegExp(`\`\`\`${language} ${name}\\n([\\s\\S]*?)\n\`\`\``).exec(page);
  assert.ok(found, `the page has no block ${language} ${name}`);
  return found[1].replaceAll('http://127.0.0.1:8080', address);
}

async function ask(question) {
  const response = await fetch(`${address}/v1/quotes`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(question) });
  return { status: response.status, document: await response.json() };
}

/** What the engine says of the basket, asked directly. */
async function quote(changes = {}, outcome = 'amount') {
  const { status, document } = await ask({ ...BASKET, ...changes });
  assert.equal(status, 200);
  assert.equal(document.outcome, outcome, 'the test wants another outcome');
  return document;
}

/** The decimals of a currency, of the world table. */
const world = await readFile(new URL('../data/currencies.toml', import.meta.url), 'utf8');
function money(amount, currency = 'EUR') {
  const minor = Number(new RegExp(`^code = "${currency}"\\nname = .*\\nminor = (\\d)$`, 'm').exec(world)[1]);
  const [whole, fraction = ''] = amount.split('.');
  return minor === 0 && fraction === '' ? whole : `${whole}.${fraction.padEnd(minor, '0')}`;
}
// Two, none and three decimals, each where the engine gives an amount.
const SALES = [{ currency: 'EUR', to: 'GB', price: '25.00' }, { currency: 'JPY', to: 'GB', price: '4000' }, { currency: 'KWD', to: 'KW', price: '25.50' }, { currency: 'KWD', to: 'KW', price: '500' }];
const asked = ({ currency, to, price }) => quote({ currency, to, items: [{ ...BASKET.items[0], price }] });

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recipes-'));
  engine = spawn(process.env.TIDEWAITER_BIN, ['serve', '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'ignore'] });
  address = await new Promise((resolve, reject) => {
    let said = '';
    engine.stdout.on('data', (some) => {
      said += some;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (found) resolve(found[0]);
    });
    engine.on('exit', () => reject(new Error(`the service ended: ${said}`)));
  });
});
after(async () => {
  engine?.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

test('the shell', async () => {
  const { stdout } = await run('bash', ['-c', recipe('sh', 'shell')]);
  const told = JSON.parse(stdout);
  assert.deepEqual(told.total, (await quote()).total, 'a postcode of London changes nothing');
});

async function browser() {
  try {
    const { browserPath } = await import('../tests/browser/find.js');
    const { chromium } = await import(new URL('../tests/browser/node_modules/playwright-core/index.mjs', import.meta.url));
    return await chromium.launch({ executablePath: browserPath() });
  } catch (error) {
    return String(error.message ?? error).split('\n')[0];
  }
}

test('the page', async (t) => {
  const shown = await browser();
  if (typeof shown === 'string') return t.skip(`no browser: ${shown}`);
  try {
    const file = join(folder, 'page.html');
    const tab = await shown.newPage();
    const logged = [];
    tab.on('console', (message) => { if (message.type() === 'warning') logged.push(message.text()); });
    const open = async (change = (text) => text) => {
      logged.length = 0;
      await writeFile(file, change(recipe('html', 'page.html')));
      await tab.goto(`file://${file}`);
      await tab.waitForFunction(() => !document.querySelector('#says').textContent.startsWith('Asking'));
      return {
        says: await tab.textContent('#says'),
        rows: await tab.$$eval('#due tr', (rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent))),
      };
    };
    for (const sale of SALES) {
      const { currency, to, price } = sale;
      const { charges, terms } = await asked(sale);
      const { says, rows } = await open((text) => text.replace('"EUR"', `"${currency}"`).replace('to: "GB"', `to: "${to}"`).replace('"25.00"', `"${price}"`));
      assert.deepEqual(rows, charges.map(({ name, sum }) => [name, money(sum.least_asked, currency)]));
      assert.ok(says.includes(`${money(terms.checkout_ddp.least_asked, currency)} ${currency} is added`), says);
    }
    // Every currency of the world table has its decimals.
    const code = /const decimals = (\{[^}]*\})/.exec(recipe('html', 'page.html'))[1];
    const written = Object.fromEntries([...code.matchAll(/([A-Z]{3}): (\d)/g)].map(([, one, places]) => [one, Number(places)]));
    for (const [, one, minor] of world.matchAll(/^code = "([A-Z]{3})"\nname = .*\nminor = (\d)$/gm)) assert.equal(written[one] ?? 2, Number(minor), one);
    // What is missing is a question for the staff: the buyer sees a range.
    const range = await quote({ items: [{ ...BASKET.items[0], quantity: 40, origin: null, code: '6109' }] }, 'range');
    const some = await open((text) => text.replace('quantity: "4"', 'quantity: "40"').replace('origin: "CN", ', '').replace('6109.10', '6109'));
    assert.ok(some.says.includes(`${money(range.total.least_asked)} to ${money(range.total.most_asked)} EUR`), some.says);
    assert.ok(range.missing.length > 0);
    for (const { question } of range.missing) {
      assert.ok(!some.says.includes(question));
      assert.ok(logged.includes(question), logged.join('; '));
    }
    // Inside the country nothing is added.
    assert.deepEqual(await open((text) => text.replace('to: "GB", postcode: "SW1A 2AA"', 'to: "CN"')), { says: 'The parcel crosses no border: nothing is added.', rows: [] });
    // Without a service, and where the question is wrong, the page says so, and shows no amount.
    for (const change of [(text) => text.replaceAll(address, 'http://127.0.0.1:9'), (text) => text.replace('to: "GB"', 'to: "UK"')]) {
      assert.deepEqual(await open(change), { says: 'Duty, tax and fees could not be computed now. You may have to pay them on delivery.', rows: [] });
      assert.ok(logged.length > 0);
    }
  } finally {
    await shown.close();
  }
});

test('PHP', async (t) => {
  const has = () => spawnSync('php', ['-r', 'exit(extension_loaded("curl") && PHP_MAJOR_VERSION >= 8 ? 0 : 1);']).status === 0;
  if (!has() && process.getuid?.() === 0) spawnSync('sh', ['-c', 'apt-get install -y -qq --no-install-recommends php-cli php-curl'], { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  if (!has()) return t.skip('no PHP 8 with curl: install the packages php-cli and php-curl');
  const file = join(folder, 'due.php');
  const said = async (given = [], change = (text) => text) => {
    await writeFile(file, change(recipe('php', 'due.php')));
    const { stdout, stderr } = await run('php', ['-d', 'log_errors=1', '-d', 'error_log=', file, ...given]);
    return { lines: stdout.trimEnd().split('\n'), log: stderr };
  };
  const rows = (charges, currency) => charges.map(({ name, sum }) => `${money(sum.least_asked, currency).padStart(12)}  ${name}`);
  for (const sale of SALES) {
    const { currency, to, price } = sale;
    const { charges, terms } = await asked(sale);
    const { lines } = await said([address, to], (text) => text.replaceAll('EUR', currency).replace("'25.00'", `'${price}'`));
    const later = money(terms.on_delivery_dap.least_asked, currency);
    assert.deepEqual(lines, [
      ...rows(charges, currency), `${money(terms.checkout_ddp.least_asked, currency)} ${currency} more with duty paid, and nothing is due on delivery`,
      `${money(terms.checkout_dap.least_asked, currency)} ${currency} more with duty unpaid`,
      ...(terms.on_delivery_dap.least_asked === '0' ? [] : [`the buyer is told: Duty, tax and fees of ${later} ${currency} are due on delivery.`]),
    ]);
  }
  const listed = (await run('php', ['-r', `${recipe('php', 'due.php').replace('<?php', '').replace('declare(strict_types=1);', '').split('$due = due(')[0]} foreach (json_decode($argv[1]) as $one) echo money('1', $one), ' ';`, JSON.stringify([...world.matchAll(/^code = "([A-Z]{3})"\nname = .*\nminor = \d$/gm)].map(([, code]) => code))])).stdout;
  assert.equal(listed.trim(), [...world.matchAll(/^code = "([A-Z]{3})"\nname = .*\nminor = \d$/gm)].map(([, code]) => money('1', code)).join(' '));
  // Without a service the order goes on with duty unpaid, and with a notice.
  const away = await said(['http://127.0.0.1:9']);
  const openly = ['not sold duty-paid', '0.00 EUR more with duty unpaid', 'the buyer is told: Duty, tax and fees could not be computed. You may have to pay them on delivery.'];
  assert.deepEqual(away.lines, openly);
  assert.match(away.log, /what is due could not be computed: HTTP 0/);
  // So where the question is wrong: a reason in the log, and no exception.
  const wrong = await said([address, 'UK']);
  assert.deepEqual(wrong.lines, openly);
  assert.match(wrong.log, /HTTP 422/);
  // Inside the country nothing is added, and nobody is told of duty.
  assert.equal((await ask({ ...BASKET, to: 'CN' })).status, 422);
  assert.deepEqual((await said([address, 'CN', '']))?.lines, ['not sold duty-paid', '0.00 EUR more with duty unpaid']);
  // A place whose address names another: its rules are asked for, and the sum is what they say.
  const island = await quote({ to: 'ES', postcode: '35001' }, (await ask({ ...BASKET, to: 'ES', postcode: '35001' })).document.outcome);
  assert.equal(island.to, 'IC');
  // A range: the buyer is told what is due on delivery, the staff are asked for what is missing.
  const items = [{ ...BASKET.items[0], quantity: 40, origin: null, code: '6109' }];
  const range = await quote({ items }, 'range');
  const some = await said([], (text) => text.replace("'quantity' => '4'", "'quantity' => '40'").replace("'origin' => 'CN', ", '').replace('6109.10', '6109'));
  const { least_asked: least, most_asked: most } = range.terms.on_delivery_dap;
  assert.ok(some.lines.includes('not sold duty-paid'));
  assert.equal(some.lines.at(-1), `the buyer is told: Duty, tax and fees of ${money(least)} to ${money(most)} EUR are due on delivery.`);
  assert.ok(range.missing.length > 0);
  for (const { question } of range.missing) {
    assert.ok(some.log.includes(question), some.log);
    assert.ok(!some.lines.join().includes(question));
  }
  // A place of which nothing is known.
  const { document } = await ask({ ...BASKET, to: 'DE', postcode: '27498' });
  assert.equal(document.outcome, 'unknown');
  const unknown = await said([address, 'DE', '27498']);
  assert.ok(unknown.lines.includes('not sold duty-paid'));
  assert.match(unknown.lines.at(-1), /^the buyer is told: .*(not known|at least)/);
});
