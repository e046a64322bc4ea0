import type { MicroUsd } from '../kernel/money.ts';

/** A pool of nodes of a DOKS cluster. */
export interface NodePool {
  readonly id: string;
  readonly clusterId: string;
  readonly name: string;
  readonly size: string;
  readonly count: number;
  readonly autoScale: boolean;
  readonly minNodes: number;
  readonly maxNodes: number;
}

export interface CloudState {
  readonly pools: readonly NodePool[];
  readonly dropletLimit: number;
  readonly droplets: number;
  /** Spent this month so far. */
  readonly monthToDate: MicroUsd;
  /** Absent where the token may not read them. */
  readonly volumes?: readonly BlockVolume[];
}

/** A volume of block storage. */
export interface BlockVolume {
  readonly id: string;
  readonly name: string;
  readonly sizeGib: number;
  /** Droplets that hold it; none for a volume that no pod can have mounted. */
  readonly droplets: readonly string[];
}

/** DigitalOcean. */
export interface Cloud {
  read(): Promise<CloudState>;
  /** Every volume as it stands now, past any cache. */
  volumes(): Promise<readonly BlockVolume[]>;
  /** Snapshots of a volume, those under way included. */
  volumeSnapshots(id: string): Promise<readonly { readonly name: string; readonly finished: boolean }[]>;
  /** Begins a snapshot of that name; whoever tries again looks first. */
  snapshotVolume(change: { id: string; name: string }): Promise<void>;
  /** Deletes the volume and what is on it. Refuses (conflict) while a Droplet holds it; one that is gone already is no error. */
  deleteVolume(change: { id: string }): Promise<void>;
  /** Sets an absolute node count, or the autoscaling minimum where the pool autoscales. */
  setPoolFloor(change: { pool: NodePool; nodes: number; runId: string }): Promise<void>;
  /** Lets DOKS add and take nodes of a pool between two numbers; what it is set to already stays. */
  autoscalePool(change: { pool: NodePool; minNodes: number; maxNodes: number; runId: string }): Promise<void>;
}

/** A managed database cluster of DigitalOcean. */
export interface ManagedDatabase {
  readonly id: string;
  readonly name: string;
  readonly engine: string;
  readonly version: string;
  /** `online` is the one good word. */
  readonly status: string;
  readonly nodes: number;
  readonly region: string;
  readonly size: string;
  readonly user: string;
}

/** The managed databases. DigitalOcean fails over to a standby by itself and offers no call for it; what can be commanded is here. */
export interface Databases {
  list(): Promise<readonly ManagedDatabase[]>;
  /** Moments to which the service itself can restore, newest last; empty for Valkey, of which it keeps none. */
  backups(id: string): Promise<readonly number[]>;
  /** Read-only replicas, which alone can be promoted. */
  replicas(id: string): Promise<readonly { readonly name: string; readonly status: string; readonly region: string }[]>;
  promote(change: { id: string; replica: string }): Promise<void>;
  /** Makes a new cluster of that name from a backup; one of that name that is there already is taken for this one. */
  restoreAs(change: { from: ManagedDatabase; name: string; backupAtMs: number }): Promise<void>;
  /** Gives a user a new password, which works at once; the old one stops working. */
  resetPassword(change: { id: string; user: string }): Promise<string>;
}

/** A container registry. */
export interface Registry {
  /** What a tag stands for now, `sha256:…`; throws a PortError (not-found) for a tag that is not there. */
  digest(image: string): Promise<string>;
}

/** A DNS record of a domain in the account. */
export interface DnsRecord {
  readonly id: number;
  readonly type: string;
  /** `@` for the domain itself. */
  readonly name: string;
  readonly data: string;
}

/** What a firewall lets in. */
export interface FirewallRule {
  readonly protocol: string;
  readonly ports: string;
  readonly addresses: readonly string[];
}

/** What stands between the internet and the platform at DigitalOcean. */
export interface Edge {
  /** Throws a PortError (not-found) for a domain that is not in the account. */
  records(domain: string): Promise<readonly DnsRecord[]>;
  /** With an id, what that record points at; else a new A record. */
  putRecord(change: { domain: string; id?: number | undefined; name: string; data: string }): Promise<void>;
  removeRecord(change: { domain: string; id: number }): Promise<void>;
  firewalls(): Promise<
    readonly { readonly id: string; readonly name: string; readonly inbound: readonly FirewallRule[] }[]
  >;
  addInbound(change: { id: string; rules: readonly FirewallRule[] }): Promise<void>;
  removeInbound(change: { id: string; rules: readonly FirewallRule[] }): Promise<void>;
}
