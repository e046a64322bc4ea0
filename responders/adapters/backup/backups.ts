import { type Config, required } from '../../../kernel/config.ts';
import type { RestoreTarget } from '../../backup/define.ts';
import { lastDrTest } from '../../backup/dr-record.ts';
import { findBackup, inventory } from '../../backup/inventory.ts';
import { kubernetesTarget } from '../../backup/objects.ts';
import { restoreBackup } from '../../backup/restore.ts';
import { backupBucket } from '../../declared.ts';
import type { Backups, Objects } from '../../ports.ts';
import { postgresTarget } from './postgres.ts';
import { createSpaces } from './spaces.ts';
import { valkeyTarget } from './valkey.ts';

/** The Backups port over the bucket of the settings. Throws a UsageError for a setting that is missing, when it is used and not before. */
export function createBackups(config: Config, objects: Objects): Backups {
  const store = () =>
    createSpaces({
      endpoint: required(config, 'SPACES_ENDPOINT'),
      region: config.SPACES_REGION,
      bucket: backupBucket(config),
      accessKeyId: required(config, 'SPACES_ACCESS_KEY'),
      secretAccessKey: required(config, 'SPACES_SECRET_KEY'),
    });
  const targetOf = (component: 'postgresql' | 'valkey' | 'kubernetes', stamp: string): RestoreTarget => {
    switch (component) {
      case 'postgresql': {
        const url = required(config, 'DO_POSTGRES_CONNECTION_STRING');
        // The database that is replaced cannot be the one that the restore is connected to.
        const server = Object.assign(new URL(url), { pathname: '/defaultdb' }).href;
        return postgresTarget({
          url: config.RESTORE_DATABASE_URL ?? server,
          database: decodeURIComponent(new URL(url).pathname.slice(1)),
          productionUrl: url,
          stamp,
          now: () => Date.now(),
        });
      }
      case 'valkey': {
        const url = required(config, 'REDIS_URL');
        return valkeyTarget({ url, name: 'production', productionUrl: url });
      }
      case 'kubernetes':
        return kubernetesTarget(objects, { namespace: config.KUBE_NAMESPACE, production: true, runId: stamp });
    }
  };
  return {
    async find(name) {
      const { id, parts } = await findBackup(await store(), name);
      return { id, components: parts.map(({ component }) => component) };
    },
    async look() {
      const bucket = await store();
      const drTest = await lastDrTest(bucket);
      return {
        finished: (await inventory(bucket)).filter(({ finished }) => finished).toReversed(),
        ...(drTest === undefined ? {} : { drTest }),
      };
    },
    async restoreOver({ id, component, stamp }) {
      const bucket = await store();
      const [result] = await restoreBackup({
        store: bucket,
        manifest: await findBackup(bucket, id),
        identity: required(config, 'BACKUP_ENCRYPTION_KEY'),
        targets: [targetOf(component, stamp)],
        overProduction: true,
        dryRun: false,
        now: () => Date.now(),
        signal: new AbortController().signal,
      });
      return { ok: result?.ok ?? false, says: result?.says ?? 'nothing was restored' };
    },
  };
}
