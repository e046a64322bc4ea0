import { mkdtempSync, writeFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freeTcpPort } from '../peers/ports.ts';
import { endPeer, type Peer, startPeer, untilReady } from '../peers/process.ts';
import { writeCredentials, writeKubeconfig } from './credentials.ts';
import { type Insides, stageFile } from './stages.ts';

/** Which parts run beside etcd and the API server. */
export interface ControlPlaneOptions {
  /** Deployments, ReplicaSets, HPAs, service accounts, garbage collection: kube-controller-manager. */
  readonly controllers?: boolean;
  /** Beside those that the lab's own objects need: what the whole platform's objects want done. */
  readonly moreControllers?: readonly string[];
  /** Places pods: kube-scheduler. */
  readonly scheduler?: boolean;
  /** Stands in for kubelets, by the stages of stages.ts. */
  readonly kwok?: boolean;
  /** Lets people look into KWOK's pods: it answers the API server as a kubelet does. */
  readonly insides?: Insides;
  /** Namespace of the kubeconfig; it is not created. */
  readonly namespace?: string;
}

/** A real control plane on loopback. */
export interface ControlPlane {
  readonly url: string;
  /** Certificate authority of the API server, PEM. */
  readonly caFile: string;
  readonly adminToken: string;
  /** Path of a kubeconfig file for the administrator. */
  readonly kubeconfig: string;
  /** Milliseconds from the first process to an API server that is ready. */
  readonly readyInMs: number;
  /** Path of a kubeconfig file for another token. */
  kubeconfigFor(name: string, token: string): string;
  /** What each process printed last, by name. */
  outputs(): Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

// All that the lab's objects need; the rest (volumes, certificates, cloud) would only use processor time.
const controllers = [
  'deployment-controller',
  'replicaset-controller',
  'statefulset-controller',
  'horizontal-pod-autoscaler-controller',
  'disruption-controller',
  'endpointslice-controller',
  'garbage-collector-controller',
  'namespace-controller',
  'node-lifecycle-controller',
  'taint-eviction-controller',
  'pod-garbage-collector-controller',
  'root-ca-certificate-publisher-controller',
  'serviceaccount-controller',
];

/** Starts etcd and kube-apiserver, and what else is asked for; returns when the API server is ready. Throws a UsageError that names a missing tool. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const startedAtMs = Date.now();
  const folder = mkdtempSync(join(tmpdir(), 'gomeet-control-plane-'));
  const started: { name: string; peer: Peer }[] = [];
  const start = (name: string, args: readonly string[]): Peer => {
    const peer = startPeer(name, args);
    started.push({ name, peer });
    return peer;
  };
  const stop = async () => {
    // Everything is thrown away: clients first, the API server next, its store last, and no one is given long.
    for (const { peer } of [...started].reverse()) await endPeer(peer, [{ signal: 'SIGTERM', waitMs: 400 }]);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const credentials = writeCredentials(folder);
    const namespace = options.namespace ?? 'default';
    const etcdUrl = await startEtcd(start, folder);
    const port = await freeTcpPort();
    const caFile = join(folder, 'certificates', 'apiserver.crt');
    const url = `https://127.0.0.1:${port}`;
    const apiServer = start('kube-apiserver', [
      `--etcd-servers=${etcdUrl}`,
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      `--secure-port=${port}`,
      `--cert-dir=${join(folder, 'certificates')}`,
      `--token-auth-file=${credentials.tokenFile}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${credentials.serviceAccountKeyFile}`,
      `--service-account-signing-key-file=${credentials.serviceAccountKeyFile}`,
      '--service-cluster-ip-range=10.245.0.0/16',
      '--authorization-mode=RBAC',
      // etcd before 3.4.31 (Debian's) lacks what streamed lists need: refused here, clients fall back to plain ones; KWOK would wait for ever.
      '--feature-gates=WatchList=false',
      // It refuses to publish a loopback address as the Service `kubernetes`, and nothing here asks for that Service.
      '--endpoint-reconciler-type=none',
      // A node's name is in no DNS; KWOK stands in for its kubelet on loopback.
      '--kubelet-preferred-address-types=InternalIP',
      // Without the controllers nobody makes the account `default` that this plugin wants in every namespace.
      ...(options.controllers === true ? [] : ['--disable-admission-plugins=ServiceAccount']),
    ]);
    await untilReady(apiServer, 'kube-apiserver', () => isReady(url, caFile, credentials.adminToken), 40_000);
    const readyInMs = Date.now() - startedAtMs;
    const kubeconfigFor = (name: string, token: string) =>
      writeKubeconfig(join(folder, `${name}.kubeconfig`), { url, caFile, token, namespace });
    const kubeconfig = kubeconfigFor('admin', credentials.adminToken);
    if (options.controllers === true) {
      start('kube-controller-manager', [
        `--kubeconfig=${kubeconfig}`,
        '--leader-elect=false',
        '--secure-port=0',
        `--controllers=${[...controllers, ...(options.moreControllers ?? [])].join(',')}`,
        `--root-ca-file=${caFile}`,
        '--node-monitor-period=1s',
        // No kubelet beats here. A node is lost when a stage says so, not when the machine is slow: its pods would turn unready, and nothing here makes them ready again.
        '--node-monitor-grace-period=24h',
        '--node-startup-grace-period=24h',
        '--horizontal-pod-autoscaler-sync-period=5s',
      ]);
    }
    if (options.scheduler === true) {
      start('kube-scheduler', [`--kubeconfig=${kubeconfig}`, '--leader-elect=false', '--secure-port=0']);
    }
    if (options.kwok === true) {
      const stages = join(folder, 'stages.yaml');
      writeFileSync(stages, stageFile(options.insides));
      const kubeletPort = options.insides === undefined ? undefined : await freeTcpPort();
      const kubelet =
        kubeletPort === undefined
          ? []
          : [
              `--server-address=127.0.0.1:${kubeletPort}`,
              `--node-port=${kubeletPort}`,
              `--tls-cert-file=${caFile}`,
              `--tls-private-key-file=${join(folder, 'certificates', 'apiserver.key')}`,
            ];
      const kwok = [`--kubeconfig=${kubeconfig}`, '--manage-all-nodes', `--config=${stages}`, '--node-ip=127.0.0.1'];
      start('kwok', [...kwok, ...kubelet]);
    }
    return {
      url,
      caFile,
      adminToken: credentials.adminToken,
      kubeconfig,
      readyInMs,
      kubeconfigFor,
      outputs: () => Object.fromEntries(started.map(({ name, peer }) => [name, peer.output()])),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startEtcd(start: (name: string, args: readonly string[]) => Peer, folder: string): Promise<string> {
  const clientUrl = `http://127.0.0.1:${await freeTcpPort()}`;
  const peerUrl = `http://127.0.0.1:${await freeTcpPort()}`;
  const etcd = start('etcd', [
    '--name=lab',
    `--data-dir=${join(folder, 'etcd')}`,
    '--unsafe-no-fsync',
    // One member needs no second to elect itself.
    '--heartbeat-interval=10',
    '--election-timeout=100',
    `--listen-client-urls=${clientUrl}`,
    `--advertise-client-urls=${clientUrl}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=lab=${peerUrl}`,
  ]);
  await untilReady(etcd, 'etcd', async () => (await fetch(`${clientUrl}/health`)).ok);
  return clientUrl;
}

/** Whether the API server answers /readyz with 200; its certificate authority is the file it wrote itself. */
async function isReady(url: string, caFile: string, token: string): Promise<boolean> {
  const ca = await readFile(caFile);
  return new Promise((resolve) => {
    const call = request(
      `${url}/readyz`,
      { ca, agent: false, headers: { authorization: `Bearer ${token}` } },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200);
      },
    );
    call.once('error', () => resolve(false));
    call.end();
  });
}
