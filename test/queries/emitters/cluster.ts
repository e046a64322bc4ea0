import { Resolver } from 'node:dns/promises';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CustomObjectsApi } from '@kubernetes/client-node';
import { jobs } from '../../../alerts/jobs.ts';
import { connectApi } from '../../../lab/cluster/api.ts';
import { openApplier } from '../../../lab/cluster/apply.ts';
import type { ControlPlane } from '../../../lab/cluster/control-plane.ts';
import { freeTcpPort } from '../../../lab/peers/ports.ts';
import { endPeer, type Peer, startPeer, untilReady } from '../../../lab/peers/process.ts';
import { released } from '../../../manifests/addons/index.ts';
import { eventually } from '../../lab/cluster/eventually.ts';
import { type Live, pod } from './live.ts';

async function untilItTells(name: string, peer: Peer, address: string, stack: AsyncDisposableStack): Promise<void> {
  stack.defer(async () => void (await endPeer(peer, [])));
  await untilReady(peer, name, async () => (await fetch(`http://${address}/metrics`)).ok);
}

/** A name server that is asked for a name it knows, one that does not exist, and one whose server does not answer. */
export async function nameServer(folder: string, stack: AsyncDisposableStack): Promise<Live> {
  const [port, metrics, nowhere] = [await freeTcpPort(), await freeTcpPort(), await freeTcpPort()];
  const corefile = join(folder, 'Corefile');
  await writeFile(
    corefile,
    `.:${port} {
  bind 127.0.0.1
  prometheus 127.0.0.1:${metrics}
  cache 1
  hosts {
    10.101.0.1 here.cluster.local
    fallthrough
  }
  forward . 127.0.0.1:${nowhere}
}
`,
  );
  const address = `127.0.0.1:${metrics}`;
  await untilItTells('coredns', startPeer('coredns', ['-conf', corefile]), address, stack);
  const resolver = new Resolver({ timeout: 2_000, tries: 1 });
  resolver.setServers([`127.0.0.1:${port}`]);
  const asking = setInterval(
    () => void Promise.allSettled(['here.cluster.local', 'elsewhere.example'].map((name) => resolver.resolve4(name))),
    1_000,
  );
  stack.defer(() => clearInterval(asking));
  return { [jobs.coredns]: [{ targets: [address], labels: pod('coredns') }] };
}

/** Certificates in a real API server, one issued and one not, and what cert-manager's own code says of them. */
export async function certificates(plane: ControlPlane, stack: AsyncDisposableStack): Promise<Live> {
  const applier = await openApplier(plane);
  const definition = released('cert-manager').find(({ metadata }) => metadata.name === 'certificates.cert-manager.io');
  if (definition === undefined) throw new Error('cert-manager defines no certificates');
  await applier.apply(definition);
  const namespace = 'default';
  const at = { group: 'cert-manager.io', version: 'v1', namespace, plural: 'certificates' };
  const objects = connectApi(plane.kubeconfig).config.makeApiClient(CustomObjectsApi);
  for (const name of ['gomeet-tls', 'waiting']) {
    const spec = { secretName: name, dnsNames: ['gomeet.com'], issuerRef: { kind: 'Issuer', name: 'letsencrypt' } };
    const certificate = { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata: { name, namespace }, spec };
    const made = await eventually(`the certificate ${name} is taken`, () =>
      objects.createNamespacedCustomObject({ ...at, body: certificate }).catch(() => undefined),
    );
    if (name !== 'gomeet-tls') continue;
    const condition = { type: 'Ready', status: 'True', reason: 'Ready', message: 'up to date' };
    const now = new Date();
    const status = {
      conditions: [{ ...condition, lastTransitionTime: now.toISOString() }],
      notBefore: now.toISOString(),
      notAfter: new Date(now.getTime() + 30 * 86_400_000).toISOString(),
    };
    await objects.replaceNamespacedCustomObjectStatus({ ...at, name, body: { ...made, status } });
  }
  const address = `127.0.0.1:${await freeTcpPort()}`;
  const peer = startPeer('cert-manager-metrics', [address], { KUBECONFIG: plane.kubeconfig });
  await untilItTells('cert-manager-metrics', peer, address, stack);
  return { [jobs.certManager]: [{ targets: [address], labels: pod('cert-manager') }] };
}
