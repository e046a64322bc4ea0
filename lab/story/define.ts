import type { LiveKitSource } from '../../exporters/livekit/domain.ts';

/** A few LiveKit nodes on one Redis, and people: real ones, or the simulator's. Lengths of time are the platform's, in seconds. */
export interface StoryWorld {
  /** RoomService and Redis, as the exporter reads them. */
  readonly source: LiveKitSource;
  /** One more node, once it serves; its id. */
  start(): Promise<string>;
  /** One SIGTERM. */
  term(nodeId: string): Promise<void>;
  /** The machine under it is gone. */
  lose(nodeId: string): Promise<void>;
  /** So many people join a room one after another; on this node if it is a new room and a node is given. */
  join(room: string, people: number, nodeId?: string): Promise<void>;
  /** Everyone leaves. */
  leave(room: string): Promise<void>;
  /** People whose connection to this room stands. */
  connected(room: string): Promise<number>;
  /** People whom a server that shut down threw out, so far. */
  cutOff(): Promise<number>;
  wait(seconds: number): Promise<void>;
  nowSeconds(): number;
}

/** How long something may take by the simulator's physics, in seconds. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** Something that was seen, after how long where the physics bounds it. */
export interface Fact {
  readonly what: string;
  readonly saw: string | number | boolean;
  readonly seconds?: number;
}

/** How often the world is looked at, in seconds. */
export const lookEverySeconds = 0.1;

/** Writes facts down in their order. */
export interface Teller {
  readonly facts: readonly Fact[];
  tell(what: string, saw: Fact['saw']): void;
  /** Looks until there is something to see, and tells after how long since `sinceSeconds`. Throws when it takes two minutes longer than it may: a slow machine is no fact about LiveKit. */
  until(
    what: string,
    bounds: Bounds,
    sinceSeconds: number,
    look: () => Promise<Fact['saw'] | undefined>,
  ): Promise<void>;
}

/** A teller of what happens in this world. */
export function createTeller(world: Pick<StoryWorld, 'wait' | 'nowSeconds'>): Teller {
  const facts: Fact[] = [];
  return {
    facts,
    tell: (what, saw) => void facts.push({ what, saw }),
    async until(what, bounds, sinceSeconds, look) {
      for (;;) {
        const saw = await look();
        const seconds = world.nowSeconds() - sinceSeconds;
        if (saw !== undefined) {
          facts.push({ what, saw, seconds: Math.round(seconds * 10) / 10 });
          return;
        }
        if (seconds > bounds.most + 120) throw new Error(`not seen in ${Math.round(seconds)} s: ${what}`);
        await world.wait(lookEverySeconds);
      }
    },
  };
}
