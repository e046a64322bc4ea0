import { systemClock } from '../../kernel/clock.ts';
import { errorText, PortError } from '../../kernel/errors.ts';
import { usd } from '../../kernel/money.ts';
import { createLedger } from './budget.ts';
import type { Inventory, PartName } from './domain.ts';
import { createDigitalOceanSource } from './source.ts';
import { notYet } from './source-calls.ts';
import { recordedAnswers } from './source-recorded.ts';

/** The parts that the SDK reads; the others need no SDK. */
const throughTheSdk = [
  'account',
  'balance',
  'invoices',
  'insights',
  'sizes',
  'droplets',
  'clusters',
  'databases',
  'loadBalancers',
  'volumes',
  'snapshots',
  'registry',
  'repositories',
  'reservedIps',
  'certificates',
  'domains',
  'spacesKeys',
  'projects',
] as const satisfies readonly PartName[];

/** Reads a recorded answer of every route through the installed SDK, which cannot read arrays of text with other Kiota packages than those of `overrides`. Throws a PortError (unsupported) that names the part. */
export async function selfTest(answers: Readonly<Record<string, unknown>> = recordedAnswers): Promise<void> {
  const source = await createDigitalOceanSource({
    token: 'self-test',
    url: 'http://self-test.invalid',
    transport: answerFrom(answers),
    ledger: createLedger(systemClock, 100),
    clock: systemClock,
    onCall: () => undefined,
  });
  const readers = source.readers(() => undefined);
  const known: Inventory['parts'] = {
    account: { value: { dropletLimit: 1, status: 'active', teamId: 'self-test' }, readAtMs: 0 },
    registry: {
      value: {
        name: 'r',
        tier: 'basic',
        monthly: usd(5),
        includedStorageBytes: 0,
        storageOverage: usd(0),
        storageUsedBytes: 0,
      },
      readAtMs: 0,
    },
  };
  for (const part of throughTheSdk) {
    const problem = await readers[part](known).then(
      (value) => (isEmpty(value) ? 'it was lost' : undefined),
      (error: unknown) => errorText(error).slice(0, 200),
    );
    if (problem !== undefined)
      throw new PortError(
        'digitalocean',
        'unsupported',
        `the installed SDK cannot read ${part}: ${problem}; install with the overrides of package.json`,
      );
  }
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === notYet || (Array.isArray(value) && value.length === 0);
}

function answerFrom(answers: Readonly<Record<string, unknown>>): typeof fetch {
  return async (address) => {
    const { pathname } = new URL(address instanceof Request ? address.url : address);
    // Ids and dates vary; the recording holds one of each.
    const key = pathname
      .replace(/invoices\/[^/]+$/, 'invoices/i')
      .replace(/registry\/[^/]+\/repositories\/[^/]+\/digests$/, 'registry/r/repositories/i/digests')
      .replace(/projects\/[^/]+\/resources$/, 'projects/p/resources')
      .replace(/billing\/[^/]+\/insights\/.*$/, 'billing/u/insights/s/e');
    const answer = answers[key];
    return answer === undefined ? new Response('{"id":"not_found"}', { status: 404 }) : Response.json(answer);
  };
}
