import type { Gap, Inventory, PartName, Parts } from '../../exporters/digitalocean/domain.ts';
import type { Clock } from '../../kernel/clock.ts';
import { errorText, PortError } from '../../kernel/errors.ts';

/** What reads the parts of the account, each building on those known; `not-yet` means that one of these is missing. */
export type AccountReaders = {
  readonly [Name in PartName]: (known: Inventory['parts']) => Promise<Parts[Name] | 'not-yet'>;
};

// In the order in which parts build on each other.
const wanted = [
  'balance',
  'sizes',
  'clusters',
  'droplets',
  'databases',
  'loadBalancers',
  'volumes',
  'snapshots',
  'reservedIps',
  'registry',
  'repositories',
  'spacesKeys',
  'projects',
  'transfer',
] as const satisfies readonly PartName[];

/** Reads once what the reports need, and what is `also` asked for first; a part that cannot be read is a gap with its reason, and the others still count. Throws the PortError when not even the first answers for want of a token or a network. */
export async function readAccount(
  readers: AccountReaders,
  clock: Pick<Clock, 'now'>,
  progress: (part: PartName) => void,
  also: readonly PartName[] = [],
): Promise<Inventory> {
  let parts: Inventory['parts'] = {};
  const gaps: Gap[] = [];
  for (const part of [...also, ...wanted]) {
    progress(part);
    try {
      const value = await readers[part](parts);
      if (value === 'not-yet') gaps.push({ part, code: 'unavailable', message: 'what it builds on was not read' });
      else parts = { ...parts, [part]: { value, readAtMs: clock.now() } };
    } catch (error) {
      if (hopeless(error)) throw error;
      gaps.push({ part, code: error instanceof PortError ? error.code : 'invalid', message: errorText(error) });
    }
  }
  return { parts, gaps };
}

function hopeless(error: unknown): boolean {
  return error instanceof PortError && (error.code === 'unauthorized' || error.code === 'unreachable');
}
