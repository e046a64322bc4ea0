import { createHmac, timingSafeEqual } from 'node:crypto';

/** Why a request was not taken for Slack's; a metric label. */
export type SignatureProblem = 'unsigned' | 'forged' | 'stale' | 'future';

/** Largest difference between Slack's clock and ours, either way (docs.slack.dev, verifying requests). */
const maxAgeSeconds = 300;

/** Checks Slack's v0 signature over `v0:timestamp:body` in constant time, and the age of the request both ways. Undefined when all is well. */
export function verifySignature(request: {
  signingSecret: string;
  timestamp: string | undefined;
  signature: string | undefined;
  body: string | Uint8Array;
  nowMs: number;
}): SignatureProblem | undefined {
  const { timestamp, signature } = request;
  if (timestamp === undefined || signature === undefined || request.signingSecret === '') return 'unsigned';
  if (!/^\d{1,12}$/.test(timestamp) || !/^v0=[0-9a-f]{64}$/.test(signature)) return 'forged';
  const given = Buffer.from(signature);
  const wanted = Buffer.from(sign(request.signingSecret, timestamp, request.body));
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return 'forged';
  const ageSeconds = request.nowMs / 1_000 - Number(timestamp);
  if (ageSeconds > maxAgeSeconds) return 'stale';
  return ageSeconds < -maxAgeSeconds ? 'future' : undefined;
}

/** The signature that Slack would send. */
export function sign(signingSecret: string, timestamp: string, body: string | Uint8Array): string {
  return `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(body).digest('hex')}`;
}
