import { z } from 'zod';
import { usd } from '../../kernel/money.ts';
import { environments } from '../../manifests/environments/index.ts';
import { hpaFile, hpaName } from '../../manifests/files/hpa.ts';
import { touchesNothing } from './define.ts';
import { defineProcedure, type StepKind } from './procedure.ts';

const Head = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});
const Make = z.object({ object: Head });

const make: StepKind<z.infer<typeof Make>> = {
  input: Make,
  async run({ object }, { ports, run }) {
    const { apiVersion, kind, metadata } = object;
    const found = await ports.objects.get({ apiVersion, kind, name: metadata.name });
    const stamp = found?.metadata.annotations?.['gomeet.dev/run-id'];
    if (found !== undefined && stamp !== run.id) return { failed: `${kind} ${metadata.name} is there already` };
    if (found === undefined) await ports.objects.apply(object, { runId: run.id });
    return { done: `${kind} ${metadata.name} is made` };
  },
  async undo({ object: { apiVersion, kind, metadata } }, { ports, run }) {
    const found = await ports.objects.get({ apiVersion, kind, name: metadata.name });
    if (found?.metadata.annotations?.['gomeet.dev/run-id'] !== run.id) return { done: 'it had not been made' };
    await ports.objects.remove({ apiVersion, kind, name: metadata.name }, uidOf(found.metadata.uid));
    return { done: `${kind} ${metadata.name} is gone again` };
  },
};

const uidOf = (uid: string | undefined) => (uid === undefined ? {} : { uid });

const Seeing = z.object({ workload: z.string() });

/** An autoscaler that cannot say what it wants does not scale: it is no help, and it is taken away again. */
const seeing: StepKind<z.infer<typeof Seeing>> = {
  input: Seeing,
  async run({ workload }, { ports }) {
    const deployment = await ports.cluster.deployment(workload);
    const wants = deployment?.autoscaler?.desiredReplicas;
    return wants === undefined
      ? { wait: 'it cannot say yet what it wants' }
      : {
          done: `it wants ${wants}, between ${deployment?.autoscaler?.minReplicas} and ${deployment?.autoscaler?.maxReplicas}`,
        };
  },
};

/** Makes the declared autoscaler of a workload: a plain HPA, or a ScaledObject of KEDA where a query counts too. */
export const createAutoscaler = defineProcedure({
  name: 'createAutoscaler',
  title: 'Make an autoscaler',
  params: z.object({ workload: z.string() }).strict(),
  needs: ['cluster'],
  reach: 'platform',
  destructive: false,
  reversal: 'restore',
  waitsFor: ['scaleWorkload', 'scaleSfu'],
  rbac: [
    { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list'] },
    {
      apiGroups: ['autoscaling'],
      resources: ['horizontalpodautoscalers'],
      verbs: ['get', 'list', 'create', 'patch', 'delete'],
    },
    { apiGroups: ['keda.sh'], resources: ['scaledobjects'], verbs: ['get', 'list', 'create', 'patch', 'delete'] },
  ],
  kinds: { make, seeing },

  preflight({ workload }, { cluster }, { declared }) {
    const deployment = cluster.value.deployments.find(({ name }) => name === workload);
    if (deployment === undefined) return { blocked: 'no-target', saw: `no Deployment ${workload}` };
    if (deployment.autoscaler !== undefined)
      return { blocked: 'nothing-to-do', saw: `${deployment.autoscaler.kind} ${deployment.autoscaler.name} has it` };
    const environment = Object.values(environments).find(({ name }) => name === (declared.environment ?? 'production'));
    const object =
      environment &&
      hpaFile({ environment }).find(
        ({ metadata }) => metadata.name === hpaName(workload) || metadata.name === workload,
      );
    if (object === undefined)
      return { blocked: 'no-target', saw: `the catalogue declares no autoscaler for ${workload}` };
    // Without the namespace that the catalogue writes: it goes where the responder works.
    const { namespace: _declared, ...metadata } = object.metadata;
    const bare = JSON.parse(JSON.stringify({ ...object, metadata }));
    return {
      target: `deployment/${workload}`,
      steps: [
        {
          kind: 'make',
          title: `make ${object.kind} ${object.metadata.name}`,
          input: { object: bare },
          withinMs: 60_000,
        },
        { kind: 'seeing', title: 'wait until it sees what it scales by', input: { workload }, withinMs: 300_000 },
      ],
      says: `make the declared autoscaler of ${workload}`,
      touches: touchesNothing,
      costPerHour: usd(0),
    };
  },
});
