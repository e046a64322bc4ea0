import { createClient, RESP_TYPES } from 'redis';
import { z } from 'zod';
import { PortError, UsageError } from '../../../kernel/errors.ts';
import type { BackupSource, RestoreTarget } from '../../backup/define.ts';
import { lineDump, parseLine, readLines } from '../../backup/lines.ts';
import { isLiveKitKey } from '../../backup/names.ts';

const peer = 'valkey';
const pageSize = 500;
/** Stands in a target while it is being restored, so that a run that broke off is known when it begins anew. */
const marker = 'gomeet:restoring';

interface Entry {
  readonly key: Buffer;
  readonly ttlMs: number;
  readonly value: Buffer;
}
const Line = z.object({ k: z.string(), t: z.number(), v: z.string() });

/** Valkey (or Redis) key by key, with DUMP: that works on a managed service too, which allows neither SAVE nor replication. Each key is whole; keys are of different moments. */
export function valkeySource(url: string): BackupSource {
  return {
    component: 'valkey',
    ending: '.ndjson',
    async dump(signal) {
      const client = await connect(url);
      const version = /(?:valkey|redis)_version:(\S+)/.exec(await client.info('server'))?.[1] ?? 'unknown';
      return lineDump(
        entries(client, signal),
        {
          line: ({ key, ttlMs, value }) =>
            JSON.stringify({ k: key.toString('base64'), t: ttlMs, v: value.toString('base64') }),
          counted: ({ key }) => (isLiveKitKey(key) ? 'LiveKit keys' : 'keys'),
        },
        { recoveryPointMs: Date.now(), notes: { server: version } },
      );
    },
  };
}

type Client = Awaited<ReturnType<typeof connect>>;

async function* entries(client: Client, signal: AbortSignal): AsyncGenerator<Entry> {
  const binary = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  try {
    const seen = new Set<string>();
    let cursor = '0';
    do {
      signal.throwIfAborted();
      const page = await binary.scan(cursor, { COUNT: pageSize });
      cursor = String(page.cursor);
      // SCAN may name a key twice.
      const keys = page.keys.filter((key) => {
        const name = key.toString('base64');
        if (seen.has(name)) return false;
        seen.add(name);
        return true;
      });
      const [values, ttls] = await Promise.all([
        Promise.all(keys.map((key) => binary.dump(key))),
        Promise.all(keys.map((key) => binary.pTTL(key))),
      ]);
      for (const [at, key] of keys.entries()) {
        const value = values[at];
        // It expired or was deleted since SCAN named it.
        if (value === null || value === undefined) continue;
        yield { key, ttlMs: Math.max(0, Number(ttls[at])), value: Buffer.from(value) };
      }
    } while (cursor !== '0');
  } catch (error) {
    throw asPortError(error);
  } finally {
    client.destroy();
  }
}

/** Restores into an empty Valkey, or one in which an earlier restore broke off. LiveKit's own keys are left out. */
export function valkeyTarget(options: {
  url: string;
  name: string;
  productionUrl: string | undefined;
  scratch?: boolean;
}): RestoreTarget {
  const { url, name } = options;
  const production = options.productionUrl !== undefined && sameServer(url, options.productionUrl);
  const look = async (client: Client) => ({
    keys: await client.dbSize(),
    begun: (await client.exists(marker)) === 1,
  });
  return {
    component: 'valkey',
    name,
    production,
    async plan() {
      const client = await connect(url);
      try {
        const { keys, begun } = await look(client);
        if (begun) return `go on with the restore into ${name} that broke off (${keys} keys are there)`;
        if (options.scratch === true && !production) return `empty ${name} and restore into it`;
        if (keys > 0 && !production)
          throw new UsageError(`${name} holds ${keys} keys: a restore wants an empty one, so that nothing is mixed`);
        return `restore into ${name}${keys > 0 ? `, over ${keys} keys` : ''}; LiveKit's own keys are left out`;
      } finally {
        client.destroy();
      }
    },
    async restore(dump, expected) {
      const client = await connect(url);
      const counts: Record<string, number> = {
        ...(expected.counts['LiveKit keys'] === undefined ? {} : { 'LiveKit keys': 0 }),
      };
      try {
        if (options.scratch === true && !production) await client.flushDb();
        await client.set(marker, new Date().toISOString());
        let batch: Promise<unknown>[] = [];
        for await (const line of readLines(dump)) {
          const parsed = Line.safeParse(parseLine(line));
          if (!parsed.success) throw new PortError('backup', 'invalid', 'a line of the dump is no key of Valkey');
          const { k, t, v } = parsed.data;
          const key = Buffer.from(k, 'base64');
          const group = isLiveKitKey(key) ? 'LiveKit keys' : 'keys';
          counts[group] = (counts[group] ?? 0) + 1;
          if (group === 'LiveKit keys') continue;
          batch.push(client.restore(key, t, Buffer.from(v, 'base64'), { REPLACE: true }));
          if (batch.length < pageSize) continue;
          await Promise.all(batch);
          batch = [];
        }
        await Promise.all(batch);
        const there = (await client.dbSize()) - 1;
        const wanted = counts['keys'] ?? 0;
        await client.del(marker);
        return { counts, says: `${wanted} keys restored into ${name}, ${there} are there now` };
      } catch (error) {
        throw asPortError(error);
      } finally {
        client.destroy();
      }
    },
    ...(options.scratch === true && !production
      ? {
          async drop() {
            const client = await connect(url);
            await client.flushDb().finally(() => client.destroy());
          },
        }
      : {}),
  };
}

async function connect(url: string) {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: 5_000, reconnectStrategy: false },
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw asPortError(error);
  }
  return client;
}

function asPortError(error: unknown): unknown {
  if (error instanceof PortError || error instanceof UsageError || !(error instanceof Error)) return error;
  if (/WRONGPASS|NOAUTH/.test(error.message))
    return new PortError(peer, 'unauthorized', 'the password is not accepted');
  if (/NOPERM/.test(error.message)) return new PortError(peer, 'forbidden', 'a command is not allowed');
  if (/OOM/.test(error.message)) return new PortError(peer, 'unavailable', 'its memory is full');
  if (/DUMP payload|BUSYKEY|Bad data/.test(error.message))
    return new PortError(peer, 'unsupported', 'it cannot take what a newer version has dumped');
  return new PortError(peer, 'unreachable', 'cannot be reached, or the connection broke off');
}

function sameServer(a: string, b: string): boolean {
  const [one, two] = [new URL(a), new URL(b)];
  return (
    one.hostname === two.hostname &&
    (one.port || '6379') === (two.port || '6379') &&
    (one.pathname || '/') === (two.pathname || '/')
  );
}
