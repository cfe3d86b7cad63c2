// The checks find what they are for. A good page passes all of them; each bad page differs from it in one point, and
// must fail the check named, with the words given.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startBrowser } from './browser.js';
import { CHECKS, runChecks, titlesDiffer } from './checks.js';
import { pagesOf, standIn } from './fixture.js';
import { startPortal, startShop, startStatic } from './server.js';
import { withVisit } from './visit.js';

const onPhone = { width: 360 };
const svg = (body) => ({ type: 'image/svg+xml', body });

// check -> [name of the page, what spoils it, words of the problem, how to visit]
const BAD = {
  'answers as it should': [
    ['gone', (page) => (page.status = 500), /status 500/],
    ['plain', (page) => (page.type = 'text/html'), /content-type text\/html/],
  ],
  'weighs at most 60,000 bytes on first load': [
    ['heavy', (page) => (page.style += `/*${'x'.repeat(60_000)}*/`), /heavy\.css 6\d{4}/],
  ],
  'nothing moves while it loads': [
    [
      'late',
      (page) => {
        page.body = '<div id="late"></div>' + page.body;
        page.script = 'setTimeout(() => { late.textContent = "A notice"; late.style.height = "200px" }, 200)';
      },
      /moved by 0\.\d+/,
      onPhone,
    ],
    [
      'unsized',
      (page) => {
        page.body = page.body.replace('<h1>', '<img alt="" src="/tall.svg"><h1>');
        page.files['/tall.svg'] = svg('<svg xmlns="http://www.w3.org/2000/svg" width="100" height="300"/>');
      },
      /moved by 0\.\d+.*"What a parcel costs"/,
      { ...onPhone, slow: true },
    ],
  ],
  'asks nobody else': [
    [
      'curious',
      (page) => {
        page.headers['content-security-policy'] = page.headers['content-security-policy'].replace(
          /img-src 'self'/,
          'img-src *',
        );
        page.body += `<img alt="" width="1" height="1" src="${foreign.origin}/pixel">`;
      },
      /asks http:\/\/localhost:\d+\/pixel/,
    ],
  ],
  'no errors on the console': [
    ['throwing', (page) => (page.script = 'throw new Error("a mistake")'), /exception: a mistake/],
    ['loud', (page) => (page.script = 'console.error("a complaint")'), /console error: a complaint/],
    [
      'incomplete',
      (page) => (page.body += '<img alt="" width="1" height="1" src="/missing.png">'),
      /missing\.png answered 404/,
    ],
  ],
  'keeps its own content policy': [
    ['inline', (page) => (page.body += '<p style="color: red">Red</p>'), /style-src-attr refused/],
    ['handler', (page) => (page.body += '<script>1</script>'), /script-src-elem refused/],
  ],
  'sends the security headers': [
    ['bare', (page) => (page.headers = {}), /content-security-policy: missing/],
    [
      'open',
      (page) => (page.headers['content-security-policy'] += "; script-src-elem 'self' 'unsafe-inline'"),
      /exception: script-src-elem 'unsafe-inline'/,
    ],
    [
      'anywhere',
      (page) => (page.headers['content-security-policy'] = "default-src 'self' https:"),
      /exception: default-src https:/,
    ],
    ['framed', (page) => (page.headers['content-security-policy'] = "default-src 'self'"), /no frame-ancestors/],
    ['sniffed', (page) => delete page.headers['x-content-type-options'], /x-content-type-options: missing/],
  ],
  'exactly one h1': [
    ['two', (page) => (page.body += '<h1>Another</h1>'), /2 h1/],
    ['none', (page) => (page.body = page.body.replaceAll('h1>', 'h2>')), /0 h1/],
    ['unseen', (page) => (page.style += 'h1 { display: none }'), /not to be seen/],
  ],
  'says its language and direction': [
    ['mute', (page) => (page.lang = ''), /no lang/],
    ['french', (page) => (page.lang = 'fr'), /lang is fr, not en/],
    ['aimless', (page) => (page.dir = ''), /no dir/],
    ['backwards', (page) => (page.dir = 'rtl'), /dir is rtl, not ltr/],
  ],
  'has a title': [['untitled', (page) => (page.title = ''), /no title/]],
  'images are named or hidden': [
    [
      'nameless',
      (page) => (page.body += '<img width="9" height="9" src="/icon.svg">'),
      /neither named nor hidden: <img>/,
    ],
    [
      'drawn',
      (page) => (page.body += '<svg width="9" height="9"><path d="M0 0h9v9z"/></svg>'),
      /neither named nor hidden: <svg>/,
    ],
    [
      'shadowed',
      (page) =>
        (page.script = `const host = document.createElement('div'); document.querySelector('main').append(host);
      host.attachShadow({ mode: 'open' }).innerHTML = '<svg width="9" height="9"><path d="M0 0h9v9z"/></svg>'`),
      /<svg>/,
    ],
  ],
  'links say where they lead': [
    [
      'silent',
      (page) => (page.body += '<a href="/other"><svg aria-hidden="true" width="30" height="30"></svg></a>'),
      /no text/,
    ],
    ['nowhere', (page) => (page.body += '<p><a href="#nothing">Nothing</a></p>'), /leads nowhere/],
  ],
  'axe finds nothing, light and dark': [
    [
      'unlabelled',
      (page) => (page.body = page.body.replace('<label for="value">Value</label>', 'Value')),
      /light: label: /,
    ],
    ['pale', (page) => (page.style += 'p { color: #aaaaaa }'), /light: color-contrast/],
    [
      'dim',
      (page) => (page.style += '@media (prefers-color-scheme: dark) { p { color: #444444 } }'),
      /^dark: color-contrast/,
    ],
    ['skipping', (page) => (page.body = page.body.replace('<details>', '<h4>Deep</h4><details>')), /heading-order/],
  ],
  'text on drawings and fills can be read, light and dark': [
    [
      'faint',
      (page) => (page.style += '.word { fill: #4477aa }'),
      /light: \d\.\d\d:1 in a drawing: <text\.word> "Goods 100"/,
    ],
    [
      'night',
      (page) => (page.style += '@media (prefers-color-scheme: dark) { .word { fill: #ffffff } }'),
      /^dark: 1\.\d\d:1/,
    ],
    ['bare-ink', (page) => (page.style += '.part { fill: none } .word { fill: #eeeeee }'), /light: 1\.\d\d:1/],
  ],
  'targets of 24 px at least': [
    [
      'small',
      (page) => (page.style += 'button { min-height: 0; height: 18px; line-height: 1 }'),
      /18\.0 px: <button> "Work it out"/,
    ],
    [
      'dense',
      (page) => (page.style += 'nav a { display: inline; min-height: 0; padding: 0; line-height: 1 }'),
      /<a> "Start"/,
    ],
  ],
  'no sideways scrolling at 360 and 320 px': [
    ['wide', (page) => (page.style += 'form { width: 400px }'), /at 360 px: \d+ px wide.*<form>/],
    ['nearly', (page) => (page.style += 'form { width: 325px }'), /at 320 px/],
  ],
  'words stay in their cells': [
    [
      'crammed',
      (page) => (page.style += 'table { table-layout: fixed; width: 100% } th:nth-child(2) { width: 20px; white-space: nowrap }'),
      /at 1440 px: \d+ px of words in \d+: <th>/,
    ],
  ],
  'works at 200 %': [
    ['stiff', (page) => (page.style += 'header { width: 1000px }'), /zoomed: 992 px wide.*<header>/],
    ['clipped', (page) => (page.style += 'h1 { height: 60px; overflow: hidden }'), /larger text: cut off: <h1>/],
    [
      'curtain',
      (page) => (page.style += 'header { position: sticky; top: 0; min-height: 250px; max-width: none }'),
      /zoomed: covers more than half/,
    ],
  ],
  'keeps still for those who ask': [
    [
      'restless',
      (page) => (page.style = page.style.replace(/@media \(prefers-reduced.*/, '')),
      /transition of transform: <button>/,
    ],
    [
      'spinning',
      (page) =>
        (page.style +=
          '@keyframes spin { to { rotate: 1turn } } h1::after { content: "·"; animation: spin 1s infinite !important }'),
      /animation spin: <h1>/,
    ],
    ['smooth', (page) => (page.style += 'html { scroll-behavior: smooth }'), /smooth scrolling: <html>/],
    [
      'cartoon',
      (page) => (page.body = page.body.replace('</svg>', '<animate attributeName="x" dur="1s"/></svg>')),
      /drawing that moves/,
    ],
  ],
  'prints without navigation': [
    [
      'verbose',
      (page) => (page.style = page.style.replace('nav, .skip, form { display: none }', '')),
      /printed too: <nav>/,
    ],
    ['blank', (page) => (page.style += '@media print { main { display: none } }'), /main is not printed/],
    ['ghost', (page) => (page.style += '@media print { h1 { color: #eeeeee } }'), /too light for paper/],
    ['poster', (page) => (page.style += '@media print { h1 { width: 900px } }'), /wider than the paper/],
  ],
  'says the same without script': [
    [
      'scripted',
      (page) => {
        page.body = page.body.replace('<p>A text', '<p id="more"></p><p>A text');
        page.script = 'more.textContent = "word ".repeat(50)';
      },
      /\d+ words in main, \d+ with script/,
    ],
    [
      'unsendable',
      (page) => (page.body = page.body.replace('<button>', '<button type="button">')),
      /cannot be sent without script: <form>/,
    ],
  ],
  'the keyboard reaches everything, visibly and in order': [
    [
      'invisible',
      (page) => (page.style += ':focus-visible { outline: none }'),
      /does not show, or too faintly: <a> "Start"/,
    ],
    ['weak', (page) => (page.style += ':focus-visible { outline-color: var(--ground) }'), /too faintly: <a> "Start"/],
    [
      'cut',
      (page) =>
        (page.style +=
          'nav a { overflow: hidden } nav { overflow: hidden; height: 24px; margin: 0 } nav a { clip-path: inset(0) }'),
      /nothing on the screen shows the focus: <a> "Start"/,
    ],
    [
      'jumping',
      (page) => (page.body = page.body.replace('<input id="value"', '<input tabindex="5" id="value"')),
      /the focus goes back to/,
    ],
    ['hiding', (page) => (page.style += '.skip:focus { position: absolute }'), /cannot be seen: <a\.skip>/],
    [
      'covered',
      (page) =>
        (page.style +=
          'header { position: relative } header::after { content: ""; position: absolute; inset: 0; background: var(--ground) }'),
      /covered by <header> "Start Markets"/,
    ],
    [
      'trapped',
      (page) =>
        (page.script =
          'const field = document.getElementById("value"); field.addEventListener("keydown", (event) => { if (event.key === "Tab") event.preventDefault() })'),
      /Tab does not leave <input#value>/,
    ],
    [
      'circling',
      (page) =>
        (page.script =
          'document.querySelector("button").addEventListener("focus", () => document.getElementById("value").focus())'),
      /not reached: .*"Why"/s,
    ],
    [
      'unreachable',
      (page) =>
        (page.script =
          'document.querySelector("button").addEventListener("focus", () => document.querySelector("summary").focus())'),
      /not reached: <button> "Work it out"/,
    ],
  ],
};

// Good too: a stop inside a shadow root that is there only once somebody is on the way to it.
const late = (page) => {
  page.body = page.body.replace('</h1>', '</h1><div id="host"></div>');
  page.script = `
    const root = document.getElementById("host").attachShadow({ mode: "open" });
    addEventListener("focusin", () => { root.innerHTML = '<a href="/good">Explained</a>' }, { once: true });`;
};

let browser, foreign, fixture;
before(async () => {
  foreign = await startStatic({ '/pixel': svg('<svg xmlns="http://www.w3.org/2000/svg"/>') }, { name: 'localhost' });
  const spoilers = Object.values(BAD)
    .flat()
    .map(([name, spoil]) => [name, spoil]);
  assert.equal(new Set(spoilers.map(([name]) => name)).size, spoilers.length, 'two bad pages of one name');
  const pages = pagesOf({ ...Object.fromEntries(spoilers), 'late-stop': late });
  // A missing page is a good one with status 404.
  fixture = await startStatic((path) => pages[path] ?? { ...pages['/good'], status: 404 });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await fixture?.stop();
  await foreign?.stop();
});

const expected = { language: 'en', direction: 'ltr' };
const visit = (path, options, use) => withVisit(browser, fixture.origin + path, { expected, ...options }, use);

describe('a good page passes', { concurrency: 3 }, () => {
  for (const [how, options] of Object.entries({
    'on a wide screen': {},
    'on a wide screen, dark': { scheme: 'dark' },
    'on a phone with a poor connection': { ...onPhone, slow: true },
    'on a phone, dark': { ...onPhone, scheme: 'dark' },
    'with script off': { script: false },
  })) {
    it(how, () => visit('/good', options, async (visit) => assert.deepEqual(await runChecks(visit), {})));
  }
  it('that is an error page', () =>
    visit('/no-such-page', { expected: { ...expected, status: 404 } }, async (visit) =>
      assert.deepEqual(await runChecks(visit), {}),
    ));
  it('with a stop that comes late, within a shadow root', () =>
    visit('/late-stop', {}, async (visit) =>
      assert.deepEqual(await CHECKS['the keyboard reaches everything, visibly and in order'](visit), []),
    ));
  it('and again: checks leave the page as they found it', () =>
    visit('/good', {}, async (visit) => {
      for (const name of [...Object.keys(CHECKS), ...Object.keys(CHECKS).reverse()]) {
        assert.deepEqual(await CHECKS[name](visit), [], name);
      }
    }));
});

describe('a bad page fails', { concurrency: 3 }, () => {
  it('for every check there is one', () => assert.deepEqual(Object.keys(BAD).sort(), Object.keys(CHECKS).sort()));
  for (const [check, cases] of Object.entries(BAD)) {
    for (const [name, , words, options] of cases) {
      it(`${check}: ${name}`, () =>
        visit(`/${name}`, options, async (visit) => {
          const problems = await CHECKS[check](visit);
          assert.ok(problems.length > 0, 'it passed');
          assert.match(problems.join('\n'), words);
        }));
    }
  }
  it('titles: one for two pages', () => {
    assert.deepEqual(titlesDiffer({ '/a': 'One', '/b': 'Two' }), []);
    assert.deepEqual(titlesDiffer({ '/a': 'One', '/b': 'One' }), ['/b has the title of /a: One']);
  });
});

describe('what is written down of a load', () => {
  it('counts the bytes of everything, and nothing twice', () =>
    visit('/good', {}, async ({ requests, bytes }) => {
      assert.deepEqual(
        requests.map(({ url }) => new URL(url).pathname).sort(),
        ['/good', '/good.css']
          .concat(requests.some(({ url }) => url.endsWith('/icon.svg')) ? ['/icon.svg'] : [])
          .sort(),
      );
      const page = await (await fetch(`${fixture.origin}/good`)).text();
      const style = await (await fetch(`${fixture.origin}/good.css`)).text();
      assert.ok(bytes > page.length + style.length, `${bytes}`);
      assert.ok(bytes < page.length + style.length + 2500, `${bytes}`);
    }));
  it('begins with an empty cache', async () => {
    const first = await visit('/good', {}, ({ bytes }) => bytes);
    assert.equal(await visit('/good', {}, ({ bytes }) => bytes), first);
  });
});

describe('the portal is started and stopped', () => {
  let folder;
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'tidewaiter-browser-'))));
  after(() => rm(folder, { recursive: true }));
  const program = async (how) => {
    const path = join(folder, how.replaceAll(' ', '-'));
    await writeFile(path, standIn(how));
    await chmod(path, 0o755);
    return path;
  };

  it('well', async () => {
    const portal = await startPortal({ program: await program('well') });
    assert.equal(await (await fetch(portal.origin)).text(), 'it answers');
    await portal.stop();
    await assert.rejects(fetch(portal.origin));
  });
  it('a program that ends is reported with what it said', async () =>
    assert.rejects(startPortal({ program: await program('ends') }), /it ended \(3\)\n.*no such edition/s));
  it('a first line without an address is reported', async () =>
    assert.rejects(startPortal({ program: await program('says nothing of use') }), /no http.*: ready/));
  it('an end with an error is reported', async () => {
    const portal = await startPortal({ program: await program('ends badly') });
    await assert.rejects(portal.stop(), /ended with 1/);
  });
  it('a missing program is reported', async () => {
    await assert.rejects(startPortal({ program: join(folder, 'nothing') }), /ENOENT/);
    await assert.rejects(startPortal({ program: '' }), /TIDEWAITER_BIN is not set/);
  });
});

describe('the summary for ./test', () => {
  it('counts each result once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tidewaiter-browser-'));
    try {
      await writeFile(
        join(folder, 'some.test.mjs'),
        `
        import { before, describe, it } from 'node:test';
        describe('a suite', () => { it('passes', () => {}); it('fails', () => { throw new Error('meant'); }); });
        it('holds others', async (test) => { await test.test('one', () => {}); await test.test('two', () => {}); });
        it('holds one and fails', async (test) => { await test.test('one', () => {}); throw new Error('meant'); });
        describe('unprepared', () => { before(() => { throw new Error('meant'); }); it('never', () => {}); });
        describe('left out', { skip: 'a reason' }, () => { it('never', () => {}); });`,
      );
      const reporter = new URL('summary.js', import.meta.url).pathname;
      const { NODE_TEST_CONTEXT: _, ...env } = process.env; // else it reports to the run that we are in
      const { stdout, status } = spawnSync(
        process.execPath,
        ['--test', `--test-reporter=${reporter}`, '--test-reporter-destination=stdout', 'some.test.mjs'],
        { cwd: folder, encoding: 'utf8', env },
      );
      assert.match(stdout, /^ +Summary \[ +\d+\.\d{3}s\] \d+ tests run: 4 passed, [34] failed, 1 skipped\n$/);
      assert.equal(status, 1);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('the shop on another site', () => {
  it('lets in the script of the portal, and nothing inline', async () => {
    const script = 'document.querySelector("tide-test").textContent = "here";';
    const portal = await startStatic({
      '/widget/v1.js': { type: 'text/javascript', body: script, headers: { 'access-control-allow-origin': '*' } },
    });
    const shop = await startShop(portal.origin, { widget: '<tide-test></tide-test><p style="color: red">Red</p>' });
    try {
      await withVisit(browser, `${shop.origin}/product`, {}, async (visit) => {
        assert.equal(await visit.page.textContent('tide-test'), 'here');
        assert.match((await CHECKS['keeps its own content policy'](visit)).join(), /style-src-attr refused/);
        assert.deepEqual(await CHECKS['asks nobody else'](visit), [`asks ${portal.origin}/widget/v1.js`]);
      });
    } finally {
      await shop.stop();
      await portal.stop();
    }
  });
});
