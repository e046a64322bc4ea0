import { formatUsd } from '../../kernel/money.ts';
import type { CostReport } from './report.ts';
import { sectionsOf, verdict } from './sections.ts';

/** What is sent about the budget. */
export interface Notice {
  readonly subject: string;
  readonly text: string;
}

/** Whether the month needs someone's attention: its budget is or will be used up, or nobody can say. */
export function needsAttention({ burn }: CostReport): boolean {
  return burn === undefined || burn.verdict !== 'within';
}

/** The budget in a few lines, for mail and chat. */
export function budgetNotice(report: CostReport): Notice {
  const { burn } = report;
  const subject =
    burn === undefined
      ? 'GoMeet: what the month has cost is not known'
      : `GoMeet: ${formatUsd(burn.forecast)} of ${formatUsd(burn.budget)} this month, ${verdict(burn)}`;
  const lines = sectionsOf(report, 'alert').flatMap(({ rows }) =>
    rows.map(([what, amount, note]) => `${what}: ${amount} (${note})`),
  );
  return { subject, text: [...lines, ...report.notes].join('\n') };
}
