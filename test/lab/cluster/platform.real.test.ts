import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { closeParticipants } from '../../../lab/cluster/participants.ts';
import { startRealPlatform } from '../../../lab/cluster/platform.ts';
import { drillNamed, playDrill } from '../../../lab/drills/play.ts';
import { controlPlaneTools, skipWithout } from '../../support/skip-without.ts';

const tools = [...controlPlaneTools, 'redis-server', 'livekit-server', 'prometheus', 'alertmanager'] as const;

describe('drills on real peers, as on the simulated ones', { skip: skipWithout(...tools) }, () => {
  after(() => closeParticipants());

  for (const [name, what] of [
    ['service-crash-loop', 'a crash loop, cured by one rollout'],
    [
      'bad-deploy',
      'a release that crashes, recognised by its alert and taken back on the API server once a person agrees',
    ],
  ] as const)
    it(what, async () => {
      const result = await playDrill(drillNamed(name), startRealPlatform);
      assert.deepEqual(
        result.checks.filter(({ ok }) => !ok),
        [],
      );
      assert.equal(result.passed, true);
    });
});
