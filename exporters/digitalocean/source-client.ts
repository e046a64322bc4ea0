import { PortError, portErrorFromStatus } from '../../kernel/errors.ts';
import { networkError, retryAfterMs } from '../../kernel/http.ts';
import { hideSecrets } from '../../kernel/secrets.ts';
import { lacksScope } from './source-scopes.ts';

interface Get {
  get(request?: { queryParameters?: Readonly<Record<string, string | number>> }): Promise<unknown>;
}
interface NodePoolPath extends Get {
  put(body: NodePoolUpdate): Promise<unknown>;
}

/** Every field of a node pool's PUT; what is left out would be taken as empty. */
export interface NodePoolUpdate {
  readonly name: string;
  readonly autoScale: boolean;
  readonly minNodes: number;
  readonly maxNodes: number;
  /** Never beside autoScale: the two would fight. */
  readonly count?: number;
  readonly labels: { readonly additionalData: Readonly<Record<string, unknown>> } | null;
  readonly taints: readonly { readonly key: string; readonly value: string; readonly effect: string }[];
  readonly tags: readonly string[];
}

/** The routes of the SDK in use, typed here: dots ships TypeScript sources without declarations, which do not compile under this project's flags. */
export interface DotsClient {
  readonly v2: {
    readonly account: Get;
    readonly billing: {
      byAccount_urn(urn: string): {
        readonly insights: { byStart_date(start: string): { byEnd_date(end: string): Get } };
      };
    };
    readonly certificates: Get;
    readonly customers: {
      readonly my: { readonly balance: Get; readonly invoices: Get & { byInvoice_uuid(id: string): Get } };
    };
    readonly databases: Get;
    readonly domains: Get;
    readonly droplets: Get;
    readonly kubernetes: {
      readonly clusters: Get & {
        byCluster_id(id: string): { readonly node_pools: { byNode_pool_id(id: string): NodePoolPath } };
      };
    };
    readonly load_balancers: Get;
    readonly projects: Get & { byProject_id(id: string): { readonly resources: Get } };
    readonly registry: Get & {
      readonly subscription: Get;
      byRegistry_name(name: string): {
        readonly repositoriesV2: Get;
        readonly repositories: { byRepository_name(name: string): { readonly digests: Get } };
      };
    };
    readonly reserved_ips: Get;
    readonly sizes: Get;
    readonly snapshots: Get;
    readonly spaces: { readonly keys: Get };
    readonly volumes: Get & {
      byVolume_id(id: string): {
        readonly snapshots: Get & { post(body: { readonly name: string }): Promise<unknown> };
        delete(): Promise<unknown>;
      };
    };
  };
}

/** What the API said last about the quota: requests an hour, and those left. */
export interface RateQuota {
  readonly limit: number;
  readonly remaining: number;
}

/** How to reach the API; time-out for one request in milliseconds, 15 s unless said. */
export interface DotsOptions {
  readonly token: string;
  readonly url: string;
  readonly timeoutMs?: number;
  /** What carries the requests; the self-test answers them from a recording. */
  readonly transport?: typeof fetch;
  readonly onQuota?: (quota: RateQuota) => void;
}

const peer = 'digitalocean';

interface DotsModule<Client> {
  readonly DigitalOceanApiKeyAuthenticationProvider: new (token: string) => object;
  createDigitalOceanClient(adapter: object): Client;
}

/** Loads the SDK and makes a client of it, typed as the routes that the caller uses. Its own retries are left out, since they repeat writes as well (POST and PUT on 503). */
export async function createDotsClient<Client = DotsClient>(options: DotsOptions): Promise<Client> {
  // A name that tsc cannot follow keeps it out of the package's sources.
  const name: string = '@digitalocean/dots';
  const [dots, kiota] = await Promise.all([
    import(name) as Promise<DotsModule<Client>>,
    import('@microsoft/kiota-http-fetchlibrary'),
  ]);
  const carry = checkedFetch(options);
  const middlewares = kiota.MiddlewareFactory.getDefaultMiddlewares(carry).filter(
    (one) => !(one instanceof kiota.RetryHandler) && !(one instanceof kiota.RedirectHandler),
  );
  const http = kiota.KiotaClientFactory.create(carry, middlewares);
  const authentication = new dots.DigitalOceanApiKeyAuthenticationProvider(options.token);
  const adapter = new kiota.FetchRequestAdapter(authentication as never, undefined, undefined, http);
  adapter.baseUrl = options.url.replace(/\/+$/, '');
  return dots.createDigitalOceanClient(adapter);
}

/** A fetch that ends in time and lets nothing but sound JSON through: the SDK's own errors have neither name nor message. */
function checkedFetch(options: DotsOptions): (address: string, init: RequestInit) => Promise<Response> {
  const { token, timeoutMs = 15_000, transport = fetch, onQuota } = options;
  return async (address, init) => {
    let response: Response;
    let text: string;
    try {
      response = await transport(address, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
      text = await response.text();
    } catch (cause) {
      throw networkError(peer, cause, 'cannot be reached');
    }
    const quota = quotaOf(response.headers);
    if (quota !== undefined) onQuota?.(quota);
    if (response.status === 403)
      throw portErrorFromStatus(peer, response.status, lacksScope(init.method ?? 'GET', address));
    if (!response.ok) {
      const said = hideSecrets(text.slice(0, 400), [token]).slice(0, 200);
      throw portErrorFromStatus(peer, response.status, `HTTP ${response.status}: ${said}`, retryAfterMs(response));
    }
    // A PUT that has nothing to say answers 204.
    if (response.status === 204) return new Response(null, { status: 204 });
    if (!isJson(text)) throw new PortError(peer, 'unavailable', `the answer of ${text.length} characters is not JSON`);
    return new Response(text, { status: response.status, headers: { 'content-type': 'application/json' } });
  };
}

function quotaOf(headers: Headers): RateQuota | undefined {
  const limit = Number(headers.get('ratelimit-limit') ?? Number.NaN);
  const remaining = Number(headers.get('ratelimit-remaining') ?? Number.NaN);
  return Number.isFinite(limit) && Number.isFinite(remaining) ? { limit, remaining } : undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
