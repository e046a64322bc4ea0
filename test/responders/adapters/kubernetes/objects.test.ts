import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { V2HorizontalPodAutoscaler } from '@kubernetes/client-node';
import { fromHpa } from '../../../../responders/adapters/kubernetes/objects.ts';

/** As the real controller leaves one behind that stands at 100 of 25 to 100. */
function hpa(
  selectPolicy: string,
  cpuPercent: number | undefined,
  participantsEach: string,
): V2HorizontalPodAutoscaler {
  const external = { metric: { name: 's1-prometheus' } };
  const cpu = { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: cpuPercent } } };
  return {
    metadata: { name: 'livekit-sfu-hpa' },
    spec: {
      scaleTargetRef: { kind: 'Deployment', name: 'livekit-sfu' },
      minReplicas: 25,
      maxReplicas: 100,
      behavior: { scaleDown: { selectPolicy } },
      metrics: [
        { type: 'External', external: { ...external, target: { type: 'AverageValue', averageValue: '400' } } },
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
      ],
    },
    status: {
      currentReplicas: 100,
      desiredReplicas: 100,
      conditions: [{ type: 'ScalingActive', status: 'True' }],
      currentMetrics: [
        { type: 'External', external: { ...external, current: { averageValue: participantsEach } } },
        ...(cpuPercent === undefined ? [{ type: '' }] : [cpu]),
      ] as never,
    },
  };
}

describe('what an autoscaler wants', () => {
  it('is what its metrics come to where it may not scale down: its own words would be all that there are', () => {
    assert.equal(fromHpa(hpa('Disabled', 7, '120')).desiredReplicas, 30);
    assert.equal(fromHpa(hpa('Disabled', 56, '120')).desiredReplicas, 80);
  });

  it('is no pod more for the thousandths that the controller rounds up', () => {
    assert.equal(fromHpa(hpa('Disabled', 7, '40')).desiredReplicas, 10);
    assert.equal(fromHpa(hpa('Disabled', 7, '40001m')).desiredReplicas, 10);
    assert.equal(fromHpa(hpa('Disabled', 7, '40100m')).desiredReplicas, 11);
  });

  it('is not known while one of its metrics is missing', () => {
    assert.equal(fromHpa(hpa('Disabled', undefined, '120')).desiredReplicas, undefined);
  });

  it('is what it says itself where it scales down by itself', () => {
    assert.equal(fromHpa(hpa('Min', 7, '120')).desiredReplicas, 100);
  });
});
