import { z } from 'zod';
import { usd } from '../../kernel/money.ts';
import { hideSecrets } from '../../kernel/secrets.ts';
import { DeploymentShape } from '../rollout/shapes.ts';
import { touchesNothing } from './define.ts';
import { defineProcedure, type StepContext, type StepKind } from './procedure.ts';
import { rolledOut, stamp } from './restart-workload.ts';

const Edit = z.object({ configMap: z.string(), key: z.string(), value: z.string() });
type Edit = z.infer<typeof Edit>;
const ConfigMapShape = z.object({
  metadata: z.object({ resourceVersion: z.string().default('') }),
  data: z.record(z.string(), z.string()).default({}),
});

async function readMap({ ports }: StepContext, name: string) {
  const found = await ports.objects.get({ apiVersion: 'v1', kind: 'ConfigMap', name });
  return found === undefined ? undefined : ConfigMapShape.parse(found);
}

/** The lines that go and come, secrets masked. */
export function diffLines(before: string, after: string): readonly string[] {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  return [
    ...old.filter((line) => !fresh.includes(line)).map((line) => `- ${hideSecrets(line)}`),
    ...fresh.filter((line) => !old.includes(line)).map((line) => `+ ${hideSecrets(line)}`),
  ];
}

const edit: StepKind<Edit> = {
  input: Edit,
  async run({ configMap, key, value }, context) {
    const { ports, run, memo } = context;
    const now = await readMap(context, configMap);
    if (now === undefined) return { failed: `there is no ConfigMap ${configMap}` };
    const before = now.data[key];
    if (before === undefined)
      return { failed: `${configMap} has no key ${key}; it has ${Object.keys(now.data).join(', ') || 'none'}` };
    if (memo === undefined) return { wait: 'noted what stands', memo: { before } };
    const noted = z.object({ before: z.string() }).parse(memo);
    if (before !== value)
      await ports.objects.patch(
        { apiVersion: 'v1', kind: 'ConfigMap', name: configMap },
        { data: { [key]: value } },
        { runId: run.id, resourceVersion: now.metadata.resourceVersion },
      );
    const lines = diffLines(noted.before, value);
    return { done: `${lines.length} lines of ${key} changed`, result: { lines } };
  },
  async undo({ configMap, key }, { ports, run, memo }) {
    const noted = z.object({ before: z.string() }).safeParse(memo);
    if (!noted.success) return { done: 'it had not been changed' };
    await ports.objects.patch(
      { apiVersion: 'v1', kind: 'ConfigMap', name: configMap },
      { data: { [key]: noted.data.before } },
      { runId: run.id },
    );
    return { done: `${key} is what it was` };
  },
};

const Readers = z.object({ configMap: z.string() });

/** Restarts the Deployments that read a ConfigMap, all together, and waits until their pods stay up; on the way back, once more. */
async function restartReaders(
  { configMap }: z.infer<typeof Readers>,
  { ports, run, declared, begunAtMs, nowMs }: StepContext,
) {
  const all = (await ports.objects.list({ apiVersion: 'apps/v1', kind: 'Deployment' })).map((object) =>
    DeploymentShape.parse(object),
  );
  const readers = all.filter(({ spec }) => JSON.stringify(spec.template).includes(`"name":"${configMap}"`));
  const mayRestart = (name: string) => declared.workloads.some((one) => one.name === name && one.restartable);
  const left = readers.filter(({ metadata }) => !mayRestart(metadata.name)).map(({ metadata }) => metadata.name);
  const names = readers.map(({ metadata }) => metadata.name).filter(mayRestart);
  const restartedAt = stamp(begunAtMs);
  let begun = false;
  for (const name of names) {
    const now = await ports.cluster.deployment(name);
    if (now === undefined || now.restartedAt === restartedAt) continue;
    await ports.cluster.restart({ deployment: name, restartedAt, resourceVersion: now.resourceVersion, runId: run.id });
    begun = true;
  }
  const note = left.length === 0 ? '' : `; not restarted, since they hold meetings or data: ${left.join(', ')}`;
  if (begun) return { wait: `${names.join(', ')} restart${note}` };
  const cluster = await ports.cluster.read();
  const verdicts = names.map((name) => ({ name, ...rolledOut(cluster, name, nowMs) }));
  const bad = verdicts.find(({ verdict }) => verdict === 'not-improved');
  const open = verdicts.find(({ verdict }) => verdict === 'pending');
  if (bad !== undefined) return { failed: `${bad.name}: ${bad.saw}` };
  return open === undefined
    ? { done: `${names.join(', ') || 'nobody'} read it anew${note}` }
    : { wait: `${open.name}: ${open.saw}` };
}

const restart: StepKind<z.infer<typeof Readers>> = { input: Readers, run: restartReaders, undo: restartReaders };

/** Changes one key of a ConfigMap and restarts its readers; when they do not come up, the old value and another restart. */
export const editConfig = defineProcedure({
  name: 'editConfig',
  title: 'Change a setting',
  params: z
    .object({
      configMap: z.string().regex(/^[a-z0-9.-]{1,253}$/),
      key: z.string().regex(/^[\w.-]{1,253}$/),
      value: z.string().max(500_000),
    })
    .strict(),
  needs: ['cluster'],
  reach: 'platform',
  destructive: false,
  reversal: 'restore',
  waitsFor: ['rollOut', 'restartAll', 'restartWorkload'],
  rbac: [
    { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'patch'] },
    { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list', 'patch'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
  ],
  kinds: { edit, restart },
  preflight: ({ configMap, key, value }) => ({
    target: `configmap/${configMap}`,
    steps: [
      { kind: 'edit', title: `change ${key} of ${configMap}`, input: { configMap, key, value }, withinMs: 300_000 },
      { kind: 'restart', title: `restart who reads ${configMap}`, input: { configMap }, withinMs: 900_000 },
    ],
    says: `change ${key} of ${configMap} and restart who reads it`,
    touches: touchesNothing,
    costPerHour: usd(0),
  }),
});
