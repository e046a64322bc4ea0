import { z } from 'zod';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import { PortError } from '../../kernel/errors.ts';
import { callJson, type JsonCall } from '../../kernel/http.ts';
import { createReadRetry, type ReadRetry } from '../../kernel/retry.ts';
import type { ActiveAlert, Alertmanager } from '../ports.ts';

/** Where Alertmanager is; time-out for one request in milliseconds, 5 s unless said. */
export interface AlertmanagerOptions {
  readonly url: string;
  readonly timeoutMs?: number;
  readonly retry?: ReadRetry;
  readonly clock?: Clock;
}

const peer = 'alertmanager';
const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const AlertList = z.array(
  z.object({
    fingerprint: z.string(),
    labels: z.record(z.string(), z.string()),
    startsAt: time,
    status: z.object({ silencedBy: z.array(z.string()), inhibitedBy: z.array(z.string()) }),
  }),
);
const SilenceList = z.array(z.object({ id: z.string(), comment: z.string(), status: z.object({ state: z.string() }) }));
const SilenceId = z.object({ silenceID: z.string().min(1) });

/** The live Alertmanager port, over API v2. */
export class AlertmanagerApi implements Alertmanager {
  private readonly options: AlertmanagerOptions;
  private readonly retried: <T>(read: () => Promise<T>) => Promise<T>;

  constructor(options: AlertmanagerOptions) {
    this.options = options;
    this.retried = createReadRetry(options.retry);
  }

  /** Silenced and inhibited ones too: they fire, only nobody is told. */
  async activeAlerts(): Promise<readonly ActiveAlert[]> {
    const alerts = await this.retried(() =>
      this.call('alerts?active=true&silenced=true&inhibited=true&unprocessed=true', AlertList),
    );
    return alerts.map(({ fingerprint, labels, startsAt, status }) => ({
      fingerprint,
      labels,
      startsAtMs: startsAt,
      silencedBy: status.silencedBy,
      inhibitedBy: status.inhibitedBy,
    }));
  }

  async silence(request: {
    labels: Readonly<Record<string, string>>;
    untilMs: number;
    by: string;
    comment: string;
    runId: string;
  }): Promise<string> {
    const matchers = Object.entries(request.labels).map(([name, value]) => ({
      name,
      value,
      isRegex: false,
      isEqual: true,
    }));
    // A matcher for an empty value matches whatever lacks the label: such a silence would cover more than was asked for.
    if (!matchers.some(({ value }) => value !== ''))
      throw new PortError(peer, 'invalid', 'a silence without labels would silence everything');
    const mark = `[run ${request.runId}]`;
    const silences = await this.retried(() => this.call('silences', SilenceList));
    const earlier = silences.find(({ comment, status }) => comment.includes(mark) && status.state !== 'expired');
    if (earlier !== undefined) return earlier.id;
    const nowMs = (this.options.clock ?? systemClock).now();
    const body = {
      matchers,
      startsAt: new Date(nowMs).toISOString(),
      endsAt: new Date(request.untilMs).toISOString(),
      createdBy: request.by,
      comment: `${request.comment} ${mark}`,
    };
    const made = await this.call('silences', SilenceId, { method: 'POST', body });
    return made.silenceID;
  }

  private call<T>(path: string, schema: z.ZodType<T>, request: Pick<JsonCall, 'method' | 'body'> = {}): Promise<T> {
    const { url, timeoutMs } = this.options;
    const address = `${url.replace(/\/+$/, '')}/api/v2/${path}`;
    return callJson({ peer, url: address, ...(timeoutMs === undefined ? {} : { timeoutMs }), ...request }, schema);
  }
}

/** The live Alertmanager port. */
export function createAlertmanager(options: AlertmanagerOptions): AlertmanagerApi {
  return new AlertmanagerApi(options);
}
