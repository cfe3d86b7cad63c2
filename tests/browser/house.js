// A house of made-up sellers and one made-up authority, filled over the command and the API, for tests of its pages.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPortal } from './server.js';

export const AUTHORITY = 'eu.ioss.IE';
const TODAY = '2026-11-22';

const ANSWERS = {
  legal_name: 'Mug Shop Ltd',
  'address.street': '1 Quay Street',
  'address.town': 'Galway',
  'address.country': 'IE',
  email: 'kim@mugs.example',
  websites: 'mugs.example',
  tax_number: 'IE1234567T',
  contact_name: 'Kim Low',
  phone: '+353 1 234 5678',
  home_country: 'IE',
};

/**
 * Starts a portal with a house. `sellers` are short names with what their returns declare for September 2026 to France;
 * null sends none. Gives the portal's origin, tokens of an officer and an inspector, the numbers that were issued, the
 * application that waits, and `stop()`.
 */
export async function startHouse({ sellers = { mugs: '1000.00', lamps: '400.00', socks: null } } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-house-'));
  const store = `sqlite:${join(folder, 'house.db')}`;
  const key = join(folder, 'key.pem');
  const run = (...words) => execFileSync(process.env.TIDEWAITER_BIN, words, { encoding: 'utf8' });
  run('key', 'new', key, '--no-passphrase');
  run('collect', 'keeper', '--store', store, '--label', 'The keeper', '--json');
  run('collect', 'admit', 'eu.ioss', '--state', 'IE', '--name', 'Revenue of the example', '--store', store);
  const token = (role, label) =>
    JSON.parse(run('collect', 'token', '--store', store, '--role', role, '--of', AUTHORITY, '--label', label, '--json'));
  const officer = token('officer', 'Desk 4').token;
  const inspector = token('inspector', 'Audit').token;
  const options = ['--collect', store, '--collect-key', key, '--collect-open', '--today', TODAY];
  const portal = await startPortal({ options: [...options, '--burst', '100000', '--rate', '10000'] });
  const stop = async () => {
    await portal.stop();
    rmSync(folder, { recursive: true });
  };
  try {
    return { ...portal, officer, inspector, ...(await fill(portal.origin, officer, sellers)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function fill(origin, officer, sellers) {
  const ask = async (path, { bearer, body, text, type = 'application/json' } = {}) => {
    const headers = { ...(bearer && { authorization: `Bearer ${bearer}` }), 'content-type': type };
    const answer = await fetch(origin + path, { method: 'POST', headers, body: text ?? JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const apply = (id, bearer, name, day) =>
    ask(`/v1/collect/sellers/${id}/applications`, {
      bearer,
      body: {
        authority: AUTHORITY,
        asked: { kind: 'new', day, answers: { ...ANSWERS, legal_name: name, email: `kim@${id}.example` } },
      },
    });
  const numbers = {};
  for (const [at, [id, net]] of Object.entries(sellers).entries()) {
    const { token } = await ask('/v1/collect/sellers', { body: { id, name: `The ${id} shop` } });
    const { id: application } = await apply(id, token, `The ${id} shop`, '2026-08-01');
    const number = NUMBERS[at];
    await ask(`/v1/collect/authorities/${AUTHORITY}/applications/${application}/decision`, {
      bearer: officer,
      body: { decision: 'accept', number },
    });
    numbers[id] = number;
    if (net !== null) {
      const rows = [{ member_state: 'FR', rate_type: 'standard', rate: '20 %', net, tax: (net * 0.2).toFixed(2) }];
      const head = { scheme: 'eu.ioss', number, period: '2026-09', currency: 'EUR' };
      await ask(`/v1/collect/sellers/${id}/declarations`, { bearer: token, body: { ...head, rows, owed: rows[0].tax } });
    }
  }
  const { token } = await ask('/v1/collect/sellers', { body: { id: 'bags', name: 'Bags and more' } });
  const { id: waits } = await apply('bags', token, 'Bags and more', '2026-12-01');
  return { numbers, waits };
}

/** Numbers that have the shape. */
const NUMBERS = ['IM3720000012', 'IM3720000023', 'IM3720000034'];

/** What an officer hands in: less was declared for mugs than came, nothing for socks, and one number was never issued. */
export const BORDER = ({ mugs, lamps, socks }) =>
  `number,month,buyer,currency,consignments,value
${mugs},2026-09,FR,EUR,40,1800.00
${lamps},2026-09,FR,EUR,9,405.00
${socks},2026-09,NL,EUR,3,90.50
IM3729999994,2026-10,DE,EUR,2,55.00
`;
