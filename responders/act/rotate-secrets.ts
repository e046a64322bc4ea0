import { z } from 'zod';
import { duration, toMs } from '../../kernel/duration.ts';
import { usd } from '../../kernel/money.ts';
import { workloadNamed } from '../../manifests/catalogue/index.ts';
import { freshValue, type SecretKey, secretKeys } from '../secrets/keys.ts';
import { overwrite } from '../secrets/write.ts';
import type { PolicyRule } from './define.ts';
import { defineProcedure, type PlannedStep, type StepKind } from './procedure.ts';
import { restart } from './restart-all.ts';
import { restartWorkload } from './restart-workload.ts';

const Rotate = z.object({ secret: z.string(), keys: z.array(z.string()) });
const Password = z.object({ secret: z.string(), passwordKey: z.string(), urlKey: z.string() });

/** Made here, and still never renewed by this: what they encrypted, or who reads them, could not follow. */
const lasting: Readonly<Record<string, string>> = {
  GRAFANA_SECRET_KEY: 'what Grafana has encrypted with it could no longer be read',
};

const rotate: StepKind<z.infer<typeof Rotate>> = {
  input: Rotate,
  async run({ secret, keys }, { ports: { objects }, run, id, nowMs }) {
    const wanted = secretKeys().filter((one) => one.secret === secret && keys.includes(one.key));
    // The values are made, written and forgotten here: neither the run nor the journal ever holds one.
    const wrote = await overwrite(
      objects,
      secret,
      async () =>
        wanted.flatMap(({ key, origin }) =>
          origin.kind === 'random' ? [{ key, value: freshValue(origin) ?? '' }] : [],
        ),
      { stepId: id, runId: run.id, nowMs, keys },
    );
    return { done: `${keys.join(', ')} ${wrote ? 'have new values' : 'had been given new values already'}` };
  },
};

const resetPassword: StepKind<z.infer<typeof Password>> = {
  input: Password,
  async run({ secret, passwordKey, urlKey }, { ports: { objects, databases }, run, id, nowMs }) {
    const object = await objects.get({ apiVersion: 'v1', kind: 'Secret', name: secret });
    const data = z.object({ data: z.record(z.string(), z.string()) }).safeParse(object);
    const text = Buffer.from(data.success ? (data.data.data[urlKey] ?? '') : '', 'base64').toString();
    if (!URL.canParse(text)) return { failed: `${secret}/${urlKey} holds no connection string` };
    const url = new URL(text);
    const host = url.hostname;
    const user = decodeURIComponent(url.username);
    const all = await databases.list();
    // The host of a managed database begins with the cluster's name.
    const cluster = all.find(({ name, engine }) => engine === 'pg' && (host === name || host.startsWith(`${name}-`)));
    if (cluster === undefined) return { failed: `no managed PostgreSQL is known by the host of ${urlKey}` };
    const wrote = await overwrite(
      objects,
      secret,
      async () => {
        const password = await databases.resetPassword({ id: cluster.id, user });
        url.password = encodeURIComponent(password);
        return [
          { key: passwordKey, value: password },
          { key: urlKey, value: url.href },
        ];
      },
      { stepId: id, runId: run.id, nowMs, keys: [passwordKey, urlKey] },
    );
    return { done: wrote ? `${user} has a new password on ${cluster.name}` : 'it had a new password already' };
  },
};

const secretNames = [
  ...new Set(secretKeys().flatMap(({ secret, origin }) => (origin.kind === 'random' ? [secret] : []))),
  'digitalocean-credentials',
];
const rbac: readonly PolicyRule[] = [
  { apiGroups: [''], resources: ['secrets'], resourceNames: secretNames, verbs: ['get', 'patch'] },
  ...restartWorkload.rbac,
];

/** New secrets, then a restart of what reads them, in the catalogue's order, each verified before the next. */
export const rotateSecrets = defineProcedure({
  name: 'rotateSecrets',
  title: 'Rotate secrets',
  params: z.object({ keys: z.array(z.string()).readonly().optional(), database: z.boolean().optional() }).strict(),
  needs: ['cluster'],
  reach: 'platform',
  destructive: true,
  reversal: 'none',
  waitsFor: ['restartAll', 'restartWorkload'],
  rbac,
  kinds: { rotate, resetPassword, restart },

  preflight({ keys: wanted, database = false }, { cluster }, { declared }) {
    const all = secretKeys();
    const unknown = wanted?.find((key) => !all.some((one) => one.key === key));
    if (unknown !== undefined) return { blocked: 'no-target', saw: `${unknown}: no workload reads such a key` };
    const restartable = new Set(declared.workloads.filter((one) => one.restartable).map(({ name }) => name));
    const asked =
      database && wanted === undefined
        ? []
        : all.filter(({ key, origin }) => (wanted === undefined ? origin.kind === 'random' : wanted.includes(key)));
    const refused = asked.flatMap((key) => {
      const why = whyNot(key, restartable);
      return why === undefined ? [] : [`${key.key}: ${why}`];
    });
    if (wanted !== undefined && refused.length > 0) return { blocked: 'no-target', saw: refused.join('; ') };
    const chosen = asked.filter((key) => whyNot(key, restartable) === undefined);
    const databaseKeys = database
      ? all.filter(({ key }) => key === 'DO_POSTGRES_PASSWORD' || key === 'DO_POSTGRES_CONNECTION_STRING')
      : [];
    if (chosen.length === 0 && databaseKeys.length === 0)
      return { blocked: 'nothing-to-do', saw: refused.join('; ') || 'no key is left' };
    const readers = new Set([...chosen, ...databaseKeys].flatMap((key) => key.readers));
    const running = declared.workloads.flatMap(({ name }) => {
      const deployment = cluster.value.deployments.find((one) => one.name === name);
      return readers.has(name) && restartable.has(name) && deployment !== undefined && deployment.replicas > 0
        ? [deployment]
        : [];
    });
    const pods = running.reduce((sum, { replicas }) => sum + replicas, 0);
    const withinMs = toMs(duration('10m'));
    const steps: PlannedStep[] = [
      ...[...Map.groupBy(chosen, ({ secret }) => secret)].map(([secret, own]) => ({
        kind: 'rotate',
        title: `new values in ${secret}`,
        input: { secret, keys: own.map(({ key }) => key) },
        withinMs,
      })),
      ...(database
        ? [
            {
              kind: 'resetPassword',
              title: 'new password of PostgreSQL',
              input: {
                secret: 'digitalocean-credentials',
                passwordKey: 'DO_POSTGRES_PASSWORD',
                urlKey: 'DO_POSTGRES_CONNECTION_STRING',
              },
              withinMs,
            },
          ]
        : []),
      ...running.map(({ name }) => ({
        kind: 'restart',
        title: `restart ${name}`,
        input: { deployment: name },
        withinMs,
      })),
    ];
    const names = [...chosen, ...databaseKeys].map(({ key }) => key);
    return {
      target: 'secrets/platform',
      steps,
      says: `new values of ${names.join(', ')}; then restart ${running.map(({ name }) => name).join(', ') || 'nothing'} one after another${names.includes('JWT_SECRET') ? '; everyone has to sign in again' : ''}${refused.length > 0 ? `; left as they are: ${refused.join('; ')}` : ''}`,
      touches: { pods, rooms: 0, participants: 0, fleetShareRatio: pods === 0 ? 0 : 1 / pods },
      costPerHour: usd(0),
    };
  },
});

/** Why a key cannot be renewed here; undefined when it can. */
function whyNot({ key, origin, readers }: SecretKey, restartable: ReadonlySet<string>): string | undefined {
  if (origin.kind !== 'random') return 'it comes from outside: gomeet secrets setup takes the new one in';
  if (lasting[key] !== undefined) return lasting[key];
  const staying = readers.find((name) => !restartable.has(name) && workloadNamed(name)?.kind !== 'CronJob');
  return staying === undefined
    ? undefined
    : `${staying} reads it and is not restarted by a procedure${staying.startsWith('livekit-') || staying === 'turn-service' ? ': it holds meetings and has to be drained' : ''}`;
}
