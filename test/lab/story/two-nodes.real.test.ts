import assert from 'node:assert/strict';
import { it } from 'node:test';
import { closeParticipants } from '../../../lab/cluster/participants.ts';
import { realStory } from '../../../lab/story/real.ts';
import { readRecording } from '../../../lab/story/recording.ts';
import { playTwoNodes } from '../../../lab/story/two-nodes.ts';
import { skipWithout } from '../../support/skip-without.ts';
import { withoutTimes } from './facts.ts';

it('real livekit-servers on two nodes still do what is recorded of them', {
  skip: skipWithout('redis-server', 'livekit-server'),
}, async () => {
  await using stack = new AsyncDisposableStack();
  stack.defer(() => closeParticipants());

  const facts = await playTwoNodes(await realStory(stack));

  assert.deepEqual(withoutTimes(facts), withoutTimes((await readRecording()).facts));
});
