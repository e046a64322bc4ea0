import { type Context, workloadOf } from '../objects/context.ts';
import type { KubernetesObject } from '../objects/object.ts';
import { configVolume } from '../objects/volumes.ts';
import { runs } from '../objects/workload.ts';
import { serviceConfigs } from './configmaps.ts';

const sticky = {
  'traefik.ingress.kubernetes.io/service.sticky.cookie': 'true',
  'traefik.ingress.kubernetes.io/service.sticky.cookie.name': 'gomeet-affinity',
  'traefik.ingress.kubernetes.io/service.sticky.cookie.secure': 'true',
  'traefik.ingress.kubernetes.io/service.sticky.cookie.httponly': 'true',
};

/** The six services of the application, each of its own image. */
export function apiServicesFile(context: Context): readonly KubernetesObject[] {
  const services = (
    ['auth-service', 'meeting-service', 'signaling-service', 'chat-service', 'turn-service'] as const
  ).flatMap((name) =>
    runs(context, workloadOf(context, name), {
      mounts: [configVolume(serviceConfigs[name], '/app/config')],
      env: { TURN_SERVER: `turn.${context.environment.settings.domain}` },
      // The README's sticky sessions: the load balancer cannot, since it passes TCP.
      ...(name === 'signaling-service' ? { serviceAnnotations: sticky } : {}),
    }),
  );
  return [
    ...services,
    ...runs(context, workloadOf(context, 'frontend'), { mounts: [configVolume('frontend-config', '/app/config')] }),
  ];
}
