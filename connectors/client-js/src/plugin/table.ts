// A table as spreadsheets write it: commas, semicolons or tabs between the columns, which the first line tells; and the rows of it that a person confirmed.

export function cell(value: unknown): string {
  const text = String(value ?? '');
  // A cell that begins so is a formula to a spreadsheet.
  const safe = /^[=+\-@\t]/.test(text) ? `'${text}` : text;
  return /[",;\n\r\t]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Some spreadsheets save their text with two bytes a sign, and say so at its beginning. */
export const textOf = (bytes: Uint8Array): string => new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8').decode(bytes);

/** "1 row", "2 rows" */
export const counted = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

interface Line {
  /** In the file, as a spreadsheet counts rows. */
  number: number;
  cells: string[];
}

function linesOf(text: string, between: string): Line[] {
  const lines: Line[] = [];
  let cells: string[] = [];
  let rest = '';
  let isQuoted = false;
  const end = () => { cells.push(rest); rest = ''; };
  const endLine = () => { end(); lines.push({ number: lines.length + 1, cells }); cells = []; };
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (isQuoted) {
      if (sign !== '"') rest += sign;
      else if (text[at + 1] === '"') { rest += '"'; at += 1; } else isQuoted = false;
    } else if (sign === '"' && rest === '') isQuoted = true;
    else if (sign === between) end();
    else if (sign === '\n') endLine();
    else if (sign !== '\r') rest += sign;
  }
  if (rest !== '' || cells.length > 0) endLine();
  return lines;
}

export interface ConfirmedRow {
  number: number;
  id: string;
  code: string;
}

/** The rows that are confirmed, and what is wrong with others. Throws where it is no such table. */
export function confirmed(text: string, id: string): { rows: ConfirmedRow[]; faults: string[] } {
  const columns = [id, 'goods_code', 'confirmed'];
  const plain = text.replace(/^\uFEFF/, '');
  const tried = [',', ';', '\t'].map((between) => linesOf(plain, between).filter(({ cells }) => !(cells.length === 1 && /^sep=.?$/.test(cells[0] ?? ''))));
  const lines = tried.find(([head]) => head && columns.every((name) => head.cells.some((one) => one.trim() === name)));
  if (!lines) throw new Error(`the first line must name the columns ${columns.join(', ')}, with commas, semicolons or tabs between them`);
  const [head, ...rows] = lines as [Line, ...Line[]];
  const places = columns.map((name) => head.cells.findIndex((one) => one.trim() === name));
  const found: { rows: ConfirmedRow[]; faults: string[] } = { rows: [], faults: [] };
  for (const { number, cells } of rows) {
    const [own, code, word] = places.map((place) => (cells[place] ?? '').replace(/^'/, '').trim()) as [string, string, string];
    if (word === '' || /^no$/i.test(word)) continue;
    if (!/^yes$/i.test(word)) found.faults.push(`row ${number}: confirmed says ${JSON.stringify(word)}; write yes, or no, or nothing`);
    else if (own === '') found.faults.push(`row ${number}: ${id} is empty`);
    else if (code === '') found.faults.push(`row ${number}: goods_code is empty`);
    else found.rows.push({ number, id: own, code });
  }
  return found;
}
