// A small page that passes every check, and what spoils it: the harness's own test. Nothing of it is in the portal.

export const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    + "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'geolocation=()',
};

const STYLE = `
:root { color-scheme: light dark; --ink: #1a1a1a; --ground: #ffffff; --link: #0b4a8f; --bar: #0b4a8f; --on-bar: #ffffff }
@media (prefers-color-scheme: dark) {
  :root { --ink: #eeeeee; --ground: #14181c; --link: #8fc1ff; --bar: #8fc1ff; --on-bar: #0a1420 }
}
body { margin: 0; font: 1rem/1.5 sans-serif; color: var(--ink); background: var(--ground) }
header, main, footer { padding: 0 1rem; max-width: 60rem }
a { color: var(--link) }
nav a { display: inline-block; min-height: 2rem; padding: 0 .5rem }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
.skip { position: absolute; left: -999rem }
.skip:focus { position: static }
input, button, select { font: inherit; min-height: 2.5rem; max-width: 100%; box-sizing: border-box }
.drawn { position: relative; display: inline-block; min-height: 1.5rem }
.drawn input { position: absolute; opacity: 0 }
.drawn:focus-within { outline: 3px solid var(--link) }
th { white-space: nowrap }
.wide { overflow-x: auto }
svg { display: block; width: 100%; max-width: 30rem; height: auto }
.part { fill: var(--bar) }
.word { fill: var(--on-bar); font: 16px sans-serif }
button { transition: background-color .2s, transform .2s }
@media (prefers-reduced-motion: reduce) { * { transition: none !important; animation: none !important } }
@media print {
  :root { color-scheme: light; --ink: #000000; --ground: #ffffff; --link: #000000 }
  nav, .skip, form { display: none }
}
`;

const BODY = `<a class="skip" href="#main">To the answer</a>
<header><nav aria-label="Pages"><a href="/">Start</a> <a href="/other">Markets</a></nav></header>
<main id="main" tabindex="-1">
<h1>What a parcel costs</h1>
<p>A text with enough words to be read, and <a href="/other">a link within</a> it, so that the page says something.</p>
<svg role="img" aria-label="Goods 100, duty 8" viewBox="0 0 300 40">
<rect class="part" width="300" height="40"/><text class="word" x="10" y="26">Goods 100</text></svg>
<form action="/other"><p><label for="value">Value</label> <input id="value" name="value" inputmode="decimal"></p>
<fieldset><legend>Who</legend><label><input type="radio" name="who" value="a" checked> Person</label>
<label><input type="radio" name="who" value="b"> Firm</label>
<label class="drawn"><input type="checkbox" name="proof"> With proof</label></fieldset>
<p><button>Work it out</button></p></form>
<div class="wide" role="group" aria-label="Rates" tabindex="0"><table><tr>${'<th scope="col">Rate of duty</th>'.repeat(9)}</tr>
<tr>${'<td>8 %</td>'.repeat(9)}</tr></table></div>
<details><summary>Why</summary><p>Because of <a href="/law">the law</a>.</p></details>
</main>
<footer><p>The end.</p></footer>`;

/** The parts of the good page; `spoil` them to get a bad one. */
function good() {
  return {
    lang: 'en',
    dir: 'ltr',
    title: 'What a parcel costs',
    head: '',
    body: BODY,
    style: STYLE,
    script: '',
    headers: { ...HEADERS },
    status: 200,
    type: 'text/html; charset=utf-8',
    files: {},
  };
}

/** The answers of a server (server.js, startStatic) for each page: `{ name: spoil }` gives `/name`. */
export function pagesOf(spoilers) {
  const answers = {};
  for (const [name, spoil] of Object.entries({ good: () => {}, ...spoilers })) {
    const page = good();
    spoil(page);
    const attributes = `${page.lang ? ` lang="${page.lang}"` : ''}${page.dir ? ` dir="${page.dir}"` : ''}`;
    const body =
      `<!doctype html><html${attributes}><head><meta charset="utf-8">`
      + `<meta name="viewport" content="width=device-width, initial-scale=1"><title>${page.title}</title>`
      + `<link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/${name}.css">`
      + `${page.script ? `<script src="/${name}.js" defer></script>` : ''}${page.head}</head><body>${page.body}</body></html>`;
    answers[`/${name}`] = { status: page.status, type: page.type, headers: page.headers, body };
    answers[`/${name}.css`] = { type: 'text/css', body: page.style };
    answers[`/${name}.js`] = { type: 'text/javascript', body: page.script };
    Object.assign(answers, page.files);
  }
  answers['/icon.svg'] = { type: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg"/>' };
  return answers;
}

/** A program that stands for `tidewaiter`: it serves one page and obeys SIGTERM. `how` makes it misbehave. */
export function standIn(how = 'well') {
  return `#!/usr/bin/env node
const http = require('node:http');
const how = ${JSON.stringify(how)};
if (process.argv.slice(2, 5).join(' ') !== 'serve --listen 127.0.0.1:0') process.exit(2);
if (how === 'ends') { console.error('no such edition'); process.exit(3); }
const server = http.createServer((request, response) => response.end('it answers')).listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  console.log(how === 'says nothing of use' ? 'ready' : 'listening on http://127.0.0.1:' + port);
});
process.on('SIGTERM', () => process.exit(how === 'ends badly' ? 1 : 0));
`;
}
