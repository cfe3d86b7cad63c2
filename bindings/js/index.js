// Finds the module beside this file, in a browser, a worker or Node, and opens ratebooks with it.
import { Book, QuestionError, engine, today } from './book.js';

export { Book, QuestionError, engine, today };

let compiled;

async function beside() {
  const place = new URL('./tidewaiter.wasm', import.meta.url);
  if (place.protocol === 'file:' && globalThis.process?.versions?.node) {
    const { readFile } = await import('node:fs/promises');
    return WebAssembly.compile(await readFile(place));
  }
  const response = await fetch(place);
  if (!response.ok) {
    throw new Error(`${place} gave ${response.status}: put tidewaiter.wasm beside index.js, or name another place`);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}

async function module_of(wasm) {
  if (wasm === undefined) {
    compiled ??= beside();
    return compiled.catch((e) => {
      compiled = undefined;
      throw e;
    });
  }
  return wasm instanceof WebAssembly.Module ? wasm : WebAssembly.compile(wasm);
}

export const Tidewaiter = {
  /**
   * Opens the bytes of a ratebook: a slice of `tidewaiter ratebook slice`, or a whole one. `wasm` is the module or its bytes, where it is
   * not beside this file.
   */
  async open(bytes, { wasm } = {}) {
    return Book.open(bytes, await module_of(wasm));
  },
};
