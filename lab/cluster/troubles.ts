import type { V1Pod, V1PodStatus } from '@kubernetes/client-node';
import { infrastructureOf, namesOf } from '../../responders/edge/declared.ts';
import type { DigitalOceanFake } from '../fakes/digitalocean.ts';
import { type Trouble, troubledPod, wrongAddress } from '../troubles.ts';
import type { LabApi } from './api.ts';

const address = '203.0.113.20';

/** Begins a trouble on the real API server, or at DigitalOcean. */
export async function beginTrouble(
  { api, namespace, cloud }: { api: LabApi; namespace: string; cloud: DigitalOceanFake },
  trouble: Trouble,
  workload: string,
): Promise<void> {
  const infrastructure = infrastructureOf();
  const { core } = api;
  const pod = troubledPod(trouble, workload);
  if (pod !== undefined) {
    const body: V1Pod & { status?: V1PodStatus } = JSON.parse(JSON.stringify(pod));
    const made = await core.createNamespacedPod({ namespace, body });
    await core.replaceNamespacedPodStatus({
      name: pod.metadata.name,
      namespace,
      body: { ...made, ...(body.status === undefined ? {} : { status: body.status }) },
    });
  }
  if (trouble === 'database')
    cloud.account.estate.databases.push({
      id: 'lab-postgresql',
      name: infrastructure?.databases[0]?.name,
      engine: 'pg',
      version: '17',
      status: 'offline',
      num_nodes: 3,
      region: 'nyc1',
      size: 'gd-16vcpu-64gb',
    });
  if (trouble === 'load-balancer' && infrastructure !== undefined) {
    const spec = { type: 'LoadBalancer', selector: { app: 'traefik' }, ports: [{ port: 443 }] };
    const made = await core.createNamespacedService({ namespace, body: { metadata: { name: 'traefik' }, spec } });
    const status = { loadBalancer: { ingress: [{ ip: address }] } };
    await core.replaceNamespacedServiceStatus({ name: 'traefik', namespace, body: { ...made, status } });
    cloud.account.infra.records[infrastructure.domain.name] = namesOf(infrastructure).map((name, id) => ({
      id,
      type: 'A',
      name,
      data: name === 'app' ? wrongAddress : address,
    }));
  }
}
