import type { LabSfu, PlatformPeers } from '../platform.ts';
import type { RealMeetings } from './meetings.ts';
import type { SfuProcess } from './sfu.ts';
import type { RealWorld } from './world.ts';
import type { WriteLog } from './writes.ts';

/** Which SFUs were told to stop, and how many people were on each at that moment. */
export interface StopLog {
  told(process: SfuProcess): void;
  follow(meetings: RealMeetings): void;
  all(): Promise<readonly { readonly pod: string; readonly participants: number }[]>;
}

/** An empty one; the meetings are known only after the world stands. */
export function stopLog(): StopLog {
  const stops: Promise<{ pod: string; participants: number }>[] = [];
  let meetings: RealMeetings | undefined;
  return {
    told({ pod, peer }) {
      const people = async () => {
        const here = ((await meetings?.list()) ?? []).filter(({ nodeId }) => nodeId === peer.nodeId);
        return { pod, participants: here.reduce((sum, { participants }) => sum + participants, 0) };
      };
      stops.push(people());
    },
    follow(given) {
      meetings = given;
    },
    all: () => Promise.all(stops),
  };
}

/** The real world as it is, whatever the responder can see of it. */
export function realPeers(
  parts: {
    readonly world: RealWorld;
    readonly meetings: RealMeetings;
    readonly writes: WriteLog;
    readonly stops: StopLog;
  },
  stack: AsyncDisposableStack,
): PlatformPeers {
  const { world, meetings, writes, stops } = parts;
  const source = world.openSource();
  stack.defer(() => source.close());
  const podOf = new Map<string, string>();
  const pod = (nodeId: string | undefined) => {
    for (const { peer, pod: name } of world.sfus.running()) podOf.set(peer.nodeId, name);
    return nodeId === undefined ? undefined : podOf.get(nodeId);
  };
  const held = async () =>
    (await meetings.list()).map(({ name, sid, nodeId, participants }) => ({
      name,
      sid,
      pod: pod(nodeId),
      participants,
    }));
  return {
    meetings: held,
    async sfus() {
      const [nodes, all] = await Promise.all([source.readNodes(), held()]);
      return nodes.flatMap((node): LabSfu[] => {
        const name = pod(node.nodeId);
        if (name === undefined) return [];
        const { nodeId, state, cpuLoadRatio } = node;
        const here = all.filter((meeting) => meeting.pod === name);
        const participants = here.reduce((sum, meeting) => sum + meeting.participants, 0);
        return [{ pod: name, nodeId, state, participants, cpuLoadRatio }];
      });
    },
    async workload(name) {
      const { namespace } = world;
      const { spec, status } = await world.api.apps.readNamespacedDeployment({ name, namespace });
      const image = spec?.template.spec?.containers[0]?.image ?? '';
      return { image, replicas: spec?.replicas ?? 0, ready: status?.readyReplicas ?? 0 };
    },
    writes: async () => writes.writes,
    cutOff: async () => meetings.cutOff(),
    stoppedSfus: () => stops.all(),
  };
}
