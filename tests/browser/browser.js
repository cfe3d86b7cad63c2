// The browser under test: the system's Chromium, always with a fresh profile that is deleted when it closes.
import { chromium } from 'playwright-core';
import { browserPath } from './find.js';

// Nothing the browser does by itself may reach the network: only the pages speak.
const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the browser, without a window. Close it with `close()`. */
export function startBrowser() {
  // Its own sandbox needs privileges that containers do not give; it only ever opens pages served from this machine.
  return chromium.launch({ executablePath: browserPath(), headless: true, chromiumSandbox: false, args: FLAGS });
}
