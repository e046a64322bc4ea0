import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { PortError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { maxBodyBytes, Webhook, type WebhookAlert } from './schema.ts';
import { sameToken } from './token.ts';

/** What became of a webhook; the same word stands in the answer and in the metric. */
export type WebhookResult = 'accepted' | 'unauthorized' | 'oversized' | 'malformed' | 'truncated' | 'store-away';

/** What the route needs of the rest. */
export interface Intake {
  readonly token: string;
  readonly log: Log;
  /** Durable when it resolves; throws PortError when the store is away. */
  accept(alerts: readonly WebhookAlert[]): Promise<void>;
  counted(result: WebhookResult): void;
}

/** POST /alertmanager: 200 only after the commit, 503 when the store is away so that Alertmanager tries again, 4xx with the reason for what can never be taken. */
export function intakeRoute(intake: Intake): Hono {
  const app = new Hono();
  const answer = (result: WebhookResult, reason: string) => {
    intake.counted(result);
    if (result !== 'accepted') intake.log.warn({ result, reason }, 'webhook refused');
    return { result, reason };
  };
  app.post(
    '/alertmanager',
    async (context, next) => {
      if (!sameToken(context.req.header('authorization'), intake.token))
        return context.json(answer('unauthorized', 'want Authorization: Bearer with WEBHOOK_TOKEN'), 401);
      await next();
      return undefined;
    },
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: (context) => context.json(answer('oversized', `more than ${maxBodyBytes} bytes`), 413),
    }),
    async (context) => {
      const parsed = Webhook.safeParse(await context.req.json().catch(() => undefined));
      if (!parsed.success) {
        const issue = parsed.error.issues[0];
        return context.json(
          answer('malformed', issue === undefined ? 'not a webhook' : `${issue.path.join('.')}: ${issue.message}`),
          400,
        );
      }
      if (parsed.data.truncatedAlerts > 0)
        return context.json(
          answer('truncated', `${parsed.data.truncatedAlerts} alerts were cut off: set max_alerts: 0`),
          400,
        );
      try {
        await intake.accept(parsed.data.alerts);
      } catch (error) {
        if (!(error instanceof PortError)) throw error;
        return context.json(answer('store-away', 'the store is away; try again'), 503);
      }
      return context.json(answer('accepted', `${parsed.data.alerts.length} alerts`), 200);
    },
  );
  return app;
}
