import { errorText } from '../../kernel/errors.ts';
import type { Core } from '../core.ts';
import { secretKeys } from './keys.ts';
import { writtenAtMs } from './write.ts';

/** A rotation shows after this long. */
const everyMs = 600_000;

/** Keeps the moment at which each key was written last as a metric. Where the secrets cannot be read there is no series: an age that is not known is not young. */
export async function watchSecretAges(core: Core, signal: AbortSignal): Promise<void> {
  // Those that the responder may read at all: it rotates them.
  const rotated = new Set(['gomeet-secrets', 'digitalocean-credentials']);
  const keys = secretKeys().filter(({ secret }) => rotated.has(secret));
  while (!signal.aborted) {
    try {
      const ages = await writtenAtMs(core.ports.objects, [...rotated]);
      core.instruments.secretWritten.reset();
      for (const { secret, key } of keys) {
        const atMs = ages.get(`${secret}/${key}`);
        if (atMs !== undefined) core.instruments.secretWritten.set({ secret, key }, atMs / 1_000);
      }
    } catch (error) {
      core.instruments.secretWritten.reset();
      core.log.warn({ error: errorText(error) }, 'the ages of secrets are not known');
    }
    await core.clock.sleep(everyMs, signal);
  }
}
