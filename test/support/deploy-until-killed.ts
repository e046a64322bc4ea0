import { writeSync } from 'node:fs';
import { createKube } from '../../deploy/adapters/kubernetes.ts';
import type { DeployEvent } from '../../deploy/phases/ports.ts';
import { deploy } from '../../deploy/phases/run.ts';
import { systemClock } from '../../kernel/clock.ts';
import { platformNamespace as namespace } from '../../manifests/catalogue/define.ts';
import { outsideParts } from './deploy-outside.ts';
import { deployDefaults } from './deploy-stage.ts';
import { smallInfrastructure } from './infrastructure.ts';
import { smallPlatform } from './small-platform.ts';

// A process of its own that deploys, and stands still in one phase until it is killed: kubeconfig, name of the phase, milliseconds by which its clock is ahead, addresses outside the cluster.
const [kubeconfig = '', phase = '', aheadMs = '0', outside = ''] = process.argv.slice(2);
const clock = { now: () => Date.now() + Number(aheadMs), sleep: systemClock.sleep };
const kube = createKube({ kubeconfig, namespace });
await deploy({
  ...deployDefaults(kube, smallPlatform({ image: 'auth-service:2', value: 'two', light: true }), clock),
  ...(outside === '' ? {} : { parts: outsideParts(JSON.parse(outside), kube, smallInfrastructure) }),
  tell: standStill(),
});

/** At the beginning of the phase; after its first change where it makes one. A part tells of each call or statement before it: at the second line the first was carried out. */
function standStill(): (event: DeployEvent) => void {
  let began = false;
  let lines = 0;
  return (event) => {
    if (event.kind === 'phase-began') began = event.phase.name === phase;
    if (!began) return;
    if (outside !== '' && ['infrastructure', 'database'].includes(phase)) {
      lines += event.kind === 'line' ? 1 : 0;
      if (lines < 2) return;
    } else if (
      ['secrets', 'database', 'services', 'gateway', 'monitoring', 'auto-scaling'].includes(phase) &&
      event.kind !== 'applied'
    )
      return;
    writeSync(1, 'here\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  };
}
