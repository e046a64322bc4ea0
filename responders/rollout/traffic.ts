import { z } from 'zod';
import { PortError } from '../../kernel/errors.ts';
import type { StepAnswer, StepContext, StepKind } from '../act/procedure.ts';
import { rolledOut } from '../act/restart-workload.ts';
import { findDeployment, revisionsOf } from './find.ts';
import { overlay, overlayName, routesOfIngress, routesOfIngressRoute, weighted, weightedName } from './routes.ts';
import { mainImage, ServiceShape, withImage } from './shapes.ts';
import { hopelessPod, resolvedImage } from './steps.ts';

/** Label of pods that are not the Deployment's own: `canary` or `green`. */
const trackLabel = 'gomeet.dev/track';
const hashLabel = 'pod-template-hash';

const track = z.enum(['canary', 'green']);
const Copy = z.object({ workload: z.string(), track, shareRatio: z.number() });

/**
 * A second Deployment beside the first, with the new image and one label more. Its pods keep the labels of the first, so that network policies hold for
 * them; each Deployment owns its own ReplicaSets, so neither takes the other's pods.
 */
export const copy: StepKind<z.infer<typeof Copy>> = {
  input: Copy,
  async run({ workload, track: name, shareRatio }, context) {
    const { ports, run } = context;
    const { spec, metadata } = await findDeployment(ports.objects, workload);
    const label = { [trackLabel]: name };
    const replicas = Math.max(1, Math.ceil(spec.replicas * shareRatio));
    const containers = withImage(spec.template, workload, resolvedImage(context));
    await ports.objects.apply(
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: `${workload}-${name}`, labels: { ...metadata.labels, ...label } },
        spec: {
          replicas,
          selector: { matchLabels: { ...spec.selector.matchLabels, ...label } },
          template: {
            metadata: {
              labels: { ...spec.template.metadata.labels, ...label },
              annotations: spec.template.metadata.annotations ?? {},
            },
            spec: { ...spec.template.spec, containers },
          },
        },
      },
      { runId: run.id, force: true },
    );
    const cluster = await ports.cluster.read();
    const dead = hopelessPod(cluster, `${workload}-${name}`, run);
    if (dead !== undefined) return { failed: dead };
    const { verdict, saw } = rolledOut(cluster, `${workload}-${name}`, context.nowMs);
    return verdict === 'verified' ? { done: `${replicas} pods beside it: ${saw}` } : { wait: saw };
  },
  undo: ({ workload, track: name }, context) => removeCopyOf(workload, name, context),
};

/** Takes the second Deployment away. Its pods get their grace: those of an SFU wait for their meetings. */
export const removeCopy: StepKind<{ workload: string; track: 'canary' | 'green' }> = {
  input: z.object({ workload: z.string(), track }),
  run: ({ workload, track: name }, context) => removeCopyOf(workload, name, context),
};

async function removeCopyOf(workload: string, name: string, { ports }: StepContext): Promise<StepAnswer> {
  const copyName = `${workload}-${name}`;
  await ports.objects.remove({ apiVersion: 'apps/v1', kind: 'Deployment', name: copyName });
  const left = (await ports.cluster.read()).pods.filter((pod) => pod.workload === copyName);
  return left.length === 0
    ? { done: `${copyName} is gone` }
    : { wait: `${left.length} pods of ${copyName} are stopping` };
}

const Pinned = z.object({ selector: z.record(z.string(), z.string()), hash: z.string() });

/** Holds the Service to the pods of the version that runs now, before any other comes up. */
export const pin: StepKind<{ workload: string }> = {
  input: z.object({ workload: z.string() }),
  async run({ workload }, { ports, run, memo }) {
    const service = await findService(ports.objects, workload);
    if (memo === undefined) {
      const { [hashLabel]: _hash, [trackLabel]: _track, ...selector } = service.spec.selector;
      return { wait: 'noted what it selects', memo: { selector, hash: await stableHash(ports.objects, workload) } };
    }
    const { hash } = Pinned.parse(memo);
    await ports.objects.patch(serviceRef(workload), { spec: { selector: { [hashLabel]: hash } } }, { runId: run.id });
    return { done: `only pods of ${hash} get traffic` };
  },
  undo: ({ workload }, context) => unpinService(workload, context),
};

/** The Service selects what it always did. */
export const unpin: StepKind<{ workload: string }> = {
  input: z.object({ workload: z.string() }),
  run: ({ workload }, context) => unpinService(workload, context),
};

async function unpinService(workload: string, { ports, run }: StepContext): Promise<StepAnswer> {
  const selector = { [hashLabel]: null, [trackLabel]: null };
  await ports.objects.patch(serviceRef(workload), { spec: { selector } }, { runId: run.id });
  return { done: 'the Service selects all its pods again' };
}

/** All traffic to the green pods at once; back to the blue ones when what follows fails. */
export const switchOver: StepKind<{ workload: string }> = {
  input: z.object({ workload: z.string() }),
  async run({ workload }, { ports, run }) {
    const selector = { [hashLabel]: null, [trackLabel]: 'green' };
    await ports.objects.patch(serviceRef(workload), { spec: { selector } }, { runId: run.id });
    return { done: 'green gets all the traffic; blue is kept' };
  },
  async undo({ workload }, { ports, run, earlier }) {
    const pinned = Pinned.safeParse(earlier.find(({ kind }) => kind === 'pin')?.memo);
    if (!pinned.success) return { failed: 'what was blue is not known' };
    const selector = { [hashLabel]: pinned.data.hash, [trackLabel]: null };
    await ports.objects.patch(serviceRef(workload), { spec: { selector } }, { runId: run.id });
    return { done: 'blue has all the traffic again' };
  },
};

const Split = z.object({ workload: z.string(), percent: z.number().int().min(1).max(50) });

/**
 * The canary's share by weights of the gateway: one Service for each side, and for as long as it lasts a route of higher priority over those that lead to
 * the workload. No route that stands is touched, so that taking it back is deleting what was added.
 */
export const split: StepKind<z.infer<typeof Split>> = {
  input: Split,
  async run({ workload, percent }, { ports, run }) {
    const { objects } = ports;
    const routes = [
      ...(await objects.list({ apiVersion: 'traefik.io/v1alpha1', kind: 'IngressRoute' })).flatMap((object) =>
        object.metadata.name === overlayName(workload) ? [] : routesOfIngressRoute(object, workload),
      ),
      ...(await objects.list({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' })).flatMap((object) =>
        routesOfIngress(object, workload),
      ),
    ];
    if (routes.length === 0)
      return { failed: `no route of the gateway leads to ${workload}: there is no share to give` };
    const service = await findService(objects, workload);
    const { [hashLabel]: _hash, [trackLabel]: _track, ...selector } = service.spec.selector;
    const sides = {
      stable: { ...selector, [hashLabel]: await stableHash(objects, workload) },
      canary: { ...selector, [trackLabel]: 'canary' },
    };
    for (const [side, only] of Object.entries(sides))
      await objects.apply(
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: `${workload}-${side}`, labels: { [trackLabel]: side } },
          spec: { selector: only, ports: service.spec.ports.map(({ nodePort: _port, ...rest }) => rest) },
        },
        { runId: run.id, force: true },
      );
    for (const port of new Set(routes.map((route) => route.port)))
      await objects.apply(weighted(workload, port, percent), { runId: run.id, force: true });
    await objects.apply(overlay(workload, routes), { runId: run.id, force: true });
    return { done: `${percent} % of what comes through the gateway goes to the canary` };
  },
  undo: ({ workload }, context) => unsplitRoutes(workload, context),
};

/** The weights and the route over the others are gone. */
export const unsplit: StepKind<{ workload: string }> = {
  input: z.object({ workload: z.string() }),
  run: ({ workload }, context) => unsplitRoutes(workload, context),
};

async function unsplitRoutes(workload: string, { ports }: StepContext): Promise<StepAnswer> {
  const crd = { apiVersion: 'traefik.io/v1alpha1' };
  // The route first: it must not lead to weights that are gone.
  await ports.objects.remove({ ...crd, kind: 'IngressRoute', name: overlayName(workload) });
  // A route may have called the port by its name.
  const service = await findService(ports.objects, workload);
  for (const called of service.spec.ports.flatMap(({ port, name }) => (name === undefined ? [port] : [port, name])))
    await ports.objects.remove({ ...crd, kind: 'TraefikService', name: weightedName(workload, called) });
  for (const side of ['stable', 'canary']) await ports.objects.remove(serviceRef(`${workload}-${side}`));
  return { done: 'the routes lead where they led before' };
}

function serviceRef(name: string) {
  return { apiVersion: 'v1', kind: 'Service', name };
}

async function findService(objects: StepContext['ports']['objects'], name: string) {
  const found = await objects.get(serviceRef(name));
  if (found === undefined) throw new PortError('kubernetes', 'not-found', `there is no Service ${name}`);
  return ServiceShape.parse(found);
}

/** The hash that the pods of the version which runs now carry: that of the ReplicaSet with the Deployment's image and most replicas. */
async function stableHash(objects: StepContext['ports']['objects'], workload: string): Promise<string> {
  const image = mainImage((await findDeployment(objects, workload)).spec.template, workload);
  const [best] = (await revisionsOf(objects, workload))
    .filter((one) => one.image === image && one.replicas > 0)
    .sort((a, b) => b.replicas - a.replicas);
  const hash = best?.template.metadata.labels[hashLabel];
  if (hash === undefined) throw new PortError('kubernetes', 'not-found', `${workload} has no ReplicaSet with pods`);
  return hash;
}
