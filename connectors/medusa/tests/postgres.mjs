// A PostgreSQL server of our own, on this machine alone, gone when it is stopped.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { freePort } from './port.mjs';

const isRoot = process.getuid() === 0;

/** PostgreSQL refuses to run as root. */
function asOwner(command) {
  return isRoot ? execFileSync('su', ['postgres', '-s', '/bin/sh', '-c', command], { stdio: 'pipe' }) : execFileSync('sh', ['-c', command], { stdio: 'pipe' });
}

function programs() {
  const folders = execFileSync('sh', ['-c', 'ls -d /usr/lib/postgresql/*/bin /usr/local/opt/postgresql*/bin /opt/homebrew/opt/postgresql*/bin 2>/dev/null; dirname "$(command -v initdb || true)"']).toString().split('\n');
  return folders.filter((one) => one && existsSync(join(one, 'initdb'))).at(0);
}

export async function startPostgres() {
  let server = programs();
  if (!server && isRoot && existsSync('/usr/bin/apt-get')) {
    spawnSync('sh', ['-c', 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql'], { stdio: 'ignore' });
    server = programs();
  }
  if (!server) throw new Error("PostgreSQL's server programs are missing: install the package postgresql");
  const folder = mkdtempSync(join(tmpdir(), 'medusa-database-'));
  const stop = () => {
    try { asOwner(`'${server}/pg_ctl' -D '${folder}/data' -m immediate -w stop`); } catch { /* it did not start, or is gone */ }
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', stop);
  try {
    if (isRoot) execFileSync('chown', ['postgres', folder]);
    asOwner(`'${server}/initdb' -D '${folder}/data' -A trust -U medusa --no-locale -E UTF8 --no-sync`);
    const port = await freePort();
    asOwner(`'${server}/pg_ctl' -D '${folder}/data' -o '-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off' -l '${folder}/log' -w start`);
    return {
      url: `postgres://medusa@127.0.0.1:${port}/postgres`,
      stop() { process.off('exit', stop); stop(); },
    };
  } catch (error) {
    process.off('exit', stop);
    stop();
    throw error;
  }
}

// Alone: prints the address, and stops when it is told to end.
if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const database = await startPostgres();
  console.log(database.url);
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => { database.stop(); process.exit(0); });
  setInterval(() => {}, 3_600_000);
}
