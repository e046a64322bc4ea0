import type { Stage } from './stage.ts';

/** What a drill needs of the platform before it begins. */
export interface DrillSetting {
  readonly sfuReplicas: number;
  /** Least nodes that scale-in leaves. */
  readonly sfuFloor: number;
  /** People in a small meeting on each SFU before the responder looks for the first time; none unless said. */
  readonly participantsEach?: number;
}

/** A scenario: what happens to the world, what must follow, and what must not. */
export interface Drill {
  readonly name: string;
  /** One line: what is shown. */
  readonly title: string;
  /** The alert whose life makes the timeline. */
  readonly alertname: string | undefined;
  readonly setting: DrillSetting;
  /** It needs peers that only the simulated platform has. */
  readonly only?: 'simulated';
  play(stage: Stage): Promise<void>;
}

/** Four SFUs, none of which scale-in may take. */
export const usualSetting: DrillSetting = { sfuReplicas: 4, sfuFloor: 4 };
