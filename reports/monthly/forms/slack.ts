import { escapeControl } from '../../../responders/tell/escape.ts';
import { maybeUsd } from '../../figures.ts';
import type { MonthlyReport } from '../report.ts';
import { correctionOf, keyFigures, titleOf } from '../sections.ts';

/** Most lines of the message; the report itself is the file in its thread. */
export const slackLines = 10;

/** The report in ten lines, for chat and for the body of a mail. */
export function toLines(report: MonthlyReport): readonly string[] {
  const correction = correctionOf(report);
  const lines = [
    ...(correction === undefined ? [] : [correction]),
    ...keyFigures(report).map(({ name, value, note }) => `${name}: ${value} (${note})`),
    ...report.answer.actions
      .slice(0, 2)
      .map(({ what, saving, needs }) => `Do next: ${what}, ${maybeUsd(saving)} a month (needs ${needs})`),
    ...(report.gaps.length === 0
      ? []
      : [`Missing: ${report.gaps[0]}${report.gaps.length > 1 ? `, and ${report.gaps.length - 1} more` : ''}`]),
  ];
  return [titleOf(report), ...lines].slice(0, slackLines);
}

/** The message as Slack takes it; names of resources are plain text there, never a mention. */
export function toSlack(report: MonthlyReport): {
  readonly text: string;
  readonly blocks: readonly { type: string; text: object }[];
} {
  const [title = '', ...lines] = toLines(report).map(escapeControl);
  return {
    text: title,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: title.slice(0, 150) } },
      { type: 'section', text: { type: 'plain_text', text: lines.join('\n').slice(0, 3_000) } },
    ],
  };
}
