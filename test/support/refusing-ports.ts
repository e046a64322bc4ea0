import { PortError } from '../../kernel/errors.ts';
import type { ActPorts } from '../../responders/act/define.ts';

/** A right as a Role names it: `patch deployments`. */
export type Right = `${string} ${string}`;

/** The name of a kind in a Role. */
export function resourceOf(kind: string): string {
  const name = kind.toLowerCase();
  if (name.endsWith('y')) return `${name.slice(0, -1)}ies`;
  return name.endsWith('s') ? `${name}es` : `${name}s`;
}

/** Kubernetes ports that note which right each call needs, and refuse the one that is lacking in the API server's words. */
export function refusingPorts(ports: ActPorts, used: Set<Right>, lacking?: Right): ActPorts {
  const need = (verb: string, resource: string) => {
    used.add(`${verb} ${resource}`);
    if (lacking === `${verb} ${resource}`)
      throw new PortError('kubernetes', 'forbidden', `forbidden: User "sre" cannot ${verb} resource "${resource}"`);
  };
  const { objects, cluster } = ports;
  return {
    ...ports,
    objects: {
      async get(ref) {
        need('get', resourceOf(ref.kind));
        return await objects.get(ref);
      },
      async list(wish) {
        need('list', resourceOf(wish.kind));
        return await objects.list(wish);
      },
      async apply(object, by) {
        const { apiVersion, kind, metadata } = object;
        const { name, namespace } = metadata;
        const there = await objects.get({ apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) });
        // Applying what is not there asks for both.
        if (there === undefined) need('create', resourceOf(kind));
        need('patch', resourceOf(kind));
        return await objects.apply(object, by);
      },
      async patch(ref, patch, by) {
        need('patch', resourceOf(ref.kind));
        return await objects.patch(ref, patch, by);
      },
      async remove(ref, options) {
        need('delete', resourceOf(ref.kind));
        await objects.remove(ref, options);
      },
    },
    cluster: {
      async read() {
        for (const resource of ['deployments', 'pods']) need('list', resource);
        return await cluster.read();
      },
      async deployment(name) {
        need('get', 'deployments');
        return await cluster.deployment(name);
      },
      async scale(change) {
        need('patch', 'deployments');
        await cluster.scale(change);
      },
      async restart(change) {
        need('patch', 'deployments');
        await cluster.restart(change);
      },
      async setFloor(change) {
        need('patch', resourceOf(change.autoscaler.kind));
        await cluster.setFloor(change);
      },
      async setDeletionCost(change) {
        need('patch', 'pods');
        await cluster.setDeletionCost(change);
      },
      async evidence(workload) {
        for (const resource of ['events', 'pods', 'replicasets']) need('list', resource);
        need('get', 'pods/log');
        return await cluster.evidence(workload);
      },
    },
  };
}
