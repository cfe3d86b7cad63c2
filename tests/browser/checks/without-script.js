// Progressive enhancement: with script off the page says as much, and its forms can be sent.
import { withVisit } from '../visit.js';

/** Words that a page may gain from script: a tenth. Buttons to copy or share are worth nothing without it. */
const SHARE_WITHOUT_SCRIPT = 0.9;

const count = ({ page }) =>
  page.evaluate(() => {
    const text = document.querySelector('main')?.innerText ?? '';
    const sends = 'button:not([type=button]):not([type=reset]), input[type=submit], input[type=image]';
    const stuck = inPage.every('form').filter((form) => ![...form.elements].some((part) => part.matches(sends)));
    return { words: text.split(/\s+/).filter(Boolean).length, stuck: stuck.map(inPage.describe) };
  });

export async function withoutScript(visit) {
  const { words: usual } = await count(visit);
  const browser = visit.context.browser();
  return withVisit(browser, visit.url, { ...visit.options, slow: false, script: false }, async (plain) => {
    const { words, stuck } = await count(plain);
    const problems = stuck.map((form) => `cannot be sent without script: ${form}`);
    if (words === 0 || words < usual * SHARE_WITHOUT_SCRIPT)
      problems.push(`${words} words in main, ${usual} with script`);
    return problems;
  });
}
