export type * from './cloud-ports.ts';

/** A value and when it was true, in milliseconds since the epoch. Absent means never seen: no data. */
export interface Reading<T> {
  readonly value: T;
  readonly observedAtMs: number;
}

/** A Deployment as the responder needs it. */
export interface Deployment {
  readonly name: string;
  readonly replicas: number;
  readonly readyReplicas: number;
  readonly updatedReplicas: number;
  /** The controller has seen the newest spec. */
  readonly observed: boolean;
  readonly resourceVersion: string;
  /** `gomeet.dev/run-id`: the run that changed it last. */
  readonly runId: string | undefined;
  /** `kubectl.kubernetes.io/restartedAt` of the pod template. */
  readonly restartedAt: string | undefined;
  /** The HPA or ScaledObject that owns its replicas, if any. */
  readonly autoscaler: Autoscaler | undefined;
  /** Revisions that Kubernetes still has, newest first; absent where nobody looked. */
  readonly rollouts?: readonly { readonly atMs: number; readonly revision: string; readonly image: string }[];
}

/** What owns the replicas of a Deployment; its floor is what the responder may move. */
export interface Autoscaler {
  readonly kind: 'HorizontalPodAutoscaler' | 'ScaledObject';
  readonly name: string;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** What it wants now; undefined when it cannot say. */
  readonly desiredReplicas: number | undefined;
  readonly resourceVersion: string;
  readonly runId: string | undefined;
}

/** A pod as the responder needs it. Times in milliseconds since the epoch. */
export interface Pod {
  readonly name: string;
  readonly workload: string;
  readonly node: string | undefined;
  readonly ready: boolean;
  readonly restarts: number;
  /** CrashLoopBackOff, ImagePullBackOff, … of its first waiting container. */
  readonly waitingReason: string | undefined;
  /** The scheduler's words when it found no place. */
  readonly unschedulable: string | undefined;
  readonly createdAtMs: number;
  readonly deletedAtMs: number | undefined;
  readonly deletionCost: number | undefined;
}

/** The cluster in one reading. */
export interface ClusterState {
  readonly deployments: readonly Deployment[];
  readonly pods: readonly Pod[];
  readonly readyNodes: readonly ClusterNode[];
}

export interface ClusterNode {
  readonly name: string;
  /** `doks.digitalocean.com/node-pool`. */
  readonly pool: string | undefined;
}

/** Kubernetes, one namespace. Every write is an absolute value with the run id beside it and the resourceVersion it was decided on. */
export interface Cluster {
  read(): Promise<ClusterState>;
  /** The newest state of one Deployment, past any cache; undefined when there is none. */
  deployment(name: string): Promise<Deployment | undefined>;
  scale(change: { deployment: string; replicas: number; resourceVersion: string; runId: string }): Promise<void>;
  setFloor(change: { autoscaler: Autoscaler; minReplicas: number; runId: string }): Promise<void>;
  restart(change: { deployment: string; restartedAt: string; resourceVersion: string; runId: string }): Promise<void>;
  /** `controller.kubernetes.io/pod-deletion-cost`; null takes it off. */
  setDeletionCost(change: { pod: string; cost: number | null; runId: string }): Promise<void>;
  /** Events and last log lines of a workload, for the thread; never holds up a decision. */
  evidence(workload: string): Promise<Evidence>;
}

export interface Evidence {
  readonly events: readonly { atMs: number; reason: string; message: string; object: string }[];
  readonly logLines: readonly string[];
  readonly rollouts: readonly { atMs: number; revision: string; image: string }[];
}

/** One LiveKit node. */
export interface SfuNode {
  readonly nodeId: string;
  /** The pod it runs in; undefined when scrape labels do not say. */
  readonly pod: string | undefined;
  readonly state: 'starting' | 'serving' | 'draining' | 'lost';
  readonly cpuLoadRatio: number;
  /** Rooms with people in them and the participants, by Redis's room map and RoomService. */
  readonly rooms: number;
  readonly participants: number;
  /** Meetings of the largest size that still fit (model/capacity). */
  readonly freeSlots: number;
  /** Readings in a row in which both sources saw it without a room. */
  readonly emptyReadings: number;
}

/** The SFUs and where every meeting is. */
export interface Fleet {
  readonly nodes: readonly SfuNode[];
  readonly rooms: readonly { readonly sid: string; readonly nodeId: string; readonly participants: number }[];
  /** The sources that answered; `redis` and `roomService` must both for a scale-in. */
  readonly sources: readonly ('redis' | 'roomService' | 'prometheus')[];
}

export interface FleetSource {
  read(): Promise<Fleet>;
}

/** A sample of an instant query. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A series of a range query; points are [milliseconds, value]. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [number, number])[];
}

export interface Metrics {
  query(expr: string): Promise<readonly Sample[]>;
  queryRange(expr: string, range: { fromMs: number; toMs: number; stepMs: number }): Promise<readonly Series[]>;
}

/** An alert as Alertmanager's API shows it. */
export interface ActiveAlert {
  readonly fingerprint: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly startsAtMs: number;
  readonly silencedBy: readonly string[];
  readonly inhibitedBy: readonly string[];
}

export interface Alertmanager {
  activeAlerts(): Promise<readonly ActiveAlert[]>;
  /** Looks for a silence of this run first, so that a second try makes no second one. Returns its id. */
  silence(request: {
    labels: Readonly<Record<string, string>>;
    untilMs: number;
    by: string;
    comment: string;
    runId: string;
  }): Promise<string>;
}

/** A message as Slack's Block Kit has it: blocks, a colour bar, and the text a notification shows. */
export interface ChatMessage {
  readonly text: string;
  readonly color: string;
  readonly blocks: readonly ChatBlock[];
  /** Opaque marks by which an orphan is found again: incident id, and the journal id of a reply. */
  readonly metadata: Readonly<Record<string, string>>;
}
export type ChatBlock = Readonly<Record<string, unknown>> & { readonly type: string };

/** A chat with threads; Slack. Edits and posts to one channel go out in order. */
export interface Chat {
  /** Whether messages can carry buttons that come back to us. */
  readonly interactive: boolean;
  /** Posts; finds and returns an earlier post with the same metadata instead of posting twice, unless `lookUp` is false because none can exist. Returns channel id and ts. */
  post(
    message: ChatMessage,
    options: { channel: string; threadTs?: string; sinceMs: number; lookUp?: boolean },
  ): Promise<{ channel: string; ts: string }>;
  update(message: ChatMessage, at: { channel: string; ts: string }): Promise<void>;
  whisper(text: string, to: { channel: string; user: string }): Promise<void>;
  openModal(triggerId: string, view: Readonly<Record<string, unknown>>): Promise<void>;
  /** A file in a thread: a picture, or what is too long for a message. */
  upload(
    file: { name: string; alt: string; content: Uint8Array },
    at: { channel: string; threadTs: string },
  ): Promise<void>;
}

/** Calls a person: Slack mention or a pager's webhook. `dedupKey` makes a second call harmless. */
export interface Notifier {
  readonly name: string;
  page(call: { dedupKey: string; title: string; text: string; url: string | undefined }): Promise<void>;
}

/** An object of any kind, as Kubernetes writes it; whoever uses one parses what it needs. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly creationTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly Readonly<Record<string, string | boolean>>[];
  };
  readonly [field: string]: unknown;
}

/** Which object: of our own namespace unless said. Cluster-scoped kinds have none. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string | undefined;
}

/** Kubernetes objects of any kind that `adapters/kubernetes/any.ts` knows. Writes carry the run's id as `gomeet.dev/run-id`. */
export interface Objects {
  get(ref: ObjectRef): Promise<KubeObject | undefined>;
  list(of: Omit<ObjectRef, 'name'> & { readonly labelSelector?: string }): Promise<readonly KubeObject[]>;
  /** Server-side apply: makes it or brings it to what is given, whoever tried before. */
  apply(object: KubeObject, by: { runId: string; force?: boolean }): Promise<KubeObject>;
  /** A merge patch; with `resourceVersion` it fails with a conflict when the object was changed meanwhile. */
  patch(
    ref: ObjectRef,
    patch: object,
    by: { runId: string; resourceVersion?: string | undefined },
  ): Promise<KubeObject>;
  /** True when it is gone already. With `uid` only that very object is deleted. */
  remove(ref: ObjectRef, options?: { uid?: string; graceSeconds?: number }): Promise<void>;
}

/** How a public address answered. */
export interface Visited {
  readonly url: string;
  readonly ok: boolean;
  readonly saw: string;
}

/** The world outside the cluster: people who open the platform's address, and hosts of meetings. */
export interface Outside {
  /** Opens every public address that is declared. What does not answer is in the answer. */
  open(): Promise<readonly Visited[]>;
  /** Sends a notice by every way that is declared, and says by which; none when none is. Throws a PortError when every one failed. */
  tellHosts(notice: {
    readonly key: string;
    readonly text: string;
    /** How many run; absent where nobody could say. */
    readonly meetings?: number;
  }): Promise<readonly string[]>;
}

/** What is known of the backups without reading one. */
export interface BackupsSeen {
  /** Finished ones, newest first. */
  readonly finished: readonly {
    readonly id: string;
    readonly begunAtMs: number;
    readonly bytes: number;
    readonly verified: boolean;
  }[];
  /** The newest report of a disaster-recovery test. */
  readonly drTest?: {
    readonly begunAtMs: number;
    readonly ok: boolean;
    readonly recoveryTimeMs: number;
    readonly recoveryPointMs: number;
  };
}

/** Backups as far as an act needs them: what there is, and putting one over what production runs on. */
export interface Backups {
  /** The backup of that name, or `latest`, and what it holds. Throws a PortError for one that is not there. */
  find(name: string): Promise<{ readonly id: string; readonly components: readonly string[] }>;
  look(): Promise<BackupsSeen>;
  /** Restores one component over production; what was there is kept where that is possible. A second call with the same stamp finds the first one's work. */
  restoreOver(change: {
    id: string;
    component: 'postgresql' | 'valkey' | 'kubernetes';
    stamp: string;
  }): Promise<{ readonly ok: boolean; readonly says: string }>;
}
