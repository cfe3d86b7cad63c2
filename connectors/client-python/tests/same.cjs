// What the client for Node says of the baskets on standard input: answers, snapshots and refunds, as JSON.
const { Client, httpEngine, refund, snapshot } = require('../../client-js/dist/index.js');
const { engine, baskets } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
const client = new Client({ engines: [httpEngine({ url: engine, name: 'engine' })], timeout_ms: 20_000, now: () => 1_795_168_800_000 });
(async () => {
  const said = [];
  for (const basket of baskets) {
    const answer = await client.quote(basket);
    const taken = snapshot(answer);
    said.push({ answer, snapshot: taken, refund: refund(taken, [{ line: taken.lines[0], quantity: 1 }]) });
  }
  process.stdout.write(JSON.stringify(said));
})();
