import { type Informer, makeInformer, PatchStrategy, setHeaderOptions, type V1Pod } from '@kubernetes/client-node';
import { type LiveKitOptions, type LiveKitPeer, startLiveKit } from '../peers/livekit.ts';
import { annotatePod, type LabApi, unlessStatus } from './api.ts';
import { type ProcessState, processLabel, processStateAnnotation } from './stages.ts';

/** A livekit-server that runs for a pod. */
export interface SfuProcess {
  readonly pod: string;
  readonly node: string;
  readonly peer: LiveKitPeer;
  /** SIGTERM was sent: it drains. */
  readonly draining: boolean;
}

/** The processes behind the SFU pods. */
export interface SfuProcesses {
  /** Those that answer, in the order in which they came up. */
  running(): readonly SfuProcess[];
  /** SIGKILL to what runs on a node, as when the droplet dies: nobody is told, and the pod stays until Kubernetes gives it up. */
  loseNode(node: string): Promise<void>;
  /** Ends every process and watches no more. */
  stop(): Promise<void>;
}

/** How the processes run. */
export interface SfuOptions {
  readonly namespace: string;
  readonly livekit: LiveKitOptions;
  /** What runs for a pod that is not like the others, as one of another image; `livekit` unless said. */
  readonly livekitOf?: (pod: V1Pod, usual: LiveKitOptions) => Promise<LiveKitOptions>;
  /** Called after every change: the scrape targets are others now. */
  readonly onChange?: () => void;
  /** Called when a process is told to stop. */
  readonly onDrain?: (process: SfuProcess) => void;
  readonly onError: (error: unknown) => void;
}

interface Bound {
  readonly pod: string;
  readonly node: string;
  peer: LiveKitPeer | undefined;
  deleted: boolean;
  draining: boolean;
  lost: boolean;
  restarts: number;
  killTimer: NodeJS.Timeout | undefined;
}

/**
 * Stands in for the kubelets of the SFU nodes: a pod that is placed gets a real livekit-server and is ready when that answers; a pod that is deleted gets
 * one SIGTERM, SIGKILL when its grace is over, and goes when the process has ended; a process that ends by itself is started again.
 */
export async function bindSfuProcesses(api: LabApi, options: SfuOptions): Promise<SfuProcesses> {
  const bound = new Map<string, Bound>();
  const { namespace } = options;
  const selector = `${processLabel}=livekit`;
  let stopped = false;

  const run = async (entry: Bound, pod: V1Pod): Promise<void> => {
    const peer = await startLiveKit((await options.livekitOf?.(pod, options.livekit)) ?? options.livekit);
    entry.peer = peer;
    if (stopped || entry.lost) return await peer.kill();
    options.onChange?.();
    if (entry.deleted) drain(entry);
    else if (entry.restarts > 0) await reportRestart(entry, true);
    else await report(entry, 'serving');
    await peer.exited;
    entry.peer = undefined;
    options.onChange?.();
    if (stopped || entry.lost) return;
    if (entry.deleted) return await report(entry, 'exited');
    entry.restarts += 1;
    await reportRestart(entry, false);
    await run(entry, pod);
  };
  const report = (entry: Bound, state: ProcessState) =>
    annotatePod(api, { namespace, name: entry.pod }, { [processStateAnnotation]: state });
  const reportRestart = async (entry: Bound, ready: boolean) => {
    const status = ready ? 'True' : 'False';
    const conditions = [
      { type: 'Ready', status },
      { type: 'ContainersReady', status },
    ];
    const containerStatuses = [
      { name: 'livekit', image: '', imageID: '', ready, started: ready, restartCount: entry.restarts },
    ];
    const body = { status: { conditions, containerStatuses } };
    const patch = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch);
    await unlessStatus(404, api.core.patchNamespacedPodStatus({ name: entry.pod, namespace, body }, patch));
  };
  const drain = (entry: Bound) => {
    // A second SIGTERM would throw everyone out: https://github.com/livekit/livekit/blob/v1.13.5/cmd/server/main.go
    if (entry.draining || entry.peer === undefined) return;
    entry.draining = true;
    const { pod, node, peer } = entry;
    peer.drain();
    options.onDrain?.({ pod, node, peer, draining: true });
    options.onChange?.();
  };
  const see = (pod: V1Pod) => {
    const uid = pod.metadata?.uid;
    const name = pod.metadata?.name;
    const node = pod.spec?.nodeName;
    if (uid === undefined || name === undefined || node === undefined || stopped) return;
    let entry = bound.get(uid);
    const deletedAt = pod.metadata?.deletionTimestamp;
    if (entry === undefined) {
      if (deletedAt !== undefined) return;
      entry = {
        pod: name,
        node,
        peer: undefined,
        deleted: false,
        draining: false,
        lost: false,
        restarts: 0,
        killTimer: undefined,
      };
      bound.set(uid, entry);
      void run(entry, pod).catch(options.onError);
    }
    if (deletedAt === undefined || entry.deleted || entry.lost) return;
    entry.deleted = true;
    const { peer } = entry;
    // The API server has added the grace period to the time of the deletion.
    entry.killTimer = setTimeout(() => void peer?.kill(), Math.max(new Date(deletedAt).getTime() - Date.now(), 0));
    entry.killTimer.unref();
    drain(entry);
  };
  const forget = (pod: V1Pod) => {
    const entry = bound.get(pod.metadata?.uid ?? '');
    clearTimeout(entry?.killTimer);
    // Deleted by force: a kubelet would kill what is left.
    void entry?.peer?.kill();
    bound.delete(pod.metadata?.uid ?? '');
    options.onChange?.();
  };

  const list = () => api.core.listNamespacedPod({ namespace, labelSelector: selector });
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const informer: Informer<V1Pod> = makeInformer(api.config, path, list, selector);
  informer.on('add', see);
  informer.on('update', see);
  informer.on('delete', forget);
  informer.on('error', (error) => {
    if (stopped) return;
    options.onError(error);
    setTimeout(() => void (stopped || informer.start().catch(options.onError)), 500).unref();
  });
  await informer.start();

  return {
    running: () =>
      [...bound.values()].flatMap(({ pod, node, peer, draining }) =>
        peer === undefined ? [] : [{ pod, node, peer, draining }],
      ),
    async loseNode(node) {
      const here = [...bound.values()].filter((entry) => entry.node === node);
      for (const entry of here) entry.lost = true;
      await Promise.all(here.map((entry) => entry.peer?.kill()));
    },
    async stop() {
      stopped = true;
      await informer.stop();
      await Promise.all(
        [...bound.values()].map((entry) => {
          clearTimeout(entry.killTimer);
          return entry.peer?.kill();
        }),
      );
    },
  };
}
