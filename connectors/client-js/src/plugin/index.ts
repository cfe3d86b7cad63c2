// What plugins of shops have in common besides quotes: options examined at the start, a log that does not repeat itself, goods codes for a catalogue.
export { examine, faultsOfBooks, type OwnOptions } from './examine';
export { failuresTo, once, problemText } from './log';
export { EngineRefusal, readFromEngine, type EngineAddress } from './read';
export { CodeBook, type CheckedCode } from './goods-codes';
export { goodsCodesCommand, type ShopDoor, type Uncoded } from './command';
