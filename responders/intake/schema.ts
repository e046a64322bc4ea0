import { z } from 'zod';

/** Most bytes of a webhook body: a group of 10,000 alerts of 1.6 kB. Alertmanager does not send again what is refused as too large. */
export const maxBodyBytes = 16 * 1024 * 1024;

// PostgreSQL's jsonb holds neither NUL nor half a surrogate pair: one such label must not turn away all that came with it.
const storable = (text: string) => text.toWellFormed().replaceAll('\0', '\uFFFD');
const Text = z.string().max(16_384).transform(storable);
const Texts = z
  .record(z.string().max(256), Text)
  .transform((texts) => Object.fromEntries(Object.entries(texts).map(([name, text]) => [storable(name), text])));

const firstMoment = '0001-01-01T00:00:00.000Z';
// As UTC: zone offsets beyond those that PostgreSQL knows are valid ISO 8601.
const Time = z.iso.datetime({ offset: true }).transform((text, context) => {
  const ms = Date.parse(text);
  if (!(ms >= Date.parse(firstMoment))) context.addIssue({ code: 'custom', message: 'not a moment of our era' });
  return ms >= Date.parse(firstMoment) ? new Date(ms).toISOString() : firstMoment;
});

/** One alert of Alertmanager's webhook, as far as it is used. */
export const WebhookAlert = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: Texts.refine((labels) => (labels['alertname'] ?? '') !== '', 'an alert without alertname'),
  annotations: Texts.default({}),
  startsAt: Time,
  fingerprint: z.string().regex(/^[0-9a-f]{16}$/, 'not a fingerprint'),
});
export type WebhookAlert = z.infer<typeof WebhookAlert>;

/** Alertmanager's webhook, version 4. Unknown fields are let through unread. */
export const Webhook = z.object({
  version: z.literal('4'),
  truncatedAlerts: z.number().int().nonnegative().default(0),
  alerts: z.array(WebhookAlert).min(1),
});
