import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';

/** One figure of the bench; `must` is what it must be, `limit` what was measured beside it in the same run, `ratio` the two against each other. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly must: number | undefined;
  /** Whether the value must stay below or above; below unless said. */
  readonly direction?: 'at most' | 'at least';
  readonly limit: number | undefined;
  readonly ratio: number | undefined;
}

/** A figure with its ratio to what was measured beside it. */
export function figure(
  name: string,
  value: number,
  unit: string,
  bound: { must?: number; direction?: 'at least'; limit?: number } = {},
): Figure {
  const { must, direction, limit } = bound;
  return {
    name,
    value,
    unit,
    must,
    ...(direction === undefined ? {} : { direction }),
    limit,
    ratio: limit === undefined ? undefined : value / limit,
  };
}

/** The middle one. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The value that this share of the values does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Most memory that a process has had resident, in MB (VmHWM). */
export function peakMemoryMb(pid: number): number {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+)/m.exec(text)?.[1]) / 1_000;
}

/** POSTs bodies from so many clients with kept connections, each waiting for its answer; returns milliseconds of each and of the whole. */
export async function post(
  url: string,
  bodies: readonly string[],
  options: { clients: number; token: string },
): Promise<{ tookMs: number[]; totalMs: number; refused: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: options.clients });
  const tookMs: number[] = [];
  let refused = 0;
  let next = 0;
  const startedMs = performance.now();
  async function client(): Promise<void> {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const sentMs = performance.now();
      if ((await postOne(url, body, options.token, agent)) !== 200) refused += 1;
      tookMs.push(performance.now() - sentMs);
    }
  }
  await Promise.all(Array.from({ length: options.clients }, client));
  agent.destroy();
  return { tookMs, totalMs: performance.now() - startedMs, refused };
}

/** One POST; resolves with the status once the answer has been read. */
export function postOne(url: string, body: string, token: string, agent?: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      {
        method: 'POST',
        ...(agent === undefined ? {} : { agent }),
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
      },
      (answer) => {
        answer.resume();
        answer.once('end', () => resolve(answer.statusCode ?? 0));
      },
    );
    call.once('error', reject);
    call.end(body);
  });
}
