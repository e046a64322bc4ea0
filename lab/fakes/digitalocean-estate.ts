/** What an account holds beside clusters, each thing as the API lists it; the tests write the bodies, the fake pages and serves them. */
export interface FakeEstate {
  droplets: object[];
  databases: object[];
  loadBalancers: object[];
  volumes: object[];
  snapshots: object[];
  /** Without one the subscription is a 404. */
  registry:
    | { readonly subscription: object; readonly registry: object; readonly repositories?: readonly FakeRepository[] }
    | undefined;
  reservedIps: object[];
  certificates: object[];
  domains: object[];
  spacesKeys: object[];
  projects: FakeProject[];
  invoices: FakeInvoice[];
  preview: FakeInvoice | undefined;
  insights: object[];
  /** Outbound public Mbit/s of every Droplet, constant. */
  bandwidthMbps: number;
  /** Connections of every load balancer. */
  connections: number;
}

/** A repository of the registry with its manifests, as the API lists them. */
interface FakeRepository {
  readonly name: string;
  readonly manifests: readonly object[];
}

/** A project and the URNs in it. */
export interface FakeProject {
  readonly id: string;
  readonly name: string;
  readonly urns: readonly string[];
}

/** An invoice with its items. */
export interface FakeInvoice {
  readonly invoice_uuid: string;
  readonly amount: string;
  readonly invoice_period: string;
  readonly items: readonly object[];
}

/** An account that has nothing. */
export function emptyEstate(): FakeEstate {
  return {
    droplets: [],
    databases: [],
    loadBalancers: [],
    volumes: [],
    snapshots: [],
    registry: undefined,
    reservedIps: [],
    certificates: [],
    domains: [],
    spacesKeys: [],
    projects: [],
    invoices: [],
    preview: undefined,
    insights: [],
    bandwidthMbps: 0,
    connections: 0,
  };
}

type Listed =
  | { readonly paged: string; readonly items: readonly object[]; readonly beside?: object }
  | { readonly paged: undefined; readonly body: object };

/** What stands at a path: a list to be paged, or one body; undefined for a 404. */
export function listedAt(path: string, estate: FakeEstate): Listed | undefined {
  const list = (paged: string, items: readonly object[], beside = {}): Listed => ({ paged, items, beside });
  const resources = /^\/v2\/projects\/([^/]+)\/resources$/.exec(path);
  if (resources !== null) {
    const project = estate.projects.find(({ id }) => id === resources[1]);
    return project === undefined
      ? undefined
      : list(
          'resources',
          project.urns.map((urn) => ({ urn, status: 'ok' })),
        );
  }
  const repositories = estate.registry?.repositories ?? [];
  if (/^\/v2\/registry\/[^/]+\/repositoriesV2$/.test(path))
    return list(
      'repositories',
      repositories.map(({ name, manifests }) => ({ name, manifest_count: manifests.length })),
    );
  const digests = /^\/v2\/registry\/[^/]+\/repositories\/([^/]+)\/digests$/.exec(path);
  if (digests !== null) {
    const found = repositories.find(({ name }) => name === decodeURIComponent(digests[1] ?? ''));
    return found && list('manifests', found.manifests);
  }
  const invoice = /^\/v2\/customers\/my\/invoices\/([^/]+)$/.exec(path);
  if (invoice !== null) {
    const found = [...estate.invoices, estate.preview].find((one) => one?.invoice_uuid === invoice[1]);
    return found === undefined ? undefined : list('invoice_items', found.items);
  }
  if (/^\/v2\/billing\/[^/]+\/insights\//.test(path))
    return { paged: undefined, body: { data_points: estate.insights, total_items: estate.insights.length } };
  switch (path) {
    case '/v2/databases':
      return { paged: undefined, body: { databases: estate.databases } };
    case '/v2/load_balancers':
      return list('load_balancers', estate.loadBalancers);
    case '/v2/volumes':
      return list('volumes', estate.volumes);
    case '/v2/snapshots':
      return list('snapshots', estate.snapshots);
    case '/v2/reserved_ips':
      return list('reserved_ips', estate.reservedIps);
    case '/v2/certificates':
      return list('certificates', estate.certificates);
    case '/v2/domains':
      return list('domains', estate.domains);
    case '/v2/spaces/keys':
      return list('keys', estate.spacesKeys);
    case '/v2/projects':
      return list('projects', estate.projects.map(withoutUrns));
    case '/v2/customers/my/invoices':
      return list('invoices', estate.invoices.map(withoutItems), {
        invoice_preview: estate.preview === undefined ? null : withoutItems(estate.preview),
      });
    case '/v2/registry/subscription':
      return estate.registry && { paged: undefined, body: { subscription: estate.registry.subscription } };
    case '/v2/registry':
      return estate.registry && { paged: undefined, body: { registry: estate.registry.registry } };
    default:
      return undefined;
  }
}

/** A monitoring route's answer: one point in five minutes from start to end; undefined for any other path. */
export function matrixOf(url: URL, estate: FakeEstate): object | undefined {
  if (!url.pathname.startsWith('/v2/monitoring/metrics/')) return undefined;
  const start = Number(url.searchParams.get('start'));
  const end = Number(url.searchParams.get('end'));
  const value = String(url.pathname.endsWith('/bandwidth') ? estate.bandwidthMbps : estate.connections);
  const points = Math.floor((end - start) / 300) + 1;
  const values = Array.from({ length: Math.max(0, points) }, (_none, index) => [start + index * 300, value]);
  return { status: 'success', data: { resultType: 'matrix', result: [{ metric: {}, values }] } };
}

function withoutItems({ items: _items, ...head }: FakeInvoice): object {
  return { ...head, updated_at: `${head.invoice_period}-28T00:00:00Z` };
}

function withoutUrns({ urns: _urns, ...head }: FakeProject): object {
  return { ...head, is_default: false };
}
