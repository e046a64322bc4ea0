import type { ActionName } from '../alerts/vocabulary.ts';
import type { Objects } from '../responders/ports.ts';
import type { Episode, Incident, JournalEntry, Run } from '../responders/records.ts';
import type { WishAnswer } from '../responders/store/wishes.ts';
import type { Trouble } from './troubles.ts';

/** A platform that drills run on, simulated or real; a drill does not know which. */
export interface LabPlatform {
  readonly kind: 'simulated' | 'real';
  /** Every duration here is the production one divided by this. */
  readonly factor: number;
  readonly consoleUrl: string;
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;
  readonly control: PlatformControl;
  readonly peers: PlatformPeers;
  readonly records: PlatformRecords;
  /** Asks for an act as a person at the command line does; the guards' answer. Throws when nobody takes it up. */
  ask(action: ActionName, params: object): Promise<WishAnswer>;
  /** Another person agrees to a run; what stands against it, if anything does. */
  approve(runId: string, by: string): Promise<string | undefined>;
  /** The cluster's objects, past every outage. */
  readonly objects: Objects;
  readonly emergency?: EmergencyPeers;
  close(): Promise<void>;
}

/** What emergencies happen to, where the platform is simulated. */
export interface EmergencyPeers {
  /** The product's PostgreSQL at DigitalOcean, and what the service was told to do. */
  readonly database: string;
  databaseWrites(): readonly string[];
  /** The product's Valkey at DigitalOcean. */
  readonly valkey: string;
  /** What of a backup was put over production. */
  restores(): readonly string[];
}

/** Something that the responder reads and that can be taken away from it. */
export type Sight = 'cluster' | 'fleet' | 'cloud';

/** What may happen to the world. Each resolves once it has happened, not once it shows. */
export interface PlatformControl {
  /** A meeting that so many people join one after another; `on` is the SFU pod that holds it, else LiveKit chooses. */
  startMeeting(wish: { name: string; participants: number; on?: string }): Promise<void>;
  /** How many people want to be in it from now on; 0 ends it. */
  resizeMeeting(name: string, participants: number): Promise<void>;
  /** Meetings on this SFU grow until its CPU is above the threshold of SfuSaturated. */
  saturate(pod: string): Promise<void>;
  /** Those meetings shrink again. */
  relieve(pod: string): Promise<void>;
  /** CPU above the threshold without a meeting, at once: on and off as often as one likes. */
  burn(pod: string, on: boolean): Promise<void>;
  /** The machine under this SFU is gone. */
  loseNode(pod: string): Promise<void>;
  /** The pods of a service crash from now on, also after a restart unless it cures them. */
  crash(workload: string, options: { curedByRestart: boolean }): Promise<void>;
  cure(workload: string): Promise<void>;
  /** Somebody rolls out an image, past the responder, whose pods start and die. */
  releaseBroken(workload: string, image: string): Promise<void>;
  /** Takes a source of the responder away, or gives it back. */
  blind(sight: Sight, on: boolean): Promise<void>;
  /** What DigitalOcean says the month has cost, in dollars. */
  spend(monthToDateUsd: number): Promise<void>;
  /** Machines asked for from now on never come up. */
  stallBoots(): Promise<void>;
  /** What an entry of the troubleshooting is for goes wrong. */
  trouble(trouble: Trouble, workload: string): Promise<void>;
}

/** An SFU as the world has it, past every outage. */
export interface LabSfu {
  readonly pod: string;
  readonly nodeId: string;
  readonly state: 'starting' | 'serving' | 'draining' | 'lost';
  readonly participants: number;
  readonly cpuLoadRatio: number;
}

/** A meeting as the world has it. Its room keeps its `sid` for as long as nobody closed it, on another node too. */
export interface LabMeeting {
  readonly name: string;
  readonly sid: string | undefined;
  readonly pod: string | undefined;
  readonly participants: number;
}

/** A change that a peer accepted. */
export interface LabWrite {
  readonly atMs: number;
  readonly verb: 'scale' | 'setFloor' | 'restart' | 'setImage' | 'setDeletionCost' | 'setPoolFloor';
  readonly target: string;
  readonly value: number | string | null;
  readonly runId: string;
}

/** The world as it is: what expectations are held against. */
export interface PlatformPeers {
  sfus(): Promise<readonly LabSfu[]>;
  meetings(): Promise<readonly LabMeeting[]>;
  workload(name: string): Promise<{ image: string; replicas: number; ready: number }>;
  /** Changes that the peers accepted, oldest first. */
  writes(): Promise<readonly LabWrite[]>;
  /** People who were thrown out of a meeting by a shutdown. */
  cutOff(): Promise<number>;
  /** Pods of SFUs that were told to stop, with the people on them at that moment. */
  stoppedSfus(): Promise<readonly { readonly pod: string; readonly participants: number }[]>;
}

/** What the responder wrote down. */
export interface PlatformRecords {
  journal(after?: string): Promise<readonly JournalEntry[]>;
  runs(): Promise<readonly Run[]>;
  incidents(): Promise<readonly Incident[]>;
  episodes(): Promise<readonly Episode[]>;
}
