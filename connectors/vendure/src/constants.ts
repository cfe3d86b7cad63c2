// Names that several parts share.
export const OPTIONS = Symbol('TIDEWAITER_OPTIONS');
export const LOGGER = 'Tidewaiter';
/** The checker of delivery options that say under which terms they deliver. */
export const TERMS_CHECKER = 'tidewaiter-delivery-terms';
export const RATE_CALCULATOR = 'tidewaiter-rate';
