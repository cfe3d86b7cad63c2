// Tab from the top of the page until the focus leaves it.

const SAME_ELEMENT_LIMIT = 12; // a field for a date and time has several stops within
const LOOK = [
  'outline',
  'boxShadow',
  'borderTop',
  'borderBottom',
  'borderLeft',
  'backgroundColor',
  'color',
  'textDecoration',
  'fill',
  'stroke',
];

/**
 * Every element that can have the focus gets it, in the order of the document; then it is to be seen, is not covered,
 * and its look changes by something that stands out 3:1 (WCAG 2.1.1, 2.1.2, 2.4.3, 2.4.7, 2.4.11, 1.4.11).
 */
export async function keyboard({ page, url, options }) {
  // A fresh page: the checks before may have moved the place where Tab begins. It is whole when nothing is on its way any
  // more, answers that scripts ask for included: what comes later would be stops that nobody counted.
  await page.goto(url, { waitUntil: 'networkidle' });
  await page.waitForFunction(() => inPage.every('[aria-busy=true]').length === 0);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const walk = await page.evaluateHandle(prepare, LOOK);
  // A page may put the focus where its reader is needed, as on a mistake: the walk begins at the top all the same.
  await page.evaluate(() => {
    if (document.activeElement === document.body) return;
    document.body.tabIndex = -1;
    document.body.focus();
  });
  const problems = [];
  // Pages that are looked at in the same way share their style sheets: what was seen on one need not be drawn on the next.
  const kinds = options.kinds ?? new Set();
  const length = await walk.evaluate(({ stops }) => stops.length);
  let [last, same, furthest] = [-1, 0, -1];
  for (let press = 0; press < length + 20 * SAME_ELEMENT_LIMIT; press++) {
    await page.keyboard.press('Tab');
    const step = await walk.evaluate(arrive);
    if (step.left || (step.index === 0 && step.before && last !== 0)) break; // out of the page, or at its top again
    same = step.index === last ? same + 1 : 0;
    if (same > SAME_ELEMENT_LIMIT) {
      problems.push(`Tab does not leave ${step.what}`);
      break;
    }
    if (step.index === last) continue;
    if (step.index < furthest) {
      problems.push(`the focus goes back to ${step.what}`);
      if (step.before) break; // round and round
    }
    problems.push(...step.problems);
    if (!kinds.has(step.kind) && step.box) {
      if (await looksTheSame(page, walk, step.box))
        problems.push(`nothing on the screen shows the focus: ${step.what}`);
      else kinds.add(step.kind);
    }
    last = step.index;
    furthest = Math.max(furthest, last);
  }
  problems.push(
    ...(await walk.evaluate(({ stops, reached }) =>
      // What the page took away meanwhile is no stop any more.
      stops
        .filter((stop) => stop.isConnected && !reached.has(stop))
        .map((stop) => `not reached: ${inPage.describe(stop)}`),
    )),
  );
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  return problems;
}

// Styles are one thing, pixels another: an outline may be cut off by the box around it. One of each kind is looked at.
async function looksTheSame(page, walk, clip) {
  const shot = () => page.screenshot({ clip, animations: 'disabled', caret: 'hide' });
  const focused = await shot();
  await walk.evaluate((walk) => {
    walk.away = walk.active();
    walk.away.blur(); // Tab goes on from here all the same
  });
  const plain = await shot();
  await walk.evaluate(({ away }) => away.focus({ preventScroll: true, focusVisible: true }));
  return focused.equals(plain);
}

// In the page: the stops that Tab should make, and how each looks without the focus.
function prepare(properties) {
  const can =
    'a[href], area[href], button, input:not([type=hidden]), select, textarea, iframe, '
    + 'audio[controls], video[controls], [contenteditable=true], [tabindex], details > summary:first-of-type';
  const stops = inPage.every(can).filter((element) => {
    if (element.tabIndex < 0 || element.disabled || element.closest('[inert]') || element.closest('fieldset:disabled'))
      return false;
    if (!element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })) return false;
    if (element.type !== 'radio' || !element.name) return true;
    // A group of choices is one stop: the chosen one, or the first.
    const group = [...element.getRootNode().querySelectorAll('input[type=radio]')].filter(
      (other) => other.name === element.name && other.form === element.form && !other.disabled,
    );
    return element === (group.find((other) => other.checked) ?? group[0]);
  });
  const look = (element) => {
    const style = getComputedStyle(element);
    return Object.fromEntries(properties.map((property) => [property, style[property]]));
  };
  // What is drawn around a field often belongs to its label or to the box that holds it.
  const around = (element) => [element, ...(element.labels ?? []), inPage.parent(element)].filter(Boolean);
  const plain = new Map(stops.map((stop) => [stop, around(stop).map(look)]));
  const active = () => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at;
  };
  return { stops, plain, around, look, active, reached: new Set() };
}

// In the page, after a Tab: where are we, and can one see it?
function arrive({ stops, plain, around, look, active, reached }) {
  const element = active();
  if (!element || element === document.body || element === document.documentElement) return { left: true };
  for (const animation of document.getAnimations()) {
    if (animation.effect.getComputedTiming().endTime !== Infinity) animation.finish();
  }
  const what = inPage.describe(element);
  // The browser lets boxes that scroll have the focus; they are counted where they stand. `compareDocumentPosition` has no
  // answer of use between trees: what is in a shadow root stands where its host does.
  if (!stops.includes(element)) {
    const order = new Map([...inPage.all()].map((one, index) => [one, index]));
    const at = stops.findIndex((stop) => order.get(stop) > order.get(element));
    stops.splice(at < 0 ? stops.length : at, 0, element);
  }
  const before = reached.has(element);
  reached.add(element);
  const step = { index: stops.indexOf(element), what, before, problems: [] };

  // A box to tick may be drawn by its label alone.
  const seen = (face) => {
    const { left, top, right, bottom } = face.getBoundingClientRect();
    return (
      right > 0
      && bottom > 0
      && left < innerWidth
      && top < innerHeight
      && !inPage.offScreen(face)
      && face.checkVisibility({ opacityProperty: true })
    );
  };
  const face = [element, ...(element.labels ?? [])].find(seen);
  if (!face) {
    step.problems.push(`has the focus but cannot be seen: ${what}`);
    return step;
  }
  const box = face.getBoundingClientRect();
  const between = (low, high, limit) => (Math.max(low, 0) + Math.min(high, limit)) / 2;
  // A link that breaks over two lines has nothing in the middle of its box: its first line counts too.
  const tops = [box, face.getClientRects()[0] ?? box].map(({ left, right, top, bottom }) =>
    face.getRootNode().elementFromPoint(between(left, right, innerWidth), between(top, bottom, innerHeight)),
  );
  if (!tops.some((top) => top && (face.contains(top) || element.contains(top) || face.labels?.[0]?.contains(top)))) {
    step.problems.push(`covered by ${tops[0] ? inPage.describe(tops[0]) : 'something'}: ${what}`);
  }

  // Does something stand out?
  const ground = inPage.background(inPage.parent(element) ?? element);
  const standsOut = (one, other) => !one || !other || inPage.contrast(one, other) >= 3;
  const shown = around(element).some((part, index) => {
    const style = getComputedStyle(part);
    const was = plain.get(element)?.[index];
    const now = look(part);
    if (style.outlineStyle === 'auto') return true; // the browser's own ring, light and dark at once
    if (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1 && now.outline !== was?.outline) {
      const outline = inPage.bytes(style.outlineColor);
      const behind = parseFloat(style.outlineOffset) < 0 ? inPage.background(part) : ground;
      if (outline.alpha > 0 && standsOut(behind && inPage.over(outline, behind), behind)) return true;
    }
    if (!was) return false;
    if (now.boxShadow !== was.boxShadow && now.boxShadow !== 'none') {
      const colour = inPage.bytes(now.boxShadow.match(/^[a-z]+\([^)]*\)|^#\w+|^[a-z]+/)?.[0] ?? 'transparent');
      if (standsOut(ground && inPage.over(colour, ground), ground)) return true;
    }
    if (now.backgroundColor !== was.backgroundColor) {
      const under = ground ?? { red: 255, green: 255, blue: 255, alpha: 1 };
      if (
        standsOut(
          inPage.over(inPage.bytes(now.backgroundColor), under),
          inPage.over(inPage.bytes(was.backgroundColor), under),
        )
      ) {
        return true;
      }
    }
    return ['borderTop', 'borderBottom', 'borderLeft', 'textDecoration', 'stroke'].some(
      (name) => now[name] !== was[name],
    );
  });
  if (!shown) step.problems.push(`the focus does not show, or too faintly: ${what}`);

  step.kind = `${element.localName}.${element.className}.${inPage.parent(element)?.className}`;
  const margin = 8;
  const left = Math.max(0, Math.floor(box.left - margin));
  const top = Math.max(0, Math.floor(box.top - margin));
  step.box = {
    x: left,
    y: top,
    width: Math.min(innerWidth, Math.ceil(box.right + margin)) - left,
    height: Math.min(innerHeight, Math.ceil(box.bottom + margin)) - top,
  };
  return step;
}
