import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { grantResponder } from '../../../lab/cluster/access.ts';
import type { LabApi } from '../../../lab/cluster/api.ts';
import type { ControlPlane } from '../../../lab/cluster/control-plane.ts';
import { labResponder, rememberingNotifier } from '../../../lab/lab-responder.ts';
import { freeTcpPort } from '../../../lab/peers/ports.ts';
import { prepareSignals } from '../../../lab/signals.ts';
import { simulatedCloud } from '../../../lab/simulator/cloud.ts';
import { simulatedFleet } from '../../../lab/simulator/fleet.ts';
import { simulatedLiveKit } from '../../../lab/simulator/livekit-source.ts';
import type { Rim } from '../../../lab/simulator/rim.ts';
import { serveSimulator } from '../../../lab/simulator/server.ts';
import type { SimState } from '../../../lab/simulator/state.ts';
import type { LabTime } from '../../../lab/time.ts';
import { createKubernetesCluster } from '../../../responders/adapters/kubernetes/cluster.ts';
import { startResponder } from '../../../responders/main.ts';

/** Production's responder beside one of the namespaces: its own rights on the real API server, a real Prometheus and Alertmanager, meetings and droplets as they are simulated. */
export async function startBenchResponder(
  options: {
    readonly plane: ControlPlane;
    readonly api: LabApi;
    readonly namespace: string;
    readonly floor: number;
    readonly state: SimState;
    readonly time: LabTime;
    readonly databaseUrl: string;
    readonly folder: string;
  },
  stack: AsyncDisposableStack,
): Promise<{ quiet(): Promise<void> }> {
  const { plane, api, namespace, state, time, folder } = options;
  const rim: Rim = { time, state: () => state, record() {}, writes: [], away: new Set() };
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o711);
  const signals = await prepareSignals(
    {
      world: {
        factor: time.factor,
        livekit: simulatedLiveKit(rim),
        serve: () => serveSimulator({ time, view: () => state, isAway: () => false }),
      },
      folder,
      logFolder: join(folder, 'logs'),
    },
    stack,
  );
  const listenAddress = `127.0.0.1:${await freeTcpPort()}`;
  await signals.start({ webhookUrl: `http://${listenAddress}/alertmanager` });
  const responder = await startResponder(
    labResponder({
      factor: time.factor,
      databaseUrl: options.databaseUrl,
      ...signals,
      listenAddress,
      cluster: createKubernetesCluster({ kubeconfig: await grantResponder(plane, api, namespace), namespace }),
      fleet: simulatedFleet(rim),
      cloud: simulatedCloud(rim),
      notifiers: [rememberingNotifier()],
      sfuFloor: options.floor,
    }),
  );
  stack.defer(() => responder.close());
  return { quiet: () => signals.quiet() };
}
