import { largestMeeting } from '../capacity.ts';
import { downlinkOf } from './mixes.ts';
import { type CpuCost, type Load, nodeResources, pressure } from './node.ts';
import { roomLoad } from './pack.ts';

/** One serving node: what it bears now and what it may bear. */
export interface NodeNow {
  readonly id: string;
  readonly participants: number;
  readonly used: Load;
  readonly limits: Load;
}

/** Room that is left: in participants like those of now, and in meetings of 500. */
export interface Headroom {
  /** Undefined while nobody is connected: a participant then weighs nothing we could measure. */
  readonly participants: number | undefined;
  readonly largestMeetings: number;
}

/** Headroom of the fleet as it is, and with the node gone whose loss hurts most, its meetings back on the others; undefined with one node lost means that what runs now would not fit. */
export function fleetHeadroom(
  nodes: readonly NodeNow[],
  cpu: CpuCost,
): { readonly now: Headroom; readonly oneLost: Headroom | undefined } {
  const participants = nodes.reduce((sum, node) => sum + node.participants, 0);
  const each = scaled(total(nodes), participants > 0 ? 1 / participants : 0);
  const losses = nodes.map((lost) => withoutNode(nodes, lost, each, cpu));
  const worst = losses.some((loss) => loss === undefined)
    ? undefined
    : losses.reduce((least, loss) => (weight(loss) < weight(least) ? loss : least), losses[0]);
  return { now: headroom(nodes, each, cpu), oneLost: worst };
}

function weight(room: Headroom | undefined): number {
  return room === undefined ? -1 : room.largestMeetings * 1e6 + (room.participants ?? 0);
}

function withoutNode(nodes: readonly NodeNow[], lost: NodeNow, each: Load, cpu: CpuCost): Headroom | undefined {
  const others = nodes.filter((node) => node !== lost);
  const free = total(others.map(({ limits, used }) => ({ used: minus(limits, used) })));
  if (!(pressure(lost.used, free).ratio <= 1)) return undefined;
  // What the lost node bore is spread by the room each of the others has.
  const share = combine(lost.used, free, (bore, room) => (room > 0 ? bore / room : 0));
  return headroom(
    others.map((node) => ({ ...node, used: plus(node.used, times(minus(node.limits, node.used), share)) })),
    each,
    cpu,
  );
}

function headroom(nodes: readonly NodeNow[], each: Load, cpu: CpuCost): Headroom {
  const meeting = roomLoad(largestMeeting.participants, downlinkOf(largestMeeting), cpu);
  const fits = (node: NodeNow, load: Load) => {
    const { ratio } = pressure(load, minus(node.limits, node.used));
    return ratio > 0 ? Math.floor(1 / ratio + 1e-9) : 0;
  };
  const measured = pressure(each, each).ratio > 0;
  return {
    participants: measured ? nodes.reduce((sum, node) => sum + fits(node, each), 0) : undefined,
    largestMeetings: nodes.reduce((sum, node) => sum + fits(node, meeting), 0),
  };
}

function total(nodes: readonly { readonly used: Load }[]): Load {
  return nodes.reduce<Load>((sum, { used }) => plus(sum, used), {
    cpuCores: 0,
    packetsPerSecond: 0,
    bytesPerSecond: 0,
  });
}

function combine(a: Load, b: Load, how: (a: number, b: number) => number): Load {
  const result = { ...a };
  for (const [, unit] of nodeResources) result[unit] = how(a[unit], b[unit]);
  return result;
}

const plus = (a: Load, b: Load) => combine(a, b, (x, y) => x + y);
const minus = (a: Load, b: Load) => combine(a, b, (x, y) => Math.max(0, x - y));
const times = (a: Load, b: Load) => combine(a, b, (x, y) => x * y);
const scaled = (load: Load, factor: number) => combine(load, load, (x) => x * factor);
