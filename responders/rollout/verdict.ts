/** What one version did while it was watched. */
export interface Watched {
  readonly requests: number;
  readonly errors: number;
  /** 95th percentile in seconds; undefined without a histogram. */
  readonly latencySeconds: number | undefined;
}

/** What a new version must keep to, against the one that stands. */
export interface Bounds {
  /** Fewer requests than this prove nothing: too few is not a pass. */
  readonly minRequests: number;
  /** More errors than the stable version has, as a share of requests. */
  readonly errorMargin: number;
  /** The most that a version of so many requests may show where the stable one shows this. */
  readonly latencyAllowed: (stable: number, requests: number) => number;
  /** How its figures are told. */
  readonly words: {
    readonly requests: string;
    readonly slower: string;
    readonly latency: (value: number) => string;
    readonly noLatency: string;
  };
}

const percent = (ratio: number) => `${(ratio * 100).toFixed(2)} %`;

/** 500 requests see a rise of two percentage points at 95 % confidence (normal approximation, stable at 1 %). */
export const httpBounds: Bounds = {
  minRequests: 500,
  errorMargin: 0.01,
  // Below 50 ms a factor says more about the clock than about the version.
  latencyAllowed: (stable) => 1.5 * Math.max(0.05, stable),
  words: {
    requests: 'requests',
    slower: 'slower',
    latency: (seconds) => `${(seconds * 1_000).toFixed(0)} ms`,
    noLatency: 'no latency',
  },
};

/** An SFU is judged by joins, of which there are fewer than requests, and in the place of latency by the share of bad quality samples, which chance moves the more the fewer people it is of. */
export const sfuBounds: Bounds = {
  minRequests: 100,
  errorMargin: 0.01,
  latencyAllowed: (stable, joins) => beyondChance(Math.min(1, 1.5 * Math.max(0.05, stable)), joins),
  words: {
    requests: 'joins',
    slower: 'worse media',
    latency: (ratio) => `${percent(ratio)} bad quality samples`,
    noLatency: 'no quality samples',
  },
};

/** One-sided bound of the normal distribution at 99 %: a version is not sent back for a few unlucky requests. */
const confidence = 2.33;

export type Verdict = { readonly verdict: 'pass' | 'fail' | 'too-few'; readonly saw: string };

/** Judges a new version against the stable one. Pure; missing figures are never a pass. */
export function judgeVersion(fresh: Watched | undefined, stable: Watched | undefined, bounds: Bounds): Verdict {
  if (fresh === undefined || stable === undefined)
    return { verdict: 'too-few', saw: `no figures for the ${fresh === undefined ? 'new' : 'stable'} version` };
  const saw = `new: ${words(fresh, bounds)}; stable: ${words(stable, bounds)}`;
  if (failsMore(fresh, stable, bounds)) return { verdict: 'fail', saw: `more errors; ${saw}` };
  if (fresh.requests < bounds.minRequests)
    return {
      verdict: 'too-few',
      saw: `${Math.round(fresh.requests)} of ${bounds.minRequests} ${bounds.words.requests}; ${saw}`,
    };
  if (stable.requests < bounds.minRequests)
    return {
      verdict: 'too-few',
      saw: `the stable version had too few ${bounds.words.requests} to compare with; ${saw}`,
    };
  if (fresh.latencySeconds === undefined || stable.latencySeconds === undefined)
    return { verdict: 'too-few', saw: `${bounds.words.noLatency}; ${saw}` };
  if (fresh.latencySeconds > bounds.latencyAllowed(stable.latencySeconds, fresh.requests))
    return { verdict: 'fail', saw: `${bounds.words.slower}; ${saw}` };
  return { verdict: 'pass', saw };
}

/** Whether the error ratio is above the margin, beyond what chance would give. A fifth of the requests is enough to send it back early. */
function failsMore(fresh: Watched, stable: Watched, { errorMargin, minRequests }: Bounds): boolean {
  if (fresh.requests < minRequests / 5) return false;
  return ratio(fresh) > beyondChance(Math.min(1, ratio(stable) + errorMargin), fresh.requests);
}

/** The largest share that chance gives where `allowed` is the true one, of so many. */
function beyondChance(allowed: number, of: number): number {
  return allowed + confidence * Math.sqrt((allowed * (1 - allowed)) / of);
}

function ratio({ errors, requests }: Watched): number {
  return requests > 0 ? errors / requests : 0;
}

function words(watched: Watched, { words: { requests, latency, noLatency } }: Bounds): string {
  const slow = watched.latencySeconds === undefined ? noLatency : latency(watched.latencySeconds);
  return `${Math.round(watched.requests)} ${requests}, ${percent(ratio(watched))} errors, ${slow}`;
}
