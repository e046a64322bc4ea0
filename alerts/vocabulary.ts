import type { Duration } from '../kernel/duration.ts';

/** critical pages a person, warning makes a ticket, info is only told (SRE workbook, chapter 5). */
export type Severity = 'critical' | 'warning' | 'info';

/** Kinds of alerts: the four of the deployment README, and cost, security and the bundle itself. */
export const alertGroups = ['critical', 'warning', 'capacity', 'business', 'cost', 'security', 'bundle'] as const;
export type Group = (typeof alertGroups)[number];

/** How far a runbook may go: record what it would do, propose it, or do it. */
export const modes = ['shadow', 'suggest', 'auto'] as const;
export type Mode = (typeof modes)[number];

/** People who must agree before a mitigation runs. The responder itself never counts as one. */
export type Approval = 'none' | 'one' | 'two';

/** Teams that own alerts; Alertmanager routes by them. */
export const owners = ['platform', 'media', 'api', 'data'] as const;
export type Owner = (typeof owners)[number];

/** Every action the responder has, with its parameters. Runbooks name these; `responders/act` implements each. */
export interface ActionParams {
  /** Raise the SFU Deployment (or the floor of what autoscales it) by `step` nodes. */
  scaleSfu: { step: number };
  /** Take one SFU out: an empty node first, never one whose meeting would be cut. */
  drainSfu: Record<string, never>;
  /** Rollout restart; without `workload`, the one in the alert's `service` label. */
  restartWorkload: { workload?: string | undefined };
  /** Rollout restart of every stateless service in the catalogue's order, each verified before the next; of these alone if named. */
  restartAll: { workloads?: readonly string[] | undefined };
  /** Give a workload another image; what fails its verdict goes back by itself. */
  rollOut: {
    workload: string;
    image: string;
    strategy: 'rolling' | 'blue-green' | 'canary';
    surge?: string | undefined;
    unavailable?: string | undefined;
    canaryPercent?: number | undefined;
    soak?: Duration | undefined;
    minRequests?: number | undefined;
  };
  /** Go back to the revision before, or the one named; without `workload`, of the alert's `service`. With `within`, only where a rollout came that shortly before. */
  rollBack: { workload?: string | undefined; revision?: number | undefined; within?: Duration | undefined };
  /** Stop every pod and start the new image: downtime, so a second person. */
  recreate: { workload: string; image: string };
  /** Move a workload's replicas, or the floor of what autoscales it, to a number, for as long as the request's hold. `atLeast`: never down. */
  scaleWorkload: { workload: string; replicas: number; atLeast?: boolean | undefined };
  /** Put back one floor or number of replicas that was raised for a while that is over. */
  lapseScale: Record<string, never>;
  /** Work through an entry of the runbook's troubleshooting; changes nothing. Without `workload`, of the alert's `service`. */
  troubleshoot: {
    entry?: 'service-not-starting' | 'high-usage' | 'database' | 'load-balancer' | undefined;
    workload?: string | undefined;
  };
  /** Change what a workload asks for and may use: `500m`, `2Gi`, or a factor such as `×1.5`. */
  setResources: { workload: string; cpu?: string | undefined; memory?: string | undefined };
  /** Delete one pod, which gets its grace. */
  deletePod: { pod: string };
  /** Delete one pod at once: a second person, and never an SFU with rooms. */
  forceDeletePod: { pod: string };
  /** Change one key of a ConfigMap and restart who reads it. */
  editConfig: { configMap: string; key: string; value: string };
  /** Point the declared names at the load balancer's address; records that nobody declared stay. */
  repairDns: Record<string, never>;
  /** Let in again what the declaration lets in; nothing is closed. */
  repairFirewall: Record<string, never>;
  /** Make the autoscaler that the catalogue declares for a workload, where it is missing. */
  createAutoscaler: { workload: string };
  /** Let DOKS add and take nodes of a pool between its declared numbers. */
  autoscalePool: { pool: string };
  /** Work through a routine of the operations runbook and tell what it saw; changes nothing. */
  runRoutine: {
    routine:
      | 'morning'
      | 'shift-handover'
      | 'backup-verification'
      | 'security-updates'
      | 'performance-review'
      | 'capacity-planning'
      | 'disaster-recovery-test';
  };
  /** Look at the health of everything, or of one part, here or in another namespace; changes nothing. */
  checkHealth: {
    scope?: 'check' | 'services' | 'databases' | 'performance' | undefined;
    namespace?: string | undefined;
  };
  /** Make a backup in the cluster now, by the CronJob's own template. */
  runBackup: Record<string, never>;
  /** New values for keys of secrets that can be made here (all of them unless named), and with `database` a new password of the product's PostgreSQL; what reads them restarts in order. */
  rotateSecrets: { keys?: readonly string[] | undefined; database?: boolean | undefined };
  /** Cut workloads (the whole product unless named) off from everything but DNS and monitoring. */
  lockDown: { workloads?: readonly string[] | undefined };
  /** Take a lockdown back, one workload after another, the gateway last. */
  liftLockdown: { workloads?: readonly string[] | undefined };
  /** Make a read-only replica of a managed database its new primary. */
  promoteReplica: { database: string; replica: string };
  /** A new managed cluster from the service's own backup: the newest unless a moment is named. */
  restoreManaged: { database: string; as: string; atMs?: number | undefined };
  /** Put a backup over what production runs on. */
  restoreOverProduction: { backup: string; components: readonly ('postgresql' | 'valkey' | 'kubernetes')[] };
  /** What a time band of the outage response looks at and does: the first 15 minutes, the first hour, an update each quarter of an hour, recovery. */
  respondToOutage: {
    band: 'immediate' | 'investigate' | 'updates' | 'recover';
    /** With `recover`: the notice to meeting hosts is sent, not only drafted. */
    notifyHosts?: boolean | undefined;
    /** With `updates`: another pace than 15 minutes, in milliseconds. */
    everyMs?: number | undefined;
  };
  /** Raise a node pool (or its autoscaling minimum) by `step` nodes; without `pool`, the one where pods wait for room. `ahead` of need: into a named pool though no pod waits. */
  raiseNodePool: { step: number; pool?: string | undefined; ahead?: boolean | undefined };
  /** Delete a volume that nobody mounts, after a snapshot of it: a second person. By name or id. */
  deleteVolume: { volume: string };
  /** Silence this alert in Alertmanager. */
  silenceAlert: { for: Duration };
  /** Declare an incident: severity, commander, postmortem. */
  openIncident: { sev: Sev };
  /** Call the person on call through the notifiers. */
  escalate: Record<string, never>;
}
export type ActionName = keyof ActionParams;

/** Incident severity, 1 the worst; never to be mixed with an alert's `severity`. */
export type Sev = 1 | 2 | 3 | 4;
