// A ratebook opened in WebAssembly: JSON in, JSON out. No logic of quotes is here; the library answers, and this file carries bytes.

/** A question that cannot be answered as it is: one problem for each field that is wrong. */
export class QuestionError extends Error {
  constructor(problems) {
    super(problems.map(({ field, value, message }) => `${field}${value ? ` "${value}"` : ''}: ${message}`).join('\n'));
    this.name = 'QuestionError';
    this.problems = problems;
  }
}

const text_encoder = new TextEncoder();
const text_decoder = new TextDecoder();
const DAY_MS = 86_400_000;

/** Today where the program runs, as `2026-11-22`. */
export function today() {
  const now = new Date();
  const two = (number) => String(number).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** A day as the module takes it: year × 10000 + month × 100 + day. */
function day_number(day) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day))) {
    throw new TypeError(`"${day}" is not a day; write it as 2026-11-22`);
  }
  return Number(day.replaceAll('-', ''));
}

/** A ratebook, whole or a slice, that answers in this process. */
export class Book {
  #door;
  #about;

  /** Opens the bytes of a ratebook in an instance of its own; all of it goes with this object. */
  static async open(bytes, module) {
    const given = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
    const instance = await WebAssembly.instantiate(module, {});
    return new Book(instance.exports, given);
  }

  constructor(door, bytes) {
    this.#door = door;
    this.#about = JSON.parse(this.#call('open', bytes));
  }

  /** Fingerprint of this ratebook, as in `quote.ratebook`. */
  get fingerprint() {
    return this.#about.fingerprint;
  }

  /** Of which ratebook this is a slice, for which destinations, with exchange rates since when; null for a whole one. */
  get slice() {
    return this.#about.slice;
  }

  /** The newest days in it: `edition` of rules, `rate` of exchange rates; either may be null. */
  get data_days() {
    return this.#about.data_days;
  }

  /** The newest of both: nothing that was published later is known here. Null where nothing has a day. */
  get data_day() {
    const days = Object.values(this.#about.data_days).filter((day) => day !== null);
    return days.length ? days.sort().at(-1) : null;
  }

  /** How many days ago that was; null where nothing has a day. */
  data_age_days(on = today()) {
    day_number(on);
    return this.data_day === null ? null : Math.round((Date.parse(on) - Date.parse(this.data_day)) / DAY_MS);
  }

  /** The answer to a question, as an object. Amounts are decimal strings. Throws QuestionError. */
  quote(consignment, options) {
    return JSON.parse(this.quote_text(consignment, options));
  }

  /** The answer as the library wrote it: the same bytes everywhere. The question is an object or JSON text. */
  quote_text(consignment, { steps = false, today: on = today() } = {}) {
    return this.#call('quote', question(consignment), day_number(on), steps ? 1 : 0);
  }

  /** The order in several parcels, the cheapest first. Without a date in the question it is today. */
  plan(consignment, { today: on = today() } = {}) {
    day_number(on);
    const asked = typeof consignment === 'string' ? JSON.parse(consignment) : consignment;
    return JSON.parse(this.#call('plan', question({ date: on, ...asked })));
  }

  /** The economies it answers for, with their standard rates of a day. */
  economies(on = today()) {
    return JSON.parse(this.#call('economies', new Uint8Array(0), day_number(on)));
  }

  /** Everything about one economy; null where its rules are not in here. */
  economy(code) {
    return JSON.parse(this.#call('economy', text_encoder.encode(code)));
  }

  #call(name, bytes, ...rest) {
    const door = this.#door;
    if (door === null) {
      throw new Error('this ratebook came to harm in an earlier call: open it anew');
    }
    let status, told;
    try {
      const at = door.room(bytes.length) >>> 0;
      new Uint8Array(door.memory.buffer, at, bytes.length).set(bytes);
      status = door[name](...rest);
      // Memory may have grown: the view is made anew.
      told = text_decoder.decode(new Uint8Array(door.memory.buffer, door.answer() >>> 0, door.answer_length()));
    } catch (e) {
      // A trap leaves an instance in no state to go on with.
      this.#door = null;
      throw new Error('the ratebook could not answer', { cause: e });
    }
    if (status === 0) {
      return told;
    }
    const wrong = JSON.parse(told);
    throw wrong.problems ? new QuestionError(wrong.problems) : new Error(wrong.error);
  }
}

function question(consignment) {
  return text_encoder.encode(typeof consignment === 'string' ? consignment : JSON.stringify(consignment));
}

/**
 * The engine in process that the client library of shops takes: the same answers as from the server, and how old they are.
 */
export function engine(book) {
  return {
    name: 'offline',
    async quote(consignment, signal) {
      signal?.throwIfAborted();
      return book.quote(consignment);
    },
    get data_age_days() {
      return book.data_age_days();
    },
  };
}
