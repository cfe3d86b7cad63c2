// The count of tests as one line: "test result: N passed, M failed".
import summary from '../../../tests/browser/summary.js';

export default async function* result(events) {
  for await (const line of summary(events)) {
    const [, passed, failed] = /(\d+) passed, (\d+) failed/.exec(line);
    yield `test result: ${passed} passed, ${failed} failed\n`;
  }
}
