import { z } from 'zod';

/** Most bytes of a webhook body: about 2,000 alerts of 2 kB. */
export const maxBodyBytes = 4 * 1024 * 1024;

const Text = z.string().max(16_384);
const Texts = z.record(z.string().max(256), Text);

/** One alert of Alertmanager's webhook, as far as it is used. */
export const WebhookAlert = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: Texts.refine((labels) => (labels['alertname'] ?? '') !== '', 'an alert without alertname'),
  annotations: Texts.default({}),
  startsAt: z.iso.datetime({ offset: true }),
  fingerprint: z.string().regex(/^[0-9a-f]{16}$/, 'not a fingerprint'),
});
export type WebhookAlert = z.infer<typeof WebhookAlert>;

/** Alertmanager's webhook, version 4. Unknown fields are let through unread. */
export const Webhook = z.object({
  version: z.literal('4'),
  truncatedAlerts: z.number().int().nonnegative().default(0),
  alerts: z.array(WebhookAlert).min(1),
});
