// A basket that is priced in the browser: with the files beside this page, and without a server once they were loaded.
import { QuestionError, Tidewaiter, today } from './tidewaiter/index.js';

const find = (selector, within = document) => within.querySelector(selector);
const form = find('#basket');
const items = find('#items');
const told = find('#told');
// Older than this the page says more loudly that rates may have changed.
const OLD_AFTER_DAYS = 30;
let book;

function element(name, text, children = []) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  made.append(...children);
  return made;
}

// ---- The goods ----

function add_item(values = {}) {
  const item = find('#item').content.cloneNode(true).firstElementChild;
  for (const [name, value] of Object.entries(values)) find(`[name=${name}]`, item).value = value;
  find('.less', item).addEventListener('click', () => {
    const next = item.nextElementSibling ?? item.previousElementSibling;
    item.remove();
    number_items();
    (next ? find('input', next) : find('#more')).focus();
  });
  items.append(item);
  number_items();
  return item;
}

function number_items() {
  [...items.children].forEach((item, at) => {
    find('legend', item).textContent = `Goods ${at + 1}`;
    find('.less', item).setAttribute('aria-label', `Remove goods ${at + 1}`);
  });
}

/** The question document. What is left empty is left out: unknown is not zero. */
function question() {
  const given = (fields, within) =>
    Object.fromEntries(fields.map((name) => [name, find(`[name=${name}]`, within).value.trim()]).filter(([, value]) => value));
  const parcel = given(['to', 'from', 'currency', 'freight', 'channel'], form);
  for (const name of ['from', 'currency']) if (parcel[name]) parcel[name] = parcel[name].toUpperCase();
  parcel.items = [...items.children].map((item) => {
    const goods = given(['description', 'code', 'origin', 'quantity', 'price'], item);
    if (goods.origin) goods.origin = goods.origin.toUpperCase();
    return goods;
  });
  return parcel;
}

// ---- The answer in words ----

function amount(sum, quote) {
  const range = (least, most, currency) =>
    most === undefined ? `at least ${least} ${currency}, and how much more is not known`
      : most === least ? `${least} ${currency}` : `between ${least} and ${most} ${currency}`;
  return range(sum.least_asked, sum.most_asked, quote.asked_currency);
}

function headline(quote) {
  switch (quote.outcome) {
    case 'amount': return `Duty, tax and fees: ${amount(quote.total, quote)}.`;
    case 'range': return `Duty, tax and fees: ${amount(quote.total, quote)}. It depends on what is missing below.`;
    case 'unknown': return `Duty, tax and fees: ${amount(quote.total, quote)}.`;
    case 'prohibited': return 'These goods may not come in.';
    case 'formal-entry': return 'A full customs entry is needed; no simple amount can be given.';
    case 'not-allowed': return 'These goods do not fit this way of sending.';
    default: return quote.outcome;
  }
}

function list(title, lines) {
  if (!lines?.length) return [];
  return [element('h3', title), element('ul', '', lines.map((line) => element('li', line)))];
}

function show(quote) {
  const parts = [element('p', headline(quote))];
  parts[0].className = 'total';
  if (quote.charges?.length) {
    const cell = (name, text, right) => Object.assign(element(name, text), { className: right ? 'amount' : '' });
    const head = element('tr', '', [cell('th', 'What'), cell('th', quote.asked_currency, true)]);
    const rows = quote.charges.map((charge) => {
      const { least_asked: least, most_asked: most } = charge.sum;
      const text = most === undefined ? `${least} or more` : least === most ? least : `${least} to ${most}`;
      return element('tr', '', [cell('td', charge.name), cell('td', text, true)]);
    });
    parts.push(element('table', '', [element('thead', '', [head]), element('tbody', '', rows)]));
  }
  const ddp = ['amount', 'range'].includes(quote.outcome);
  if (ddp) parts.push(element('p', `The buyer pays on delivery, if the shop pays nothing at the border: ${amount(quote.terms.on_delivery_dap, quote)}.`));
  parts.push(...list('Still to be known', quote.missing?.map((m) => (m.item ? `Goods ${m.item}: ` : '') + m.question)));
  parts.push(...list('What the rules say', quote.messages));
  parts.push(...list('Take care', quote.warnings));
  parts.push(...list('What was assumed', quote.assumptions));
  told.replaceChildren(...parts);
}

/** `to: "QQ": …` is a sentence of the library; here it begins with the field as the page names it. */
function refuse(problems) {
  const named = { to: 'Goes to', from: 'Sent from', currency: 'Currency', freight: 'Shipping', code: 'Goods code', origin: 'Made in', quantity: 'Pieces', price: 'Price of one' };
  const say = ({ field, value, message }) => {
    const [, at, name] = /^items\[(\d+)\]\.(\w+)$/.exec(field) ?? [, , field];
    const place = (at === undefined ? '' : `Goods ${Number(at) + 1}, `) + (named[name] ?? name);
    return `${place ? `${place}: ` : ''}${value ? `“${value}” ` : ''}${message}`;
  };
  told.replaceChildren(element('p', 'This cannot be answered as it stands.'), ...list('What to change', problems.map(say)));
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  try {
    show(book.quote(question()));
  } catch (e) {
    if (e instanceof QuestionError) refuse(e.problems);
    else told.replaceChildren(element('p', `Something went wrong: ${e.message}. Load the page again.`));
  }
  find('#answer').hidden = false;
  find('#answer').focus();
  say_age();
});
find('#more').addEventListener('click', () => find('input', add_item()).focus());

// ---- How old the data is ----

function say_age() {
  const age = book.data_age_days(today());
  const old = age === null ? 'of an unknown day' : `of ${book.data_day}, ${age === 1 ? '1 day' : `${age} days`} old`;
  const caution = age === null || age > OLD_AFTER_DAYS ? ' Rates may have changed since: connect and load the page again for newer ones.' : '';
  find('#age').textContent = `Rates and rules ${old}. Computed on this device; nothing you type leaves it.${caution}`;
}

async function begin() {
  add_item({ description: 'Cotton T-shirt', code: '6109.10', origin: 'CN', quantity: '2', price: '12.50' });
  const response = await fetch('data/slice.twrb');
  if (!response.ok) throw new Error(`the rates could not be loaded (${response.status})`);
  book = await Tidewaiter.open(await response.arrayBuffer());
  const economies = book.economies();
  const to = find('[name=to]', form);
  to.replaceChildren(...economies.map(({ code, name }) => Object.assign(element('option', name), { value: code })));
  find('[name=currency]', form).value = economies[0]?.currency ?? '';
  say_age();
  find('#ask').disabled = false;
}

begin().catch((e) => {
  find('#age').textContent = `Nothing can be answered: ${e.message}. Connect and load the page again.`;
});
// Keeps the files for when there is no server. Where the browser has no such thing, the page works while it is open.
navigator.serviceWorker?.register('worker.js').catch(() => {});
