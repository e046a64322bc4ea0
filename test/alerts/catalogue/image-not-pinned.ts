import { imageNotPinned } from '../../../alerts/catalogue/image-not-pinned.ts';
import { fired, fires, inCluster, proves, silent } from '../scenario.ts';

const runs = (pod: string, image: string) =>
  `kube_pod_container_info{${inCluster}, pod="${pod}", container="main", image_spec="${image}", image="${image}", image_id="x@sha256:1"}`;

export const proof = proves(imageNotPinned, {
  'it fires after half an hour for latest, for no tag and for a tag that is no version, each pod once': fires(
    {
      [runs('auth-service-1', 'registry.digitalocean.com/gomeet/auth-service:latest')]: '_x7 1x200',
      [runs('auth-service-2', 'registry.digitalocean.com/gomeet/auth-service')]: '_x7 1x200',
      // The number after this colon is a port.
      [runs('chat-service-1', 'registry:5000/gomeet/chat-service:latest')]: '_x7 1x200',
      [runs('auth-service-3', 'registry.digitalocean.com/gomeet/auth-service:1.4.2')]: '1x200',
    },
    ['31m30s', '33m'],
    [
      fired(
        imageNotPinned,
        'warning platform auth-service',
        {},
        '2 pods of auth-service run an image without version or digest.',
      ),
      fired(
        imageNotPinned,
        'warning platform chat-service',
        {},
        '1 pods of chat-service run an image without version or digest.',
      ),
    ],
  ),
  'it stays silent for versions and digests, for a pod of a quarter of an hour, and without data': [
    silent(
      { [runs('traefik-1', 'traefik:v3.3.1')]: '1x200', [runs('grafana-1', 'grafana/grafana@sha256:abc')]: '1x200' },
      '45m',
    ),
    silent({ [runs('auth-service-1', 'a:latest')]: '1x60 _x200' }, ['20m', '45m']),
    silent({}, '45m'),
  ],
});
