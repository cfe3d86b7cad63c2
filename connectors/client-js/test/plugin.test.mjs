// What plugins of shops have in common: options that cannot be right, and tables from a spreadsheet.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import test from 'node:test';
import { examine, failuresTo, faultsOfBooks } from '@tidewaiter/client/plugin';

const { confirmed } = createRequire(import.meta.url)('../dist/plugin/table.js');

const OWN = { own: ['a', 'b'], books: faultsOfBooks };
const books = { seller: 'mug-shop', token: 'twc_0123' };
const right = { url: 'http://127.0.0.1:1', consignment: { from: 'CN', channel: 'post', mode: 'air', seller: { registrations: ['eu.ioss'] } } };
const consignment = (change) => ({ ...right, consignment: { ...right.consignment, ...change } });
const WRONG = [
  [consignment({ from: 'China' }), /consignment\.from: "China" is no country; .*ISO 3166/],
  [consignment({ from: 'cn' }), /consignment\.from: "cn" is no country; did you mean CN\?/],
  [consignment({ from: 'UK' }), /consignment\.from: "UK" is no country; did you mean GB\?/],
  [consignment({ channel: 'postal' }), /consignment\.channel: "postal" is none of post, express, freight/],
  [consignment({ mode: 'plane' }), /consignment\.mode: "plane" is none of air, sea, road, rail/],
  [consignment({ registrations: ['eu.ioss'] }), /consignment\.registrations: .*\["eu\.ioss"\].* belongs in consignment\.seller\.registrations/],
  [{ ...right, registrations: ['eu.ioss'] }, /registrations: .* belongs in consignment\.seller\.registrations/],
  [{ ...right, from: 'CN' }, /from: .* belongs in consignment\.from/],
  [consignment({ seller: { registrations: 'eu.ioss' } }), /consignment\.seller\.registrations: "eu\.ioss" is no list/],
  [consignment({ seller: { registration: ['eu.ioss'] } }), /consignment\.seller\.registration: there is no such option/],
  [{ ...right, polici: 'open' }, /polici: there is no such option \(its value is "open"\); allowed are .*policy/],
  [{ ...right, policy: 'opened' }, /policy: "opened" is none of open, last-known, closed/],
  [{ ...right, own: 'c' }, /own: "c" is none of a, b/],
  [{ ...right, url: '127.0.0.1:21580' }, /url: "127\.0\.0\.1:21580" is no address of an engine; write it with http:\/\//],
  [{ ...right, url: 'duties.example' }, /url: "duties\.example" is no address of an engine/],
  [{ consignment: right.consignment }, /url: the address of the engine is missing/],
  [{ ...right, not_asked: 'CN' }, /not_asked: "CN" is no list/],
  [{ ...right, not_asked: ['Holland'] }, /not_asked: "Holland" is no country/],
  [{ ...right, client: { timeout: 5 } }, /client\.timeout: there is no such option/],
  [{ ...right, books: 'mug-shop' }, /books: "mug-shop" is no object/],
  [{ ...right, books: { ...books, seller: 'Mug Shop' } }, /books\.seller: "Mug Shop" is no short name/],
  [{ ...right, books: { token: books.token } }, /books\.seller: undefined is no short name/],
  [{ ...right, books: { ...books, token: 'twk_0123' } }, /^(?!.*0123).*books\.token: it is no token of a seller; .*twc_/],
  [{ ...right, books: { ...books, tokn: 'twc_0123' } }, /^(?!.*0123).*books\.tokn: there is no such option \(its value is "twc_…"\); allowed are url, seller, token/],
  [{ ...right, books: { ...books, url: 'duties.example' } }, /books\.url: "duties\.example" is no address/],
  [{ engines: [], consignment: right.consignment, books }, /books\.url: the address of the engine is missing/],
  [{ url: right.url }, /consignment: it is missing/],
  [undefined, /the options are missing/],
];
for (const [options, words] of WRONG) test(`${words}`, () => assert.throws(() => examine(options, 'plugin', OWN), words));

test('right ones are taken: codes of the engine too, and fields of a function', () => {
  for (const from of ['CN', 'XI', 'IC', 'GB', 'EU', 'XK']) examine(consignment({ from }), 'plugin', OWN);
  examine({ ...right, not_asked: ['ES', 'IC'], policy: 'closed', own: 'a', client: { timeout_ms: 900 } }, 'plugin', OWN);
  examine({ ...right, consignment: () => ({ from: 'CN' }) }, 'plugin', OWN);
  examine({ ...right, books }, 'plugin', OWN);
  examine({ engines: [], consignment: right.consignment, books: { ...books, url: 'https://books.example' } }, 'plugin', OWN);
});

test('what is wrong with a question is said once for all carts, other failures each time', () => {
  const said = [];
  const tell = failuresTo((text) => said.push(text));
  for (const line of ['items[2].code', 'items[3].code']) tell('engine', { why: 'question', detail: '', problems: [{ field: line, value: '61', message: 'too short' }] });
  for (let call = 0; call < 2; call += 1) tell('engine', { why: 'timeout', detail: 'no answer in 9 ms', problems: [] });
  assert.deepEqual(said, ['engine refuses the question: items[2].code: "61" too short', 'engine: no answer in 9 ms', 'engine: no answer in 9 ms']);
});

test('a table is read as spreadsheets write it, and rows that are wrong are told by their number', () => {
  for (const between of [',', ';', '\t']) {
    const lines = [['id', 'name', 'goods_code', 'confirmed'], ['7', '"a ""box""\n' + between + ' red"', '9503.00.41', 'Yes'], ['8', 'b', '', 'yes'], ['9', 'c', '610910', 'perhaps'], ['10', 'd', '610910', 'no'], ["'-1", 'e', "'610910", 'yes']];
    const { rows, faults } = confirmed(`\uFEFF${lines.map((cells) => `${cells.join(between)}\r\n`).join('')}`, 'id');
    assert.deepEqual(rows, [{ number: 2, id: '7', code: '9503.00.41' }, { number: 6, id: '-1', code: '610910' }]);
    assert.deepEqual(faults, ['row 3: goods_code is empty', 'row 4: confirmed says "perhaps"; write yes, or no, or nothing']);
  }
  assert.throws(() => confirmed('id|goods_code|confirmed', 'id'), /must name the columns id, goods_code, confirmed/);
});
