import { z } from 'zod';
import { humanMs } from '../../kernel/duration.ts';
import { formatUsd } from '../../kernel/money.ts';
import type { StepAnswer, StepContext, StepKind } from '../act/procedure.ts';
import { PodObject } from '../health/shapes.ts';
import type { Sample } from '../ports.ts';

const None = z.object({});
const dayMs = 86_400_000;

/** Answers a look with a table, and one sentence about it. */
function table(says: string, columns: readonly string[], rows: readonly (readonly string[])[]): StepAnswer {
  return { done: says, result: { table: { columns, rows } } };
}

const Query = z.object({
  query: z.string(),
  by: z.string(),
  unit: z.enum(['percent', 'count', 'seconds']),
  most: z.number(),
  none: z.string(),
});

/** The highest series of a query. A query without data is said to be one: silence is no good news. */
export const highest: StepKind<z.infer<typeof Query>> = {
  input: Query,
  async run({ query, by, unit, most, none }, { ports }) {
    const samples = (await ports.metrics.query(query)).filter(({ value }) => Number.isFinite(value));
    if (samples.length === 0) return { done: `unknown: no data; ${none}` };
    const shown = samples.toSorted((a: Sample, b: Sample) => b.value - a.value).slice(0, most);
    const text = (value: number) =>
      unit === 'percent'
        ? `${(value * 100).toFixed(1)} %`
        : unit === 'seconds'
          ? `${value.toFixed(3)} s`
          : String(Math.round(value * 10) / 10);
    const rows = shown.map(({ labels, value }) => [labels[by] ?? '', text(value)]);
    return table(`highest: ${rows[0]?.join(' ')}`, [by, unit], rows);
  },
};

/** What was rolled out within a day. */
export const rollouts: StepKind<object> = {
  input: None,
  async run(_input, { ports, nowMs }) {
    const rows = (await ports.cluster.read()).deployments.flatMap(({ name, rollouts: all }) =>
      (all ?? [])
        .filter(({ atMs }) => nowMs - atMs < dayMs)
        .map(({ atMs, revision, image }) => [name, revision, new Date(atMs).toISOString(), image]),
    );
    return table(`${rows.length} rollouts within a day`, ['deployment', 'revision', 'at', 'image'], rows);
  },
};

/** What fires now. */
export const firing: StepKind<object> = {
  input: None,
  async run(_input, { ports }) {
    const alerts = await ports.alertmanager.activeAlerts();
    const rows = alerts.map(({ labels, startsAtMs, silencedBy }) => [
      labels['alertname'] ?? '',
      labels['severity'] ?? '',
      labels['service'] ?? '',
      new Date(startsAtMs).toISOString(),
      silencedBy.length > 0 ? 'silenced' : '',
    ]);
    return table(`${rows.length} alerts fire`, ['alert', 'severity', 'service', 'since', ''], rows);
  },
};

/** What the month has cost so far, and whether a budget alert fires. */
export const cost: StepKind<object> = {
  input: None,
  async run(_input, { ports }) {
    const [{ monthToDate }, alerts] = await Promise.all([ports.cloud.read(), ports.alertmanager.activeAlerts()]);
    const over = alerts.filter(({ labels }) => /budget|cost/i.test(labels['alertname'] ?? ''));
    const words =
      over.length === 0 ? 'no cost alert fires' : `${over.map(({ labels }) => labels['alertname']).join(', ')} fires`;
    return { done: `${formatUsd(monthToDate)} this month; ${words}` };
  },
};

/** Warnings of the last six hours, counted by object and reason. */
export const warnings: StepKind<object> = {
  input: None,
  async run(_input, { ports, nowMs }) {
    const shape = z.object({
      type: z.string().default('Normal'),
      reason: z.string().default(''),
      message: z.string().default(''),
      count: z.number().nullable().optional(),
      lastTimestamp: z.string().nullable().optional(),
      eventTime: z.string().nullable().optional(),
      involvedObject: z.object({ kind: z.string().default(''), name: z.string().default('') }).prefault({}),
    });
    const events = (await ports.objects.list({ apiVersion: 'v1', kind: 'Event' })).map((object) => shape.parse(object));
    const recent = events.filter(
      ({ type, lastTimestamp, eventTime }) =>
        type === 'Warning' && nowMs - Date.parse(lastTimestamp ?? eventTime ?? '') < dayMs / 4,
    );
    const rows = recent
      .toSorted((a, b) => (b.count ?? 1) - (a.count ?? 1))
      .slice(0, 20)
      .map((one) => [
        `${one.involvedObject.kind}/${one.involvedObject.name}`,
        one.reason,
        String(one.count ?? 1),
        one.message.slice(0, 120),
      ]);
    return table(`${recent.length} warnings in six hours`, ['object', 'reason', 'times', 'message'], rows);
  },
};

/** Every image that runs, how many pods run it, and for how long the oldest has: what nobody rebuilt gets no security updates. */
export const images: StepKind<object> = {
  input: None,
  async run(_input, { ports, nowMs }) {
    const pods = (await ports.objects.list({ apiVersion: 'v1', kind: 'Pod' })).map((object) => PodObject.parse(object));
    const seen = new Map<string, { pods: number; sinceMs: number }>();
    for (const { metadata, spec } of pods)
      for (const { image } of spec.containers) {
        const sinceMs = Date.parse(metadata.creationTimestamp ?? '') || nowMs;
        const so = seen.get(image);
        seen.set(image, { pods: (so?.pods ?? 0) + 1, sinceMs: Math.min(so?.sinceMs ?? sinceMs, sinceMs) });
      }
    const rows = [...seen]
      .toSorted(([, a], [, b]) => a.sinceMs - b.sinceMs)
      .map(([image, { pods: count, sinceMs }]) => [image, String(count), `${Math.floor((nowMs - sinceMs) / dayMs)} d`]);
    const old = rows.filter(([, , age]) => Number.parseInt(age ?? '', 10) > 30).length;
    return table(
      `${rows.length} images run, ${old} of them for more than 30 days`,
      ['image', 'pods', 'runs for'],
      rows,
    );
  },
};

/** What every autoscaler wants and may. */
export const scaling: StepKind<object> = {
  input: None,
  async run(_input, { ports }) {
    const rows = (await ports.cluster.read()).deployments.flatMap(({ name, replicas, autoscaler }) =>
      autoscaler === undefined
        ? []
        : [
            [
              name,
              String(replicas),
              String(autoscaler.desiredReplicas ?? 'cannot say'),
              `${autoscaler.minReplicas} to ${autoscaler.maxReplicas}`,
            ],
          ],
    );
    const full = rows.filter(([, , wants, bounds]) => bounds?.endsWith(` ${wants}`)).length;
    return table(
      `${rows.length} autoscalers, ${full} at their maximum`,
      ['deployment', 'replicas', 'wants', 'bounds'],
      rows,
    );
  },
};

/** A step of the runbook that a person does, written out with its command. */
export const told: StepKind<{ lines: readonly string[] }> = {
  input: z.object({ lines: z.array(z.string()).readonly() }),
  run: async ({ lines }) => ({ done: 'for a person', result: { lines } }),
};

/** What is in the bucket: age, size, whether a restore has proved it. None at all is said. */
export const backups: StepKind<object> = {
  input: None,
  async run(_input, { ports, nowMs }) {
    const { finished } = await ports.backups.look();
    const [newest] = finished;
    if (newest === undefined) return { done: 'there is no finished backup' };
    const rows = finished
      .slice(0, 7)
      .map(({ id, begunAtMs, bytes, verified }) => [
        id,
        humanMs(nowMs - begunAtMs),
        `${(bytes / 1e6).toFixed(1)} MB`,
        verified ? 'proved by a restore' : 'not proved',
      ]);
    const proved = finished.find(({ verified }) => verified);
    return table(
      `the newest is ${humanMs(nowMs - newest.begunAtMs)} old; ${proved === undefined ? 'none was ever proved' : `proved last: ${proved.id}`}`,
      ['backup', 'age', 'size', ''],
      rows,
    );
  },
};

/** The last disaster-recovery test: how long ago, and what it measured. */
export const drTest: StepKind<object> = {
  input: None,
  async run(_input, { ports, nowMs }) {
    const { drTest: last } = await ports.backups.look();
    if (last === undefined) return { done: 'there never was a disaster-recovery test' };
    const { begunAtMs, ok, recoveryTimeMs, recoveryPointMs } = last;
    return {
      done: `${humanMs(nowMs - begunAtMs)} ago, ${ok ? 'passed' : 'FAILED'}: back after ${humanMs(recoveryTimeMs)}, data ${humanMs(recoveryPointMs)} old${nowMs - begunAtMs > 35 * dayMs ? '; it is overdue' : ''}`,
    };
  },
};

/** A look whose peer is away is unknown; the routine goes on with the next one. */
export function tolerant<Input>(kind: StepKind<Input>): StepKind<Input> {
  return {
    ...kind,
    async run(input: Input, context: StepContext) {
      try {
        return await kind.run(input, context);
      } catch (error) {
        return { done: `unknown: ${error instanceof Error ? error.message : String(error)}` };
      }
    },
  };
}
