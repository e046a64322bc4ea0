import { z } from 'zod';

/** One request that the gateway logged. */
export interface Access {
  readonly status: number;
  readonly client: string;
  readonly method: string;
  /** Without its query; the name of the route where the log leaves paths out, as the platform's gateway does. */
  readonly path: string;
}

/** Traefik's JSON format. */
const Json = z.looseObject({
  DownstreamStatus: z.number().optional(),
  OriginStatus: z.number().optional(),
  ClientHost: z.string().optional(),
  ClientAddr: z.string().optional(),
  RequestMethod: z.string().optional(),
  RequestPath: z.string().optional(),
  RouterName: z.string().optional(),
});
/** Its Common Log Format. */
const common = /^(\S+) \S+ \S+ \[[^\]]*\] "(\S+) (\S+)[^"]*" (\d{3}) /;

/** A line of Traefik's access log in either of its formats; undefined for anything else. The query part of a path can hold tokens and is cut off. */
export function parseAccess(line: string): Access | undefined {
  const text = line.replace(/^\d{4}-\d\d-\d\dT\S+ /, '');
  if (text.startsWith('{')) {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return undefined;
    }
    const parsed = Json.safeParse(value);
    const status = parsed.data?.DownstreamStatus ?? parsed.data?.OriginStatus;
    if (!parsed.success || status === undefined) return undefined;
    const { ClientHost, ClientAddr, RequestMethod, RequestPath, RouterName } = parsed.data;
    return {
      status,
      client: ClientHost ?? ClientAddr?.replace(/:\d+$/, '') ?? '',
      method: RequestMethod ?? '',
      path: bare(RequestPath ?? RouterName ?? ''),
    };
  }
  const [, client = '', method = '', path = '', status = ''] = common.exec(text) ?? [];
  return status === '' ? undefined : { status: Number(status), client, method, path: bare(path) };
}

function bare(path: string): string {
  return path.split('?')[0] ?? '';
}

/** What was refused: not signed in, not allowed, too many. */
export const refusedStatuses: readonly number[] = [401, 403, 429];

/** A client or path with how often it was refused. */
export interface Refused {
  readonly name: string;
  readonly total: number;
  /** By status. */
  readonly statuses: Readonly<Record<number, number>>;
}

/** What the log comes to. */
export interface AccessSummary {
  readonly requests: number;
  readonly refused: number;
  readonly clients: readonly Refused[];
  readonly paths: readonly Refused[];
  /** Lines that are no access log: if all are, it is not switched on. */
  readonly other: number;
}

/** Sums up who was refused and where, the most first. */
export function summarise(lines: Iterable<string>, top = 20): AccessSummary {
  const clients = new Map<string, Record<number, number>>();
  const paths = new Map<string, Record<number, number>>();
  let [requests, refused, other] = [0, 0, 0];
  for (const line of lines) {
    const access = parseAccess(line);
    if (access === undefined) {
      other += 1;
      continue;
    }
    requests += 1;
    if (!refusedStatuses.includes(access.status)) continue;
    refused += 1;
    for (const [map, name] of [
      [clients, access.client],
      [paths, access.path],
    ] as const) {
      const own = map.get(name) ?? {};
      own[access.status] = (own[access.status] ?? 0) + 1;
      map.set(name, own);
    }
  }
  const ranked = (map: ReadonlyMap<string, Record<number, number>>): readonly Refused[] =>
    [...map]
      .map(([name, statuses]) => ({
        name,
        statuses,
        total: Object.values(statuses).reduce((sum, count) => sum + count, 0),
      }))
      .sort((a, b) => b.total - a.total || a.name.localeCompare(b.name))
      .slice(0, top);
  return { requests, refused, clients: ranked(clients), paths: ranked(paths), other };
}
