import { styleText } from 'node:util';
import { formatUsd } from '../../kernel/money.ts';
import { progressOf } from '../../responders/act/procedure.ts';
import { refusalReasons, refusalTexts } from '../../responders/decide/reasons.ts';
import type { Run } from '../../responders/records.ts';
import type { WishAnswer } from '../../responders/store/wishes.ts';
import { printable, printedTable } from './printed.ts';

/** The guards' answer, with the plan and, where it matters, what each guard saw. */
export function explain(answer: WishAnswer, dryRun: boolean): string {
  const lines = [head(answer, dryRun)];
  if (answer.plan != null) lines.push(...planLines(answer.plan));
  if (dryRun || answer.outcome === 'refuse')
    for (const { guard, verdict, saw, reason } of answer.trace)
      lines.push(
        `  ${verdict === 'pass' ? styleText('green', '✓') : styleText('red', '✗')} ${guard.padEnd(14)} ${printable(saw)}${reason === undefined ? '' : `  ${reason}`}`,
      );
  return lines.join('\n');
}

function head({ outcome, reason, saw, runId }: WishAnswer, dryRun: boolean): string {
  const known = refusalReasons.find((one) => one === reason);
  if (outcome === 'invalid') return `Not understood: ${printable(saw)}`;
  if (outcome === 'refuse')
    return reason === 'shadow' && dryRun
      ? 'Dry run; it would be done:'
      : `Not done: ${known === undefined ? '' : refusalTexts[known]} (${reason}) ${printable(saw)}`;
  if (outcome === 'propose')
    return `Asked for: ${printable(saw)}\nAnother person has to approve it, in Slack, in the console, or with: gomeet approve ${runId?.slice(0, 8)}`;
  return `On its way: ${printable(saw)}`;
}

function planLines(plan: NonNullable<WishAnswer['plan']>): string[] {
  const { pods, rooms, participants } = plan.touches;
  const cost = plan.costPerHour === 0 ? '' : `; ${formatUsd(plan.costPerHour)}/h`;
  const steps = progressOf({ change: plan.change })?.steps ?? [];
  return [
    `  ${plan.target}: touches ${pods} pods, ${rooms} rooms, ${participants} participants${cost}`,
    ...steps.map(({ title }, index) => `  ${index + 1}. ${printable(title)}`),
  ];
}

const colours = { verified: 'green', unknown: 'yellow' } as const;

/** A run at its end: its outcome, and what its steps found. */
export function showRun(run: Run): string {
  const colour = run.state === 'verified' || run.state === 'unknown' ? colours[run.state] : 'red';
  const results = (progressOf(run)?.steps ?? []).flatMap(({ title, result }) => [
    ...(result?.table === undefined ? [] : [printedTable(title, result.table.columns, result.table.rows)]),
    ...(result?.lines === undefined ? [] : [styleText('bold', title), ...result.lines.map(printable)]),
  ]);
  return [...results, `${styleText(colour, run.state)}: ${printable(run.reason ?? run.says)}`].join('\n');
}
