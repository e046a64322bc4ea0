import { Secret } from 'kubernetes-models/v1/Secret';
import type { Environment } from '../environments/define.ts';
import { type Context, metadata } from '../objects/context.ts';
import { checked, type KubernetesObject } from '../objects/object.ts';

/** Says that a tool may create the object and must never change what is in it. */
export const createOnly = 'gomeet.dev/create-only';

/** Where the secrets of the operations runbook went. */
export const documentedSecrets: Readonly<
  Record<string, { readonly secret: string; readonly keys: readonly string[] }>
> = {
  'postgres-secret': {
    secret: 'digitalocean-credentials',
    keys: [
      'DO_POSTGRES_HOST',
      'DO_POSTGRES_PORT',
      'DO_POSTGRES_USER',
      'DO_POSTGRES_PASSWORD',
      'DO_POSTGRES_DBNAME',
      'DO_POSTGRES_CONNECTION_STRING',
    ],
  },
  'redis-secret': {
    secret: 'digitalocean-credentials',
    keys: ['DO_REDIS_HOST', 'DO_REDIS_PORT', 'DO_REDIS_PASSWORD'],
  },
  'app-secrets': { secret: 'gomeet-secrets', keys: ['JWT_SECRET', 'TURN_SECRET'] },
};

/** Every secret and the keys that some workload reads of it, by name. */
export function secretKeysOf({ workloads }: Pick<Environment, 'workloads'>): ReadonlyMap<string, readonly string[]> {
  const paths = [...new Set(workloads.flatMap(({ secretKeys }) => secretKeys))].sort();
  const grouped = Map.groupBy(paths, (path) => path.split('/')[0] ?? '');
  return new Map([...grouped].map(([name, own]) => [name, own.map((path) => path.split('/')[1] ?? '')]));
}

/** The template: every key that a workload reads and no other, without a value. */
export function secretsFile({ environment }: Context): readonly KubernetesObject[] {
  const named = (name: string) => ({ ...metadata(name, 'platform'), annotations: { [createOnly]: 'true' } });
  return [
    ...[...secretKeysOf(environment)].map(([name, keys]) =>
      checked(
        new Secret({
          metadata: named(name),
          type: 'Opaque',
          stringData: Object.fromEntries(keys.map((key) => [key, ''])),
        }),
      ),
    ),
    checked(
      new Secret({
        metadata: named('registry-credentials'),
        type: 'kubernetes.io/dockerconfigjson',
        // The API server refuses an empty one.
        stringData: { '.dockerconfigjson': '{"auths":{}}' },
      }),
    ),
  ];
}
