// What the checks need inside the page, as `window.inPage`. It comes in before the page's own scripts, touches nothing
// of the page, and looks into open shadow roots too.
(() => {
  const violations = [];
  document.addEventListener('securitypolicyviolation', (event) => {
    violations.push(`${event.effectiveDirective} refused ${event.blockedURI || 'something inline'}`);
  });

  /** Every element below `root`, in the order of the document. */
  function* all(root = document.documentElement) {
    for (const element of root.children) {
      yield element;
      if (element.shadowRoot) yield* all(element.shadowRoot);
      yield* all(element);
    }
  }
  const every = (selector) => [...all()].filter((element) => element.matches(selector));
  const parent = (element) => element.assignedSlot ?? element.parentElement ?? element.getRootNode().host ?? null;
  function* ancestors(element) {
    for (let at = element; at; at = parent(at)) yield at;
  }

  /** Rendered, with size: not hidden by display, visibility or a closed <details>. */
  function visible(element) {
    if (!element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })) return false;
    return [...element.getClientRects()].some((rect) => rect.width > 0 && rect.height > 0);
  }

  /** Kept for screen readers alone: clipped to nothing, or out of the window. */
  function offScreen(element) {
    const rect = element.getBoundingClientRect();
    if (rect.width <= 1 || rect.height <= 1) return true;
    if (rect.right + scrollX <= 0 || rect.bottom + scrollY <= 0) return true;
    for (const at of ancestors(element)) {
      const style = getComputedStyle(at);
      if (/^inset\((50|100)%/.test(style.clipPath) || /^rect\(0(px)?, 0/.test(style.clip)) return true;
      const box = at.getBoundingClientRect();
      if (style.overflowX !== 'visible' && (box.width <= 1 || box.height <= 1)) return true;
    }
    return false;
  }

  const hidden = (element) => [...ancestors(element)].some((at) => at.getAttribute('aria-hidden') === 'true');

  /** A name for messages: tag, id or class, and the first words. */
  function describe(element) {
    const id = element.id ? `#${element.id}` : '';
    const kind = element.getAttribute('class')?.trim().split(/\s+/)[0];
    const words = (element.textContent || element.getAttribute('aria-label') || element.getAttribute('name') || '')
      .trim()
      .replace(/\s+/g, ' ')
      .slice(0, 40);
    return `<${element.localName}${id || (kind ? `.${kind}` : '')}>${words ? ` "${words}"` : ''}`;
  }

  // Text as a screen reader reads it: without what is hidden, with what images are called.
  function spoken(node) {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.nodeType !== Node.ELEMENT_NODE || node.getAttribute('aria-hidden') === 'true') return '';
    const label = node.getAttribute('aria-label') ?? node.getAttribute('alt');
    if (label) return label;
    if (node.localName === 'svg') return node.querySelector(':scope > title')?.textContent ?? '';
    return [...(node.shadowRoot ?? node).childNodes].map(spoken).join(' ');
  }

  /** The name that assistive technology would say: labels first, then the content. */
  function nameOf(element) {
    const ids = element.getAttribute('aria-labelledby')?.trim().split(/\s+/) ?? [];
    const labels = ids
      .map((id) => element.getRootNode().getElementById(id)?.textContent ?? '')
      .join(' ')
      .trim();
    return labels || spoken(element).trim();
  }

  // Colours. A canvas turns any CSS colour into bytes.
  const paint = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  function bytes(colour) {
    paint.clearRect(0, 0, 1, 1);
    paint.fillStyle = colour;
    paint.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = paint.getImageData(0, 0, 1, 1).data;
    return { red, green, blue, alpha: alpha / 255 };
  }
  function over(top, bottom) {
    const mix = (name) => top[name] * top.alpha + bottom[name] * (1 - top.alpha);
    return { red: mix('red'), green: mix('green'), blue: mix('blue'), alpha: 1 };
  }
  function luminance({ red, green, blue }) {
    const part = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
  }
  function contrast(one, other) {
    const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  }

  /** The colour behind an element's content, or null where an image or gradient makes it unknown. */
  function background(element) {
    const layers = [];
    for (const at of ancestors(element)) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== 'none') return null;
      layers.push(bytes(style.backgroundColor));
      if (layers.at(-1).alpha === 1) break;
    }
    const dark =
      getComputedStyle(document.documentElement).colorScheme.includes('dark')
      && matchMedia('(prefers-color-scheme: dark)').matches;
    const canvas = dark ? { red: 18, green: 18, blue: 18, alpha: 1 } : { red: 255, green: 255, blue: 255, alpha: 1 };
    return layers.reduceRight((below, layer) => over(layer, below), canvas);
  }

  /** Puts a style sheet over the page, past any policy; returns what takes it off again. */
  function overlay(css) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    const roots = [document, ...[...all()].map((element) => element.shadowRoot).filter(Boolean)];
    for (const root of roots) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    return () => {
      for (const root of roots) root.adoptedStyleSheets = root.adoptedStyleSheets.filter((other) => other !== sheet);
    };
  }

  window.inPage = {
    violations,
    all,
    every,
    ancestors,
    parent,
    visible,
    offScreen,
    hidden,
    describe,
    nameOf,
    bytes,
    over,
    contrast,
    background,
    overlay,
  };
})();
