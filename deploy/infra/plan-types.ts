import type {
  DeclaredDatabase,
  DeclaredPool,
  DeclaredRecord,
  InboundRule,
  ResourceKind,
} from '../../manifests/infrastructure/define.ts';
import type { ObservedPool } from './observed.ts';

/** One request to DigitalOcean, with all that it needs. */
export type Call =
  | { readonly kind: 'create-vpc'; readonly name: string; readonly region: string; readonly ipRange: string }
  | {
      readonly kind: 'create-cluster';
      readonly name: string;
      readonly region: string;
      readonly version: string;
      readonly vpcId: string;
      readonly podRange: string;
      readonly serviceRange: string;
      readonly ha: boolean;
      readonly tags: readonly string[];
      readonly pools: readonly DeclaredPool[];
    }
  | { readonly kind: 'create-node-pool'; readonly clusterId: string; readonly pool: DeclaredPool }
  | {
      readonly kind: 'update-node-pool';
      readonly clusterId: string;
      readonly observed: ObservedPool;
      readonly pool: DeclaredPool;
    }
  | {
      readonly kind: 'create-database';
      readonly database: DeclaredDatabase;
      readonly region: string;
      readonly vpcId: string;
      readonly tags: readonly string[];
    }
  | {
      readonly kind: 'trust-cluster';
      readonly databaseId: string;
      readonly clusterId: string;
      /** Rules of others, which the PUT must send back. */
      readonly standing: readonly { readonly type: string; readonly value: string }[];
    }
  | { readonly kind: 'set-eviction-policy'; readonly databaseId: string; readonly policy: 'noeviction' }
  | {
      readonly kind: 'create-connection-pool';
      readonly databaseId: string;
      readonly pool: DeclaredDatabase['pools'][number];
    }
  | { readonly kind: 'create-registry'; readonly name: string; readonly tier: string; readonly region: string }
  | { readonly kind: 'create-bucket'; readonly name: string; readonly region: string }
  | {
      readonly kind: 'create-firewall';
      readonly name: string;
      readonly tags: readonly string[];
      readonly inbound: readonly InboundRule[];
    }
  | {
      readonly kind: 'update-firewall';
      readonly id: string;
      readonly name: string;
      readonly tags: readonly string[];
      readonly inbound: readonly Pick<InboundRule, 'protocol' | 'ports'>[];
    }
  | { readonly kind: 'create-domain'; readonly name: string }
  | {
      readonly kind: 'create-record';
      readonly domain: string;
      readonly record: Required<Pick<DeclaredRecord, 'type' | 'name' | 'data'>>;
    };

/** What is left to do: a call that can be made now, or one that waits for something. */
export interface Step {
  readonly resource: ResourceKind;
  /** Unique within a plan, the same in every plan for the same thing: by it a run knows what it has sent. */
  readonly id: string;
  readonly says: string;
  readonly next:
    | { readonly is: 'call'; readonly call: Call }
    /** DigitalOcean is at it. */
    | { readonly is: 'provisioning' }
    /** An earlier step, or something outside this plan, has to come first. */
    | { readonly is: 'later'; readonly after: string };
}

/** Why a plan is not carried out; nothing is changed while there is one. */
export interface Problem {
  readonly resource: ResourceKind;
  readonly says: string;
  readonly todo: string;
}

/** What stands and is as declared, or is somebody else's to change. */
export interface Kept {
  readonly resource: ResourceKind;
  readonly name: string;
  readonly says: string;
}

/** Declared against observed. */
export interface InfraPlan {
  readonly steps: readonly Step[];
  readonly kept: readonly Kept[];
  readonly problems: readonly Problem[];
}
