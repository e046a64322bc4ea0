import assert from 'node:assert/strict';
import { test } from 'node:test';
import { impairedParticipantMinutes } from '../../responders/impaired.ts';
import type { Metrics } from '../../responders/ports.ts';
import { episodeOf } from '../support/incident-view.ts';

const minute = 60_000;
/** Prometheus with a constant number of people on every node. */
const constant = (people: number): Metrics => ({
  query: async () => [],
  queryRange: async (_expr, { fromMs, toMs, stepMs }) => [
    {
      labels: {},
      points: Array.from(
        { length: Math.floor((toMs - fromMs) / stepMs) },
        (_, index) => [fromMs + index * stepMs, people] as const,
      ),
    },
  ],
});
const tenMinutes = episodeOf({ labels: { node_id: 'ND_1' }, startsAtMs: 0, resolvedAtMs: 10 * minute });

test('120 people on a hot node for ten minutes are 1,200 impaired participant-minutes', async () => {
  assert.equal(await impairedParticipantMinutes(constant(120), [tenMinutes], 99 * minute), 1_200);
});

test('an alert that still fires counts until now, and two episodes add up', async () => {
  const open = episodeOf({ labels: { node_id: 'ND_2' }, startsAtMs: 0, resolvedAtMs: undefined });
  assert.equal(await impairedParticipantMinutes(constant(10), [tenMinutes, open], 20 * minute), 300);
});

test('without a node, or without data, nothing is claimed', async () => {
  const silent: Metrics = { query: async () => [], queryRange: async () => Promise.reject(new Error('away')) };
  assert.equal(
    await impairedParticipantMinutes(constant(10), [episodeOf({ labels: { service: 'auth-service' } })], 0),
    undefined,
  );
  assert.equal(await impairedParticipantMinutes(silent, [tenMinutes], 0), undefined);
});
