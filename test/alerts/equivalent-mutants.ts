/** Mutants that no scenario can tell from the rule, each with the reason; `npm run mutate` fails for any other that lives, and for one listed here that dies. */
export const equivalentMutants: Readonly<Record<string, string>> = {
  'SfuHeadroomLow: 2 times 0.8': 'meetings that fit are whole numbers: fewer than 2 and fewer than 1.6 are the same',
  'SfuHeadroomLow: 1 times 0.8': 'meetings that fit are whole numbers: fewer than 1 and fewer than 0.8 are the same',
};
