import { createDotsClient } from '../../../exporters/digitalocean/source-client.ts';
import { errorText, PortError } from '../../../kernel/errors.ts';
import * as shapes from './shapes.ts';

const pool = {
  id: 'f49f4379-7e7f-4af5-aeb6-0354bd840778',
  name: 'backend-pool',
  size: 'g-4vcpu-16gb',
  count: 2,
  tags: ['production', 'k8s', 'k8s:bd5f5959-5e1e-4205-a714-a914373942af', 'k8s:worker'],
  labels: { service: 'backend' },
  taints: [{ key: 'dedicated', value: 'backend', effect: 'NoSchedule' }],
  auto_scale: true,
  min_nodes: 2,
  max_nodes: 5,
  nodes: [
    {
      id: '3385619f-8ec3-42ba-bb23-8d21b8ba7518',
      name: 'affectionate-nightingale-3nif',
      status: { state: 'running' },
      droplet_id: '205545373',
      created_at: '2018-11-15T16:00:11Z',
      updated_at: '2018-11-15T16:00:11Z',
    },
  ],
};

/** One answer of each route in use, as the API's published specification shows it (digitalocean/openapi, resources/kubernetes/responses/examples.yml). */
export const recordedAnswers: Readonly<Record<string, unknown>> = {
  '/v2/kubernetes/clusters': {
    kubernetes_clusters: [
      {
        id: 'bd5f5959-5e1e-4205-a714-a914373942af',
        name: 'prod-cluster-01',
        region: 'nyc1',
        version: '1.33.1-do.0',
        cluster_subnet: '10.244.0.0/16',
        service_subnet: '10.245.0.0/16',
        tags: ['k8s', 'k8s:bd5f5959-5e1e-4205-a714-a914373942af'],
        node_pools: [pool],
        auto_upgrade: false,
        status: { state: 'running' },
        created_at: '2018-11-15T16:00:11Z',
        updated_at: '2018-11-15T16:00:11Z',
      },
    ],
    links: {},
    meta: { total: 1 },
  },
  '/v2/kubernetes/clusters/c/node_pools/p': { node_pool: pool },
  '/v2/account': {
    account: {
      droplet_limit: 25,
      floating_ip_limit: 5,
      email: '',
      uuid: 'b6fr89dbf6d9156cace5f3c78dc9851d957381ef',
      email_verified: true,
      status: 'active',
      status_message: '',
    },
  },
  '/v2/droplets': {
    droplets: [
      {
        id: 205545373,
        name: 'n',
        memory: 16384,
        vcpus: 4,
        disk: 50,
        features: ['monitoring'],
        backup_ids: [],
        snapshot_ids: [7938206],
        volume_ids: [],
        size_slug: 'g-4vcpu-16gb',
        tags: ['k8s'],
        status: 'active',
      },
    ],
    links: {},
    meta: { total: 2 },
  },
  '/v2/volumes': {
    volumes: [
      {
        id: '506f78a4-e098-11e5-ad9f-000f53306ae1',
        region: { name: 'New York 1', slug: 'nyc1', features: [], available: true, sizes: [] },
        droplet_ids: [3164444],
        name: 'pvc-1',
        size_gigabytes: 10,
        created_at: '2020-07-28T18:24:00Z',
        tags: ['k8s'],
      },
    ],
    links: {},
    meta: { total: 1 },
  },
  '/v2/volumes/v/snapshots': {
    snapshots: [
      {
        id: '8eb4d51a-873f-11e6-96bf-000f53315a41',
        name: 'big-data-snapshot1475261774',
        regions: ['nyc1'],
        created_at: '2020-09-30T18:56:12Z',
        resource_id: '82a48a18-873f-11e6-96bf-000f53315a41',
        resource_type: 'volume',
        min_disk_size: 10,
        size_gigabytes: 0.16,
        tags: ['aninterestingtag'],
      },
    ],
    links: {},
    meta: { total: 1 },
  },
  '/v2/customers/my/balance': {
    month_to_date_balance: '23.44',
    account_balance: '12.23',
    month_to_date_usage: '11.21',
    generated_at: '2019-07-09T15:01:12Z',
  },
};

/**
 * Runs a recorded answer of every route through the installed SDK. With other Kiota packages than the pinned ones (`overrides` in package.json, which only the
 * root package can set) the SDK cannot read an array of strings: better known at start than in an incident. Throws a PortError (unsupported).
 */
export async function selfTest(answers: Readonly<Record<string, unknown>> = recordedAnswers): Promise<void> {
  const client = await createDotsClient({
    token: 'self-test',
    url: 'http://self-test.invalid',
    transport: answerFrom(answers),
  });
  const { account, droplets, customers, kubernetes, volumes } = client.v2;
  const onePool = kubernetes.clusters.byCluster_id('c').node_pools.byNode_pool_id('p');
  const routes = {
    account: async () => shapes.Account.parse(await account.get()),
    droplets: async () => shapes.Droplets.parse(await droplets.get({ queryParameters: { page: 1, perPage: 1 } })),
    balance: async () => shapes.Balance.parse(await customers.my.balance.get()),
    volumes: async () =>
      shapes.Volumes.parse(await volumes.get()).volumes?.[0]?.droplets[0] === '3164444' || fail('holders'),
    'volume snapshots': async () =>
      shapes.Snapshots.parse(await volumes.byVolume_id('v').snapshots.get()).snapshots?.[0]?.sizeGigabytes === 0.16 ||
      fail('sizes'),
    clusters: async () =>
      shapes.Clusters.parse(await kubernetes.clusters.get()).kubernetesClusters[0]?.nodePools[0]?.tags[0] ===
        'production' || fail('tags'),
    'node pool': async () =>
      shapes.OnePool.parse(await onePool.get()).nodePool.labels?.['service'] === 'backend' || fail('labels'),
  };
  for (const [name, read] of Object.entries(routes)) {
    await read().catch((error: unknown) => {
      throw new PortError(
        'digitalocean',
        'unsupported',
        `the installed SDK cannot read ${name}: ${errorText(error).slice(0, 200)}; install with the overrides of package.json`,
      );
    });
  }
}

function fail(what: string): never {
  throw new Error(`${what} were lost`);
}

function answerFrom(answers: Readonly<Record<string, unknown>>): typeof fetch {
  return async (address) => {
    const { pathname } = new URL(address instanceof Request ? address.url : address);
    const answer = answers[pathname];
    return answer === undefined ? new Response('{"id":"not_found"}', { status: 404 }) : Response.json(answer);
  };
}
