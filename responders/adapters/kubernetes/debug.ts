import { createServer, type Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { Exec, Log, PortForward, type V1Status } from '@kubernetes/client-node';
import { errorText } from '../../../kernel/errors.ts';
import { type KubernetesOptions, loadKubeConfig, toPortError } from './client.ts';

/** A port of this machine that leads to one of a pod. */
export interface Forwarded {
  readonly port: number;
  close(): Promise<void>;
}

/** Opens a port on loopback, a free one unless said, and leads each connection to the pod over the API server. `failed` hears of connections that did not get through. */
export async function forwardPort(
  { kubeconfig, namespace }: KubernetesOptions,
  to: { readonly pod: string; readonly port: number; readonly localPort?: number | undefined },
  failed: (reason: string) => void,
): Promise<Forwarded> {
  const forward = new PortForward(loadKubeConfig(kubeconfig));
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket));
    forward
      .portForward(namespace, to.pod, [to.port], socket, null, socket)
      .then((connection) => {
        const web = typeof connection === 'function' ? connection() : connection;
        socket.once('close', () => web?.close());
      })
      .catch((error: unknown) => {
        failed(toPortError(error).message);
        socket.destroy();
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(to.localPort ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** A shell in a container, on the streams given; resolves when it ends or `signal` aborts. */
export async function openShell(
  { kubeconfig, namespace }: KubernetesOptions,
  { pod, container, tty }: { readonly pod: string; readonly container: string; readonly tty: boolean },
  streams: { readonly input: Readable; readonly output: Writable; readonly errors: Writable },
  signal: AbortSignal,
): Promise<void> {
  const exec = new Exec(loadKubeConfig(kubeconfig));
  try {
    const { output, errors, input } = streams;
    const told = ({ status, reason, message }: V1Status): void => {
      // How the shell itself ended is no failure of ours.
      if (status === 'Failure' && reason !== 'NonZeroExitCode')
        errors.write(`gomeet: no shell: ${message ?? reason}\n`);
    };
    const web = await exec.exec(namespace, pod, container, ['/bin/sh'], output, errors, input, tty, told);
    await new Promise<void>((resolve) => {
      web.on('close', () => resolve());
      signal.addEventListener('abort', () => web.close(), { once: true });
    });
  } catch (error) {
    throw toPortError(error);
  }
}

/** Writes the lines of a pod's containers as they come, until `signal` aborts. One that goes meanwhile says so and ends. */
export async function followLog(
  { kubeconfig, namespace }: KubernetesOptions,
  of: { readonly pod: string; readonly container: string; readonly sinceSeconds: number },
  to: Writable,
  signal: AbortSignal,
): Promise<void> {
  const log = new Log(loadKubeConfig(kubeconfig));
  // The client pipes and listens for no error: without this, ending it by `signal` would end the process.
  to.once('pipe', (source) => {
    source.on('error', (error) => {
      if (!signal.aborted) to.write(`gomeet: its log broke off: ${errorText(error)}\n`);
    });
  });
  try {
    const stop = await log.log(namespace, of.pod, of.container, to, {
      follow: true,
      sinceSeconds: of.sinceSeconds,
      timestamps: true,
    });
    signal.addEventListener('abort', () => stop.abort(), { once: true });
  } catch (error) {
    to.write(`gomeet: its log could not be had: ${errorText(toPortError(error))}\n`);
  }
}
