import { execFile } from 'node:child_process';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { errorText } from '../../kernel/errors.ts';
import { startTraefik, type TraefikPeer } from '../peers/traefik.ts';
import { connectApi, createAll, serviceAccountToken } from './api.ts';
import { openApplier, type WrittenObject } from './apply.ts';
import type { ControlPlane } from './control-plane.ts';
import { type PodRequest, servePodNetwork } from './pod-network.ts';

/** What a gateway is made of. */
export interface GatewayOptions {
  readonly plane: ControlPlane;
  readonly namespace: string;
  /** Objects of the platform, applied in this order: definitions of custom resources, its Role, routes, middlewares, Services. */
  readonly objects: readonly WrittenObject[];
  /** Traefik's arguments, as its Deployment has them. */
  readonly args: readonly string[];
  /** The secret of the routes, and the hosts that its certificate is for. */
  readonly tls: { readonly secret: string; readonly hosts: readonly string[] };
  /** Answers in place of a pod. */
  answer(request: PodRequest, response: ServerResponse): void;
}

/** A real Traefik that reads its routes from a real API server, by the rights that the platform gives it. */
export interface Gateway extends Omit<TraefikPeer, 'stop'> {
  /** The certificate that it shows, PEM. */
  readonly certificate: string;
  stop(): Promise<void>;
}

const run = promisify(execFile);

/** Applies the objects and starts Traefik before them. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { plane, namespace, objects, tls } = options;
  const api = connectApi(plane.kubeconfig);
  await createAll(api, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);
  const applier = await openApplier(plane);
  const { certificate, key } = await selfSigned(tls.hosts);
  const encoded = (text: string) => Buffer.from(text).toString('base64');
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: tls.secret, namespace },
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': encoded(certificate), 'tls.key': encoded(key) },
  };
  for (const object of [...objects, secret]) await untilServed(() => applier.apply(object));
  const kubeconfig = plane.kubeconfigFor('traefik', await serviceAccountToken(api, { namespace, name: 'traefik' }));
  const network = await servePodNetwork(options.answer);
  const traefik = await startTraefik({ args: options.args, kubeconfig, podNetwork: network.url });
  return {
    ...traefik,
    certificate,
    async stop() {
      await traefik.stop();
      await network.close();
    },
  };
}

/** A definition that was taken is served a moment later. */
async function untilServed(apply: () => Promise<void>): Promise<void> {
  const until = Date.now() + 60_000;
  for (;;) {
    try {
      return await apply();
    } catch (error) {
      if (Date.now() > until || !/ has no | 404 /.test(errorText(error))) throw error;
      await delay(200);
    }
  }
}

async function selfSigned(hosts: readonly string[]): Promise<{ certificate: string; key: string }> {
  const names = hosts.map((host) => `DNS:${host}`).join(',');
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30'];
  const { stdout } = await run('openssl', [
    ...args,
    ...['-subj', `/CN=${hosts[0] ?? ''}`, '-addext', `subjectAltName=${names}`, '-keyout', '-', '-out', '-'],
  ]);
  const block = (label: RegExp) => label.exec(stdout)?.[0] ?? '';
  return {
    certificate: block(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----\n/),
    key: block(/-----BEGIN PRIVATE KEY-----[\s\S]+?-----END PRIVATE KEY-----\n/),
  };
}
