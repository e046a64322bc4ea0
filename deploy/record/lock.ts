import { randomUUID } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import { PortError } from '../../kernel/errors.ts';
import { fieldOf, type KubeObject } from '../kube/object.ts';
import type { Kube } from '../kube/port.ts';

/** The right to change the cluster, held by one deployment at a time. */
export interface Lock {
  /** Throws a PortError (conflict) when another has taken it meanwhile: then nothing more may be changed. */
  renew(): Promise<void>;
  release(): Promise<void>;
}

const durationSeconds = 60;

/** Takes the lock; the holder's name where another has it. A holder that has not renewed for a minute is gone. */
export async function takeLock(
  kube: Kube,
  namespace: string,
  who: string,
  clock: Clock,
): Promise<Lock | { readonly heldBy: string }> {
  const ref = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace, name: 'gomeet-deploy' };
  const holder = `${who} ${randomUUID().slice(0, 8)}`;
  const lease = (from: KubeObject | undefined, owner: string): KubeObject => ({
    apiVersion: ref.apiVersion,
    kind: ref.kind,
    metadata: from?.metadata ?? { name: ref.name, namespace },
    spec: {
      holderIdentity: owner,
      leaseDurationSeconds: durationSeconds,
      // A MicroTime: six digits of a second.
      renewTime: new Date(clock.now()).toISOString().replace('Z', '000Z'),
    },
  });
  const heldBy = (found: KubeObject): string | undefined => {
    const owner = fieldOf(found, 'spec', 'holderIdentity');
    const renewed = Date.parse(String(fieldOf(found, 'spec', 'renewTime')));
    return typeof owner === 'string' && owner !== '' && clock.now() - renewed < durationSeconds * 1_000
      ? owner
      : undefined;
  };
  let current: KubeObject;
  try {
    const found = await kube.get(ref);
    const owner = found === undefined ? undefined : heldBy(found);
    if (owner !== undefined) return { heldBy: owner };
    current =
      found === undefined ? await kube.create(lease(undefined, holder)) : await kube.replace(lease(found, holder));
  } catch (error) {
    if (error instanceof PortError && error.code === 'conflict') return { heldBy: 'another that was quicker' };
    throw error;
  }
  return {
    async renew() {
      current = await kube.replace(lease(current, holder));
    },
    async release() {
      const found = await kube.get(ref);
      if (found !== undefined && fieldOf(found, 'spec', 'holderIdentity') === holder)
        await kube.replace(lease(found, ''));
    },
  };
}
