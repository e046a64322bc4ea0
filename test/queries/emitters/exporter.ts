import { freeTcpPort } from '../../../lab/peers/ports.ts';
import { endPeer, startPeer, untilReady } from '../../../lab/peers/process.ts';

/** Starts an exporter of Debian, told where to listen by the option `listen`; returns HOST:PORT. */
export async function exporterOf(
  of: string,
  args: readonly string[],
  listen: string,
  stack: AsyncDisposableStack,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const address = `127.0.0.1:${await freeTcpPort()}`;
  const peer = startPeer(`prometheus-${of}-exporter`, [...args, `${listen}=${address}`], env);
  stack.defer(async () => void (await endPeer(peer, [{ signal: 'SIGTERM', waitMs: 2_000 }])));
  await untilReady(peer, `prometheus-${of}-exporter`, async () => (await fetch(`http://${address}/metrics`)).ok);
  return address;
}
