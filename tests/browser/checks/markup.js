// What the document says about itself.

export function oneHeading({ page }) {
  return page.evaluate(() => {
    const headings = inPage.every('h1, [role=heading][aria-level="1"]').filter((heading) => !inPage.hidden(heading));
    const empty = headings.filter((heading) => !heading.textContent.trim() || !inPage.visible(heading));
    if (headings.length !== 1) return [`${headings.length} h1: ${headings.map(inPage.describe).join(', ')}`];
    return empty.map((heading) => `not to be seen: ${inPage.describe(heading)}`);
  });
}

export function language({ page, expected }) {
  return page.evaluate(({ language, direction }) => {
    const { lang, dir } = document.documentElement;
    const problems = [];
    if (!lang) problems.push('html has no lang');
    else if (language && lang.split('-')[0] !== language) problems.push(`lang is ${lang}, not ${language}`);
    if (!['ltr', 'rtl'].includes(dir)) problems.push('html has no dir');
    else if (direction && dir !== direction) problems.push(`dir is ${dir}, not ${direction}`);
    return problems;
  }, expected);
}

export async function titled({ page }) {
  return (await page.title()).trim() ? [] : ['no title'];
}

/** For all pages of one language: `{ address: title }`. Tabs and bookmarks are told apart by their titles. */
export function titlesDiffer(titles) {
  const first = new Map();
  const problems = [];
  for (const [address, title] of Object.entries(titles)) {
    if (first.has(title)) problems.push(`${address} has the title of ${first.get(title)}: ${title}`);
    else first.set(title, address);
  }
  return problems;
}

export function namedImages({ page }) {
  return page.evaluate(() => {
    const decorative = (element) =>
      inPage.hidden(element)
      || ['none', 'presentation'].includes(element.getAttribute('role'))
      || (element.localName === 'img' && element.getAttribute('alt') === '');
    return inPage
      .every('img, svg, [role=img], input[type=image], canvas, object')
      .filter((element) => !element.parentElement?.closest('svg')) // an svg within an svg is a part of it
      .filter((element) => inPage.visible(element) && !decorative(element) && !inPage.nameOf(element))
      .map((element) => `neither named nor hidden: ${inPage.describe(element)}`);
  });
}

export function linksSay({ page }) {
  return page.evaluate(() => {
    const links = inPage.every('a[href], area[href]').filter((link) => !inPage.hidden(link));
    const silent = links
      .filter((link) => !inPage.nameOf(link))
      .map((link) => `no text: ${link.outerHTML.slice(0, 80)}`);
    const nowhere = links.filter((link) => {
      const href = link.getAttribute('href');
      if (/^\s*javascript:/i.test(href)) return true;
      if (!href.startsWith('#')) return false;
      const target = decodeURIComponent(href.slice(1));
      return target !== 'top' && !link.getRootNode().getElementById(target);
    });
    return [...silent, ...nowhere.map((link) => `leads nowhere: ${link.outerHTML.slice(0, 80)}`)];
  });
}
