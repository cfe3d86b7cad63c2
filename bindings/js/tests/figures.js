// The figures of docs/performance.md, from what the tests measured: `node tests/figures.js FOLDER`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const folder = process.argv[2];
const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const wasm = readFileSync(new URL('../tidewaiter.wasm', import.meta.url));
const sizes = read('sizes.json');
const kb = (bytes) => (bytes / 1000).toFixed(0).padStart(6);
const line = (name, bytes, gzip) => console.log(`${name.padEnd(34)} ${kb(bytes)} kB ${kb(gzip)} kB with gzip`);
const packed = gzipSync(wasm, { level: 9 }).length;
line('tidewaiter.wasm', wasm.length, packed);
line(`median of ${sizes.economies} slices`, sizes.median.bytes, sizes.median.gzip);
line(`module and median slice`, wasm.length + sizes.median.bytes, packed + sizes.median.gzip);
for (const one of [sizes.smallest, ...sizes.largest]) line(`slice of ${one.code}`, one.bytes, one.gzip);
line('whole ratebook', sizes.whole.bytes, sizes.whole.gzip);
const native = read('native.json');
const time = (name, { quotes, p50_us, p95_us }) =>
  console.log(`${name.padEnd(10)} p50 ${p50_us.toFixed(1).padStart(7)} µs  p95 ${p95_us.toFixed(1).padStart(7)} µs  of ${quotes} quotes`);
time('native', { quotes: native.quotes, p50_us: native.p50_ns / 1000, p95_us: native.p95_ns / 1000 });
for (const [name, file] of [['Node', 'node.json'], ['Chromium', 'chromium.json']]) {
  try {
    time(name, read(file));
  } catch {
    console.log(`${name}: not measured`);
  }
}
