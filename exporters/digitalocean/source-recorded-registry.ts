const createdAt = '2020-03-13T19:20:47Z';
const page = { links: {}, meta: { total: 1 } };

/** The registry's routes, as the API's published specification shows them (digitalocean/openapi, resources/registry). */
export const recordedRegistry: Readonly<Record<string, unknown>> = {
  '/v2/registry/subscription': {
    subscription: {
      tier: {
        name: 'Professional',
        slug: 'professional',
        included_repositories: 0,
        included_storage_bytes: 107374182400,
        allow_storage_overage: true,
        included_bandwidth_bytes: 1073741824000,
        monthly_price_in_cents: 2000,
        storage_overage_price_in_cents: 2,
      },
      created_at: createdAt,
      updated_at: createdAt,
    },
  },
  '/v2/registry': {
    registry: {
      name: 'example',
      created_at: createdAt,
      region: 'fra1',
      storage_usage_bytes: 29393920,
      storage_usage_bytes_updated_at: createdAt,
    },
  },
  '/v2/registry/r/repositoriesV2': {
    repositories: [
      {
        registry_name: 'example',
        name: 'repo-1',
        latest_manifest: {
          digest: 'sha256:cb8a924afdf0229ef7515d9e5b3024e23b3eb03ddbba287f4a19c6ac90b8d221',
          registry_name: 'example',
          repository: 'repo-1',
          compressed_size_bytes: 1972332,
          size_bytes: 2816445,
          updated_at: createdAt,
          tags: ['v1', 'v2'],
          blobs: [],
        },
        tag_count: 57,
        manifest_count: 82,
      },
    ],
    ...page,
  },
  '/v2/registry/r/repositories/i/digests': {
    manifests: [
      {
        digest: 'sha256:cb8a924afdf0229ef7515d9e5b3024e23b3eb03ddbba287f4a19c6ac90b8d221',
        registry_name: 'example',
        repository: 'repo-1',
        compressed_size_bytes: 1972332,
        size_bytes: 2816445,
        updated_at: createdAt,
        tags: [],
        blobs: [
          {
            digest: 'sha256:14119a10abf4669e8cdbdff324a9f9605d99697215a0d21c360fe8dfa8471bab',
            compressed_size_bytes: 1471,
          },
        ],
      },
    ],
    ...page,
  },
};
