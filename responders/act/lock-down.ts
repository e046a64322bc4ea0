import { z } from 'zod';
import { duration, humanMs, toMs } from '../../kernel/duration.ts';
import { PortError } from '../../kernel/errors.ts';
import { usd } from '../../kernel/money.ts';
import type { Workload } from '../../manifests/catalogue/define.ts';
import { workloads } from '../../manifests/catalogue/index.ts';
import { bundleImage } from '../../manifests/catalogue/parts.ts';
import type { KubeObject } from '../ports.ts';
import { healthRules, healthStep } from './check-health.ts';
import { type Blocked, type PolicyRule, touchesNothing } from './define.ts';
import { defineProcedure, type PlannedStep, type StepKind } from './procedure.ts';

const NetworkPolicy = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' };
/** Annotation of a narrowed policy: when that was, and its spec before. A policy cannot forbid what another allows, so each one that allows is narrowed itself. */
const before = 'gomeet.dev/before-lockdown';
const Before = z.object({ at: z.string(), spec: z.record(z.string(), z.unknown()) });
const denyAll = 'emergency-lockdown';
const withinMs = toMs(duration('2m'));

/** Monitoring, this bundle and what it needs stay alive: whoever is cut off from them is blind in the incident. */
const isKept = ({ name, owner, image }: Workload): boolean =>
  (owner === 'platform' && name !== 'traefik') || image === bundleImage || name.endsWith('-exporter');
const product: readonly Workload[] = workloads.filter(
  (workload: Workload) => workload.kind !== 'managed' && workload.namespace === undefined && !isKept(workload),
);
/** Host networking is beyond network policies. */
const onHost: ReadonlySet<string> = new Set(
  product.filter(({ privilege }) => privilege?.hostNetwork === true).map(({ name }) => name),
);
/** The gateway first: nobody new comes in while the rest is being cut off. */
const outsideIn = [...product]
  .sort((a, b) => Number(b.public !== undefined) - Number(a.public !== undefined))
  .map(({ name }) => name);

const rbac: readonly PolicyRule[] = [
  { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs: ['get', 'create', 'patch', 'delete'] },
];

const Policy = z.object({ name: z.string() });

/** Only DNS (a policy of its own allows it) and Prometheus's questions still pass. */
const narrowed = {
  ingress: [{ from: [{ podSelector: { matchLabels: { app: 'prometheus' } } }] }],
  egress: [],
  policyTypes: ['Ingress', 'Egress'],
};

/** What is left to deny once each is narrowed; its name says that a lockdown is in force. */
const denied = {
  podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: outsideIn }] },
  policyTypes: ['Ingress', 'Egress'],
};

/** The narrowed policies as files, for whoever has nothing but kubectl: applied over those of the platform they cut the product off, and the platform's own applied again end it. */
export function lockdownObjects(namespace: string): readonly KubeObject[] {
  const object = (name: string, spec: Record<string, unknown>) => ({
    ...NetworkPolicy,
    metadata: { name, namespace },
    spec,
  });
  return [
    ...outsideIn
      .filter((name) => !onHost.has(name))
      .map((name) => object(name, { podSelector: { matchLabels: { app: name } }, ...narrowed })),
    object(denyAll, denied),
  ];
}

const isolate: StepKind<z.infer<typeof Policy>> = {
  input: Policy,
  async run({ name }, { ports: { objects }, run, nowMs }) {
    const policy = await objects.get({ ...NetworkPolicy, name });
    if (policy === undefined) {
      await objects.apply(
        {
          ...NetworkPolicy,
          metadata: {
            name,
            annotations: { [before]: JSON.stringify({ at: new Date(nowMs).toISOString(), spec: {} }) },
          },
          spec: { podSelector: { matchLabels: { app: name } }, ...narrowed },
        },
        { runId: run.id },
      );
      return { done: `${name} had no policy of its own; it has one now` };
    }
    if (policy.metadata.annotations?.[before] !== undefined) return { done: `${name} is cut off already` };
    const kept = JSON.stringify({ at: new Date(nowMs).toISOString(), spec: policy['spec'] ?? {} });
    await objects.patch(
      { ...NetworkPolicy, name },
      { metadata: { annotations: { [before]: kept } }, spec: narrowed },
      { runId: run.id, resourceVersion: policy.metadata.resourceVersion },
    );
    return { done: `${name} answers Prometheus and nobody else` };
  },
};

/** What could not be cut off stands in the last step: it must not keep the rest open. */
const tolerant: StepKind<z.infer<typeof Policy>> = {
  input: Policy,
  async run(input, context) {
    try {
      return await isolate.run(input, context);
    } catch (error) {
      if (!(error instanceof PortError) || (error.retryable && !context.late)) throw error;
      return { done: `${input.name} could NOT be cut off: ${error.message}` };
    }
  },
};

const Names = z.object({ names: z.array(z.string()) });
const confirm: StepKind<z.infer<typeof Names>> = {
  input: Names,
  async run({ names }, { ports: { objects } }) {
    const open: string[] = [];
    for (const name of names) {
      const policy = await objects.get({ ...NetworkPolicy, name });
      if (policy?.metadata.annotations?.[before] === undefined) open.push(name);
    }
    return open.length === 0
      ? { done: `${names.length} workloads are cut off` }
      : { failed: `still open: ${open.join(', ')}` };
  },
};

const deny: StepKind<Record<string, never>> = {
  input: z.object({}).strict(),
  async run(_input, { ports: { objects }, run }) {
    await objects.apply(
      {
        ...NetworkPolicy,
        metadata: { name: denyAll },
        spec: denied,
      },
      { runId: run.id },
    );
    return { done: 'what no policy allows is denied' };
  },
};

const release: StepKind<z.infer<typeof Policy>> = {
  input: Policy,
  async run({ name }, { ports: { objects }, run, nowMs }) {
    const policy = await objects.get({ ...NetworkPolicy, name });
    const kept = keptOf(policy);
    if (policy === undefined || kept === undefined) return { done: `${name} was not cut off` };
    const was = `for ${humanMs(Math.max(0, nowMs - Date.parse(kept.at)))}`;
    if (Object.keys(kept.spec).length === 0)
      await objects.remove(
        { ...NetworkPolicy, name },
        policy.metadata.uid === undefined ? {} : { uid: policy.metadata.uid },
      );
    else
      await objects.patch(
        { ...NetworkPolicy, name },
        // A merge patch keeps what it does not name: what the narrowing added goes away by null.
        { metadata: { annotations: { [before]: null } }, spec: { ingress: null, egress: null, ...kept.spec } },
        { runId: run.id, resourceVersion: policy.metadata.resourceVersion },
      );
    return {
      done: `${name} was cut off ${was}, and talks again to whom it may`,
      result: { table: { columns: ['workload', 'was cut off', 'from'], rows: [[name, was, blockedPeers(kept.spec)]] } },
    };
  },
};

const undeny: StepKind<Record<string, never>> = {
  input: z.object({}).strict(),
  async run(_input, { ports: { objects } }) {
    await objects.remove({ ...NetworkPolicy, name: denyAll });
    return { done: 'the lockdown is over' };
  },
};

/** Containment of a security incident: the product is cut off, monitoring and this bundle are not. Half a lockdown is better than none, so a failed step takes nothing back. */
export const lockDown = defineProcedure({
  name: 'lockDown',
  title: 'Lock down',
  params: z.object({ workloads: z.array(z.string()).readonly().optional() }).strict(),
  needs: [],
  reach: 'platform',
  destructive: true,
  reversal: 'none',
  waitsFor: ['liftLockdown'],
  rbac,
  kinds: { isolate: tolerant, deny, confirm },
  preflight({ workloads: wanted }) {
    const chosen = choose(wanted, outsideIn);
    if ('blocked' in chosen) return chosen;
    const reachable = chosen.names.filter((name) => !onHost.has(name));
    const beyond = chosen.names.filter((name) => onHost.has(name));
    if (reachable.length === 0)
      return {
        blocked: 'no-target',
        saw: `${beyond.join(', ')}: on the host's network, beyond network policies; drain it, or use the DigitalOcean firewall`,
      };
    return {
      target: 'network/lockdown',
      steps: [
        ...reachable.map(
          (name): PlannedStep => ({ kind: 'isolate', title: `cut off ${name}`, input: { name }, withinMs }),
        ),
        ...(wanted === undefined ? [{ kind: 'deny', title: 'deny the rest', input: {}, withinMs }] : []),
        { kind: 'confirm', title: 'look whether it holds', input: { names: reachable }, withinMs },
      ],
      says: `cut ${wanted === undefined ? 'the whole product' : reachable.join(', ')} off from everything but DNS and monitoring: nobody can join a meeting${beyond.length > 0 ? `; ${beyond.join(', ')} are on the host's network, where policies do not reach: meetings under way keep their media` : ''}`,
      touches: { ...touchesNothing, pods: reachable.length },
      costPerHour: usd(0),
    };
  },
});

/** The way back, one workload after another with what was blocked, the gateway last, and a look at the health at the end. */
export const liftLockdown = defineProcedure({
  name: 'liftLockdown',
  title: 'Lift the lockdown',
  params: z.object({ workloads: z.array(z.string()).readonly().optional() }).strict(),
  needs: [],
  reach: 'platform',
  destructive: true,
  reversal: 'none',
  waitsFor: ['lockDown'],
  rbac: [...rbac, ...healthRules],
  kinds: { release, undeny, look: healthStep },
  preflight({ workloads: wanted }) {
    const chosen = choose(wanted, outsideIn.toReversed());
    if ('blocked' in chosen) return chosen;
    return {
      target: 'network/lockdown',
      steps: [
        // The denial first, or what is let go would still meet it.
        ...(wanted === undefined ? [{ kind: 'undeny', title: 'take the denial back', input: {}, withinMs }] : []),
        ...chosen.names.map(
          (name): PlannedStep => ({ kind: 'release', title: `let ${name} talk again`, input: { name }, withinMs }),
        ),
        { kind: 'look', title: 'health of everything', input: { scope: 'check' }, withinMs },
      ],
      says: `let ${wanted === undefined ? 'the whole product' : chosen.names.join(', ')} talk again, the gateway last`,
      touches: touchesNothing,
      costPerHour: usd(0),
    };
  },
});

function choose(
  wanted: readonly string[] | undefined,
  order: readonly string[],
): { readonly names: readonly string[] } | Blocked {
  const unknown = wanted?.find((name) => !order.includes(name));
  if (unknown !== undefined)
    return {
      blocked: 'no-target',
      saw: `${unknown} is not of the product: monitoring and this bundle are never cut off`,
    };
  return { names: wanted === undefined ? order : order.filter((name) => wanted.includes(name)) };
}

function keptOf(policy: KubeObject | undefined): z.infer<typeof Before> | undefined {
  const text = policy?.metadata.annotations?.[before];
  return text === undefined ? undefined : Before.parse(JSON.parse(text));
}

const Peers = z.object({ ingress: z.array(z.unknown()).optional(), egress: z.array(z.unknown()).optional() });

function blockedPeers(spec: Readonly<Record<string, unknown>>): string {
  const { ingress = [], egress = [] } = Peers.parse(spec);
  return `${ingress.length} rules in, ${egress.length} out`;
}
