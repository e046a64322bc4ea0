import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { UsageError } from '../../kernel/errors.ts';
import { findTool } from '../toolbox.ts';

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A real peer that we started. It does not outlive this process, unless that is killed outright. */
export interface Peer {
  readonly pid: number;
  /** Resolves when the process has ended, however that came about. */
  readonly exited: Promise<Exit>;
  /** What it has printed so far, the last 256 kB. */
  output(): string;
  /** Sends one signal and does not wait. */
  signal(name: NodeJS.Signals): void;
}

/** Starts a tool, what it prints goes to `logFile` too; throws a UsageError when it is not on this machine. */
export function startPeer(
  tool: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  logFile?: string,
): Peer {
  const path = findTool(tool);
  if (path === undefined) throw new UsageError(`${tool} is missing: it is neither on PATH nor in the tool cache`);
  const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const { pid } = child;
  if (pid === undefined) throw new UsageError(`${tool} could not be started`);
  const printed = keepOutput(child);
  if (logFile !== undefined) writeOutput(child, logFile);
  if (living.size === 0) process.once('exit', killLiving);
  living.add(child);
  const exited = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => {
      living.delete(child);
      if (living.size === 0) process.removeListener('exit', killLiving);
      resolve({ code, signal });
    });
  });
  return { pid, exited, output: () => printed.text, signal: (name) => void child.kill(name) };
}

// One listener for all: a lab starts more peers than Node expects listeners.
const living = new Set<ChildProcess>();

function killLiving(): void {
  for (const child of living) child.kill('SIGKILL');
}

function keepOutput(child: ChildProcess): { text: string } {
  const printed = { text: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      printed.text = (printed.text + chunk).slice(-262_144);
    });
  }
  return printed;
}

function writeOutput(child: ChildProcess, path: string): void {
  const file = createWriteStream(path);
  // A log that cannot be written must not take the peer down.
  file.on('error', () => {});
  for (const stream of [child.stdout, child.stderr]) stream?.pipe(file, { end: false });
  child.once('close', () => file.end());
}

/** Waits until `ready` holds; throws with the peer's last lines when it ends first or takes longer than `timeoutMs`. */
export async function untilReady(
  peer: Peer,
  name: string,
  ready: () => Promise<boolean>,
  timeoutMs = 120_000,
): Promise<void> {
  let ended = false;
  void peer.exited.then(() => {
    ended = true;
  });
  const until = Date.now() + timeoutMs;
  while (!(await ready().catch(() => false))) {
    if (ended || Date.now() > until) {
      peer.signal('SIGKILL');
      throw new Error(`${name} ${ended ? 'ended' : 'was not ready in time'}: ${peer.output().slice(-600)}`);
    }
    await delay(50);
  }
}

/** Sends signals in turn, each with its time to work, the last one SIGKILL; resolves when the process has ended. */
export async function endPeer(peer: Peer, steps: readonly { signal: NodeJS.Signals; waitMs: number }[]): Promise<Exit> {
  for (const { signal, waitMs } of [...steps, { signal: 'SIGKILL' as const, waitMs: 5_000 }]) {
    peer.signal(signal);
    const timer = new AbortController();
    const exit = await Promise.race([peer.exited, delay(waitMs, undefined, { signal: timer.signal, ref: false })]);
    timer.abort();
    if (exit !== undefined) return exit;
  }
  return peer.exited;
}
