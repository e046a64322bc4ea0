import { styleText } from 'node:util';
import type { JournalEntry, JournalKind } from '../responders/records.ts';
import type { DrillResult } from './drills/run.ts';

type Style = Parameters<typeof styleText>[0];

/** What each line of the journal is called in front of people, and its colour. */
const words: Readonly<Partial<Record<JournalKind, readonly [string, Style]>>> = {
  fired: ['DETECTED', 'red'],
  reopened: ['AGAIN', 'red'],
  resolved: ['RESOLVED', 'green'],
  closed: ['CLOSED', 'gray'],
  refused: ['REFUSED', 'yellow'],
  proposed: ['PROPOSED', 'yellow'],
  intended: ['DECIDED', 'magenta'],
  acted: ['ACTED', 'magenta'],
  verified: ['VERIFIED', 'green'],
  'not-improved': ['NO HELP', 'red'],
  unknown: ['UNCLEAR', 'yellow'],
  failed: ['FAILED', 'red'],
  declared: ['INCIDENT', 'red'],
  escalated: ['CALLED', 'red'],
  'would-act': ['WOULD', 'yellow'],
};

/** Tells a drill line by line: what happens in the world, and what the responder writes down. Colours only on a terminal. */
export function createNarrator(print: (line: string) => void): {
  world(text: string): void;
  journal(entry: JournalEntry): void;
  plain(text: string): void;
} {
  const begun = Date.now();
  const at = () =>
    styleText('gray', `${((Date.now() - begun) / 1_000).toFixed(1).padStart(6)} s`, { stream: process.stdout });
  const paint = (style: Style, text: string) => styleText(style, text, { stream: process.stdout });
  return {
    plain: (text) => print(`${at()}            ${text}`),
    world: (text) => print(`${at()}  ${paint('cyan', 'WORLD    ')} ${text}`),
    journal(entry) {
      const known = words[entry.kind];
      if (known === undefined) return;
      const [word, style] = known;
      const reason = entry.detail['reason'];
      print(
        `${at()}  ${paint(style, word.padEnd(9))} ${entry.text}${typeof reason === 'string' ? ` [${reason}]` : ''}`,
      );
    },
  };
}

/** A drill's timeline and checks as lines. */
export function resultLines(result: DrillResult): readonly string[] {
  const paint = (style: Style, text: string) => styleText(style, text, { stream: process.stdout });
  return [
    'Seconds after the cause:',
    ...result.timeline.map(
      ({ step, seconds, text }) => `  ${step.padEnd(9)} ${seconds.toFixed(1).padStart(6)} s   ${text}`,
    ),
    '',
    ...result.checks.map(
      ({ what, ok, saw }) =>
        `  ${ok ? paint('green', 'ok    ') : paint('red', 'FAILED')}  ${what}${saw === '' ? '' : paint('gray', ` (${saw})`)}`,
    ),
  ];
}

/** Several drills as a table: name, verdict, seconds in all, then the four moments. */
export function tableLines(results: readonly DrillResult[]): readonly string[] {
  const paint = (style: Style, text: string) => styleText(style, text, { stream: process.stdout });
  const moment = (result: DrillResult, step: string) =>
    (result.timeline.find((entry) => entry.step === step)?.seconds.toFixed(1) ?? '-').padStart(9);
  const width = Math.max(5, ...results.map(({ drill }) => drill.length));
  const head = `${'drill'.padEnd(width)}  result ${'seconds'.padStart(8)} ${['detected', 'decided', 'acted', 'verified'].map((step) => step.padStart(9)).join(' ')}`;
  return [
    head,
    ...results.map((result) => {
      const verdict = result.passed ? paint('green', 'pass  ') : paint('red', 'FAIL  ');
      return `${result.drill.padEnd(width)}  ${verdict} ${result.seconds.toFixed(1).padStart(8)} ${['detected', 'decided', 'acted', 'verified'].map((step) => moment(result, step)).join(' ')}`;
    }),
    ...results.flatMap((result) =>
      result.checks.filter(({ ok }) => !ok).map(({ what, saw }) => `  ${result.drill}: ${what} (${saw})`),
    ),
  ];
}
