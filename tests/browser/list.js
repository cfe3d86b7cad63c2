// pages.json, read: the pages, their languages, and how they are visited.
import { readFileSync } from 'node:fs';

export const { ready, languages, pages, visits } = JSON.parse(readFileSync(new URL('pages.json', import.meta.url)));

/** The address of a page below the origin: `/fr/markets`. */
export const addressOf = (language, page) => `/${language}${page.path}`;
