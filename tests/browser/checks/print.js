// On paper: the answer without what only a screen can use.

const A4_WIDTH_PX = 794; // 210 mm at 96 px an inch

export async function printed({ page }) {
  const before = page.viewportSize();
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: A4_WIDTH_PX, height: 1123 });
  try {
    const problems = await page.evaluate(() => {
      const found = inPage
        .every('nav, [role=navigation], [role=search], dialog, a[href^="#"]')
        .filter((element) => inPage.visible(element) && !(element.matches('a') && element.closest('main')))
        .map((element) => `printed too: ${inPage.describe(element)}`);
      const main = document.querySelector('main');
      if (!main || !inPage.visible(main) || !main.innerText.trim()) found.push('main is not printed');
      const { scrollWidth } = document.scrollingElement;
      if (scrollWidth > document.documentElement.clientWidth)
        found.push(`${scrollWidth} px wide, wider than the paper`);
      // White letters of the dark scheme would be printed without their dark ground.
      const heading = document.querySelector('h1');
      const white = { red: 255, green: 255, blue: 255, alpha: 1 };
      if (heading && inPage.contrast(inPage.bytes(getComputedStyle(heading).color), white) < 4.5) {
        found.push('the letters are too light for paper');
      }
      return found;
    });
    const paper = await page.pdf({ format: 'A4' });
    if (paper.length < 1000) problems.push('the printed document is empty');
    return problems;
  } finally {
    await page.setViewportSize(before);
    await page.emulateMedia({ media: null });
  }
}
