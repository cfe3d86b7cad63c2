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

async function quote() {
  const response = await fetch(`${address}/v1/quotes`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(BASKET) });
  assert.equal(response.status, 200);
  const quote = await response.json();
  assert.equal(quote.outcome, 'amount', 'the basket of the recipes has one amount');
  return quote;
}

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
    await writeFile(file, recipe('html', 'page.html'));
    const tab = await shown.newPage();
    await tab.goto(`file://${file}`);
    await tab.waitForFunction(() => !document.querySelector('#says').textContent.startsWith('Asking'));
    const { charges, terms } = await quote();
    const rows = await tab.$$eval('#due tr', (rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));
    assert.deepEqual(rows, charges.map(({ name, sum }) => [name, sum.least_asked]));
    assert.ok((await tab.textContent('#says')).includes(`${terms.checkout_ddp.least_asked} EUR is added`));
    // Without a service the page says so, and shows no amount.
    await writeFile(file, recipe('html', 'page.html').replaceAll(address, 'http://127.0.0.1:9'));
    await tab.reload();
    await tab.waitForFunction(() => document.querySelector('#says').textContent.startsWith('What is due could not'));
    assert.equal(await tab.$('#due tr'), null);
  } finally {
    await shown.close();
  }
});

test('PHP', async (t) => {
  const has = () => spawnSync('php', ['-r', 'exit(extension_loaded("curl") && PHP_MAJOR_VERSION >= 8 ? 0 : 1);']).status === 0;
  if (!has() && process.getuid?.() === 0) spawnSync('sh', ['-c', 'apt-get install -y -qq --no-install-recommends php-cli php-curl'], { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  if (!has()) return t.skip('no PHP 8 with curl: install the packages php-cli and php-curl');
  const file = join(folder, 'due.php');
  await writeFile(file, recipe('php', 'due.php'));
  const { charges, terms } = await quote();
  const { stdout } = await run('php', [file]);
  const rows = charges.map(({ name, sum }) => `${sum.least_asked.padStart(12)}  ${name}`);
  assert.deepEqual(stdout.trimEnd().split('\n'), [...rows, `${terms.checkout_ddp.least_asked} EUR, nothing at the door`, `${terms.checkout_dap.least_asked} EUR with duty unpaid`]);
  const away = await run('php', [file, 'http://127.0.0.1:9']);
  assert.match(away.stdout, /^not sold duty-paid: Duty and tax could not be computed/);
  assert.match(away.stdout, /not sold duty-unpaid/);
  // A place of which nothing is known, and a question that is wrong: a reason, and no exception.
  const unknown = await run('php', [file, address, 'DE', '27498']);
  assert.match(unknown.stdout, /^not sold duty-paid: unknown: ./m);
  const wrong = await run('php', [file, address, 'CN']);
  assert.match(wrong.stdout, /^not sold duty-paid: Duty and tax could not be computed/);
});
