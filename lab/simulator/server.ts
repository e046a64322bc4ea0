import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exposeKube } from './expose-kube.ts';
import { exposeSfu } from './expose-sfu.ts';
import type { Simulator } from './simulator.ts';

/** The scraped half of the simulated platform. */
export interface SimulatorServer {
  /** HOST:PORT of everything below. */
  readonly address: string;
  /** For http_sd: one target a livekit-server, its path and its pod in labels. */
  readonly targetsUrl: string;
  close(): Promise<void>;
}

/** As much of a simulator as is scraped. */
type Seen = Pick<Simulator, 'time' | 'view' | 'isAway'>;

const text = 'text/plain; version=0.0.4; charset=utf-8';

/** Serves /sfu/<pod>/metrics for each livekit-server that lives, /kube/metrics, and /targets for Prometheus' discovery. */
export async function serveSimulator(simulator: Seen): Promise<SimulatorServer> {
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    if (path === '/targets')
      return send(response, 200, 'application/json', JSON.stringify(targets(simulator, address)));
    if (path === '/kube/metrics')
      return simulator.isAway('kube-metrics')
        ? request.socket.destroy()
        : send(response, 200, text, exposeKube(simulator.view()));
    const state = simulator.view();
    const pod = /^\/sfu\/([^/]+)\/metrics$/.exec(path)?.[1];
    const sfu = state.sfus.find((candidate) => candidate.pod === pod && candidate.alive);
    // A dead process refuses the connection; an HTTP error would be an answer.
    if (pod !== undefined && (sfu === undefined || simulator.isAway('sfu-metrics'))) return request.socket.destroy();
    return sfu === undefined
      ? send(response, 404, text, 'not found\n')
      : send(response, 200, text, exposeSfu(state, sfu, simulator.time));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    address,
    targetsUrl: `http://${address}/targets`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function targets(simulator: Seen, address: string): object[] {
  const { pods, sfus } = simulator.view();
  return sfus
    .filter((sfu) => pods.some((pod) => pod.name === sfu.pod))
    .map((sfu) => ({
      targets: [address],
      labels: { __metrics_path__: `/sfu/${sfu.pod}/metrics`, pod: sfu.pod, instance: sfu.pod },
    }));
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}
