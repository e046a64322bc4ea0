import { z } from 'zod';

/** What the process under test is told. Durations as Prometheus writes them, the rest in milliseconds. */
export const ProcessSettings = z.object({
  name: z.string(),
  databaseUrl: z.string(),
  webhookToken: z.string().default('process-webhook-token'),
  port: z.number().default(0),
  kubeconfig: z.string(),
  namespace: z.string().default('gomeet'),
  kubernetesTimeoutMs: z.number().default(5_000),
  fleetUrl: z.string(),
  alertmanagerUrl: z.string().optional(),
  workloads: z.array(z.string()),
  cooldown: z.string().default('15m'),
  verifyWithin: z.string().default('2m'),
  maxActsPerHour: z.number().default(100_000),
  /** Steps of each runbook that are kept. */
  steps: z.number().default(1),
  /** When room-aware scale-in is due; never unless said. */
  scaleIn: z.string().default('0 0 1 1 *'),
  verbose: z.boolean().default(false),
  /** Short enough for a test, long enough for a busy machine. */
  timings: z
    .object({
      tickMs: z.number(),
      redecideMs: z.number(),
      verifyEveryMs: z.number(),
      flapMs: z.number(),
      reconcileMs: z.number(),
      worldMs: z.number(),
      cloudMs: z.number(),
      leaseMs: z.number(),
      retryMs: z.number(),
    })
    .default({
      tickMs: 100,
      redecideMs: 500,
      verifyEveryMs: 200,
      flapMs: 60_000,
      reconcileMs: 60_000,
      worldMs: 250,
      cloudMs: 1_000,
      leaseMs: 2_000,
      retryMs: 100,
    }),
});
export type ProcessSettings = z.input<typeof ProcessSettings>;
