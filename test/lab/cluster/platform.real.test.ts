import assert from 'node:assert/strict';
import { it } from 'node:test';
import { closeParticipants } from '../../../lab/cluster/participants.ts';
import { startRealPlatform } from '../../../lab/cluster/platform.ts';
import { drillNamed, playDrill } from '../../../lab/drills/play.ts';
import { controlPlaneTools, skipWithout } from '../../support/skip-without.ts';

const tools = [...controlPlaneTools, 'redis-server', 'livekit-server', 'prometheus', 'alertmanager'] as const;

it('plays a drill on real peers as on the simulated ones: a crash loop, cured by one rollout', {
  skip: skipWithout(...tools),
}, async () => {
  const result = await playDrill(drillNamed('service-crash-loop'), startRealPlatform);
  await closeParticipants();
  assert.deepEqual(
    result.checks.filter(({ ok }) => !ok),
    [],
  );
  assert.equal(result.passed, true);
});
