import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freeTcpPort } from './ports.ts';
import { endPeer, type Peer, startPeer, untilReady } from './process.ts';

/** A real S3 server on loopback: versitygw over a folder. */
export interface S3Peer extends Peer {
  readonly endpoint: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  /** Where its objects lie, one file each. */
  readonly folder: string;
  stop(): Promise<void>;
}

const keys = { accessKeyId: 'lab-access', secretAccessKey: 'lab-only-secret' };

/** Starts versitygw with one empty bucket; `folder` and `port` bring one back as it was. */
export async function startS3(options: { folder?: string; port?: number } = {}): Promise<S3Peer> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'gomeet-s3-')));
  const bucket = 'gomeet-backups';
  await mkdir(join(folder, bucket), { recursive: true });
  const port = options.port ?? (await freeTcpPort());
  const endpoint = `http://127.0.0.1:${port}`;
  const peer = startPeer('versitygw', ['--port', `127.0.0.1:${port}`, 'posix', folder], {
    ROOT_ACCESS_KEY: keys.accessKeyId,
    ROOT_SECRET_KEY: keys.secretAccessKey,
  });
  await untilReady(peer, 'versitygw', async () => (await fetch(endpoint)).status > 0);
  return {
    ...peer,
    ...keys,
    endpoint,
    bucket,
    region: 'us-east-1',
    folder,
    async stop() {
      await endPeer(peer, [{ signal: 'SIGTERM', waitMs: 1_000 }]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
