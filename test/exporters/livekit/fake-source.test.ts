import { fakeLiveKit, fakeNode, fakeRoom } from '../../../lab/fakes/livekit-source.ts';
import { testLiveKitSource } from './source.contract.ts';

const fake = fakeLiveKit();
fake.rooms = [fakeRoom('standup', 2)];
fake.nodes = [fakeNode('ND_a'), fakeNode('ND_b')];
fake.map.set('standup', 'ND_a');

testLiveKitSource('the fake source', () => ({ source: fake, nodeId: 'ND_a', goAway: () => fake.close() }));
