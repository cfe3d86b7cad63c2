// axe-core, and the contrast that axe does not measure.
import axe from 'axe-core';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** What a scheme of colours can change. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

/** Each scheme in turn, the visit's own last, so that the page is left as it was. `look` is told whether it is that. */
async function inBothSchemes({ page, options }, look) {
  const own = options.scheme ?? 'light';
  const problems = [];
  for (const scheme of own === 'light' ? ['dark', 'light'] : ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: scheme });
    // Colours that fade in are measured when they are there.
    await page.evaluate(() => {
      for (const animation of document.getAnimations()) {
        if (animation.effect.getComputedTiming().endTime !== Infinity) animation.finish();
      }
    });
    problems.push(...(await look(scheme === own)).map((problem) => `${scheme}: ${problem}`));
  }
  return problems;
}

/** No violation of WCAG 2.2 A and AA, nor of axe's best practice. What axe cannot decide goes to the visit's notes. */
export async function accessible(visit) {
  const { page, cdp, notes, options } = visit;
  if (options.script === false) return []; // axe is a script: the same page is measured with script on
  await cdp.send('Runtime.evaluate', { expression: axe.source, silent: true });
  return inBothSchemes(visit, async (whole) => {
    const runOnly = whole ? { type: 'tag', values: TAGS } : { type: 'rule', values: OF_COLOURS };
    const run = { runOnly, resultTypes: ['violations', 'incomplete'] };
    const { violations, incomplete } = await page.evaluate((options) => axe.run(document, options), run);
    const where = (nodes) =>
      nodes.slice(0, 5).map(({ target, any, all, none }) => {
        const why = [...any, ...all, ...none].map(({ message }) => message)[0] ?? '';
        return `${target.flat().join(' ')} (${why})`;
      });
    for (const { id, nodes } of incomplete) {
      // Letters of drawings are measured below.
      const open = id === 'color-contrast' ? nodes.filter(({ html }) => !/^<(text|tspan)\b/.test(html)) : nodes;
      const note = `axe cannot decide ${id}: ${open.length} × ${where(open)[0]}`;
      if (open.length > 0 && !notes.includes(note)) notes.push(note);
    }
    return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.length} × ${where(nodes).join('; ')}`);
  });
}

/**
 * Text within drawings against the shape behind it: axe skips SVG text, and our charts and bars are SVG. 4.5:1, or 3:1
 * for large text (24 px, or 18.66 px bold), as WCAG 1.4.3 has it.
 */
export function measuredContrast(visit) {
  return inBothSchemes(visit, () =>
    visit.page.evaluate(() => {
      // Shapes that let the pointer through are behind the text all the same.
      const undo = inPage.overlay('* { pointer-events: auto !important }');
      const problems = [];
      for (const text of inPage.every('svg text')) {
        if (!text.textContent.trim() || !inPage.visible(text)) continue;
        text.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
        const box = text.getBoundingClientRect();
        // A fill that begins as `url(` is a pattern or gradient: no single colour to measure.
        const behind = text
          .getRootNode()
          .elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2)
          .filter((element) => !text.contains(element) && !element.closest('text'));
        const style = getComputedStyle(text);
        const shape = behind.find((element) => {
          if (!(element instanceof SVGGeometryElement)) return element.localName !== 'g';
          return getComputedStyle(element).fill !== 'none';
        });
        if (!shape) continue;
        const fill = shape instanceof SVGGeometryElement ? getComputedStyle(shape).fill : null;
        if (fill?.startsWith('url(') || style.fill.startsWith('url(')) continue;
        const ground = inPage.background(text.closest('svg'));
        if (!ground && !fill) continue;
        const opacity =
          shape instanceof SVGGeometryElement
            ? Number(getComputedStyle(shape).fillOpacity) * Number(getComputedStyle(shape).opacity)
            : 1;
        const layer = fill ? inPage.bytes(fill) : null;
        const below = layer ? inPage.over({ ...layer, alpha: layer.alpha * opacity }, ground ?? layer) : ground;
        const letters = inPage.bytes(style.fill);
        const ink = inPage.over({ ...letters, alpha: letters.alpha * Number(style.opacity) }, below);
        // What counts is the size on the screen, after the drawing is scaled.
        const scale = text.getScreenCTM()?.a ?? 1;
        const size = parseFloat(style.fontSize) * scale;
        const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
        const ratio = inPage.contrast(ink, below);
        if (ratio < (large ? 3 : 4.5)) problems.push(`${ratio.toFixed(2)}:1 in a drawing: ${inPage.describe(text)}`);
      }
      undo();
      scrollTo({ top: 0, behavior: 'instant' });
      return problems;
    }),
  );
}
