// <tidewaiter-duties>: what a product costs once landed. Asks only the service it came from; stores nothing, no cookies.
(() => {
  "use strict";
  const script = document.currentScript || document.querySelector('script[src*="/widget/v1.js"]');
  if (!script || customElements.get("tidewaiter-duties")) return;
  const HOST = script.src.slice(0, script.src.indexOf("/widget/v1.js"));
  // Parts of countries with rules of their own: browsers have no name for most.
  const NAMES = "%NAMES%";
  const PLACES = "%PLACES%".match(/../g).concat(Object.keys(NAMES.en));
  // Each in the order of the languages.
  const LANGUAGES = "%LANGUAGES%";
  const WORDS = "%WORDS%";
  // Attributes that are fields of the question.
  const FIELDS = ["from", "origin", "code", "description", "price", "quantity", "weight", "currency", "freight", "channel", "region"];

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { display: block; font-family: var(--tidewaiter-font, inherit); line-height: 1.45;
      --ink: var(--tidewaiter-ink, light-dark(#13212b, #e6edf0)); --quiet: var(--tidewaiter-quiet, light-dark(#4d5d68, #a3b3bb));
      --paper: var(--tidewaiter-paper, light-dark(#fff, #152129)); --line: var(--tidewaiter-line, light-dark(#8fa3ad, #5c7480));
      --accent: var(--tidewaiter-accent, light-dark(#0a5870, #8fd0dc)); --care: var(--tidewaiter-care, light-dark(#7a4a00, #f2c879)); }
    :host([hidden]), [hidden] { display: none !important; }
    :host([theme=light]) { color-scheme: light; }
    :host([theme=dark]) { color-scheme: dark; }
    * { box-sizing: border-box; margin: 0; }
    [part=box] { color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: var(--tidewaiter-radius, 8px);
      padding: .9em 1em; display: grid; gap: .6em; }
    [part=chooser] { display: grid; gap: .2em; }
    label { font-weight: 600; }
    select, button { max-width: 100%; min-width: 0; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 6px;
      min-height: 2.75em; padding: .3em .5em; max-width: 100%; }
    [part=answer] { display: grid; gap: .5em; min-height: 9em; align-content: start; }
    [aria-busy=true] > * { opacity: .55; }
    [part=total] { font-size: 1.45em; font-weight: 600; line-height: 1.2; }
    dl { display: grid; gap: .15em; }
    dl > div { display: flex; justify-content: space-between; gap: 1em; }
    dd { text-align: end; font-variant-numeric: tabular-nums; }
    [part~=split] { border-top: 1px solid var(--line); padding-top: .35em; }
    small, [part~=note] { color: var(--quiet); font-size: .875em; }
    a { color: var(--accent); }
    [part~=unknown] { color: var(--care); font-style: italic; border-bottom: 2px dotted; }
    [part~=unknown]::before { content: "? "; font-style: normal; font-weight: 700; }
    [part~=tag] { color: var(--care); border: 1px dashed; border-radius: 1em; padding: 0 .5em; white-space: nowrap; }
    [part~=stop] { border-inline-start: 4px solid var(--care); padding-inline-start: .75em; }
  `);

  const all = new Set();
  // The buyer's choice, for every widget of the page; in memory only.
  let chosen = "";
  const lists = {};
  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) { seen.unobserve(target); target.quote(); }
  }, { rootMargin: "200px" });

  const make = (tag, part, ...inside) => {
    const element = document.createElement(tag);
    if (part) element.setAttribute("part", part);
    element.append(...inside);
    return element;
  };
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  // The region of "fr-CH", where goods can be sent there.
  const guess = () => navigator.languages.map((tag) => tag.split("-").pop()).find((code) => PLACES.includes(code)) || "";

  function name(lang, code) {
    let name;
    try { name = new Intl.DisplayNames([lang], { type: "region" }).of(code); } catch {}
    return name && name !== code ? name : NAMES[lang]?.[code] || NAMES.en[code] || code;
  }
  function places(lang) {
    const order = new Intl.Collator(lang).compare;
    lists[lang] ||= PLACES.map((code) => [name(lang, code), code]).sort((a, b) => order(a[0], b[0]));
    return lists[lang].map((place) => new Option(...place));
  }

  class Duties extends HTMLElement {
    static observedAttributes = [...FIELDS, "to", "lang", "registrations", "terms"];
    #root = this.attachShadow({ mode: "open" });
    #select; #hint; #answer; #timer; #asking; #lang; #tries = 0;

    constructor() {
      super();
      this.#root.adoptedStyleSheets = [sheet];
    }
    connectedCallback() {
      all.add(this);
      this.#build();
      seen.observe(this);
    }
    disconnectedCallback() {
      all.delete(this);
      seen.unobserve(this);
      clearTimeout(this.#timer);
      this.#asking?.abort();
    }
    attributeChangedCallback(attribute, before, after) {
      if (!this.#select || before === after) return;
      if (attribute === "lang") this.#build();
      if (attribute === "to") this.#choose(after);
      this.#later();
    }

    #words() {
      const tags = [this.lang, this.closest("[lang]")?.lang, document.documentElement.lang, navigator.language];
      this.#lang = tags.map((tag) => (tag || "").toLowerCase().split("-")[0]).find((tag) => LANGUAGES.includes(tag)) || "en";
      const at = LANGUAGES.indexOf(this.#lang);
      return Object.fromEntries(Object.entries(WORDS).map(([key, all]) => [key, all[at]]));
    }
    #build() {
      const words = this.#words();
      const before = this.#select?.value;
      this.#select = make("select", "select", new Option(words.choose, ""), ...places(this.#lang));
      this.#select.id = "to";
      this.#select.onchange = () => {
        chosen = this.#select.value;
        all.forEach((other) => { other.#choose(chosen); other.#later(); });
      };
      const label = make("label", "label", words.to);
      label.htmlFor = "to";
      this.#hint = make("small", "hint", words.guess);
      this.#answer = make("div", "answer");
      this.#answer.setAttribute("role", "status");
      const box = make("div", "box", make("div", "chooser", label, this.#select, this.#hint), this.#answer);
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", words.title);
      box.lang = this.#lang;
      this.#root.replaceChildren(box);
      const told = before || chosen || this.getAttribute("to");
      this.#choose(told || guess(), !told);
      this.#show(make("p", "note", this.#select.value ? words.wait : words.choose));
    }
    #choose(code, guessed = false) {
      code = (code || "").toUpperCase();
      this.#select.value = code;
      if (this.#select.value !== code) this.#select.append(new Option(code, code, true, true));
      this.#hint.hidden = !(guessed && code);
    }
    #show(...inside) {
      // Who stands on the link or button that goes away stands on the one that comes.
      const stood = this.#answer.contains(this.#root.activeElement);
      this.#answer.setAttribute("aria-busy", "false");
      this.#answer.replaceChildren(...inside);
      if (stood) (this.#answer.querySelector("a, button") || this.#select).focus({ preventScroll: true });
    }
    #later() {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.quote(), 200);
    }
    #query() {
      const query = new URLSearchParams();
      for (const field of FIELDS) {
        const value = (this.getAttribute(field) || "").trim();
        if (value) query.append(field === "weight" ? "item_weight_kg" : field, value);
      }
      for (const key of (this.getAttribute("registrations") || "").split(/[\s,]+/)) if (key) query.append("registration", key);
      query.append("to", this.#select.value);
      return query;
    }

    async quote() {
      if (!this.#select) return;
      clearTimeout(this.#timer);
      this.#asking?.abort();
      const words = this.#words();
      if (!this.#select.value) return this.#show(make("p", "note", words.choose));
      const asking = this.#asking = new AbortController();
      const clock = setTimeout(() => asking.abort(), 10000);
      const query = this.#query();
      if (!this.#answer.querySelector("dl")) this.#show(make("p", "note", words.wait));
      this.#answer.setAttribute("aria-busy", "true");
      try {
        const answer = await fetch(`${HOST}/v1/quotes?${query}`, { signal: asking.signal, referrerPolicy: "no-referrer" });
        const document = await answer.json();
        if (asking !== this.#asking) return;
        if (answer.ok) {
          this.#tries = 0;
          this.#told(document, query, words);
          this.#tell("tidewaiter-quote", document);
        } else {
          this.#refused(answer, document, words);
        }
      } catch {
        if (asking === this.#asking && this.isConnected) this.#fail(navigator.onLine ? words.unreachable : words.offline, words);
      } finally {
        clearTimeout(clock);
      }
    }
    #tell(event, detail) {
      this.dispatchEvent(new CustomEvent(event, { detail, bubbles: true, composed: true }));
    }
    #refused(answer, problem, words) {
      this.#tell("tidewaiter-error", problem);
      if (answer.status === 429 || answer.status === 503) {
        const seconds = Math.min(Math.max(Number(answer.headers.get("retry-after")) || 5, 1), 60);
        if (this.#tries++ < 3) this.#timer = setTimeout(() => this.quote(), seconds * 1000);
        return this.#fail(fill(words.many, { s: seconds }), words);
      }
      if (answer.status >= 500) return this.#fail(words.unreachable, words);
      console.warn("tidewaiter-duties:", problem.detail, problem.errors || "");
      this.#show(make("p", "note stop", words.wrong));
    }
    #fail(text, words) {
      const again = make("button", "button", words.again);
      again.type = "button";
      again.onclick = () => this.quote();
      this.#show(make("p", "note stop", text), make("p", "", again));
    }
    // Zero, a range, "at least" and "not known" are four different things to read.
    #sum(currency, least, most, words) {
      const open = most === undefined;
      if (open && !Number(least)) return make("span", "unknown", words.unknown);
      const format = new Intl.NumberFormat(this.#lang, { style: "currency", currency });
      const text = open || Number(least) === Number(most) ? format.format(least) : format.formatRange(least, most);
      return open ? make("span", "unknown", fill(words.least, { n: text })) : make("span", "sum", text);
    }
    #told(quote, query, words) {
      const why = make("a", "link", words.why);
      why.href = `${HOST}/${this.#lang}/markets?${query}`;
      why.target = "_blank";
      why.rel = "noopener";
      const notes = make("p", "note", why);
      if (quote.confidence === "low") notes.append(" ", make("span", "tag", words.weak));
      if (!["amount", "range", "unknown"].includes(quote.outcome)) {
        return this.#show(make("p", "note stop", words[quote.outcome] || words.wrong), notes);
      }
      const money = (least, most) => this.#sum(quote.asked_currency, least, most, words);
      const plus = (a, b) => (a === undefined || b === undefined ? undefined : (Number(a) + Number(b)).toFixed(4));
      const row = (part, term, sum) => make("div", part, make("dt", "", term), make("dd", "", sum));
      const asked = (sum) => money(sum.least_asked, sum.most_asked);
      const { duties, taxes, fees } = quote.by_kind;
      const rows = [row("row", words.goods, money(quote.goods, quote.goods))];
      if (query.has("freight")) rows.push(row("row", words.shipping, money(quote.shipping, quote.shipping)));
      rows.push(row("row", words.duties, asked(duties)), row("row", words.taxes, asked(taxes)));
      if (Number(fees.least) || fees.most !== fees.least) rows.push(row("row", words.fees, asked(fees)));
      const bare = plus(quote.goods, quote.shipping);
      const ddp = this.getAttribute("terms") === "ddp";
      const shop = ddp ? quote.terms.checkout_ddp : quote.terms.checkout_dap;
      rows.push(row("row split", words.now, money(plus(bare, shop.least_asked), plus(bare, shop.most_asked))));
      rows.push(row("row", words.later, ddp ? money("0", "0") : asked(quote.terms.on_delivery_dap)));
      const said = [make("p", "total", money(quote.landed.least, quote.landed.most), " ", make("small", "", words.landed)), make("dl", "lines", ...rows)];
      if (quote.outcome !== "amount") said.push(make("p", "note", quote.outcome === "range" ? words.range : words.open));
      if (!query.has("freight")) said.push(make("p", "note", words.bare));
      this.#show(...said, notes, make("small", "note", words.ruling));
    }
  }

  addEventListener("online", () => all.forEach((one) => one.quote()));
  customElements.define("tidewaiter-duties", Duties);
})();
