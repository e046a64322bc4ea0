import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { digitalOceanPrices } from '../../model/prices/digitalocean-2026-11-21.ts';
import { databasePlans, nodeSizeBody } from './digitalocean-bodies.ts';
import { edgeRoute } from './digitalocean-edge.ts';
import { emptyEstate, type FakeEstate, listedAt, matrixOf } from './digitalocean-estate.ts';
import { advance, emptyInfra, type FakeInfra, infraRoute } from './digitalocean-infra.ts';
import { changePool, droplets, type FakeCluster, type FakePool, nodesOf, Refused } from './digitalocean-pools.ts';
import { volumeRoute } from './digitalocean-volumes.ts';

export type { FakeCluster, FakePool } from './digitalocean-pools.ts';

/** What goes wrong with one request; `truncate` sends the first half of the answer as if it were whole. */
export type ApiFault =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number; readonly message?: string }
  | { readonly kind: 'hang' }
  | { readonly kind: 'truncate' }
  /** The request takes effect and its answer is lost. */
  | { readonly kind: 'lose-answer' };

/** What the account holds when the fake starts. */
export interface DigitalOceanFakeOptions {
  readonly token: string;
  readonly clusters: readonly FakeCluster[];
  readonly dropletLimit: number;
  readonly monthToDateUsd: number;
  /** What the account holds beside its clusters; nothing unless said. */
  readonly estate?: Partial<FakeEstate>;
  /** What infrastructure stands; nothing unless said. */
  readonly infra?: Partial<FakeInfra>;
  /** Told after every change of a pool, so that a lab can boot nodes. */
  readonly onPoolChange?: (pool: FakePool) => void;
  /** Largest page the API gives, whatever is asked for; 200 in the real one. */
  readonly maxPageSize?: number;
}

/** One request as the API saw it. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly fault: ApiFault['kind'] | undefined;
}

/** DigitalOcean's API as far as the responder uses it, with state, paging, quota headers and faults, on loopback. */
export interface DigitalOceanFake {
  readonly url: string;
  /** The state itself: change it to let something happen behind the responder's back. */
  readonly account: {
    clusters: FakeCluster[];
    dropletLimit: number;
    monthToDateUsd: number;
    estate: FakeEstate;
    infra: FakeInfra;
  };
  /** What the API says is left of the hour's quota. */
  quotaLeft: number;
  readonly requests: readonly ApiRequest[];
  inject(fault: ApiFault, match?: { method?: string; path?: RegExp; times?: number }): void;
  clear(): void;
  pool(name: string): FakePool;
  stop(): Promise<void>;
}

/** Starts the fake on a free port of loopback. */
export async function startDigitalOceanFake(options: DigitalOceanFakeOptions): Promise<DigitalOceanFake> {
  const account = {
    clusters: [...structuredClone(options.clusters)],
    dropletLimit: options.dropletLimit,
    monthToDateUsd: options.monthToDateUsd,
    estate: { ...emptyEstate(), ...structuredClone(options.estate ?? {}) },
    infra: { ...emptyInfra(), ...structuredClone(options.infra ?? {}) },
  };
  const requests: ApiRequest[] = [];
  const rules: { fault: ApiFault; method: string | undefined; path: RegExp | undefined; left: number }[] = [];
  const quota = { left: 5_000 };

  function faultFor(method: string, path: string): ApiFault | undefined {
    const rule = rules.find(
      (one) => one.left > 0 && (one.method ?? method) === method && (one.path === undefined || one.path.test(path)),
    );
    if (rule !== undefined) rule.left -= 1;
    return rule?.fault;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://api');
    const method = request.method ?? 'GET';
    const body = parse(await readAll(request));
    const fault = faultFor(method, url.pathname);
    requests.push({
      method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      body,
      fault: fault?.kind,
    });
    quota.left -= 1;
    if (fault?.kind === 'hang') return;
    const answer =
      fault?.kind === 'status'
        ? faultAnswer(fault)
        : request.headers.authorization === `Bearer ${options.token}`
          ? route(method, url, body)
          : unauthorized;
    if (fault?.kind === 'lose-answer') {
      response.destroy();
      return;
    }
    const text = answer.text ?? (answer.body === undefined ? '' : JSON.stringify(answer.body));
    response.writeHead(answer.status, {
      'content-type': 'application/json; charset=utf-8',
      'ratelimit-limit': '5000',
      'ratelimit-remaining': String(quota.left),
      'ratelimit-reset': String(Math.floor(Date.now() / 1_000) + 3_600),
      ...answer.headers,
    });
    response.end(fault?.kind === 'truncate' ? text.slice(0, text.length / 2) : text);
  }

  function route(method: string, url: URL, body: unknown): Answer {
    const { pathname } = url;
    const onePool = /^\/v2\/kubernetes\/clusters\/([^/]+)\/node_pools\/([^/]+)$/.exec(pathname);
    const infrastructure = refusing(
      () => infraRoute(method, pathname, body, account) ?? edgeRoute(method, pathname, body, account.infra),
    );
    if (infrastructure !== undefined) return infrastructure;
    if (onePool !== null) return poolRoute(method, onePool[1] ?? '', onePool[2] ?? '', body);
    const page = (key: string, items: readonly unknown[]) => paged(url, key, items, options.maxPageSize ?? 200);
    const volume = volumeRoute(method, pathname, body, account.estate);
    if (volume !== undefined) return 'snapshots' in volume ? page('snapshots', volume.snapshots) : volume;
    if (method !== 'GET') return notFound;
    if (/^\/v2\/kubernetes\/clusters\/[^/]+\/kubeconfig$/.test(pathname))
      return {
        status: 200,
        body: undefined,
        text: 'apiVersion: v1\nkind: Config\n',
        headers: { 'content-type': 'application/yaml' },
      };
    switch (pathname) {
      case '/v2/account':
        return ok({
          account: {
            droplet_limit: account.dropletLimit,
            uuid: 'lab',
            team: { uuid: 'lab-team', name: 'lab' },
            email: 'lab@example.com',
            email_verified: true,
            status: 'active',
            status_message: '',
          },
        });
      case '/v2/customers/my/balance': {
        const usage = account.monthToDateUsd.toFixed(2);
        return ok({
          month_to_date_balance: usage,
          account_balance: '0.00',
          month_to_date_usage: usage,
          generated_at: new Date().toISOString(),
        });
      }
      case '/v2/droplets':
        return page('droplets', [...droplets(account.clusters), ...account.estate.droplets]);
      case '/v2/sizes':
        return page('sizes', digitalOceanPrices.nodeSizes.map(nodeSizeBody));
      case '/v2/vpcs':
        return page('vpcs', account.infra.vpcs);
      case '/v2/firewalls':
        return page('firewalls', account.infra.firewalls);
      case '/v2/kubernetes/options':
        return ok({
          options: { versions: [{ slug: '1.34.1-do.2' }, { slug: '1.34.0-do.0' }, { slug: '1.33.6-do.0' }] },
        });
      case '/v2/databases/options':
        return ok({ options: databasePlans });
      case '/v2/kubernetes/clusters':
        advance(account.infra, account.clusters);
        return page(
          'kubernetes_clusters',
          account.clusters.map((cluster) => ({ ...cluster, node_pools: cluster.node_pools.map(nodesOf) })),
        );
      default:
        return estateRoute(url, page);
    }
  }

  function estateRoute(url: URL, page: (key: string, items: readonly unknown[]) => Answer): Answer {
    const { estate, infra } = account;
    const domain = /^\/v2\/domains\/([^/]+)\/records$/.exec(url.pathname)?.[1];
    if (domain !== undefined && infra.records[domain] !== undefined)
      return page('domain_records', infra.records[domain]);
    if (url.pathname === '/v2/databases' && infra.databases.length > 0)
      return ok({ databases: [...estate.databases, ...infra.databases.map(({ parts: _parts, ...shown }) => shown)] });
    const sent = matrixOf(url, estate);
    if (sent !== undefined) return ok(sent);
    const listed = listedAt(url.pathname, estate);
    if (listed === undefined) return notFound;
    if (listed.paged === undefined) return ok(listed.body);
    const answer = page(listed.paged, listed.items);
    return ok({ ...listed.beside, ...answer.body });
  }

  function poolRoute(method: string, clusterId: string, poolId: string, body: unknown): Answer {
    const pool = account.clusters.find(({ id }) => id === clusterId)?.node_pools.find(({ id }) => id === poolId);
    if (pool === undefined) return notFound;
    if (method === 'GET') return ok({ node_pool: nodesOf(pool) });
    if (method !== 'PUT') return notFound;
    const refused = refusing(() => {
      changePool(pool, body, account);
      return undefined;
    });
    if (refused !== undefined) return refused;
    options.onPoolChange?.(pool);
    return { status: 202, body: { node_pool: nodesOf(pool) } };
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    account,
    requests,
    get quotaLeft() {
      return quota.left;
    },
    set quotaLeft(left) {
      quota.left = left;
    },
    inject: (fault, { method, path, times = 1 } = {}) => void rules.push({ fault, method, path, left: times }),
    clear: () => void rules.splice(0),
    pool(name) {
      const found = account.clusters.flatMap(({ node_pools }) => node_pools).find((pool) => pool.name === name);
      if (found === undefined) throw new Error(`no node pool ${name}`);
      return found;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Answer {
  readonly status: number;
  readonly body: object | undefined;
  /** In place of a JSON body. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const ok = (body: object): Answer => ({ status: 200, body });
const notFound: Answer = {
  status: 404,
  body: { id: 'not_found', message: 'The resource you were accessing could not be found.' },
};
const unauthorized: Answer = { status: 401, body: { id: 'unauthorized', message: 'Unable to authenticate you' } };

/** A route's answer, or the 422 that its body deserves. */
function refusing(route: () => Answer | undefined): Answer | undefined {
  try {
    return route();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { status: 422, body: { id: 'unprocessable_entity', message: error.message, request_id: randomUUID() } };
  }
}

function faultAnswer({ status, retryAfterSeconds, message }: Extract<ApiFault, { kind: 'status' }>): Answer {
  const id = status === 429 ? 'too_many_requests' : 'server_error';
  const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  return { status, body: { id, message: message ?? 'Try again later', request_id: randomUUID() }, headers };
}

function paged(url: URL, key: string, items: readonly unknown[], maxPageSize: number): Answer {
  const page = Math.max(1, Number(url.searchParams.get('page') ?? 1));
  const size = Math.min(maxPageSize, Math.max(1, Number(url.searchParams.get('per_page') ?? 20)));
  const next =
    page * size < items.length ? { pages: { next: `${url.pathname}?page=${page + 1}&per_page=${size}` } } : {};
  return ok({ [key]: items.slice((page - 1) * size, page * size), links: next, meta: { total: items.length } });
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readAll(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
