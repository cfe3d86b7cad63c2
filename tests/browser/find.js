// Where the browser is; apart from browser.js, so that it runs before npm's packages are there.
import { accessSync, constants } from 'node:fs';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where the browser is: TIDEWAITER_CHROMIUM if set, else the first of the usual places. */
export function browserPath() {
  const path = process.env.TIDEWAITER_CHROMIUM ?? PLACES.find(isProgram);
  if (!path || !isProgram(path)) {
    throw new Error(
      `no browser at ${path ?? PLACES.join(', ')}: install the package chromium, or set TIDEWAITER_CHROMIUM to its path`,
    );
  }
  return path;
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
