// Places with rules of their own whose addresses name the state that they are part of: there a postcode moves the destination.

const PARTS: Readonly<Record<string, string>> = {
  AU: 'CC CX HM NF',
  CN: 'HK MO',
  DE: 'DE-BUSINGEN DE-HELGOLAND',
  DK: 'FO GL',
  ES: 'EA IC',
  FI: 'AX',
  FR: 'BL GF GP MF MQ NC PF PM RE TF WF YT',
  GB: 'AI BM FK GG GI GS IM IO JE KY MS PN SH TC VG XI',
  GR: 'GR-ATHOS',
  IT: 'IT-CAMPIONE IT-LIVIGNO',
  NL: 'AW BQ CW SX',
  NO: 'BV SJ',
  NZ: 'CK NU TK',
  US: 'AS GU MP PR UM VI',
};

/** Whether a question about a state may be answered for this place: that state itself, or a part of it where the question has a postcode. */
export function answersFor(place: string, asked: { to?: unknown; postcode?: unknown }): boolean {
  if (place === asked.to) return true;
  const hasPostcode = typeof asked.postcode === 'string' && asked.postcode.trim() !== '';
  return hasPostcode && typeof asked.to === 'string' && (PARTS[asked.to] ?? '').split(' ').includes(place);
}

/** The parts of each state, for the test that holds them against the engine. */
export const parts: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(PARTS).map(([state, list]) => [state, list.split(' ')]));
