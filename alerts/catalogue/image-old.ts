import { digitalOceanMetrics as cloud } from '../../exporters/metrics/digitalocean.ts';
import { kubeStateMetrics as kube } from '../../exporters/metrics/kube-state-metrics.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { ofPlatform, serviceOfPod } from '../scope.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Seconds since an image of ours was pushed after which it is old: 90 days. */
export const maxImageAgeSeconds = 90 * 86_400;
const ours = 'image_spec=~"registry.digitalocean.com/.+"';
const pushed = `label_replace(max by (image) (${cloud.imagePushed.name}), "image_spec", "$1", "image", "(.+)")`;
const runs = `max by (pod, image_spec) (${kube.containerInfo.name}{${ofPlatform}, ${ours}})`;
const sincePush = `max by (service) (${serviceOfPod(`${runs} * on (image_spec) group_left () (time() - ${pushed})`)})`;
// Where nobody reads the registry: an image is as old as the pod that runs it, at the least.
const sinceStart = `max by (service) (${serviceOfPod(`(time() - ${kube.podCreated.name}{${ofPlatform}}) and on (pod) ${runs}`)})`;
const age = `${sincePush}\nor on (service) ${sinceStart}`;

/** A service of ours has not been built for months: its base image has holes that are known by now. */
export const imageOld = defineAlert({
  name: 'ImageOld',
  expr: `(${age}) > ${maxImageAgeSeconds}`,
  for: duration('1h'),
  severity: 'info',
  owner: 'platform',
  group: 'security',
  summary: 'A service of ours has not been rebuilt for months',
  description: 'What {{ $labels.service }} runs was built {{ $value | humanizeDuration }} ago, or longer.',
  runbook: {
    meaning:
      'A pod of this service runs an image that was pushed to our registry more than 90 days ago; where the registry cannot be read, a pod that has run for so long.',
    impact: 'Holes of the base image that were closed long ago are still open here.',
    diagnosis: [
      { say: 'How old is what each service runs?', query: age },
      {
        say: 'Which image?',
        command: 'kubectl -n gomeet get deployment SERVICE -o jsonpath={.spec.template.spec.containers[*].image}',
        expect: 'A tag of the last months.',
      },
      {
        say: 'Was a newer one pushed, and never rolled out?',
        query: `sort_desc(max by (image) (${cloud.imagePushed.name}))`,
      },
      {
        say: 'What is known to be wrong with it?',
        command: 'gomeet images scan --services SERVICE',
        expect: 'Exit code 0: no hole that is high or critical and can be mended.',
      },
    ],
    mitigation: [callThePersonOnCall],
    person:
      'Rebuild it with `gomeet images build --update-base-images`, push it, and roll it out with `gomeet rollout update`.',
    leave: 'A freeze before a large event: note it for the day after.',
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('1w'),
    signal: { query: age, unit: 'seconds', threshold: maxImageAgeSeconds, direction: 'above', legend: '{{service}}' },
  },
});
