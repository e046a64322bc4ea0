import type { Clock } from '../../kernel/clock.ts';
import { PortError } from '../../kernel/errors.ts';
import type { ActPorts } from '../act/define.ts';
import type { Core } from '../core.ts';
import type { KubeObject } from '../ports.ts';
import type { Run } from '../records.ts';
import { renewRun } from '../store/runs.ts';

/** A moment by two clocks: the wall's, which someone may set, and one that only goes forward. */
export interface Moment {
  readonly wallMs: number;
  readonly steadyMs: number;
}

/** Now. Taken before the store is asked for a lease, so that our idea of it ends before the store's. */
export function moment(clock: Clock): Moment {
  return { wallMs: clock.now(), steadyMs: performance.now() };
}

/** A run that this replica holds, until it lets go or stood still for too long. */
export interface Lease {
  isHeld(): boolean;
  /** Stops the renewal; the store's row is released by the write that ends the step. */
  end(): void;
}

/** How this replica came to a run. */
export interface Hold {
  /** It wrote the intent a moment ago, so the guards have just been asked. */
  readonly fresh: boolean;
  readonly lease: Lease;
  /** When its alert came in, for the latency to the first call. */
  readonly receivedAtMs: number | undefined;
  /** Whether the run's deadline has passed, by the store's clock. */
  readonly late: boolean;
  /** The store's clock less ours, in milliseconds. */
  readonly skewMs: number;
}

/** Keeps a run ours while a step of it takes time, by renewals that carry its fence. */
export function holdLease(
  core: Pick<Core, 'clock' | 'database' | 'name' | 'timings'>,
  run: Pick<Run, 'id' | 'fence'>,
  since: Moment,
): Lease {
  const { clock, database, name, timings } = core;
  const ended = new AbortController();
  let from = since;
  let lost = false;

  async function keep(): Promise<void> {
    while (!lost && !ended.signal.aborted) {
      await clock.sleep(timings.leaseMs / 3, ended.signal);
      if (ended.signal.aborted) return;
      const asked = moment(clock);
      try {
        if (await renewRun(database, run, { by: name, leaseMs: timings.leaseMs })) from = asked;
        else lost = true;
      } catch {
        // The store is away: the lease runs out by itself.
      }
    }
  }
  void keep();
  return {
    isHeld: () => !lost && Math.max(clock.now() - from.wallMs, performance.now() - from.steadyMs) < timings.leaseMs,
    end: () => ended.abort(),
  };
}

/** The same peers, but a write is refused here once the lease is gone: whoever stood still (SIGSTOP, a paused machine) must not act on what it decided before. */
export function fenced(
  {
    cluster,
    fleet,
    alertmanager,
    cloud,
    desk,
    objects,
    metrics,
    databases,
    registry,
    backups,
    edge,
    outside,
  }: ActPorts,
  lease: Lease,
): ActPorts {
  const check = (): void => {
    if (!lease.isHeld())
      throw new PortError('lease', 'conflict', 'this replica stood still and no longer holds the run');
  };
  return {
    fleet,
    metrics,
    backups: {
      find: (name) => backups.find(name),
      look: () => backups.look(),
      async restoreOver(change) {
        check();
        return await backups.restoreOver(change);
      },
    },
    databases: {
      list: () => databases.list(),
      backups: (id) => databases.backups(id),
      replicas: (id) => databases.replicas(id),
      async promote(change) {
        check();
        await databases.promote(change);
      },
      async restoreAs(change) {
        check();
        await databases.restoreAs(change);
      },
      async resetPassword(change) {
        check();
        return await databases.resetPassword(change);
      },
    },
    registry,
    outside: {
      open: () => outside.open(),
      async tellHosts(notice) {
        check();
        return await outside.tellHosts(notice);
      },
    },
    edge: {
      records: (domain) => edge.records(domain),
      firewalls: () => edge.firewalls(),
      async putRecord(change) {
        check();
        await edge.putRecord(change);
      },
      async removeRecord(change) {
        check();
        await edge.removeRecord(change);
      },
      async addInbound(change) {
        check();
        await edge.addInbound(change);
      },
      async removeInbound(change) {
        check();
        await edge.removeInbound(change);
      },
    },
    objects: {
      get: (ref) => objects.get(ref),
      list: (of) => objects.list(of),
      async apply(object, by) {
        check();
        return await objects.apply(object, by);
      },
      async patch(ref, patch, by) {
        check();
        return await objects.patch(ref, patch, by);
      },
      async remove(ref, options) {
        check();
        // Its address goes with it, and DNS, certificates and firewalls know that one: the original runbook's "recreate" is an outage of its own.
        if (ref.kind === 'Service' && isLoadBalancer(await objects.get(ref)))
          throw new PortError('kubernetes', 'forbidden', `${ref.name} is a load balancer and is never deleted`);
        await objects.remove(ref, options);
      },
    },
    cluster: {
      read: () => cluster.read(),
      deployment: (name) => cluster.deployment(name),
      evidence: (workload) => cluster.evidence(workload),
      async scale(change) {
        check();
        await cluster.scale(change);
      },
      async setFloor(change) {
        check();
        await cluster.setFloor(change);
      },
      async restart(change) {
        check();
        await cluster.restart(change);
      },
      async setDeletionCost(change) {
        check();
        await cluster.setDeletionCost(change);
      },
    },
    alertmanager: {
      activeAlerts: () => alertmanager.activeAlerts(),
      async silence(request) {
        check();
        return await alertmanager.silence(request);
      },
    },
    cloud: {
      read: () => cloud.read(),
      volumes: () => cloud.volumes(),
      volumeSnapshots: (id) => cloud.volumeSnapshots(id),
      async snapshotVolume(change) {
        check();
        await cloud.snapshotVolume(change);
      },
      async deleteVolume(change) {
        check();
        await cloud.deleteVolume(change);
      },
      async setPoolFloor(change) {
        check();
        await cloud.setPoolFloor(change);
      },
      async autoscalePool(change) {
        check();
        await cloud.autoscalePool(change);
      },
    },
    desk: {
      async declare(request) {
        check();
        await desk.declare(request);
      },
      async escalate(request) {
        check();
        await desk.escalate(request);
      },
    },
  };
}

function isLoadBalancer(object: KubeObject | undefined): boolean {
  const spec = object?.['spec'];
  return typeof spec === 'object' && spec !== null && 'type' in spec && spec.type === 'LoadBalancer';
}
