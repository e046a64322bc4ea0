import { writeFileSync } from 'node:fs';
import { systemClock } from '../../kernel/clock.ts';
import { loadConfig, required } from '../../kernel/config.ts';
import { UsageError } from '../../kernel/errors.ts';
import { valkeyTarget } from '../../responders/adapters/backup/valkey.ts';
import { createKubernetesCluster } from '../../responders/adapters/kubernetes/cluster.ts';
import { keepDrReport } from '../../responders/backup/dr-record.ts';
import { drReportPage } from '../../responders/backup/dr-report.ts';
import { drNamespace, drTest } from '../../responders/backup/dr-test.ts';
import { findBackup } from '../../responders/backup/inventory.ts';
import { kubernetesTarget } from '../../responders/backup/objects.ts';
import { secretKeys, valuesFor } from '../../responders/secrets/keys.ts';
import { writeMissing } from '../../responders/secrets/write.ts';
import { bucket, cluster, scratchTargets } from './backup-parts.ts';
import { said } from './backup-run.ts';

/** `gomeet dr test`. */
export async function test(name: string, flags: { readyWithin: string; out?: string; json?: true }): Promise<void> {
  const readyWithinMs = Number(flags.readyWithin) * 1_000;
  if (!(readyWithinMs > 0)) throw new UsageError('--ready-within: want a number of seconds');
  await said(async (signal) => {
    const config = loadConfig(process.env);
    const store = await bucket(config);
    const manifest = await findBackup(store, name);
    const has = (component: string) => manifest.parts.some((part) => part.component === component);
    const objects = cluster(config, drNamespace);
    const report = await drTest({
      store,
      manifest,
      identity: required(config, 'BACKUP_ENCRYPTION_KEY'),
      objects,
      readCluster: () => createKubernetesCluster({ kubeconfig: config.KUBECONFIG, namespace: drNamespace }).read(),
      targets: scratchTargets(config, 'dr-test')
        .map((target) => {
          if (target.component === 'kubernetes')
            return kubernetesTarget(objects, {
              namespace: drNamespace,
              production: false,
              runId: 'dr-test',
              test: true,
            });
          if (target.component === 'valkey' && config.RESTORE_REDIS_URL !== undefined)
            return valkeyTarget({
              url: config.RESTORE_REDIS_URL,
              name: 'dr-test',
              productionUrl: config.REDIS_URL,
              scratch: true,
            });
          return target;
        })
        .filter(({ component }) => has(component)),
      giveSecrets: () => giveSecrets(config.RESTORE_DATABASE_URL ?? '', config.RESTORE_REDIS_URL ?? ''),
      clock: systemClock,
      signal,
      readyWithinMs,
      say: (line) => console.error(line),
    });
    await keepDrReport(store, report);
    if (flags.out !== undefined) writeFileSync(flags.out, drReportPage(report));
    console.log(flags.json ? JSON.stringify(report, undefined, 2) : drReportPage(report));
    if (!report.ok) process.exitCode = 1;

    /** New secrets for the test alone: never production's, and they point at what was restored. */
    function giveSecrets(databaseUrl: string, redisUrl: string): Promise<readonly string[]> {
      const restored = Object.assign(new URL(databaseUrl), { pathname: '/check_dr_test' }).href;
      const keys = secretKeys();
      const placeholders = Object.fromEntries(keys.map(({ key }) => [key, 'not-in-a-test']));
      const values = valuesFor(keys, {
        ...placeholders,
        DO_POSTGRES_CONNECTION_STRING: restored,
        DATABASE_URL: restored,
        REDIS_URL: redisUrl === '' ? 'redis://127.0.0.1:6379' : redisUrl,
      });
      return writeMissing(objects, values, { runId: 'dr-test', nowMs: systemClock.now(), namespace: drNamespace });
    }
  });
}
