// The suite, held against mistakes that real shops made: each, switched on in the shop that does all right, must be seen by
// the scenario that is there for it. And without any, everything passes.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startReal } from './engine.mjs';
import { run, table } from './run.mjs';
import { shopWith } from './reference-shop.mjs';

const TRAPS = {
  'keeps duty on quantity': ['a quantity crosses a threshold, up', 'a quantity rises after the review, without another look'],
  'keeps duty on remove': ['a line is removed'],
  'keeps duty on address': ['the address changes'],
  'keeps duty on delivery': ['the freight changes and with it the base of the duty', 'from ddp to dap and back'],
  'keeps duty on coupon': ['a discount lowers the value'],
  'pays what was shown': ['a quantity crosses a threshold, down, without another look', 'a quantity rises after the review, without another look'],
  'pays unseen': ['figures change between review and payment'],
  'duty on dap': ['dap adds nothing', 'from ddp to dap and back'],
  'tax without duty': ['tax on duty is exact'],
  'no fees': ['ddp to US is shown and paid', 'ddp to GB is shown and paid', 'ddp to AU is shown and paid'],
  'forgets freight': ['the freight changes and with it the base of the duty', 'ddp to NL is shown and paid'],
  'forgets the discount': ['a discount lowers the value'],
  'forgets registrations': ['a registered seller collects at the sale: IOSS, duty unpaid', 'a registered seller collects at the sale: AU GST'],
  'amounts of the economy': ['checkout in another currency than the charges'],
  'two decimals': ['ddp to JP in yen: no decimals', 'ddp to KW in dinars: three decimals'],
  'one parcel': ['goods go in two parcels, each a consignment'],
  'least of a range': ['a code is not long enough: a range is shown, duty-paid withheld', 'no goods code at all: no figure, duty-paid withheld'],
  'offers all': ['a code is not long enough: a range is shown, duty-paid withheld', 'prohibited goods are not sold'],
  'does not ask': ['a code is not long enough: a range is shown, duty-paid withheld', 'no goods code at all: no figure, duty-paid withheld'],
  'sells without an amount': ['engine\'s process is killed in mid-checkout: refused, and paid duty-paid after its restart', 'engine answers 500, policy closed', 'engine answers garbage', 'engine cuts the connection in the answer', 'prohibited goods are not sold'],
  'says nothing': ['engine\'s process is killed in mid-checkout, policy open: sold duty unpaid, with a notice', 'engine answers 500, policy open: duty unpaid, with a notice', 'engine hangs'],
  'waits for ever': ['engine hangs'],
  'asks each time': ['ddp to NL is shown and paid', 'engine is killed in mid-checkout: what was shown is paid, from the cache'],
  'calls without address': ['no address, no call'],
  'forgets why': ['ddp to NL is shown and paid'],
  'refunds at today\'s law': ['a return in two steps gives back what was paid, at the sale\'s law'],
  'forgets earlier returns': ['a return in two steps gives back what was paid, at the sale\'s law'],
};

let real;
before(async () => { real = await startReal(process.env.TIDEWAITER_BIN); });
after(() => real?.stop());

test('the shop that does all right passes every scenario', async () => {
  const results = await run({ harness: shopWith(), real });
  assert.deepEqual(results.filter(({ status }) => status !== 'passed'), []);
  assert.equal(results.length, table.scenarios.length);
});

for (const [trap, names] of Object.entries(TRAPS)) {
  test(`caught: ${trap}`, async () => {
    for (const name of names) {
      const results = await run({ harness: shopWith(trap), real, only: name });
      assert.equal(results.length, 1, `${name} names ${results.length} scenarios`);
      const [{ status, why }] = results;
      assert.equal(status, 'failed', `${name} does not see it`);
      assert.doesNotMatch(why, /\n\s+at /, `${name} sees an accident, not the mistake: ${why}`);
    }
  });
}
