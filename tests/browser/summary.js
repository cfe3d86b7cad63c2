// A reporter for node:test: one line at the end as cargo-nextest writes it, which ./test counts. What only holds other
// tests is not counted, for they are; unless it failed by itself, as when its preparation did.
export default async function* summary(events) {
  const start = performance.now();
  const count = { passed: 0, failed: 0, skipped: 0 };
  const depth = new Map(); // file -> how deep its last result was; a holder is reported after what it holds
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const { file, nesting, skip, details } = data;
    const holder = details.type === 'suite' || (depth.get(file) ?? 0) > nesting;
    depth.set(file, nesting);
    const itself = type === 'test:fail' && details.error?.failureType !== 'subtestsFailed';
    if (skip !== undefined) count.skipped += 1;
    else if (itself) count.failed += 1;
    else if (!holder) count[type === 'test:pass' ? 'passed' : 'failed'] += 1;
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(3).padStart(8);
  const { passed, failed, skipped } = count;
  yield `     Summary [${seconds}s] ${passed + failed} tests run: ${passed} passed, ${failed} failed, ${skipped} skipped\n`;
}
