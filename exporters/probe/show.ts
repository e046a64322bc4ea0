import type { Trial } from './domain.ts';

/** What each reason asks of whoever reads it. */
const hints: Readonly<Record<Extract<Trial, { outcome: 'failure' }>['reason'], string>> = {
  unreachable: 'nothing answers there: look at the load balancer, the name and the address',
  'token-refused': 'key or secret is not the one of LiveKit, or a clock is off',
  rejected: 'what stands before LiveKit answers with an error: look at the gateway',
  broken: 'the connection broke: signal is Valkey or LiveKit, join and media are UDP and TURN',
  timeout: 'no answer in time: websocket is the gateway, join and media are UDP and TURN',
  crashed: "the trial's own process died, which says nothing of LiveKit: hold it again",
};

/** Exit codes of a single trial: what could not be tried is unknown, never well. */
export function exitCodeOf(trial: Trial): 0 | 3 | 4 {
  if (trial.outcome === 'success') return 0;
  return trial.reason === 'crashed' ? 3 : 4;
}

/** A trial meeting in words for a terminal: each stage with its time, then the media or what went wrong. */
export function trialText(trial: Trial): string {
  const stages = Object.entries(trial.seconds).map(
    ([stage, seconds]) => `${stage.padEnd(10)} ${milliseconds(seconds)}`,
  );
  if (trial.outcome === 'failure')
    return [...stages, `${trial.stage.padEnd(10)} failed: ${trial.reason}`, hints[trial.reason], ''].join('\n');
  const tracks = trial.quality.tracks.map(
    ({ direction, kind, lossRatio, jitterSeconds }) =>
      `${direction} ${kind}`.padEnd(10) +
      ` ${(100 * lossRatio).toFixed(2)} % lost, ${milliseconds(jitterSeconds)} jitter`,
  );
  const trips = trial.quality.roundTrips.map(
    ({ direction, seconds }) => `${direction.padEnd(10)} ${milliseconds(seconds)} round trip`,
  );
  return [...stages, ...tracks, ...trips, 'The trial meeting went all the way.', ''].join('\n');
}

function milliseconds(seconds: number): string {
  return `${Math.round(1_000 * seconds)} ms`;
}
