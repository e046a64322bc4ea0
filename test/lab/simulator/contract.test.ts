import { clusterContract } from '../../responders/adapters/kubernetes/contract.ts';
import { stillSimulator } from './world.ts';

clusterContract('the simulator', async () => {
  const world = stillSimulator();
  const pod = world.view().pods.find(({ workload }) => workload === 'meeting-service');
  if (pod === undefined) throw new Error('the simulator runs no meeting-service');
  world.control.autoscale({ minReplicas: 2, maxReplicas: 9, targetCpuRatio: 0.6 });
  return {
    cluster: world.cluster,
    deployment: 'meeting-service',
    pod: pod.name,
    autoscaled: 'livekit-sfu',
    close: async () => {},
  };
});
