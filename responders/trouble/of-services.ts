import { imageCameMs } from '../rollout/came.ts';
import { of, waiting } from './ask.ts';
import type { Fix, Question } from './define.ts';

const deletePod = (pod: string): Fix => ({
  say: `delete the pod ${pod} once the cause is gone`,
  action: 'deletePod',
  params: { pod },
});

/** Pods that the scheduler finds no node for. */
export const noRoom: Question = {
  cause: 'no room on any node',
  look: ({ pods }) =>
    of(pods, (all) => {
      const stuck = all.find(({ status }) =>
        status.conditions.some(({ type, reason }) => type === 'PodScheduled' && reason === 'Unschedulable'),
      );
      if (stuck === undefined) return { ruledOut: 'every pod has a node' };
      const { message } = stuck.status.conditions.find(({ reason }) => reason === 'Unschedulable') ?? { message: '' };
      return {
        found: `${stuck.metadata.name} waits: ${message}`,
        fix: { say: 'add a node to its pool', action: 'raiseNodePool', params: { step: 1 } },
      };
    }),
};

/** Containers that were killed for memory. */
export const outOfMemory: Question = {
  cause: 'memory limit',
  look: ({ pods, workload }) =>
    of(pods, (all) => {
      const killed = all.find(({ status }) =>
        status.containerStatuses.some(({ lastState }) => lastState.terminated?.reason === 'OOMKilled'),
      );
      return killed === undefined
        ? { ruledOut: 'no container was killed for memory' }
        : {
            found: `a container of ${killed.metadata.name} was OOMKilled`,
            ...(workload === undefined
              ? {}
              : { fix: { say: 'give it more memory', action: 'setResources', params: { workload, memory: '×1.5' } } }),
          };
    }),
};

/** Images that cannot be pulled. */
export const image: Question = {
  cause: 'image',
  look: ({ pods, workload, rollouts }) =>
    of(pods, (all) => {
      const [bad] = waiting(all, ['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull']);
      if (bad === undefined) return { ruledOut: 'every image was pulled' };
      const before = 'value' in rollouts && imageCameMs(rollouts.value) !== undefined;
      return {
        found: `${bad.pod} cannot get ${bad.image}: ${bad.message || bad.reason}`,
        fix:
          workload !== undefined && before
            ? { say: 'go back to the revision before', action: 'rollBack', params: { workload } }
            : deletePod(bad.pod),
      };
    }),
};

/** A ConfigMap, a Secret or a key that is not there. */
export const configuration: Question = {
  cause: 'configuration',
  look: ({ pods, events }) =>
    of(pods, (all) => {
      const [bad] = waiting(all, ['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError']);
      if (bad !== undefined) return { found: `${bad.pod}: ${bad.message || bad.reason}` };
      return of(events, (seen) => {
        const mount = seen.find(
          ({ reason, message }) => reason === 'FailedMount' && /(configmap|secret)s? .*not found/i.test(message),
        );
        return mount === undefined
          ? { ruledOut: 'no pod lacks a ConfigMap, a Secret or a key' }
          : { found: `${mount.object}: ${mount.message}` };
      });
    }),
};

/** A crash loop that began with a rollout. */
export const badRelease: Question = {
  cause: 'bad release',
  look: ({ rollouts, pods, workload, nowMs }) =>
    of(rollouts, (revisions) =>
      of(pods, (all) => {
        const [newest] = revisions;
        const cameMs = imageCameMs(revisions);
        const crashing = waiting(all, ['CrashLoopBackOff']);
        if (newest === undefined) return { notKnown: 'no revision is to be seen' };
        if (crashing.length === 0) return { ruledOut: 'no pod is in a crash loop' };
        if (cameMs === undefined)
          return { ruledOut: `${crashing.length} pods crash, but no other image is known to have run before` };
        const minutes = Math.round((nowMs - cameMs) / 60_000);
        if (minutes > 60) return { ruledOut: `${crashing.length} pods crash, but their image came ${minutes} min ago` };
        return {
          found: `${crashing.length} pods crash since ${newest.image} was rolled out ${minutes} min ago`,
          ...(workload === undefined
            ? {}
            : { fix: { say: 'go back to the revision before', action: 'rollBack', params: { workload } } }),
        };
      }),
    ),
};

/** Nodes that are not ready or under pressure. */
export const nodeTrouble: Question = {
  cause: 'node',
  look: ({ nodes }) =>
    of(nodes, (all) => {
      const bad = all.filter(({ status }) =>
        status.conditions.some(
          ({ type, status: value }) =>
            (type === 'Ready' && value !== 'True') || (type.endsWith('Pressure') && value === 'True'),
        ),
      );
      return bad.length === 0
        ? { ruledOut: `all ${all.length} nodes are ready and without pressure` }
        : { found: `${bad.map(({ metadata }) => metadata.name).join(', ')}: not ready or under pressure` };
    }),
};
