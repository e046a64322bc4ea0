interface Get {
  get(request?: { queryParameters?: Readonly<Record<string, string | number>> }): Promise<unknown>;
}
interface Post {
  post(body: object): Promise<unknown>;
}
interface Put {
  put(body: object): Promise<unknown>;
}

/** The routes of the SDK that infrastructure is looked at and made by. */
export interface InfraRoutes {
  readonly v2: {
    readonly account: Get;
    readonly droplets: Get;
    readonly sizes: Get;
    readonly vpcs: Get & Post;
    readonly kubernetes: {
      readonly optionsPath: Get;
      readonly clusters: Get &
        Post & { byCluster_id(id: string): { readonly node_pools: Post & { byNode_pool_id(id: string): Get & Put } } };
    };
    readonly databases: Get &
      Post & {
        readonly optionsPath: Get;
        byDatabase_cluster_uuid(id: string): {
          readonly dbs: Get;
          readonly pools: Get & Post;
          readonly firewall: Get & Put;
          readonly eviction_policy: Get & Put;
        };
      };
    readonly firewalls: Get & Post & { byFirewall_id(id: string): Put };
    readonly registry: Get & Post;
    readonly domains: Get & Post & { byDomain_name(name: string): { readonly records: Get & Post } };
    readonly load_balancers: Get;
  };
}

export type Listed = Get;
