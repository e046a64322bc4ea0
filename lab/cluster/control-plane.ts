import { mkdtempSync, writeFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freeTcpPort } from '../peers/ports.ts';
import { endPeer, type Peer, startPeer, untilReady } from '../peers/process.ts';
import { writeCredentials, writeKubeconfig, writeProxyCertificate } from './credentials.ts';
import { kubeletFile } from './kubelet-metrics.ts';
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
  /** Lets servers of further APIs know who asks through the API server, and kubelets tell what pods use: what metrics-server and KEDA need. */
  readonly metrics?: boolean;
  /** Divides what the HPA controller waits for; its production values by 1. The interval of its looks is 5 s without this, so that tests need not wait. */
  readonly hpaFactor?: number;
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
  /** Where every kubelet answers, by TLS with the API server's own certificate; undefined where nobody asks them. */
  readonly kubeletPort: number | undefined;
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
    const kubeletPort = options.metrics === true || options.insides !== undefined ? await freeTcpPort() : undefined;
    const certificates = join(folder, 'certificates');
    const caFile = join(certificates, 'apiserver.crt');
    const url = `https://127.0.0.1:${port}`;
    const apiServer = start('kube-apiserver', [
      `--etcd-servers=${etcdUrl}`,
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      `--secure-port=${port}`,
      `--cert-dir=${certificates}`,
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
      ...(options.metrics === true ? aggregation(writeProxyCertificate(folder)) : []),
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
        ...hpaTimes(options.hpaFactor),
      ]);
    }
    if (options.scheduler === true) {
      start('kube-scheduler', [`--kubeconfig=${kubeconfig}`, '--leader-elect=false', '--secure-port=0']);
    }
    if (options.kwok === true) {
      const stages = join(folder, 'stages.yaml');
      const told = options.metrics === true ? `---\n${kubeletFile()}` : '';
      writeFileSync(stages, `${stageFile(options.insides)}${told}`);
      const kubelet =
        kubeletPort === undefined
          ? []
          : [
              `--server-address=127.0.0.1:${kubeletPort}`,
              `--node-port=${kubeletPort}`,
              `--tls-cert-file=${caFile}`,
              `--tls-private-key-file=${join(certificates, 'apiserver.key')}`,
            ];
      const kwok = [`--kubeconfig=${kubeconfig}`, '--manage-all-nodes', `--config=${stages}`, '--node-ip=127.0.0.1'];
      start('kwok', [...kwok, ...kubelet]);
    }
    return {
      url,
      caFile,
      adminToken: credentials.adminToken,
      kubeconfig,
      kubeletPort,
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

/** By which the server of a further API believes the API server who asks. */
function aggregation({ certificate, key }: { certificate: string; key: string }): readonly string[] {
  return [
    `--requestheader-client-ca-file=${certificate}`,
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    `--proxy-client-cert-file=${certificate}`,
    `--proxy-client-key-file=${key}`,
  ];
}

/** What the HPA controller waits for: Kubernetes' defaults divided. */
function hpaTimes(factor: number | undefined): readonly string[] {
  if (factor === undefined) return ['--horizontal-pod-autoscaler-sync-period=5s'];
  const ms = (seconds: number) => `${Math.round((seconds * 1_000) / factor)}ms`;
  return [
    `--horizontal-pod-autoscaler-sync-period=${ms(15)}`,
    `--horizontal-pod-autoscaler-cpu-initialization-period=${ms(300)}`,
    `--horizontal-pod-autoscaler-initial-readiness-delay=${ms(30)}`,
  ];
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
