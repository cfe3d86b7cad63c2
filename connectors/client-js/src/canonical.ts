// One way to write a document: keys in the order of their UTF-16 code units, no spaces. So a hash of it does not depend on
// who wrote it. Numbers are whole ones only: what has a fraction is a string in all documents here.

/** Something that a document cannot hold. */
export class DocumentError extends TypeError {}

/** The canonical text of a document. A field that is `undefined` is left out, as JSON does. */
export function canonical(value: unknown): string {
  return write(value, '', 0);
}

/** Deepest nesting of a document. */
const DEEPEST = 64;

function write(value: unknown, at: string, depth: number): string {
  if (depth > DEEPEST) throw new DocumentError(`${at}: nested deeper than ${DEEPEST}`);
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return String(value);
    throw new DocumentError(`${at}: the number ${value} has a fraction or is too large; write it as a string, as in "12.50"`);
  }
  if (Array.isArray(value)) {
    return `[${value.map((item, index) => write(item, `${at}[${index}]`, depth + 1)).join(',')}]`;
  }
  if (typeof value === 'object' && (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null)) {
    const fields = Object.entries(value).filter(([, held]) => held !== undefined);
    fields.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
    const text = fields.map(([key, held]) => `${JSON.stringify(key)}:${write(held, at === '' ? key : `${at}.${key}`, depth + 1)}`);
    return `{${text.join(',')}}`;
  }
  throw new DocumentError(`${at || 'the document'}: a ${typeof value} cannot stand in a document`);
}
