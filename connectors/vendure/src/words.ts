// What a charge is reckoned on, in words: the engine writes it with names of its own.
const PARTS: Record<string, string> = {
  customs: 'customs value', goods: 'price of the goods', freight: 'transport', 'inland-freight': 'transport inside the country', insurance: 'insurance',
  packing: 'packing', 'carrier-fee': "carrier's clearance fee", 'seller-tax': "tax of the seller's country", cif: 'value with transport and insurance',
};

/** "customs + inland-freight + eu.duty" is "customs value + transport inside the country + Customs duty". */
export function inWords(base: string, names: ReadonlyMap<string, string>): string {
  return base
    .replace(/gross-up (\S+ %)/g, '$1 (of a sum that holds the tax itself)')
    .replace(/[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*/g, (word) => names.get(word) ?? PARTS[word] ?? (word.includes('.') ? `charge ${word}` : word))
    .replace(/ \* /g, ' × ');
}
