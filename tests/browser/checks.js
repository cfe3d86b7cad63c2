// All checks by name. A check takes a visit (visit.js) and gives a list of problems in words; an empty list is a pass.
// Those that change the page (width, media, focus) put it back, so one visit serves them all, in this order.
import { accessible, measuredContrast } from './checks/accessible.js';
import { keyboard } from './checks/keyboard.js';
import { cells, narrow, reducedMotion, tapTargets, zoom } from './checks/layout.js';
import { answers, layoutShift, noComplaints, noOthers, policyKept, securityHeaders, weight } from './checks/loading.js';
import { oneHeading, linksSay, language, namedImages, titled } from './checks/markup.js';
import { printed } from './checks/print.js';
import { withoutScript } from './checks/without-script.js';

export { titlesDiffer } from './checks/markup.js';

export const CHECKS = {
  'answers as it should': answers,
  'weighs at most 60,000 bytes on first load': weight,
  'nothing moves while it loads': layoutShift,
  'asks nobody else': noOthers,
  'no errors on the console': noComplaints,
  'keeps its own content policy': policyKept,
  'sends the security headers': securityHeaders,
  'exactly one h1': oneHeading,
  'says its language and direction': language,
  'has a title': titled,
  'images are named or hidden': namedImages,
  'links say where they lead': linksSay,
  'axe finds nothing, light and dark': accessible,
  'text on drawings and fills can be read, light and dark': measuredContrast,
  'targets of 24 px at least': tapTargets,
  'no sideways scrolling at 360 and 320 px': narrow,
  'words stay in their cells': cells,
  'works at 200 %': zoom,
  'keeps still for those who ask': reducedMotion,
  'prints without navigation': printed,
  'says the same without script': withoutScript,
  'the keyboard reaches everything, visibly and in order': keyboard,
};

/** Runs the checks, all or those named, and gives `{ name: problems }` with the failing ones alone. */
export async function runChecks(visit, names = Object.keys(CHECKS)) {
  const found = {};
  for (const name of names) {
    const problems = await CHECKS[name](visit);
    if (problems.length > 0) found[name] = problems;
  }
  return found;
}
