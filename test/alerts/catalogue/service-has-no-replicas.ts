import { serviceHasNoReplicas } from '../../../alerts/catalogue/service-has-no-replicas.ts';
import { fired, fires, inCluster, proves, silent } from '../scenario.ts';

const replicas = (deployment: string, available: string, wanted: string) => ({
  [`kube_deployment_status_replicas_available{${inCluster}, deployment="${deployment}"}`]: available,
  [`kube_deployment_spec_replicas{${inCluster}, deployment="${deployment}"}`]: wanted,
});

export const proof = proves(serviceHasNoReplicas, {
  'it fires a minute after the last replica went, for that service': fires(
    { ...replicas('auth-service', '8x4 0x40', '8x44'), ...replicas('chat-service', '1x44', '10x44') },
    ['2m', '2m30s'],
    [fired(serviceHasNoReplicas, 'critical platform auth-service', {}, 'No replica of auth-service is available.')],
  ),
  'it stays silent for what is scaled to nothing, for half a minute, and without data': [
    silent(replicas('auth-service', '0x40', '0x40'), '9m'),
    silent(replicas('auth-service', '8x4 0x2 8x40', '8x46'), ['1m45s', '9m']),
    silent({}, '9m'),
  ],
});
