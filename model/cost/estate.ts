/** What is run, as far as it costs money; an absent part was not read and is never taken for empty. The exporter's inventory fits it as it stands. */
export interface Estate {
  readonly sizes?:
    | readonly {
        readonly slug: string;
        readonly vcpus: number;
        readonly memoryMib: number;
        readonly transferBytes: number;
        readonly hourly: number;
      }[]
    | undefined;
  readonly droplets?: readonly (Named & Made & { readonly sizeSlug: string; readonly region: string })[] | undefined;
  readonly clusters?:
    | readonly (Named & {
        readonly region: string;
        readonly ha: boolean;
        readonly pools: readonly { readonly name: string; readonly dropletIds: readonly string[] }[];
      })[]
    | undefined;
  readonly databases?:
    | readonly (Named &
        Made & {
          readonly engine: string;
          readonly size: string;
          readonly nodes: number;
          readonly region: string;
        })[]
    | undefined;
  readonly loadBalancers?:
    | readonly (Named & { readonly type: string; readonly sizeUnit: number; readonly region: string | undefined })[]
    | undefined;
  readonly volumes?: readonly (Named & Made & { readonly sizeGib: number; readonly region: string })[] | undefined;
  readonly snapshots?:
    | readonly (Named &
        Made & { readonly resourceType: string; readonly sizeGib: number; readonly regions: readonly string[] })[]
    | undefined;
  readonly reservedIps?:
    | readonly { readonly ip: string; readonly region: string; readonly dropletId: string | undefined }[]
    | undefined;
  readonly registry?:
    | {
        readonly tier: string;
        readonly monthly: number;
        readonly includedStorageBytes: number;
        readonly storageOverage: number;
        readonly storageUsedBytes: number | undefined;
      }
    | undefined;
  readonly spacesKeys?: readonly { readonly buckets: readonly string[] }[] | undefined;
  readonly projects?: readonly { readonly name: string; readonly resources: readonly string[] }[] | undefined;
  /** Outbound public traffic over the period. */
  readonly transfer?: readonly { readonly dropletId: string; readonly outboundBytes: number }[] | undefined;
}

interface Named {
  readonly id: string;
  readonly name: string;
}

interface Made {
  readonly createdAtMs?: number | undefined;
}
