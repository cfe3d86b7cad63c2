// A reporter for node:test: one line at the end that ./test counts. It counts as the tests in a browser do.
import summary from '../tests/browser/summary.js';

export default async function* result(events) {
  for await (const line of summary(events)) {
    const [, passed, failed] = /(\d+) passed, (\d+) failed/.exec(line);
    yield `test result: ${passed} passed, ${failed} failed\n`;
  }
}
