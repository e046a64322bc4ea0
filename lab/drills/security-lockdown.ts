import type { LabPlatform } from '../platform.ts';
import { type Drill, usualSetting } from './define.ts';
import { askFor } from './stage.ts';

/** A lockdown cuts the product off and nothing that watches it, and goes back to what stood before. */
export const securityLockdown: Drill = {
  name: 'security-lockdown',
  title: 'an intruder: the product is cut off, monitoring is not, and the way back leads to what stood before',
  alertname: undefined,
  setting: usualSetting,
  async play(stage) {
    stage.cause('Somebody is inside who should not be.');
    const before = await policies(stage.platform);

    await askFor(stage, 'the product is cut off', 'lockDown', {});
    const during = await policies(stage.platform);
    const narrowed = [...before.keys()].filter((name) => during.get(name) !== before.get(name));
    stage.check(
      'services and gateway are narrowed',
      ['auth-service', 'traefik'].every((one) => narrowed.includes(one)),
      narrowed.join(', '),
    );
    const alive = ['prometheus', 'alertmanager', 'gomeet-responder'].filter((name) => narrowed.includes(name));
    stage.check('monitoring and the responder are not', alive.length === 0, alive.join(', ') || 'as they were');

    await askFor(stage, 'it is taken back', 'liftLockdown', {});
    const after = await policies(stage.platform);
    const left = [...before.keys()].filter((name) => after.get(name) !== before.get(name));
    stage.check('every policy is what it was', left.length === 0, left.join(', ') || `${before.size} policies`);
  },
};

async function policies({ objects }: LabPlatform): Promise<ReadonlyMap<string, string>> {
  const found = await objects.list({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' });
  return new Map(found.map(({ metadata, spec }) => [metadata.name, JSON.stringify(spec)]));
}
