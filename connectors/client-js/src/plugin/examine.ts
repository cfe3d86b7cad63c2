// Options that cannot be right are refused at the start, each by its name, its value and what is allowed: a shop must not learn of them by its orders.
import { isSeller, isToken } from '../books';

const COUNTRY = 'write the two capital letters of ISO 3166, such as CN';
/** Codes of the engine's own: places with rules of their own that ISO gives none. */
const OWN = ['XI', 'DE-BUSINGEN', 'DE-HELGOLAND', 'GR-ATHOS', 'IT-CAMPIONE', 'IT-LIVIGNO'];
/** Codes that lists of regions have, and that are no country. */
const NONE = ['EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ'];

const OPTIONS = ['url', 'key', 'engines', 'consignment', 'not_asked', 'policy', 'client'];
const OF_CLIENT = ['offline', 'timeout_ms', 'offline_timeout_ms', 'cache_ms', 'cache_entries', 'last_known_ms', 'breaker', 'on_failure', 'now'];
const OF_BOOKS = ['url', 'seller', 'token'];
const OF_SELLER = ['territory', 'registrations'];
const OF_CONSIGNMENT = [
  'from', 'region', 'postcode', 'as_of', 'date', 'known_at', 'inland_freight', 'insurance', 'packing', 'discount', 'carrier_fee', 'seller_tax', 'weight_kg', 'sale', 'gift',
  'channel', 'mode', 'declaration', 'parcels', 'seller', 'buyer', 'facts', 'history', 'rates',
];
const CHOICES: Record<string, readonly string[]> = { channel: ['post', 'express', 'freight'], mode: ['air', 'sea', 'road', 'rail'], sale: ['b2c', 'b2b', 'c2c'] };

type Fields = Record<string, unknown>;
/** Options that only one plugin has, each with the words it may hold, or what tells the faults of its value. */
export type OwnOptions = Readonly<Record<string, readonly string[] | ((value: unknown, options: Fields) => string[])>>;

/** Throws where an option cannot be right, with all that is wrong. What a function gives is not known yet, and is looked at by the engine. */
export function examine(options: unknown, plugin: string, own: OwnOptions): void {
  const faults = faultsOf(options, own);
  if (faults.length > 0) throw new Error(`${plugin}: ${faults.join('; ')}`);
}

function faultsOf(options: unknown, own: OwnOptions): string[] {
  if (!isFields(options)) return [`the options are missing; give at least url and consignment`];
  const { url, key, engines, consignment, not_asked, client } = options;
  const faults = unknown(options, [...OPTIONS, ...Object.keys(own)], '');
  if (engines === undefined || url !== undefined) faults.push(...faultOfAddress(url));
  if (key !== undefined && (typeof key !== 'string' || key === '')) faults.push(`key: ${written(key)} is no key; leave it out, or give the text that begins with twk_`);
  if (consignment === undefined) faults.push('consignment: it is missing; say at least where you send from: { from: "CN" }');
  else if (typeof consignment !== 'function') faults.push(...faultsOfConsignment(consignment));
  if (not_asked !== undefined && !Array.isArray(not_asked)) faults.push(`not_asked: ${written(not_asked)} is no list of countries, as ["CN"]`);
  else for (const one of (not_asked as unknown[] | undefined) ?? []) if (one !== undefined && !isCountry(one)) faults.push(`not_asked: ${written(one)} is no country; ${hint(one)}`);
  for (const [name, allowed] of Object.entries<OwnOptions[string]>({ policy: ['open', 'last-known', 'closed'], ...own })) {
    faults.push(...(typeof allowed === 'function' ? allowed(options[name], options) : faultOfChoice(name, options[name], allowed)));
  }
  if (isFields(client)) faults.push(...unknown(client, OF_CLIENT, 'client.'));
  else if (client !== undefined) faults.push(`client: ${written(client)} is no object of options`);
  return faults;
}

/** What is wrong with the option `books`: where the seller's ledger is. Its address is that of the engine where it names none. */
export function faultsOfBooks(books: unknown, options: Fields): string[] {
  if (books === undefined) return [];
  if (!isFields(books)) return [`books: ${written(books)} is no object, as { seller: "mug-shop", token: "twc_…" }`];
  const { url, seller, token } = books;
  const faults = unknown(books, OF_BOOKS, 'books.');
  if (url !== undefined || !options['url']) faults.push(...faultOfAddress(url, 'books.'));
  if (!isSeller(seller)) faults.push(`books.seller: ${written(seller)} is no short name of a seller; it has small letters, digits and hyphens, as "mug-shop"`);
  // It is not told what was given: another secret may have been taken for it.
  if (!isToken(token)) faults.push('books.token: it is no token of a seller; give the text that begins with twc_');
  return faults;
}

function faultOfAddress(url: unknown, path = ''): string[] {
  if (url === undefined || url === '') return [`${path}url: the address of the engine is missing; write it with http:// or https://, as "https://duties.example"`];
  try {
    if (/^https?:$/.test(new URL(String(url)).protocol)) return [];
  } catch {
    // Said below.
  }
  return [`${path}url: ${written(url)} is no address of an engine; write it with http:// or https://, as "https://duties.example"`];
}

function faultsOfConsignment(consignment: unknown): string[] {
  if (!isFields(consignment)) return [`consignment: ${written(consignment)} is neither an object nor a function`];
  const { from, seller } = consignment;
  const faults = unknown(consignment, OF_CONSIGNMENT, 'consignment.');
  if (from != null && !isCountry(from)) faults.push(`consignment.from: ${written(from)} is no country; ${hint(from)}`);
  for (const [name, allowed] of Object.entries(CHOICES)) faults.push(...faultOfChoice(`consignment.${name}`, consignment[name] ?? undefined, allowed));
  if (seller == null) return faults;
  if (!isFields(seller)) return [...faults, `consignment.seller: ${written(seller)} is no object, as { registrations: ["eu.ioss"] }`];
  faults.push(...unknown(seller, OF_SELLER, 'consignment.seller.'));
  const { registrations, territory } = seller;
  if (territory != null && !isCountry(territory)) faults.push(`consignment.seller.territory: ${written(territory)} is no country; ${hint(territory)}`);
  const isList = Array.isArray(registrations) && registrations.every((one) => typeof one === 'string' && /^[a-z]{2,}\.[a-z0-9.-]+$/.test(one));
  if (registrations !== undefined && !isList) faults.push(`consignment.seller.registrations: ${written(registrations)} is no list of registrations, as ["eu.ioss"]`);
  return faults;
}

function unknown(fields: Fields, allowed: readonly string[], path: string): string[] {
  return Object.keys(fields).filter((name) => !allowed.includes(name)).map((name) => {
    const place = placeOf(name);
    const where = place && place !== `${path}${name}` ? `it belongs in ${place}` : `allowed are ${allowed.join(', ')}`;
    return `${path}${name}: there is no such option (its value is ${written(fields[name])}); ${where}`;
  });
}

/** Where a name belongs that stands in the wrong place. */
function placeOf(name: string): string | undefined {
  if (OF_SELLER.includes(name)) return `consignment.seller.${name}`;
  if (OF_CONSIGNMENT.includes(name)) return `consignment.${name}`;
  if (OPTIONS.includes(name)) return name;
  return OF_CLIENT.includes(name) ? `client.${name}` : undefined;
}

function faultOfChoice(name: string, value: unknown, allowed: readonly string[]): string[] {
  return value === undefined || allowed.includes(value as string) ? [] : [`${name}: ${written(value)} is none of ${allowed.join(', ')}`];
}

/** A country of ISO 3166, or a code of the engine's own. */
function isCountry(code: unknown): boolean {
  if (typeof code !== 'string') return false;
  if (OWN.includes(code)) return true;
  if (!/^[A-Z]{2}$/.test(code) || NONE.includes(code)) return false;
  return new Intl.DisplayNames('en', { type: 'region', fallback: 'none' }).of(code) !== undefined && regionOf(code) === code;
}

/** "UK" is said of GB. */
const regionOf = (code: string): string | undefined => new Intl.Locale(`und-${code}`).region;

function hint(value: unknown): string {
  const code = typeof value === 'string' && /^[A-Za-z]{2}$/.test(value) ? regionOf(value.toUpperCase()) : undefined;
  return code !== undefined && isCountry(code) ? `did you mean ${code}?` : COUNTRY;
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
/** As it was given, but for a key, and for what an object may hold: it goes into logs. */
function written(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (isFields(value)) return 'an object';
  return (JSON.stringify(value) ?? String(value)).replace(/(tw[ck]_)[^"]*/g, '$1…');
}
