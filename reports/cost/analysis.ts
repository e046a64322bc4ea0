import { formatUsd, type MicroUsd, sumUsd, timesUsd, usd } from '../../kernel/money.ts';
import { namedMixes } from '../../model/capacity/mixes.ts';

import { nodesAtLineRate, whatIf } from '../../model/capacity/what-if.ts';
import { documentedMonths } from '../../model/cost/budget.ts';
import { bookPrice, databasePrice, dropletPrice, loadBalancerPrice, type Price } from '../../model/prices/resources.ts';
import { nodeSize, type PriceBook, prices } from '../../model/prices.ts';

/** A line of the documented architecture, a full month. */
export interface DocumentedLine {
  readonly what: string;
  readonly price: Price;
}

/** The architecture of the deployment document at the price book, by line: c-32 nodes, PostgreSQL and Valkey of three nodes each, 1 TiB of volumes. */
export function documentedBill(nodes: number, book: PriceBook = prices): readonly DocumentedLine[] {
  const node = dropletPrice(book, 'c-32', undefined);
  return [
    {
      what: `${nodes} x c-32`,
      price: { ...node, low: timesUsd(node.low, nodes), high: timesUsd(node.high, nodes) },
    },
    { what: 'HA control plane', price: bookPrice(book, 'control-plane-ha', 1) },
    {
      what: 'PostgreSQL, 3 x 16 vCPU, 64 GB',
      price: databasePrice(book, { engine: 'pg', size: 'gd-16vcpu-64gb', nodes: 3 }),
    },
    {
      what: 'Valkey, 3 x 8 vCPU, 32 GB',
      price: databasePrice(book, { engine: 'valkey', size: 'db-s-8vcpu-32gb', nodes: 3 }),
    },
    { what: 'load balancer', price: loadBalancerPrice(book, 'REGIONAL', 1) },
    { what: 'volumes, 1,024 GiB', price: bookPrice(book, 'volume', 1_024) },
    { what: 'Spaces', price: bookPrice(book, 'spaces', 2) },
    { what: 'registry', price: bookPrice(book, 'registry-professional', 1) },
  ];
}

/** The least and the most of such a bill. */
export function documentedTotal(lines: readonly DocumentedLine[]): { readonly low: MicroUsd; readonly high: MicroUsd } {
  return { low: sumUsd(lines.map(({ price }) => price.low)), high: sumUsd(lines.map(({ price }) => price.high)) };
}

/** Outbound traffic of a month in GiB: people at once, what each is sent, hours a day that all of them would have to stay. */
export function monthlyEgressGib(people: number, megabits: number, hoursPerDay: number): number {
  return (people * megabits * 1e6 * hoursPerDay * 3_600 * 30) / 8 / 1024 ** 3;
}

/** The pool of six c-32, in GiB, at 9 TB each (to be read from the API). */
const poolGib = 54_000;

/** `docs/cost-analysis.md`: the documents' claims beside the arithmetic. Written by `gomeet build`. */
export function costAnalysisPage(book: PriceBook = prices): string {
  const few = documentedBill(6, book);
  const many = documentedBill(20, book);
  const [least, most] = [documentedTotal(few), documentedTotal(many)];
  return `# What it costs

Written by \`gomeet build\` from the price book of ${book.asOf}; change the model, not this page. \`gomeet cost monitor\` says what the account really holds, \`gomeet report monthly\` what a month was.

## What the documents say

${documentedMonths.map(({ amount, source }) => `- ${formatUsd(amount)}: ${source}`).join('\n')}
- $30,347.21 in the sibling study, whose sum reads a field its bandwidth part does not have, and so drops $11,336.34: with it the same sheet says ${formatUsd(usd((26_388.88 + 11_336.34) * 1.15))}.
- $25,198 in the deployment README, most of it “reserved”, which DigitalOcean does not sell.

None of them follows from its own inputs. The cost script adds nodes, load balancers and volumes in a subshell and so counts them as $0, takes databases for Services of the cluster, bills 730 hours where DigitalOcean bills ${book.billedHoursCap} at the most, ignores the transfer pool, and prices volumes as Spaces.

## What the documented architecture costs

A full month without traffic above the pool and without tax. A range is a price that nobody found; it is no estimate of ours.

| Part | 6 nodes | 20 nodes | Price |
| --- | --- | --- | --- |
${few.map(({ what, price }, index) => `| ${what.replace('6 x', 'nodes')} | ${range(price)} | ${range(many[index]?.price ?? price)} | ${price.basis}: ${price.source} |`).join('\n')}
| **together** | **${range(least)}** | **${range(most)}** | |

## What people cost

Egress is the bill. GiB a month = people × Mbit/s × hours a day × 30 × ${((1e6 * 3_600) / 8 / 1024 ** 3).toFixed(4)}; above a pool of ${poolGib.toLocaleString('en-US')} GiB each costs $0.01. 50,000 people at once:

| Sent to each | Together | 2 h a day | 4 h a day | 8 h a day | Nodes at line rate (2 Gbit/s) |
| --- | --- | --- | --- | --- | --- |
${[0.3, 1, 1.5, 2.5]
  .map((megabits) => {
    const cells = [2, 4, 8].map((hours) => formatUsd(overage(50_000, megabits, hours, book)));
    return `| ${megabits} Mbit/s | ${(megabits * 50).toFixed(0)} Gbit/s | ${cells.join(' | ')} | ${nodesAtLineRate(50_000 * megabits * 1e6, 'c-32')} |`;
  })
  .join('\n')}

So 50,000 people at 1 Mbit/s do not fit 20 nodes of 2 Gbit/s, whatever their CPU: that is ${nodesAtLineRate(50e9, 'c-32')} nodes at line rate, and more at any rate one would plan with.

## What 50,000 people take, by what they do

Nodes of c-32 at 60 % of their CPU and 70 % of their network, one to lose; traffic of four full hours a day before the pool. \`gomeet capacity what-if\` answers for other mixes and sizes.

| Mix | Nodes | A month | Traffic | Binds first |
| --- | --- | --- | --- | --- |
${namedMixes.map((mix) => mixRow(mix)).join('\n')}
`;
}

function mixRow(mix: (typeof namedMixes)[number]): string {
  const size = nodeSize('c-32');
  if (size === undefined) throw new RangeError('no price for c-32');
  const answer = whatIf({ participants: 50_000, mix, size, spareNodes: 1, ceilings: [], fullHoursPerDay: 4 });
  const nodes = answer.nodes === undefined ? 'a room does not fit' : String(answer.nodes);
  const monthly = answer.nodesMonthly === undefined ? '' : formatUsd(answer.nodesMonthly);
  return `| ${mix.name}: ${mix.about} | ${nodes} | ${monthly} | ${formatUsd(answer.egressMonthly)} | ${answer.bindsFirst} |`;
}

function overage(people: number, megabits: number, hours: number, book: PriceBook): MicroUsd {
  return timesUsd(book.transferPerGib, Math.max(0, monthlyEgressGib(people, megabits, hours) - poolGib));
}

function range({ low, high }: { readonly low: MicroUsd; readonly high: MicroUsd }): string {
  return low === high ? formatUsd(low) : `${formatUsd(low)} to ${formatUsd(high)}`;
}
