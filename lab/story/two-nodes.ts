import { drainPollSeconds, reconnectSeconds, staleStatsSeconds, statsIntervalSeconds } from '../simulator/physics.ts';
import { type Bounds, createTeller, type Fact, type StoryWorld } from './define.ts';

/** A look, a timer and a busy machine may add this much to what the physics says, in seconds. */
const slackSeconds = 1;

/** What the simulator's physics allows for each fact that has a duration; the recording of real servers must keep within the same. */
export const storyBounds = {
  drains: { least: 0, most: statsIntervalSeconds + slackSeconds },
  exits: { least: 0, most: drainPollSeconds + slackSeconds },
  cuts: { least: 0, most: slackSeconds },
  // It goes stale this long after it was written last, which was up to one interval before; Redis has whole seconds.
  stale: { least: staleStatsSeconds - statsIntervalSeconds - slackSeconds, most: staleStatsSeconds + slackSeconds },
  placedAnew: { least: staleStatsSeconds - statsIntervalSeconds - slackSeconds, most: reconnectSeconds },
} as const satisfies Readonly<Record<string, Bounds>>;

/** The timed facts, and what bounds each. */
export const timedFacts: Readonly<Record<string, Bounds>> = {
  'a node that got SIGTERM says that it drains': storyBounds.drains,
  'it leaves Redis after the last one left': storyBounds.exits,
  'the second SIGTERM throws everyone out': storyBounds.cuts,
  'a node that vanished is stale': storyBounds.stale,
  'its people are together again on the other node': storyBounds.placedAnew,
};

/**
 * What LiveKit does on two nodes, told by whoever plays it: join, drain with people inside, the end of a drain, a second SIGTERM, a lost node. The simulator
 * must tell what the recording of real servers tells (lab/recordings/two-nodes.json).
 */
export async function playTwoNodes(world: StoryWorld): Promise<readonly Fact[]> {
  const { facts, tell, until } = createTeller(world);
  const names = new Map<string, string>();
  const start = async (name: string) => {
    const nodeId = await world.start();
    names.set(nodeId, name);
    return nodeId;
  };
  const stateOf = async (nodeId: string) =>
    (await world.source.readNodes()).find((node) => node.nodeId === nodeId)?.state ?? 'not in Redis';
  const homeOf = async (room: string) => {
    const nodeId = (await world.source.readRoomNodeMap()).get(room);
    return nodeId === undefined ? 'nowhere' : (names.get(nodeId) ?? 'a node that nobody started');
  };
  const sidOf = async (room: string) => (await world.source.listRooms()).find(({ name }) => name === room)?.sid;

  const first = await start('A');
  const second = await start('B');
  tell('two nodes serve', [await stateOf(first), await stateOf(second)].join(', '));
  await world.join('standup', 2, first);
  tell('a room stands where it was put', await homeOf('standup'));
  tell('its people are connected', await world.connected('standup'));

  let since = world.nowSeconds();
  await world.term(first);
  await until('a node that got SIGTERM says that it drains', storyBounds.drains, since, async () =>
    (await stateOf(first)) === 'draining' ? 'draining' : undefined,
  );
  await world.join('standup', 1);
  tell('who comes late joins the room on the draining node', await homeOf('standup'));
  await world.join('review', 1);
  tell('a new room goes to the other node', await homeOf('review'));
  await world.wait(drainPollSeconds + slackSeconds);
  tell('it waits for its people', await stateOf(first));
  tell('who stay connected', await world.connected('standup'));
  tell('nobody was thrown out', await world.cutOff());
  since = world.nowSeconds();
  await world.leave('standup');
  await until('it leaves Redis after the last one left', storyBounds.exits, since, async () =>
    (await stateOf(first)) === 'not in Redis' ? 'gone' : undefined,
  );
  tell('its room is closed', (await sidOf('standup')) === undefined);
  tell('the room on the other node is not', await homeOf('review'));

  const third = await start('C');
  await world.join('retro', 2, third);
  const before = await sidOf('retro');
  await world.term(third);
  await world.wait(slackSeconds);
  tell('the first SIGTERM throws nobody out', await world.cutOff());
  since = world.nowSeconds();
  await world.term(third);
  await until('the second SIGTERM throws everyone out', storyBounds.cuts, since, async () => {
    const cut = await world.cutOff();
    return cut === 2 ? cut : undefined;
  });
  await world.leave('retro');
  tell('and closes their room', (await sidOf('retro')) !== before);

  const fourth = await start('D');
  await world.join('planning', 2, fourth);
  const sid = await sidOf('planning');
  since = world.nowSeconds();
  await world.lose(fourth);
  tell('a node that vanished still looks as if it served', await stateOf(fourth));
  tell('and still has its room', await homeOf('planning'));
  await until('a node that vanished is stale', storyBounds.stale, since, async () =>
    (await stateOf(fourth)) === 'lost' ? 'lost' : undefined,
  );
  await until('its people are together again on the other node', storyBounds.placedAnew, since, async () =>
    (await homeOf('planning')) === 'B' && (await world.connected('planning')) === 2 ? 2 : undefined,
  );
  tell('in the room that it was, by its sid', (await sidOf('planning')) === sid);
  tell('a crash throws nobody else out', await world.cutOff());
  tell('the lost node stays in Redis', await stateOf(fourth));
  await start('E');
  tell('until another starts', await stateOf(fourth));
  return facts;
}
