import { z } from 'zod';
import { humanMs } from '../../kernel/duration.ts';
import { readWarnings } from './cluster-warnings.ts';
import type { StepKind } from './procedure.ts';

/** These steps need no input. */
export const Nothing = z.object({}).strict();
export type Nothing = z.infer<typeof Nothing>;

/** How many people and meetings there are, SFU by SFU. */
export const impact: StepKind<Nothing> = {
  input: Nothing,
  async run(_input, { ports }) {
    const fleet = await ports.fleet.read();
    const people = fleet.nodes.reduce((sum, { participants }) => sum + participants, 0);
    const lost = fleet.nodes.filter(({ state }) => state === 'lost');
    return {
      done: `${people} people in ${fleet.rooms.length} meetings on ${fleet.nodes.length} SFUs${lost.length > 0 ? `, ${lost.length} of them lost` : ''}`,
      result: {
        table: {
          columns: ['SFU', 'state', 'meetings', 'people', 'free slots'],
          rows: fleet.nodes.map(({ pod, nodeId, state, rooms, participants, freeSlots }) => [
            pod ?? nodeId,
            state,
            String(rooms),
            String(participants),
            String(freeSlots),
          ]),
        },
      },
    };
  },
};

/** Services that are short of pods, and what these wait for. */
export const affected: StepKind<Nothing> = {
  input: Nothing,
  async run(_input, { ports, declared }) {
    const { deployments, pods } = await ports.cluster.read();
    const names = new Set(declared.workloads.map(({ name }) => name));
    const bad = deployments.filter(({ name, replicas, readyReplicas }) => names.has(name) && readyReplicas < replicas);
    const down = bad.filter(({ readyReplicas }) => readyReplicas === 0);
    return {
      done:
        bad.length === 0
          ? 'every service has its pods'
          : `short of pods: ${bad.map(({ name }) => name).join(', ')}${down.length > 0 ? `; down: ${down.map(({ name }) => name).join(', ')}` : ''}`,
      result: {
        table: {
          columns: ['service', 'ready', 'waits for', 'restarts', 'last change'],
          rows: bad.map(({ name, replicas, readyReplicas, restartedAt }) => {
            const own = pods.filter(({ workload }) => workload === name);
            return [
              name,
              `${readyReplicas}/${replicas}`,
              [
                ...new Set(own.flatMap(({ waitingReason, unschedulable }) => waitingReason ?? unschedulable ?? [])),
              ].join(', ') || '-',
              String(own.reduce((sum, { restarts }) => sum + restarts, 0)),
              restartedAt ?? '-',
            ];
          }),
        },
      },
    };
  },
};

/** Load balancers without an address. */
export const loadBalancer: StepKind<Nothing> = {
  input: Nothing,
  async run(_input, { ports }) {
    const Service = z.looseObject({
      metadata: z.object({ name: z.string() }),
      spec: z.looseObject({ type: z.string().optional() }),
      status: z
        .looseObject({
          loadBalancer: z
            .looseObject({
              ingress: z
                .array(z.looseObject({ ip: z.string().optional(), hostname: z.string().optional() }))
                .optional(),
            })
            .optional(),
        })
        .optional(),
    });
    const services = (await ports.objects.list({ apiVersion: 'v1', kind: 'Service' }))
      .map((one) => Service.parse(one))
      .filter(({ spec }) => spec.type === 'LoadBalancer');
    const rows = services.map(({ metadata, status }) => [
      metadata.name,
      (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname ?? '').join(', ') || 'no address',
    ]);
    const without = rows.filter(([, address]) => address === 'no address').map(([name = '']) => name);
    return {
      done:
        rows.length === 0
          ? 'there is no load balancer'
          : without.length > 0
            ? `no address: ${without.join(', ')}`
            : 'every load balancer has its address',
      result: { table: { columns: ['load balancer', 'address'], rows } },
    };
  },
};

/** Declares it and calls people, with what the steps before have seen. */
export const notify: StepKind<Nothing> = {
  input: Nothing,
  async run(_input, { ports, run, occasion, earlier }) {
    await ports.desk.declare({ incidentId: occasion.incidentId, sev: 1, by: run.requestedBy });
    await ports.desk.escalate({ incidentId: occasion.incidentId, runId: run.id });
    return {
      done: `SEV 1 declared and the person on call was called: ${earlier.map(({ saw }) => saw ?? '').join('; ')}`,
    };
  },
};

/** What was rolled out in the last six hours. */
export const changes: StepKind<Nothing> = {
  input: Nothing,
  async run(_input, { ports, nowMs }) {
    const Revision = z.looseObject({
      metadata: z.object({ name: z.string(), creationTimestamp: z.string().optional() }),
    });
    const recent = (await ports.objects.list({ apiVersion: 'apps/v1', kind: 'ReplicaSet' }))
      .map((one) => Revision.parse(one).metadata)
      .map(({ name, creationTimestamp }) => ({ name, atMs: Date.parse(creationTimestamp ?? '') }))
      .filter(({ atMs }) => nowMs - atMs < 6 * 3_600_000)
      .sort((a, b) => b.atMs - a.atMs);
    return {
      done:
        recent.length === 0
          ? 'nothing was rolled out in the last six hours'
          : `${recent.length} rollouts in the last six hours, the newest ${recent[0]?.name} ${humanMs(nowMs - (recent[0]?.atMs ?? 0))} ago`,
      result: {
        table: {
          columns: ['revision', 'ago'],
          rows: recent.slice(0, 20).map(({ name, atMs }) => [name, humanMs(nowMs - atMs)]),
        },
      },
    };
  },
};

/** Warnings among the events that the cluster still keeps. */
export const events: StepKind<Nothing> = {
  input: Nothing,
  async run(_input, { ports, nowMs }) {
    const { columns, rows, reasons } = await readWarnings(ports.objects, nowMs);
    return {
      done:
        rows.length === 0
          ? 'no warning among the events that the cluster still keeps (an hour, by default)'
          : [...reasons].map(([reason, count]) => `${reason} ${count}`).join(', '),
      result: { table: { columns, rows: rows.slice(0, 40) } },
    };
  },
};

/** State of the managed databases. */
export const databases: StepKind<Nothing> = {
  input: Nothing,
  async run(_input, { ports }) {
    const all = await ports.databases.list();
    const bad = all.filter(({ status }) => status !== 'online');
    return {
      done:
        all.length === 0
          ? 'the account has no managed database'
          : bad.length === 0
            ? 'every managed database is online'
            : bad.map(({ name, status }) => `${name} is ${status}`).join(', '),
      result: {
        table: {
          columns: ['database', 'engine', 'status', 'nodes'],
          rows: all.map(({ name, engine, version, status, nodes }) => [
            name,
            `${engine} ${version}`,
            status,
            String(nodes),
          ]),
        },
      },
    };
  },
};

/** What could be mended at once, and by which command. */
export const quickFix: StepKind<Nothing> = {
  input: Nothing,
  async run(_input, { ports, declared }) {
    const { deployments, pods } = await ports.cluster.read();
    const lines = deployments.flatMap(({ name, replicas, readyReplicas }) => {
      if (readyReplicas >= replicas) return [];
      const own = pods.filter(({ workload }) => workload === name);
      const entry = declared.workloads.find((one) => one.name === name);
      if (own.some(({ unschedulable }) => unschedulable !== undefined))
        return [`${name}: no room on any node: gomeet scale nodes`];
      if (own.some(({ waitingReason }) => waitingReason !== undefined))
        return [`${name}: does not start, look at what changed: gomeet rollout rollback ${name}`];
      return entry?.restartable
        ? [`${name}: gomeet restart ${name}`]
        : [`${name}: holds meetings or data; gomeet explain says what the responder makes of it`];
    });
    return {
      done:
        lines.length === 0 ? 'nothing of it can be mended by a restart, a rollback or more nodes' : (lines[0] ?? ''),
      result: { lines },
    };
  },
};
