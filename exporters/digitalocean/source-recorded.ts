import { recordedBilling } from './source-recorded-billing.ts';
import { recordedRegistry } from './source-recorded-registry.ts';

const page = { links: {}, meta: { total: 1 } };
const createdAt = '2020-03-13T19:20:47Z';

/** One answer of each route in use, as the API's published specification shows it (digitalocean/openapi, 7c1300c): the self-test at start reads each. */
export const recordedAnswers: Readonly<Record<string, unknown>> = {
  ...recordedBilling,
  '/v2/account': {
    account: {
      droplet_limit: 25,
      floating_ip_limit: 5,
      email: 'sammy@digitalocean.com',
      uuid: 'b6fr89dbf6d9156cace5f3c78dc9851d957381ef',
      email_verified: true,
      status: 'active',
      status_message: ' ',
      team: { uuid: '5df3e3004a17e242b7c20ca6c9fc25b701a47ece', name: 'My Team' },
    },
  },
  '/v2/sizes': {
    sizes: [
      {
        slug: 'c-32',
        memory: 65536,
        vcpus: 32,
        disk: 400,
        transfer: 9,
        price_monthly: 672,
        price_hourly: 1.000005,
        regions: ['fra1', 'nyc1'],
        available: true,
        description: 'CPU-Optimized',
        networking_throughput: 2000,
      },
    ],
    ...page,
  },
  '/v2/droplets': {
    droplets: [
      {
        id: 3164444,
        name: 'sfu-abc',
        memory: 65536,
        vcpus: 32,
        disk: 400,
        locked: false,
        status: 'active',
        created_at: createdAt,
        features: ['backups', 'private_networking'],
        backup_ids: [53893572],
        snapshot_ids: [67512819],
        volume_ids: [],
        size_slug: 'c-32',
        region: { name: 'Frankfurt 1', slug: 'fra1', features: ['metadata'], available: true, sizes: ['c-32'] },
        tags: ['k8s', 'k8s:bd5f5959-5e1e-4205-a714-a914373942af'],
        vpc_uuid: '760e09ef-dc84-11e8-981e-3cfdfeaae000',
      },
    ],
    ...page,
  },
  '/v2/kubernetes/clusters': {
    kubernetes_clusters: [
      {
        id: 'bd5f5959-5e1e-4205-a714-a914373942af',
        name: 'prod-cluster-01',
        region: 'nyc1',
        version: '1.33.1-do.0',
        cluster_subnet: '10.244.0.0/16',
        service_subnet: '10.245.0.0/16',
        ha: true,
        tags: ['k8s'],
        status: { state: 'running' },
        created_at: createdAt,
        node_pools: [
          {
            id: 'cdda885e-7663-40c8-bc74-3a036c66545d',
            name: 'frontend-pool',
            size: 'c-32',
            count: 1,
            tags: ['production'],
            labels: null,
            taints: [],
            auto_scale: true,
            min_nodes: 1,
            max_nodes: 20,
            nodes: [
              {
                id: '478247f8-b1bb-4f7a-8db9-2a5f8d4b8f8f',
                name: 'adoring-newton-3niq',
                status: { state: 'provisioning' },
                droplet_id: '205545370',
                created_at: createdAt,
                updated_at: createdAt,
              },
            ],
          },
        ],
      },
    ],
    ...page,
  },
  '/v2/databases': {
    databases: [
      {
        id: '9cc10173-e9ea-4176-9dbc-a4cee4c4ff30',
        name: 'backend',
        engine: 'pg',
        version: '14',
        num_nodes: 2,
        size: 'db-s-2vcpu-4gb',
        region: 'nyc3',
        status: 'online',
        created_at: createdAt,
        tags: ['production'],
        storage_size_mib: 61440,
      },
    ],
  },
  '/v2/load_balancers': {
    load_balancers: [
      {
        id: '4de7ac8b-495b-4884-9a69-1050c6793cd6',
        name: 'example-lb-01',
        ip: '104.131.186.241',
        size_unit: 3,
        algorithm: 'round_robin',
        status: 'active',
        created_at: createdAt,
        type: 'REGIONAL_NETWORK',
        network: 'EXTERNAL',
        region: { name: 'New York 3', slug: 'nyc3', features: [], available: true, sizes: ['c-32'] },
        droplet_ids: [3164444, 3164445],
        forwarding_rules: [],
      },
    ],
    ...page,
  },
  '/v2/volumes': {
    volumes: [
      {
        id: '506f78a4-e098-11e5-ad9f-000f53306ae1',
        region: { name: 'New York 1', slug: 'nyc1', features: [], available: true, sizes: [] },
        droplet_ids: [3164444],
        name: 'pvc-1',
        description: '',
        size_gigabytes: 10,
        created_at: createdAt,
        filesystem_type: 'ext4',
        filesystem_label: '',
        tags: ['k8s'],
      },
    ],
    ...page,
  },
  '/v2/snapshots': {
    snapshots: [
      {
        id: '6372321',
        name: 'web-01-1595954862243',
        created_at: createdAt,
        regions: ['nyc3'],
        min_disk_size: 25,
        size_gigabytes: 2.34,
        resource_id: '200776916',
        resource_type: 'droplet',
        tags: ['web'],
      },
    ],
    ...page,
  },
  ...recordedRegistry,
  '/v2/reserved_ips': {
    reserved_ips: [
      {
        ip: '45.55.96.47',
        droplet: null,
        region: { name: 'New York 3', slug: 'nyc3', features: [], available: true, sizes: ['c-32'] },
        locked: false,
        project_id: '746c6152-2fa2-11ed-92d3-27aaa54e4988',
      },
    ],
    ...page,
  },
  '/v2/certificates': {
    certificates: [
      {
        id: '892071a0-bb95-49bc-8021-3afd67a210bf',
        name: 'web-cert-01',
        dns_names: [''],
        not_after: '2017-02-22T00:23:00Z',
        sha1_fingerprint: 'dfcc9f57d86bf58e321c2c6c31c7a971be244ac7',
        created_at: createdAt,
        state: 'verified',
        type: 'custom',
      },
    ],
    ...page,
  },
  '/v2/domains': { domains: [{ name: 'example.com', ttl: 1800, zone_file: '' }], ...page },
  '/v2/spaces/keys': {
    keys: [
      {
        name: 'my-access-key',
        grants: [{ bucket: 'recordings', permission: 'read' }],
        access_key: 'DOACCESSKEYEXAMPLE',
        created_at: createdAt,
      },
    ],
    ...page,
  },
  '/v2/projects': {
    projects: [
      {
        id: '4e1bfbc3-dc3e-41f2-a18f-1b4d7ba71679',
        owner_uuid: '99525febec065ca37b2ffe4f852fd2b2581895e7',
        owner_id: 258992,
        name: 'my-web-api',
        description: 'My website API',
        purpose: 'Service or API',
        environment: 'Production',
        created_at: createdAt,
        updated_at: createdAt,
        is_default: false,
      },
    ],
    ...page,
  },
  '/v2/projects/p/resources': {
    resources: [
      {
        urn: 'do:droplet:13457723',
        assigned_at: createdAt,
        links: { self: 'https://api.digitalocean.com/v2/droplets/13457723' },
        status: 'ok',
      },
    ],
    ...page,
  },
};
