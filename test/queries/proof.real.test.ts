import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { alerts } from '../../alerts/index.ts';
import { type Job, jobs } from '../../alerts/jobs.ts';
import { prometheusConfig, type StaticTargets } from '../../alerts/prometheus.ts';
import { recordingGroups } from '../../alerts/recording/index.ts';
import { ruleGroups } from '../../alerts/render.ts';
import { livekitExporterMetrics } from '../../exporters/metrics/livekit-exporter.ts';
import { duration } from '../../kernel/duration.ts';
import { freeTcpPort } from '../../lab/peers/ports.ts';
import { startPrometheus } from '../../lab/peers/prometheus.ts';
import { PrometheusMetrics } from '../../responders/adapters/prometheus.ts';
import { eventually } from '../lab/cluster/eventually.ts';
import { patienceMs } from '../support/patience.ts';
import { skipWithout } from '../support/skip-without.ts';
import { allQueries } from './all.ts';
import { startEmitters } from './emitters.ts';
import { serveExposition } from './exposition.ts';
import { presenceForms } from './presence.ts';
import { leansOn, reasonOf, stills } from './stills.ts';

/** How a query is proved, the strongest first. */
const kinds = ['live', 'recorded', 'synthetic'] as const;
type Kind = (typeof kinds)[number];
type Targets = Partial<Record<Job, readonly StaticTargets[]>>;

const tools = [
  'prometheus',
  'alertmanager',
  'redis-server',
  'livekit-server',
  'etcd',
  'kube-apiserver',
  'traefik',
  'coredns',
  'cert-manager-metrics',
  ...['node', 'blackbox', 'redis', 'postgres'].map((of) => `prometheus-${of}-exporter`),
];
/** Scrapes and rules once a second instead of every fifteen. */
const factor = 15;

const stack = new AsyncDisposableStack();
const asked = new Map<Kind, PrometheusMetrics>();
let runs: ReadonlySet<string> = new Set();

/** Three Prometheus servers: one sees only what runs, one what was recorded besides, one everything. The first in which a query has data names its proof. */
before(async () => {
  if (skipWithout(...tools) !== false) return;
  const folder = await mkdtemp(join(tmpdir(), 'gomeet-proof-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const { alertmanagerUrl, live, stir } = await startEmitters(folder, stack);
  runs = new Set(Object.keys(live));
  let targets: Targets = live;
  // `for` is left out: an alert that waits half an hour to fire would leave ALERTS without a critical one.
  const rules = {
    groups: ruleGroups({
      alerts: alerts.map((alert) => ({ ...alert, for: duration('0s') })),
      recordings: recordingGroups,
      factor,
    }),
  };
  for (const kind of kinds) {
    for (const still of stills.filter((one) => one.kind === kind)) {
      const address = await serveExposition(new URL(still.file, import.meta.url), stack);
      const more = { targets: [address], ...(still.labels === undefined ? {} : { labels: still.labels }) };
      targets = { ...targets, [still.job]: [...(targets[still.job] ?? []), more] };
    }
    const port = await freeTcpPort();
    const own = { targets: [`127.0.0.1:${port}`], labels: { namespace: 'gomeet', pod: 'prometheus-0' } };
    const config = prometheusConfig({
      factor,
      ruleFiles: ['rules.yaml'],
      discovery: {
        kind: 'static',
        alertmanagers: [new URL(alertmanagerUrl).host],
        targets: { ...targets, [jobs.prometheus]: [own] },
      },
    });
    const peer = await startPrometheus({ folder: join(folder, kind), config, rules, port });
    stack.defer(() => peer.stop());
    asked.set(kind, new PrometheusMetrics({ url: peer.url, timeoutMs: patienceMs }));
  }
  const responder = 'up{job="responder"} == 1';
  for (const metrics of asked.values()) while ((await metrics.query(responder)).length === 0) await delay(200);
  await stir();
});
after(() => stack.disposeAsync());

/** The strongest proof of each form that has one yet. */
async function prove(forms: ReadonlyMap<string, Kind | undefined>, upTo: Kind): Promise<Map<string, Kind | undefined>> {
  const proved = new Map(forms);
  for (const [form, known] of forms) {
    for (const kind of kinds.slice(0, kinds.indexOf(upTo) + 1)) {
      if (known !== undefined && kinds.indexOf(known) <= kinds.indexOf(kind)) break;
      if (((await asked.get(kind)?.query(form))?.length ?? 0) === 0) continue;
      proved.set(form, kind);
      break;
    }
  }
  return proved;
}

interface Proof {
  /** Its place, and the expression. */
  readonly query: string;
  readonly kind: Kind | undefined;
}

const atOf = (query: string) => query.slice(0, query.indexOf(': '));

/** The files that a query leans on which nothing live answers. */
function leanings({ query, kind }: Proof): ReadonlySet<string> {
  if (kind === undefined || kind === 'live') return new Set();
  return new Set(leansOn(query.slice(query.indexOf(': ') + 2), kind).map(({ file }) => file));
}

/** Whether a query has no data, or has it from nothing that it could name. */
function unproved(proof: Proof): boolean {
  return proof.kind === undefined || (proof.kind !== 'live' && leanings(proof).size === 0);
}

describe('every query on real Prometheus', { skip: skipWithout(...tools) }, () => {
  test('each returns data, and its proof is named', async (t) => {
    const formsOf = new Map(allQueries.map(({ at, expr }) => [`${at}: ${expr}`, presenceForms(expr)] as const));
    let forms = new Map<string, Kind | undefined>([...formsOf.values()].flat().map((form) => [form, undefined]));
    const weakest = (of: readonly string[]): Kind | undefined =>
      of.reduce<Kind | undefined>((worst, form) => {
        const kind = forms.get(form);
        if (kind === undefined || worst === undefined) return undefined;
        return kinds.indexOf(kind) > kinds.indexOf(worst) ? kind : worst;
      }, 'live');
    const judge = () => [...formsOf].map(([query, of]) => ({ query, of, kind: weakest(of) }));
    // What is recorded and written by hand is there at once; what runs needs its time. Looked at until each query has a
    // proof that it can name, and nothing stronger has come for a while.
    const until = Date.now() + patienceMs;
    let changedMs = Date.now();
    // On a slow machine one round takes longer than fifteen seconds, so rounds count as well.
    let unchanged = 0;
    const settled = () => Date.now() - changedMs >= 15_000 && unchanged >= 3 && !judge().some(unproved);
    while (Date.now() < until && !settled()) {
      const next = await prove(forms, 'synthetic');
      unchanged += 1;
      if ([...next].some(([form, kind]) => forms.get(form) !== kind)) {
        changedMs = Date.now();
        unchanged = 0;
      }
      forms = next;
      await delay(2_000);
    }
    const proofs = judge();
    const count = (kind: Kind) => proofs.filter((proof) => proof.kind === kind).length;
    t.diagnostic(`${proofs.length} queries: ${kinds.map((kind) => `${count(kind)} ${kind}`).join(', ')}`);
    const weaker = new Map<string, string[]>();
    for (const proof of proofs)
      for (const file of leanings(proof)) weaker.set(file, [...(weaker.get(file) ?? []), atOf(proof.query)]);
    for (const [file, places] of weaker)
      t.diagnostic(
        `${file.includes('documented') ? `synthetic, since ${reasonOf(file)}` : 'recorded'}, ${basename(file)}: ${places.join('; ')}`,
      );
    const missing = proofs
      .filter(unproved)
      .map(
        ({ query, of, kind }) =>
          `${query}\n    ${kind === undefined ? `without data: ${of.filter((form) => forms.get(form) === undefined).join('\n    ')}` : `${kind}, and leans on nothing that it could name`}`,
      );
    assert.deepEqual(missing, []);
  });

  test('nothing is written by hand for an emitter that runs, but for what it cannot be brought to say', () => {
    for (const { file, job, kind, besideLive } of stills)
      if (kind === 'synthetic') assert.equal(besideLive ?? false, runs.has(job), `${file} of ${job}`);
  });

  test('a recording that no recorder took is a failed one: LiveKit says so by webhook, after it has asked for a minute', async () => {
    const failed = `${livekitExporterMetrics.recordings.name}{result="failed"} > 0`;
    await eventually(failed, async () => (await asked.get('live')?.query(failed))?.[0]);
  });

  test('every rule is evaluated without a failure', async () => {
    for (const [kind, metrics] of asked) {
      const failures = await metrics.query('sum by (rule_group) (prometheus_rule_evaluation_failures_total) > 0');
      assert.deepEqual(failures, [], kind);
    }
  });
});
