import { createServer, type Server } from 'node:http';
import { SMTPServer } from 'smtp-server';
import { startDigitalOceanFake } from '../../../lab/fakes/digitalocean.ts';
import { usageQueries } from '../../../reports/cost/queries.ts';

/** A Prometheus that knows the answers to the queries of so many days, by their names; a query that it does not know is refused. */
export async function startUsagePrometheus(
  days: number,
  answers: Partial<Record<keyof ReturnType<typeof usageQueries>, readonly (readonly [object, number])[]>>,
): Promise<{ url: string; stop(): Promise<void> }> {
  const names = new Map(Object.entries(usageQueries(days)).map(([name, expr]) => [expr as string, name]));
  const known = new Map<string, readonly (readonly [object, number])[]>(Object.entries(answers));
  const server = createServer((request, response) => {
    const name = names.get(new URL(request.url ?? '', 'http://p').searchParams.get('query') ?? '');
    const result = (known.get(name ?? '') ?? []).map(([metric, value]) => ({ metric, value: [0, String(value)] }));
    response.writeHead(name === undefined ? 400 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  });
  return { url: await listening(server), stop: () => closed(server) };
}

/** Takes what is posted to it. */
export async function startWebhook(): Promise<{ url: string; posts: string[]; stop(): Promise<void> }> {
  const posts: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    posts.push(body);
    response.end('ok');
  });
  return { url: await listening(server), posts, stop: () => closed(server) };
}

/** A mail server on loopback that keeps what it takes; it wants the password `open sesame`. */
export async function startMailServer(): Promise<{ port: number; mails: string[]; stop(): Promise<void> }> {
  const mails: string[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth({ password }, _session, done) {
      if (password === 'open sesame') done(null, { user: 'gomeet' });
      else done(new Error('535 wrong password'));
    },
    async onData(stream, _session, done) {
      let text = '';
      for await (const chunk of stream) text += chunk;
      mails.push(text);
      done();
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    mails,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const gib = 1024 ** 3;

/** An account with six c-32, a registry full of images without tags, and a volume that nobody mounts, whose name is an attack on terminals, sheets and plans. */
export async function startAccount(): ReturnType<typeof startDigitalOceanFake> {
  const volume = { region: { slug: 'fra1' }, tags: [], created_at: '2026-01-01T00:00:00Z', filesystem_type: 'ext4' };
  return await startDigitalOceanFake({
    token: 'dop_v1_0123456789abcdef0123456789abcdef',
    clusters: [
      {
        id: '0a6f0f3c-0000-4000-8000-00000000000a',
        name: 'gomeet',
        region: 'fra1',
        tags: ['k8s', 'k8s:0a6f0f3c-0000-4000-8000-00000000000a'],
        node_pools: [
          {
            id: '0a6f0f3c-0000-4000-8000-00000000000b',
            name: 'sfu',
            size: 'c-32',
            count: 6,
            auto_scale: true,
            min_nodes: 6,
            max_nodes: 20,
            labels: null,
            taints: [],
            tags: [],
          },
        ],
      },
    ],
    dropletLimit: 50,
    monthToDateUsd: 1_234.56,
    estate: {
      registry: {
        subscription: {
          tier: {
            slug: 'basic',
            monthly_price_in_cents: 500,
            included_storage_bytes: 5 * gib,
            storage_overage_price_in_cents: 2,
          },
        },
        registry: { name: 'gomeet', storage_usage_bytes: 105 * gib },
        repositories: [
          {
            name: 'gomeet/chat-service',
            manifests: [
              { digest: 'sha256:aa', tags: ['1.2.3'], compressed_size_bytes: 15 * gib },
              ...['b', 'c', 'd'].map((digest) => ({
                digest: `sha256:${digest}`,
                tags: [],
                compressed_size_bytes: 30 * gib,
              })),
            ],
          },
        ],
      },
      volumes: [
        {
          ...volume,
          id: 'v1',
          name: '=cmd()\u001b[2J\nkubectl delete ns gomeet',
          size_gigabytes: 500,
          droplet_ids: [],
        },
        { ...volume, id: 'v2', name: 'data', size_gigabytes: 100, droplet_ids: [100_000] },
      ],
    },
  });
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
