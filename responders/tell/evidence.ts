import { z } from 'zod';
import { clean, code, dateText, escapeControl, mrkdwn } from './escape.ts';

const Evidence = z.object({
  events: z.array(z.object({ atMs: z.number(), reason: z.string(), message: z.string(), object: z.string() })),
  logLines: z.array(z.string()),
  rollouts: z.array(z.object({ atMs: z.number(), revision: z.string(), image: z.string() })),
});

const logCharacters = 1_200;
const lineCharacters = 200;

/** What was found beside an alert (ports.ts `Evidence`) as text for the thread: recent rollouts, events, last log lines; secrets masked, markup dead. Undefined when the record holds no evidence. */
export function evidenceText(detail: unknown): string | undefined {
  const parsed = Evidence.safeParse(detail);
  if (!parsed.success) return undefined;
  const { events, logLines, rollouts } = parsed.data;
  const parts = [
    ...rollouts
      .slice(-3)
      .map((one) => `• rollout ${code(one.revision)} of ${code(one.image.slice(0, 120))} ${dateText(one.atMs)}`),
    ...events
      .slice(-5)
      .map(
        (one) =>
          `• ${mrkdwn(one.reason)} ${code(one.object.slice(0, 80))} ${dateText(one.atMs)}: ${mrkdwn(one.message.slice(0, 240))}`,
      ),
  ];
  const log = logBlock(logLines);
  if (log !== '') parts.push(`Last log lines:\n${log}`);
  return parts.length === 0 ? '*Evidence:* no recent rollout, event or log line.' : `*Evidence*\n${parts.join('\n')}`;
}

const Result = z.object({
  result: z.object({
    table: z.object({ columns: z.array(z.string()), rows: z.array(z.array(z.string())) }).optional(),
    lines: z.array(z.string()).optional(),
  }),
});
const resultRows = 12;

/** What a step of a procedure found, as lines below its sentence; empty where it found nothing to show. */
export function resultText(detail: unknown): string {
  const parsed = Result.safeParse(detail);
  if (!parsed.success) return '';
  const { table, lines } = parsed.data.result;
  const rows = [
    ...(table?.rows ?? []).map((row) => row.filter((cell) => cell !== '').join(' · ')),
    ...(lines ?? []),
  ].map((text) => `• ${mrkdwn(clean(text).slice(0, lineCharacters))}`);
  if (rows.length === 0) return '';
  const more = rows.length > resultRows ? [`• and ${rows.length - resultRows} more`] : [];
  return `\n${[...rows.slice(0, resultRows), ...more].join('\n')}`;
}

function logBlock(lines: readonly string[]): string {
  // Masked as a whole first: a private key spans lines.
  const masked = clean(lines.slice(-20).join('\n')).split('\n');
  const kept: string[] = [];
  let length = 0;
  for (const line of masked.reverse()) {
    const safe = escapeControl(line.slice(0, lineCharacters).replace(/`/g, '\u02cb'));
    if (length + safe.length > logCharacters) break;
    kept.unshift(safe);
    length += safe.length + 1;
  }
  const text = kept.join('\n').trim();
  return text === '' ? '' : `\`\`\`\n${text}\n\`\`\``;
}
