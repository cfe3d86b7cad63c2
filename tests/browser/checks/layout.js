// How the page takes narrow windows, large text and people who get sick of motion.

const SMALLEST_TARGET_PX = 24;

async function atSize({ page }, size, look) {
  const before = page.viewportSize();
  await page.setViewportSize(size);
  try {
    await page.waitForTimeout(50); // script that follows the size has its say
    return await look();
  } finally {
    await page.setViewportSize(before);
  }
}

/** Everything to press is 24 × 24 px at least, but for links within a sentence (WCAG 2.5.8, without its spacing rule). */
export function tapTargets({ page }) {
  return page.evaluate((smallest) => {
    const targets =
      'a[href], area[href], button, input:not([type=hidden]), select, textarea, summary, '
      + '[role=button], [role=link], [role=tab], [role=option], [role=checkbox], [role=switch], [tabindex="0"]';
    const inSentence = (element) => {
      if (!element.matches('a') || getComputedStyle(element).display !== 'inline') return false;
      let block = inPage.parent(element);
      while (block && getComputedStyle(block).display === 'inline') block = inPage.parent(block);
      // The line has words beside its links.
      const words = (node) =>
        [...node.childNodes]
          .map((child) => {
            if (child.nodeType === Node.TEXT_NODE) return child.data;
            return child.nodeType === Node.ELEMENT_NODE && !child.matches(targets) ? words(child) : '';
          })
          .join('');
      return /\p{L}{2,}|\p{Lo}/u.test(words(block));
    };
    return inPage.every(targets).flatMap((element) => {
      if (!inPage.visible(element) || inPage.offScreen(element) || element.disabled || inSentence(element)) return [];
      // A label enlarges its box to tick: pressing it is pressing the box.
      const boxes = [element, ...(element.labels ?? [])].map((part) => part.getBoundingClientRect());
      const width = Math.max(...boxes.map((box) => box.width));
      const height = Math.max(...boxes.map((box) => box.height));
      if (width >= smallest - 0.01 && height >= smallest - 0.01) return [];
      return [`${width.toFixed(1)} × ${height.toFixed(1)} px: ${inPage.describe(element)}`];
    });
  }, SMALLEST_TARGET_PX);
}

// What makes the window scroll sideways, or reaches out of it to the left where no scrolling gets.
function sideways({ page }) {
  return page.evaluate(() => {
    const root = document.scrollingElement;
    const width = document.documentElement.clientWidth;
    if (root.scrollWidth <= width) return [];
    const contained = (element) =>
      [...inPage.ancestors(element)].some(
        (at) =>
          at !== element
          && at !== document.body
          && at !== document.documentElement
          && getComputedStyle(at).overflowX !== 'visible',
      );
    const wide = inPage
      .every('body *')
      .filter((element) => element.getBoundingClientRect().right > width + 0.5 && !contained(element));
    // The outermost is to blame: the boxes around it keep to the window.
    const outermost = wide.filter((element) => !wide.some((other) => other !== element && other.contains(element)));
    const what = outermost.slice(0, 5).map(inPage.describe).join(', ');
    return [`${root.scrollWidth} px wide in a window of ${width}: ${what || 'no single element'}`];
  });
}

// Words that a box with hidden overflow cuts off.
function cutOff({ page }) {
  return page.evaluate(() =>
    inPage
      .every('body *')
      .filter((element) => {
        const style = getComputedStyle(element);
        const hides = (overflow) => ['hidden', 'clip'].includes(overflow);
        if (!hides(style.overflowX) && !hides(style.overflowY)) return false;
        if (!element.textContent.trim() || !inPage.visible(element) || inPage.offScreen(element)) return false;
        return (
          (hides(style.overflowX) && element.scrollWidth > element.clientWidth + 1)
          || (hides(style.overflowY) && element.scrollHeight > element.clientHeight + 1)
        );
      })
      .map((element) => `cut off: ${inPage.describe(element)}`),
  );
}

/** 360 px is a phone; 320 px is a window of 1280 px at 400 % (WCAG 1.4.10). */
export async function narrow(visit) {
  const problems = [];
  for (const width of [360, 320]) {
    const found = await atSize(visit, { width, height: 740 }, () => sideways(visit));
    problems.push(...found.map((problem) => `at ${width} px: ${problem}`));
  }
  return problems;
}

/** On a small tablet, a tablet and a desk: no words of a cell lie over the cell beside it, which tables of fixed columns would let happen. */
export async function cells(visit) {
  const problems = [];
  for (const width of [660, 768, 1024, 1440]) {
    const found = await atSize(visit, { width, height: 800 }, () =>
      visit.page.evaluate(() =>
        inPage
          .every('th, td')
          .filter((cell) => inPage.visible(cell) && getComputedStyle(cell).display === 'table-cell')
          .filter((cell) => cell.scrollWidth > cell.clientWidth + 1)
          .map((cell) => `${cell.scrollWidth} px of words in ${cell.clientWidth}: ${inPage.describe(cell)}`),
      ),
    );
    const more = found.length > 3 ? [`and ${found.length - 3} more`] : [];
    problems.push(...[...found.slice(0, 3), ...more].map((problem) => `at ${width} px: ${problem}`));
  }
  return problems;
}

/**
 * Zoomed to 200 % and with the letters alone at 200 % (WCAG 1.4.4): nothing sticks out, nothing is cut off, and what
 * stays put while scrolling leaves half of the window to the page. A zoom of 200 % is, to a page, half the window.
 */
export async function zoom(visit) {
  const { page } = visit;
  const look = async () => [...(await sideways(visit)), ...(await cutOff(visit)), ...(await pinned(visit))];
  const zoomed = await atSize(visit, { width: 640, height: 400 }, look);
  const larger = await atSize(visit, { width: 1280, height: 800 }, async () => {
    const undo = await page.evaluateHandle(() => inPage.overlay('html { font-size: 200% !important }'));
    const found = await look();
    await undo.evaluate((undo) => undo());
    return found;
  });
  return [...zoomed.map((problem) => `zoomed: ${problem}`), ...larger.map((problem) => `larger text: ${problem}`)];
}

function pinned({ page }) {
  return page.evaluate(() =>
    inPage
      .every('body *')
      .filter((element) => {
        if (!['fixed', 'sticky'].includes(getComputedStyle(element).position) || !inPage.visible(element)) return false;
        const { width, height } = element.getBoundingClientRect();
        return width > innerWidth / 2 && height > innerHeight / 2;
      })
      .map((element) => `covers more than half of the window: ${inPage.describe(element)}`),
  );
}

/** With "reduce motion" set: no animation, no smooth scrolling, nothing that slides. Colours may still fade. */
export async function reducedMotion({ page }) {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  try {
    return await page.evaluate(() => {
      const seconds = (list) => Math.max(...list.split(',').map((text) => parseFloat(text)));
      const still = /^(none|color|background-color|border-[a-z-]*color|outline-color|fill|stroke|opacity|box-shadow)$/;
      const problems = [];
      for (const element of [document.documentElement, ...inPage.all()]) {
        for (const pseudo of [null, '::before', '::after']) {
          const style = getComputedStyle(element, pseudo);
          if (style.animationName !== 'none' && seconds(style.animationDuration) > 0.01) {
            problems.push(`animation ${style.animationName}: ${inPage.describe(element)}`);
          }
          const moving = style.transitionProperty.split(', ').filter((property) => !still.test(property));
          if (moving.length > 0 && seconds(style.transitionDuration) > 0.01) {
            problems.push(`transition of ${moving.join(', ')}: ${inPage.describe(element)}`);
          }
          if (!pseudo && style.scrollBehavior === 'smooth')
            problems.push(`smooth scrolling: ${inPage.describe(element)}`);
        }
        if (/^animate/.test(element.localName)) problems.push(`drawing that moves: ${inPage.describe(element)}`);
        if (element.localName === 'marquee' || element.autoplay) problems.push(inPage.describe(element));
      }
      return problems;
    });
  } finally {
    await page.emulateMedia({ reducedMotion: 'no-preference' });
  }
}
