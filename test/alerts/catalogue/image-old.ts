import { imageOld } from '../../../alerts/catalogue/image-old.ts';
import { fired, fires, inCluster, proves, silent } from '../scenario.ts';

const days = (count: number) => count * 86_400;
const registry = 'registry.digitalocean.com/gomeet';
const runs = (pod: string, image: string) => ({
  [`kube_pod_container_info{${inCluster}, pod="${pod}", container="main", image_spec="${image}", image="${image}", image_id="x@sha256:1"}`]:
    '1x200',
});
const started = (pod: string, daysAgo: number) => ({
  [`kube_pod_created{${inCluster}, pod="${pod}"}`]: `${-days(daysAgo)}x200`,
});
/** Two exporters tell the same. */
const pushed = (image: string, daysAgo: number) =>
  Object.fromEntries(
    ['a', 'b'].map((instance) => [
      `digitalocean_registry_image_pushed_timestamp_seconds{job="digitalocean-exporter", instance="${instance}:9481", image="${image}"}`,
      `${-days(daysAgo)}x200`,
    ]),
  );
const old = (service: string, age: string) =>
  fired(imageOld, `info platform ${service}`, {}, `What ${service} runs was built ${age} ago, or longer.`);

export const proof = proves(imageOld, {
  'it fires for an image that was pushed more than ninety days ago, by tag or by digest, however young its pods are':
    fires(
      {
        ...runs('auth-service-1', `${registry}/auth-service:1.4.2`),
        ...started('auth-service-1', 2),
        ...pushed(`${registry}/auth-service:1.4.2`, 95),
        ...runs('chat-service-1', `${registry}/chat-service@sha256:aa`),
        ...started('chat-service-1', 2),
        ...pushed(`${registry}/chat-service@sha256:aa`, 100),
        ...runs('turn-service-1', `${registry}/turn-service:1.4.9`),
        ...started('turn-service-1', 2),
        ...pushed(`${registry}/turn-service:1.4.9`, 80),
      },
      ['59m', '62m'],
      [old('auth-service', '95d 1h 2m 0s'), old('chat-service', '100d 1h 2m 0s')],
      '1m',
    ),
  'where the registry says nothing, a pod that is older tells': [
    fires(
      { ...runs('auth-service-1', `${registry}/auth-service:1.4.2`), ...started('auth-service-1', 95) },
      ['59m', '62m'],
      [old('auth-service', '95d 1h 2m 0s')],
      '1m',
    ),
    silent(
      { ...runs('auth-service-1', `${registry}/auth-service:1.4.2`), ...started('auth-service-1', 80) },
      '90m',
      '1m',
    ),
  ],
  'it stays silent for what others build, and without data': [
    silent(
      { ...runs('redis-exporter-1', 'oliver006/redis_exporter:v1.62.0'), ...started('redis-exporter-1', 400) },
      '90m',
      '1m',
    ),
    silent({}, '90m', '1m'),
  ],
});
