import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readRecording } from '../../../lab/story/recording.ts';
import { simulatedStory } from '../../../lab/story/simulated.ts';
import { playTwoNodes, timedFacts } from '../../../lab/story/two-nodes.ts';
import { outOfBounds, withoutTimes } from './facts.ts';

describe('the simulator, against a recording of real livekit-servers on two nodes', () => {
  it('tells the same facts in the same order, whatever its random numbers', async () => {
    const { facts } = await readRecording();
    for (const seed of [1, 2, 3, 4, 5]) {
      assert.deepEqual(withoutTimes(await playTwoNodes(simulatedStory({ seed }))), withoutTimes(facts));
    }
  });

  it('takes no longer, and no less long, than its physics says', async () => {
    for (const seed of [1, 2, 3, 4, 5]) assert.deepEqual(outOfBounds(await playTwoNodes(simulatedStory({ seed }))), []);
  });

  it('declares bounds that the real servers kept', async () => {
    const { facts } = await readRecording();

    assert.deepEqual(outOfBounds(facts), []);
    assert.deepEqual(
      facts.filter(({ seconds }) => seconds !== undefined).map(({ what }) => what),
      Object.keys(timedFacts),
    );
  });

  it('would be found out if it did what the servers do not', async () => {
    const { facts } = await readRecording();
    const played = await playTwoNodes(simulatedStory());
    const late = played.map((fact) => (fact.seconds === undefined ? fact : { ...fact, seconds: fact.seconds + 40 }));

    assert.equal(outOfBounds(late).length, Object.keys(timedFacts).length);
    const forgetful = { ...simulatedStory() };
    const told = await playTwoNodes({ ...forgetful, join: (room, people) => forgetful.join(room, people) });
    assert.notDeepEqual(withoutTimes(told), withoutTimes(facts));
  });

  it('holds no address, no secret and no id of the machine that recorded it', async () => {
    const text = JSON.stringify(await readRecording());

    assert.doesNotMatch(text, /ND_|RM_|PA_|secret|127\.|localhost|\d+\.\d+\.\d+\.\d+/);
  });
});
