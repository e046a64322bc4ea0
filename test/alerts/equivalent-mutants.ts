/** Mutants that no scenario can tell from the rule, each with the reason; `npm run mutate` fails for any other that lives, and for one listed here that dies. */
export const equivalentMutants: Readonly<Record<string, string>> = {
  'SfuHeadroomLow: 2 times 0.8': 'meetings that fit are whole numbers: fewer than 2 and fewer than 1.6 are the same',
  'SfuHeadroomLow: 1 times 0.8': 'meetings that fit are whole numbers: fewer than 1 and fewer than 0.8 are the same',
  'ServiceCrashLooping: service:pods_crash_looping:count: 3 times 0.8':
    'restarts are whole numbers, and two of them are never drawn on to 2.4 in ten minutes',
  'Watchdog: 1 times 0.8': 'it fires whatever its value',
  'Watchdog: 1 times 1.2': 'it fires whatever its value',
};
