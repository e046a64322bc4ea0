import { execFile } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { compress, compressRecording } from '../../alerts/compress.ts';
import { alerts } from '../../alerts/index.ts';
import { jobs } from '../../alerts/jobs.ts';
import { prometheusConfig, scrapeInterval } from '../../alerts/prometheus.ts';
import { recordingGroups } from '../../alerts/recording/index.ts';
import { ruleGroups } from '../../alerts/render.ts';
import { objectives } from '../../alerts/slo/objectives.ts';
import { toMs } from '../../kernel/duration.ts';
import { freeTcpPort } from '../../lab/peers/ports.ts';
import { startPrometheus } from '../../lab/peers/prometheus.ts';
import { findTool } from '../../lab/toolbox.ts';
import { PrometheusMetrics } from '../../responders/adapters/prometheus.ts';
import { type Figure, figure } from './figures.ts';
import { platformAtSize } from './rules-platform.ts';

/** Everything three times as fast, so that windows of five minutes are full after two; a window holds as many samples as in production, so one evaluation costs the same. */
const factor = 3;
const intervalMs = toMs(scrapeInterval) / factor;
/** Share of the interval that one evaluation of all rules may take on one core. */
const maxShare = 0.02;

/** What all rules cost on a platform of 100 SFUs, 2,500 rooms and 60 services: series they add, and seconds of one evaluation on real Prometheus, with a month of recorded budgets behind it. */
export async function benchRules({ say, runs }: { say(line: string): void; runs: number }): Promise<Figure[]> {
  const promtool = findTool('promtool');
  if (promtool === undefined || findTool('prometheus') === undefined) {
    say('rules: left out, prometheus or promtool is not installed');
    return [];
  }
  const folder = await mkdtemp(join(tmpdir(), 'gomeet-bench-rules-'));
  const targets = platformAtSize({ sfus: 100, rooms: 2_500, services: 60 });
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(targets.get(request.url ?? '')?.text(performance.now() / 1_000) ?? '');
  });
  const port = await freeTcpPort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  try {
    say('rules: a month of recorded budgets is written');
    await backfill(promtool, folder);
    const own = await freeTcpPort();
    const byJob = Map.groupBy(targets, ([, { job }]) => job);
    const prometheus = await startPrometheus({
      folder,
      port: own,
      retention: '90d',
      config: prometheusConfig({
        factor,
        ruleFiles: ['rules.yaml'],
        discovery: {
          kind: 'static',
          alertmanagers: [],
          targets: {
            ...Object.fromEntries(
              [...byJob].map(([job, of]) => [
                job,
                of.map(([path, { labels }]) => ({
                  targets: [`127.0.0.1:${port}`],
                  labels: { ...labels, __metrics_path__: path, instance: path },
                })),
              ]),
            ),
            [jobs.prometheus]: [{ targets: [`127.0.0.1:${own}`] }],
          },
        },
      }),
      rules: {
        groups: ruleGroups({
          factor,
          alerts: alerts.map((alert) => compress(alert, factor)),
          recordings: Object.fromEntries(
            Object.entries(recordingGroups).map(([name, rules]) => [
              name,
              rules.map((rule) => compressRecording(rule, factor)),
            ]),
          ),
        }),
      },
    });
    try {
      const metrics = new PrometheusMetrics({ url: prometheus.url });
      const one = async (query: string) => (await metrics.query(query))[0]?.value ?? Number.NaN;
      say('rules: windows of five minutes fill');
      await delay((5 * 60_000) / factor + 4 * intervalMs);
      // Processor time with rules and without them, and not the time on the wall: what else runs on the machine does not count.
      const intervals = 8 * Math.max(1, Math.round(runs / 3));
      const spent = async () => {
        const before = cpuSeconds(prometheus.pid);
        await delay(intervals * intervalMs);
        return (cpuSeconds(prometheus.pid) - before) / intervals;
      };
      const withRules = await spent();
      const all = await one('max(prometheus_tsdb_head_series)');
      const failures = await one('sum(prometheus_rule_evaluation_failures_total)');
      if (failures > 0) throw new Error(`${failures} evaluations failed`);
      const added = await one('count({__name__=~".+:.+|ALERTS.*|gomeet_(active_meetings|participants)_total"})');
      await writeFile(join(folder, 'rules.yaml'), 'groups: []\n');
      prometheus.signal('SIGHUP');
      await delay(2 * intervalMs);
      const without = await spent();
      const intervalSeconds = toMs(scrapeInterval) / 1_000;
      return [
        figure('rules: series that recording rules and alerts add', added, 'series', { limit: all }),
        figure('rules: one evaluation of all of them, processor time', withRules - without, 's', {
          must: maxShare * intervalSeconds,
          limit: intervalSeconds,
        }),
      ];
    } finally {
      await prometheus.stop();
    }
  } finally {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Processor time of a process so far, user and system, in seconds (proc(5): the 14th and 15th field, in hundredths). */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** A month, shortened, of what the budgets of the objectives are summed from: without it those rules would have nothing to read. */
async function backfill(promtool: string, folder: string): Promise<void> {
  const file = join(folder, 'month.om');
  const toSeconds = Math.floor(Date.now() / 1_000) - 60;
  const fromSeconds = toSeconds - (30 * 86_400) / factor;
  const step = intervalMs / 1_000;
  function* lines(): Generator<string> {
    for (const { key } of objectives)
      for (const [series, value] of [
        [`platform:${key}_errors:rate5m`, 0.01],
        [`platform:${key}_total:rate5m`, 100],
      ] as const) {
        yield `# TYPE ${series} gauge\n`;
        for (let at = fromSeconds; at < toSeconds; at += step) yield `${series} ${value} ${at}\n`;
      }
    yield '# EOF\n';
  }
  await pipeline(Readable.from(lines()), createWriteStream(file));
  await promisify(execFile)(promtool, [
    ...['tsdb', 'create-blocks-from', '--max-block-duration=24d', 'openmetrics'],
    ...[file, join(folder, 'data')],
  ]);
  await rm(file);
}
