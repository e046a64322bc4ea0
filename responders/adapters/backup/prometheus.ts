import { z } from 'zod';
import { callJson } from '../../../kernel/http.ts';
import type { BackupSource } from '../../backup/define.ts';
import { lineDump } from '../../backup/lines.ts';

const peer = 'prometheus';
const windowMs = 3_600_000;
const Matrix = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(
      z.object({ metric: z.record(z.string(), z.string()), values: z.array(z.tuple([z.number(), z.string()])) }),
    ),
  }),
});

/**
 * The samples of the last `hours` as they were scraped, in OpenMetrics, which `promtool tsdb create-blocks-from openmetrics` takes back. By plain
 * queries, one metric and hour at a time: a snapshot of the TSDB needs Prometheus's admin API, which also deletes and therefore stays off.
 */
export function metricsSource(options: {
  url: string;
  metrics: readonly string[];
  hours: number;
  now: () => number;
}): BackupSource {
  return {
    component: 'metrics',
    ending: '.om',
    async dump(signal) {
      const toMs = options.now();
      await ask(options.url, 'vector(1)[1m:1m]', toMs);
      return lineDump(
        samples(options, toMs, signal),
        { line: (line) => line, counted: (line) => (line.startsWith('#') ? 'ends' : 'samples') },
        { recoveryPointMs: toMs, notes: { hours: String(options.hours), metrics: String(options.metrics.length) } },
      );
    },
  };
}

async function* samples(
  { url, metrics, hours }: { url: string; metrics: readonly string[]; hours: number },
  toMs: number,
  signal: AbortSignal,
): AsyncGenerator<string> {
  for (const name of metrics)
    for (let endMs = toMs - (hours - 1) * windowMs; endMs <= toMs; endMs += windowMs) {
      signal.throwIfAborted();
      const { data } = await ask(url, `{__name__=${JSON.stringify(name)}}[1h]`, endMs);
      for (const { metric, values } of data.result) {
        const labels = Object.entries(metric)
          .filter(([label]) => label !== '__name__')
          .map(([label, value]) => `${label}="${escaped(value)}"`)
          .join(',');
        for (const [at, value] of values) yield `${name}{${labels}} ${value} ${at}`;
      }
    }
  yield '# EOF';
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

async function ask(url: string, query: string, atMs: number): Promise<z.infer<typeof Matrix>> {
  const address = `${url.replace(/\/+$/, '')}/api/v1/query?${new URLSearchParams({ query, time: (atMs / 1_000).toFixed(3) })}`;
  return await callJson({ peer, url: address, timeoutMs: 30_000, maxBytes: 512 * 1024 * 1024 }, Matrix);
}
