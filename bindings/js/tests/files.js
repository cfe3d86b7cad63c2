// Where the vectors are, and a static server that can be stopped.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

/** The folder that the native example wrote to. */
export const FOLDER = process.env.TIDEWAITER_VECTORS;
export const vectors = JSON.parse(readFileSync(join(FOLDER, 'vectors.json'), 'utf8'));
export const slice = (code, kind = '') => readFileSync(join(FOLDER, `slices/${code}${kind}.twrb`));
export const PORT = Number(process.env.TIDEWAITER_PORT ?? 21210);

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.json': 'application/json' };

// A page that no other shares its process with has a clock fine enough to time an answer.
const ALONE = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

/** Serves folders under names on 127.0.0.1; gives the address and how to stop it at once. */
export async function serve(folders, port) {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://x').pathname));
    const [, name, ...rest] = path.split('/');
    const folder = folders[name];
    try {
      const file = join(folder, rest.join('/') || 'index.html');
      const bytes = await readFile(file);
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', ...ALONE }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((ready, failed) => server.listen(port, '127.0.0.1', ready).on('error', failed));
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    stop: () =>
      new Promise((stopped) => {
        server.close(stopped);
        server.closeAllConnections();
      }),
  };
}

/** Starts the native service at a free port. */
export async function start_engine() {
  const engine = spawn(process.env.TIDEWAITER_BIN, ['serve', '--listen', '127.0.0.1:0', '--burst', '100000'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const address = await new Promise((found, failed) => {
    let said = '';
    engine.stdout.on('data', (some) => {
      said += some;
      const at = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (at) found(at[0]);
    });
    engine.on('error', failed);
    engine.on('exit', () => failed(new Error(`the service ended: ${said}`)));
  });
  return { address, stop: () => engine.kill('SIGKILL') };
}

/** The middle of the times, and the 95th of a hundred. */
export function middle(times_ms) {
  const sorted = Float64Array.from(times_ms).sort();
  return { quotes: sorted.length, p50_us: sorted[sorted.length >> 1] * 1000, p95_us: sorted[Math.floor(sorted.length * 0.95)] * 1000 };
}
