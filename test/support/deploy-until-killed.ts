import { writeSync } from 'node:fs';
import { createKube } from '../../deploy/adapters/kubernetes.ts';
import type { DeployEvent } from '../../deploy/phases/ports.ts';
import { deploy } from '../../deploy/phases/run.ts';
import { systemClock } from '../../kernel/clock.ts';
import { platformNamespace as namespace } from '../../manifests/catalogue/define.ts';
import { deployDefaults } from './deploy-stage.ts';
import { smallPlatform } from './small-platform.ts';

// A process of its own that deploys, and stands still in one phase until it is killed: kubeconfig, name of the phase, milliseconds by which its clock is ahead.
const [kubeconfig = '', phase = '', aheadMs = '0'] = process.argv.slice(2);
const clock = { now: () => Date.now() + Number(aheadMs), sleep: systemClock.sleep };
const kube = createKube({ kubeconfig, namespace });
await deploy({
  ...deployDefaults(kube, smallPlatform({ image: 'auth-service:2', value: 'two', light: true }), clock),
  tell: standStill(),
});

/** At the beginning of the phase, or after its first change where it makes one. */
function standStill(): (event: DeployEvent) => void {
  let began = false;
  return (event) => {
    if (event.kind === 'phase-began') began = event.phase.name === phase;
    const changesSomething = ['secrets', 'database', 'services', 'gateway', 'monitoring', 'auto-scaling'].includes(
      phase,
    );
    if (!began || (changesSomething && event.kind !== 'applied')) return;
    writeSync(1, 'here\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  };
}
