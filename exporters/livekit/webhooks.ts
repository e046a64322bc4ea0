import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { LiveKitEvent } from './domain.ts';

/** What became of a webhook. */
export type WebhookResult = 'accepted' | 'duplicate' | 'unsigned' | 'forged' | 'oversize';

/** What the webhook route needs. */
export interface WebhookOptions {
  /** Undefined for what our LiveKit did not sign. */
  readonly verify: (body: string, authorization: string) => Promise<LiveKitEvent | undefined>;
  /** Called after the answer has gone out. */
  readonly onEvent: (event: LiveKitEvent) => void;
  /** Counts; `event` is one of a closed list. */
  readonly onResult: (event: string, result: WebhookResult) => void;
}

// The largest is a participant_joined with metadata; a body of a megabyte is no webhook.
const maxBodyBytes = 262_144;
const rememberedIds = 20_000;

// An unknown name becomes `other`: a label takes no word from outside.
const eventNames: ReadonlySet<string> = new Set([
  'room_started',
  'room_finished',
  'participant_joined',
  'participant_left',
  'participant_connection_aborted',
  'track_published',
  'track_unpublished',
  'egress_started',
  'egress_updated',
  'egress_ended',
  'ingress_started',
  'ingress_ended',
  'agent_job_started',
  'agent_job_ended',
]);

/** POST /livekit/webhook: verified over the raw body, answered at once, worked on after; each event id counts once. */
export function webhookRoute(options: WebhookOptions): Hono {
  const seen = new Set<string>();
  const app = new Hono();
  const limit = bodyLimit({
    maxSize: maxBodyBytes,
    onError: (context) => {
      options.onResult('unknown', 'oversize');
      return context.text('too large\n', 413);
    },
  });
  app.post('/livekit/webhook', limit, async (context) => {
    const authorization = context.req.header('authorization');
    if (authorization === undefined || authorization === '') {
      options.onResult('unknown', 'unsigned');
      return context.text('not signed\n', 401);
    }
    const event = await options.verify(await context.req.text(), authorization);
    if (event === undefined) {
      options.onResult('unknown', 'forged');
      return context.text('signature refused\n', 401);
    }
    const name = eventNames.has(event.event) ? event.event : 'other';
    if (seen.has(event.id)) {
      options.onResult(name, 'duplicate');
      return context.text('known\n');
    }
    seen.add(event.id);
    if (seen.size > rememberedIds) seen.delete(seen.values().next().value ?? '');
    options.onResult(name, 'accepted');
    setImmediate(() => options.onEvent(event));
    return context.text('ok\n');
  });
  return app;
}
