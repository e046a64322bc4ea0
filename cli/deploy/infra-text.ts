import { styleText } from 'node:util';
import Table from 'cli-table3';
import type { ApplyOutcome } from '../../deploy/infra/apply.ts';
import { type CostLine, totalCost } from '../../deploy/infra/cost.ts';
import type { Expansion } from '../../deploy/infra/expansion.ts';
import type { InfraPlan, Step } from '../../deploy/infra/plan-types.ts';
import { formatUsd, type MicroUsd } from '../../kernel/money.ts';

/** A plan as people read it: what stands, what is left, what forbids it, what it costs. */
export function planText({ steps, kept, problems }: InfraPlan, cost: readonly CostLine[]): string {
  const head = (text: string) => styleText('bold', text);
  const parts = [
    ...(kept.length === 0
      ? []
      : [head('Stands'), ...kept.map(({ resource, name, says }) => `  = ${resource.padEnd(14)} ${name}: ${says}`)]),
    head(steps.length === 0 ? 'Nothing left to make' : 'Left to make'),
    ...steps.map(stepText),
    ...(problems.length === 0 ? [] : [head('Refused'), ...problems.map(problemText)]),
    head('A month'),
    costTable(cost),
  ];
  return `${parts.join('\n')}\n`;
}

/** How an apply ended, and what to do next. */
export function outcomeText(outcome: ApplyOutcome): string {
  switch (outcome.is) {
    case 'done':
      return outcome.later.length === 0
        ? 'Everything stands.\n'
        : `Made all that can be made now.\n${outcome.later.map(stepText).join('\n')}\n`;
    case 'refused':
      return `${outcome.problems.map(problemText).join('\n')}\n`;
    case 'failed':
      return `${styleText('red', `✗ ${outcome.step.says}`)}\n  ${outcome.why}\n  To do: ${outcome.todo}\n`;
  }
}

/** Room to grow, as a table. */
export function expansionText({ growth, dropletsLeft, nodesByAddresses, notes }: Expansion): string {
  const table = new Table({
    head: ['pool', 'nodes', 'at most', 'half more', 'a node and month', 'added a month'],
    style: { head: [], border: [], compact: true },
  });
  for (const { pool, size, nodes, maxNodes, nextMax, perNodeMonthly, addedMonthly } of growth)
    table.push([`${pool} (${size})`, nodes, maxNodes, nextMax, formatUsd(perNodeMonthly), formatUsd(addedMonthly)]);
  const limits = `Droplets left in the account: ${dropletsLeft}; the pod range carries ${nodesByAddresses} nodes.`;
  return `${styleText('bold', 'Room to grow')}\n${table.toString()}\n${limits}\n${notes.map((note) => `! ${note}`).join('\n')}\n`;
}

function stepText({ says, next }: Step): string {
  switch (next.is) {
    case 'call':
      return `  + ${says}`;
    case 'provisioning':
      return `  … ${says}`;
    case 'later':
      return styleText('dim', `  · ${says}; after ${next.after}`);
  }
}

function problemText({ resource, says, todo }: InfraPlan['problems'][number]): string {
  return `${styleText('red', `  ✗ ${resource}: ${says}`)}\n    ${todo}`;
}

function costTable(cost: readonly CostLine[]): string {
  const table = new Table({
    head: ['', 'a month', 'with all pools full', 'price'],
    style: { head: [], border: [], compact: true },
  });
  for (const { item, low, high, atMost, basis } of cost) table.push([item, range(low, high), formatUsd(atMost), basis]);
  const total = totalCost(cost);
  table.push(['together', range(total.low, total.high), formatUsd(total.atMost), '']);
  return table.toString();
}

function range(low: MicroUsd, high: MicroUsd): string {
  return low === high ? formatUsd(low) : `${formatUsd(low)} to ${formatUsd(high)}`;
}
