import { z } from 'zod';
import { PortError } from '../../kernel/errors.ts';
import { callJson } from '../../kernel/http.ts';
import { type Log, silentLog } from '../../kernel/log.ts';
import { createReadRetry, type ReadRetry } from '../../kernel/retry.ts';
import type { Metrics, Sample, Series } from '../ports.ts';

/** Where Prometheus is; time-out for one query in milliseconds, 10 s unless said. */
export interface PrometheusOptions {
  readonly url: string;
  readonly timeoutMs?: number;
  readonly retry?: ReadRetry;
  readonly log?: Log;
}

const peer = 'prometheus';
const Labels = z.record(z.string(), z.string());
// Prometheus writes numbers as strings, among them NaN, +Inf and -Inf.
const Value = z.string().transform((text) => Number(text.replace('Inf', 'Infinity')));
const Point = z.tuple([z.number(), Value]);
const Vector = z.object({
  resultType: z.literal('vector'),
  result: z.array(z.object({ metric: Labels, value: Point })),
});
const Scalar = z.object({ resultType: z.literal('scalar'), result: Point });
const Matrix = z.object({
  resultType: z.literal('matrix'),
  result: z.array(z.object({ metric: Labels, values: z.array(Point) })),
});
const Warnings = { warnings: z.array(z.string()).optional() };
const Instant = z.object({
  status: z.literal('success'),
  data: z.discriminatedUnion('resultType', [Vector, Scalar]),
  ...Warnings,
});
const Range = z.object({ status: z.literal('success'), data: Matrix, ...Warnings });

/** The live Metrics port, over Prometheus's HTTP API (also Mimir's and Thanos's). What is not a number is dropped: no data, never zero. */
export class PrometheusMetrics implements Metrics {
  private readonly options: PrometheusOptions;
  private readonly retried: <T>(read: () => Promise<T>) => Promise<T>;

  constructor(options: PrometheusOptions) {
    this.options = options;
    this.retried = createReadRetry(options.retry);
  }

  /** What holds now, or held at `atMs`. */
  async query(expr: string, atMs?: number): Promise<readonly Sample[]> {
    const time = atMs === undefined ? {} : { time: seconds(atMs) };
    const { data } = await this.ask('query', { query: expr, ...time }, Instant);
    const samples = data.resultType === 'scalar' ? [{ metric: {}, value: data.result }] : data.result;
    return samples
      .map(({ metric, value: [, value] }) => ({ labels: metric, value }))
      .filter(({ value }) => !Number.isNaN(value));
  }

  async queryRange(expr: string, range: { fromMs: number; toMs: number; stepMs: number }): Promise<readonly Series[]> {
    if (!(range.stepMs > 0) || range.toMs < range.fromMs)
      throw new PortError(peer, 'invalid', 'a range wants from <= to and a step above zero');
    const times = { start: seconds(range.fromMs), end: seconds(range.toMs), step: seconds(range.stepMs) };
    const { data } = await this.ask('query_range', { query: expr, ...times }, Range);
    return data.result.map(({ metric, values }) => ({
      labels: metric,
      // A chart has no place for an infinity either.
      points: values
        .filter(([, value]) => Number.isFinite(value))
        .map(([at, value]) => [Math.round(at * 1_000), value] as const),
    }));
  }

  private async ask<T extends { warnings?: string[] | undefined }>(
    path: string,
    query: Record<string, string>,
    schema: z.ZodType<T>,
  ): Promise<T> {
    const { url, timeoutMs = 10_000, log = silentLog } = this.options;
    const address = `${url.replace(/\/+$/, '')}/api/v1/${path}?${new URLSearchParams({ ...query, timeout: seconds(timeoutMs) })}`;
    const answer = await this.retried(() => callJson({ peer, url: address, timeoutMs }, schema));
    if (answer.warnings !== undefined && answer.warnings.length > 0) {
      log.warn({ expr: query['query'], warnings: answer.warnings.slice(0, 5) }, 'prometheus answered with warnings');
    }
    return answer;
  }
}

/** The live Metrics port. */
export function createPrometheus(options: PrometheusOptions): PrometheusMetrics {
  return new PrometheusMetrics(options);
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}
