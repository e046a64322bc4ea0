import { type MicroUsd, sumUsd } from '../../kernel/money.ts';
import { type InvoicedKind, productName } from './invoice.ts';

/** One step of the way from one amount to the other. */
export interface BridgeStep {
  readonly name: string;
  readonly amount: MicroUsd;
}

/** What a month (or its first days) cost, and what the nodes of it did. */
export interface BridgeSide {
  readonly byKind: ReadonlyMap<InvoicedKind, MicroUsd>;
  /** By pool, hours that are paid for; the one that holds the meetings grows with the people. */
  readonly nodes: readonly {
    readonly pool: string;
    readonly hours: number;
    readonly cost: MicroUsd;
    readonly holdsMeetings: boolean;
  }[];
  /** Undefined where nobody counted. */
  readonly participantHours: number | undefined;
}

/** The steps from one side to the other, which sum exactly to the difference: nodes by price, by people and by nodes for each of them; all else by product. */
export function bridge(before: BridgeSide, after: BridgeSide): readonly BridgeStep[] {
  const kinds = [...new Set([...before.byKind.keys(), ...after.byKind.keys()])].filter((kind) => kind !== 'droplet');
  const change = (kind: InvoicedKind) => ((after.byKind.get(kind) ?? 0) - (before.byKind.get(kind) ?? 0)) as MicroUsd;
  return [
    ...nodeSteps(before, after),
    ...kinds
      .map((kind) => ({ name: productName(kind), amount: change(kind) }))
      .sort((a, b) => Math.abs(b.amount) - Math.abs(a.amount) || a.name.localeCompare(b.name, 'en')),
  ].filter(({ amount }) => amount !== 0);
}

/** Nodes by price, by people, by SFU nodes for each of these, and the other pools; the invoice's amount is spread over the pools as the estimate is. */
function nodeSteps(before: BridgeSide, after: BridgeSide): readonly BridgeStep[] {
  const whole = ((after.byKind.get('droplet') ?? 0) - (before.byKind.get('droplet') ?? 0)) as MicroUsd;
  const [was, is] = [poolCosts(before), poolCosts(after)];
  if (was === undefined || is === undefined) return [{ name: 'nodes', amount: whole }];
  const pools = [...new Set([...was.keys(), ...is.keys()])];
  const pair = (pool: string) => ({ old: was.get(pool) ?? none, now: is.get(pool) ?? none });
  const price = pools.map((pool) => {
    const { old, now } = pair(pool);
    return old.hours > 0 && now.hours > 0 ? (now.cost / now.hours - old.cost / old.hours) * now.hours : 0;
  });
  const change = (holdsMeetings: boolean) =>
    pools.reduce((sum, pool, index) => {
      const { old, now } = pair(pool);
      return (now.holdsMeetings || old.holdsMeetings) === holdsMeetings
        ? sum + now.cost - old.cost - (price[index] ?? 0)
        : sum;
    }, 0);
  const priceStep = { name: 'price of nodes', amount: rounded(price.reduce((sum, one) => sum + one, 0)) };
  const others = { name: 'nodes of other pools', amount: rounded(change(false)) };
  const sfu = (whole - priceStep.amount - others.amount) as MicroUsd;
  const people = peopleStep(before, after, was);
  return people === undefined
    ? [priceStep, { name: 'SFU node-hours', amount: sfu }, others]
    : [
        priceStep,
        { name: 'participant-hours', amount: people },
        { name: 'SFU nodes per participant', amount: (sfu - people) as MicroUsd },
        others,
      ];
}

/** Micro-dollars, some two thousand million dollars: sums of such steps are still exact. */
const largestStep = 2 ** 51;

const none = { hours: 0, cost: 0, holdsMeetings: false };

function poolCosts({ nodes, byKind }: BridgeSide): ReadonlyMap<string, typeof none> | undefined {
  const estimated = sumUsd(nodes.map(({ cost }) => cost));
  if (estimated <= 0) return undefined;
  const factor = (byKind.get('droplet') ?? 0) / estimated;
  return new Map(
    nodes.map(({ pool, hours, cost, holdsMeetings }) => [pool, { hours, cost: cost * factor, holdsMeetings }]),
  );
}

/** What the SFU nodes would have cost more, had they grown as the people did; undefined where nobody counted. */
function peopleStep(
  before: BridgeSide,
  after: BridgeSide,
  was: ReadonlyMap<string, typeof none>,
): MicroUsd | undefined {
  if (before.participantHours === undefined || before.participantHours <= 0) return undefined;
  if (after.participantHours === undefined) return undefined;
  const sfu = [...was.values()].filter(({ holdsMeetings }) => holdsMeetings).reduce((sum, { cost }) => sum + cost, 0);
  const step = rounded(sfu * (after.participantHours / before.participantHours - 1));
  // From hardly anybody to very many: a step that integers do not hold exactly would keep the steps from summing to the whole.
  return Math.abs(step) > largestStep ? undefined : step;
}

function rounded(amount: number): MicroUsd {
  return Math.round(amount) as MicroUsd;
}
