import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createClient } from 'redis';
import { connectApi, createAll, type LabApi } from '../../../lab/cluster/api.ts';
import { type ControlPlane, startControlPlane } from '../../../lab/cluster/control-plane.ts';
import { c32, nodeObject } from '../../../lab/cluster/nodes.ts';
import { namespaceObject, workloadObject } from '../../../lab/cluster/objects.ts';
import { type PostgresPeer, startPostgres } from '../../../lab/peers/postgres.ts';
import { type RedisPeer, startRedis } from '../../../lab/peers/redis.ts';
import { type S3Peer, startS3 } from '../../../lab/peers/s3.ts';
import { identity } from '../../responders/backup/stage.ts';
import { query } from '../../support/query.ts';
import { controlPlaneTools } from '../../support/skip-without.ts';

/** The command under test. */
export const gomeet = fileURLToPath(new URL('../../../cli/gomeet.mjs', import.meta.url));
/** What the real peers need. */
export const tools = [...controlPlaneTools, 'redis-server', 'versitygw', 'pg_dump'];
/** Stands in the cluster, and must come out nowhere. */
export const secret = 'hunter2-password';

/** A platform to lose: a control plane with services, PostgreSQL and Valkey with data, a bucket, and servers to restore to. */
export interface RecoveryRig {
  readonly api: LabApi;
  readonly postgres: PostgresPeer;
  readonly s3: S3Peer;
  readonly env: Readonly<Record<string, string>>;
  sql(url: string, text: string): Promise<Record<string, unknown>[]>;
  /** Runs `gomeet`. */
  run(
    args: readonly string[],
    more?: Record<string, string>,
    cwd?: string,
  ): Promise<{ code: number; out: string; err: string }>;
  namespaces(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Starts all of it. */
export async function startRecoveryRig(): Promise<RecoveryRig> {
  const [plane, postgres, redis, scratch, s3]: [ControlPlane, PostgresPeer, RedisPeer, RedisPeer, S3Peer] =
    await Promise.all([
      startControlPlane({ controllers: true, scheduler: true, kwok: true, namespace: 'gomeet' }),
      startPostgres({ fast: true }),
      startRedis(),
      startRedis(),
      startS3(),
    ]);
  const api = connectApi(plane.kubeconfig);
  await createAll(api, [
    namespaceObject('gomeet'),
    nodeObject('api-1', { name: 'api', size: c32 }),
    workloadObject('gomeet', { name: 'auth-service', replicas: 2, pool: 'api' }),
    workloadObject('gomeet', { name: 'prometheus', replicas: 1, pool: 'api' }),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'traefik', namespace: 'gomeet' },
      spec: { type: 'LoadBalancer', selector: { app: 'traefik' }, ports: [{ name: 'web', port: 443 }] },
    } as never,
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'api-config', namespace: 'gomeet' },
      data: { a: '1' },
    } as never,
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'gomeet-secrets', namespace: 'gomeet' },
      stringData: { JWT_SECRET: secret },
    } as never,
  ]);
  await query(postgres.url, 'create database gomeet');
  await query(
    postgres.at('gomeet'),
    `create table users as select n as id, md5(n::text) as name from generate_series(1, 30000) n`,
  );
  const client = createClient({ url: redis.url });
  await client.connect();
  for (let n = 0; n < 50; n += 1) await client.set(`k${n}`, 'v');
  client.destroy();
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    KUBECONFIG: plane.kubeconfig,
    DO_POSTGRES_CONNECTION_STRING: postgres.at('gomeet'),
    REDIS_URL: redis.url,
    RESTORE_DATABASE_URL: postgres.url,
    RESTORE_REDIS_URL: scratch.url,
    SPACES_ENDPOINT: s3.endpoint,
    SPACES_BUCKET: s3.bucket,
    SPACES_ACCESS_KEY: s3.accessKeyId,
    SPACES_SECRET_KEY: s3.secretAccessKey,
    BACKUP_ENCRYPTION_KEY: identity,
  };
  return {
    api,
    postgres,
    s3,
    env,
    sql: query,
    run: (args, more = {}, cwd = process.cwd()) =>
      new Promise((resolve) => {
        execFile(
          process.execPath,
          [gomeet, ...args],
          { cwd, env: { ...env, ...more }, maxBuffer: 1e8, timeout: 600_000 },
          (error, out, err) =>
            resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1, out, err }),
        );
      }),
    namespaces: async () => (await api.core.listNamespace()).items.map(({ metadata }) => metadata?.name ?? ''),
    async stop() {
      await Promise.all([plane.stop(), postgres.stop(), redis.stop(), scratch.stop(), s3.stop()]);
    },
  };
}
