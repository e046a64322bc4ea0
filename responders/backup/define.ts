import type { Readable } from 'node:stream';

/** What a backup consists of, in the order in which it is taken; the platform's data first. */
export const components = ['postgresql', 'valkey', 'kubernetes', 'logs', 'metrics'] as const;
export type Component = (typeof components)[number];

/** What one dump turned out to hold. */
export interface DumpFacts {
  /** What it holds is as of this moment, in milliseconds since the epoch. */
  readonly recoveryPointMs: number;
  /** Things that a restore must find again, by name: rows a table, keys, objects a kind. */
  readonly counts: Readonly<Record<string, number>>;
  /** Versions and the like that a restore may want to know. */
  readonly notes: Readonly<Record<string, string>>;
}

/** A dump under way: `stream` ends or is destroyed with the reason; `facts` is asked after the end. */
export interface Dump {
  readonly stream: Readable;
  /** Whether a program beside us has packed it with zstd already. */
  readonly packed?: boolean;
  /** `plainBytes` is told by what has packed, if it tells. */
  facts(): Promise<DumpFacts & { readonly plainBytes?: number | undefined }>;
}

/** What can be backed up. */
export interface BackupSource {
  readonly component: Component;
  /** Ending of the object's name before compression: `.dump`, `.ndjson`, `.om`. */
  readonly ending: string;
  /** Looks at tools and peers first. Throws a PortError or UsageError that says what is missing. */
  dump(signal: AbortSignal): Promise<Dump>;
}

/** How a restored component compares with its manifest. */
export interface RestoreOutcome {
  /** What was found afterwards, in the manifest's names. */
  readonly counts: Readonly<Record<string, number>>;
  /** One line for people. */
  readonly says: string;
}

/** Where a component can be restored to. */
export interface RestoreTarget {
  readonly component: Component;
  /** Name of the target, as the person who restores has given it. */
  readonly name: string;
  /** Whether it is what production runs on. */
  readonly production: boolean;
  /** What would be done, without doing any of it; throws a UsageError when it must not be. */
  plan(): Promise<string>;
  /** Takes in the dump as it was made. A run that broke off is begun anew by the next one. */
  restore(dump: Readable, expected: DumpFacts, signal: AbortSignal): Promise<RestoreOutcome>;
  /** The same for a dump that is packed still, where a program beside us unpacks it; it must have so many bytes then, where that is known. */
  restorePacked?(dump: Readable, plainBytes: number | undefined, signal: AbortSignal): Promise<RestoreOutcome>;
  /** Takes away what a check has restored; only scratch targets have it. */
  drop?(): Promise<void>;
}

/** An object in the store. */
export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
  readonly modifiedAtMs: number;
}

/** A bucket: Spaces, by the S3 API. Throws PortError with the peer `spaces`. */
export interface ObjectStore {
  /** Streams an object up; nothing of it stands when that fails. */
  put(key: string, body: Readable, signal?: AbortSignal): Promise<void>;
  get(key: string, signal?: AbortSignal): Promise<Readable>;
  /** Everything whose key begins so, in the order of keys. */
  list(prefix: string): Promise<readonly StoredObject[]>;
  delete(keys: readonly string[]): Promise<void>;
  /** Takes away parts of uploads that a killed process left behind. Returns how many uploads those were. */
  abortUnfinished(prefix: string): Promise<number>;
}
