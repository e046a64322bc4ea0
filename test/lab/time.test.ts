import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { alerts } from '../../alerts/index.ts';
import { toMs } from '../../kernel/duration.ts';
import { labAlerts } from '../../lab/lab-config.ts';
import { labTimings } from '../../lab/lab-responder.ts';
import { labMs, platformSeconds, wallMs } from '../../lab/time.ts';
import { timings } from '../../responders/core.ts';

describe('time in the lab', () => {
  it('goes to the wall clock and back', () => {
    const time = { factor: 30, startedAtMs: 1_000_000 };

    assert.equal(wallMs(time, 60), 1_002_000);
    assert.equal(platformSeconds(time, 1_002_000), 60);
    assert.equal(labMs(time, 15), 500);
  });

  it("keeps production's thresholds, steps and bounds; only durations differ", () => {
    const lab = labAlerts(30);

    assert.deepEqual(
      lab.map(({ name }) => name),
      alerts.map(({ name }) => name),
    );
    for (const [index, alert] of alerts.entries()) {
      const compressed = lab[index];
      assert.ok(compressed);
      assert.equal(compressed.response.mode, alert.response.mode);
      assert.equal(compressed.response.signal.threshold, alert.response.signal.threshold);
      assert.deepEqual(
        compressed.runbook.mitigation.map(({ action, approval }) => [action, approval]),
        alert.runbook.mitigation.map(({ action, approval }) => [action, approval]),
      );
      for (const bound of ['maxActsPerHour', 'maxFleetShareRatio', 'maxParticipants', 'breakerAfter'] as const)
        assert.equal(compressed.limits[bound], alert.limits[bound]);
      assert.ok(toMs(compressed.limits.verifyWithin) * 30 >= toMs(alert.limits.verifyWithin) - 30);
    }
  });

  it('does not poll or lease faster than a busy laptop can keep up', () => {
    const { tickMs, leaseMs, worldMs } = labTimings(1_000);

    assert.ok(tickMs >= 100 && leaseMs >= 5_000 && worldMs >= 150);
    assert.deepEqual(labTimings(1), timings);
  });
});
