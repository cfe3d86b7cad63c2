// Takes pictures of pages, whole, at several widths, light and dark, in every language.
//
//   node shots.js FOLDER [PATH…] [--portal ORIGIN] [--widths 360,768] [--schemes dark] [--languages fr] [--no-script]
//
// PATH is as in pages.json, without the language and with a query if wanted; without any, all pages are taken. The portal
// is the one that runs at ORIGIN, or else one started from TIDEWAITER_BIN. A picture is called PAGE.LANGUAGE.WIDTH.SCHEME.png.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startBrowser } from './browser.js';
import { addressOf, languages, pages } from './list.js';
import { startPortal } from './server.js';

const list = (fallback) => ({ type: 'string', default: fallback });
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    portal: { type: 'string' },
    widths: list('360,768,1440'),
    schemes: list('light,dark'),
    languages: list(Object.keys(languages).join()),
    'no-script': { type: 'boolean', default: false },
  },
});
const [folder, ...paths] = positionals;
if (!folder) {
  console.error('shots: say into which folder: node shots.js FOLDER [PATH…]');
  process.exit(2);
}
mkdirSync(folder, { recursive: true });

const portal = values.portal ? { origin: new URL(values.portal).origin, stop: () => {} } : await startPortal();
const browser = await startBrowser();
let failures = 0;
try {
  for (const path of paths.length > 0 ? paths : pages.map(({ path }) => path)) {
    for (const language of values.languages.split(',')) {
      for (const width of values.widths.split(',').map(Number)) {
        for (const scheme of values.schemes.split(',')) {
          await shoot(path, language, width, scheme);
        }
      }
    }
  }
} finally {
  await browser.close();
  await portal.stop();
}
process.exitCode = failures > 0 ? 1 : 0;

async function shoot(path, language, width, scheme) {
  const name = path
    .replace(/^\/$/, 'start')
    .replace(/^\//, '')
    .replace(/[^\w-]+/g, '-');
  const file = join(folder, `${name}.${language}.${width}.${scheme}.png`);
  const context = await browser.newContext({
    viewport: { width, height: width < 600 ? 740 : 900 },
    colorScheme: scheme,
    locale: language,
    javaScriptEnabled: !values['no-script'],
  });
  try {
    const page = await context.newPage();
    const response = await page.goto(portal.origin + addressOf(language, { path }), { waitUntil: 'networkidle' });
    await page.screenshot({ path: file, fullPage: true, animations: 'disabled' });
    console.log(`${file}  ${response.status()}`);
  } catch (error) {
    failures += 1;
    console.error(`${file}  ${error.message.split('\n')[0]}`);
  } finally {
    await context.close();
  }
}
