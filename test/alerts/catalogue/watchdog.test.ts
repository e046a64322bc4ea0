import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watchdog } from '../../../alerts/catalogue/watchdog.ts';
import { scenario } from '../scenario.ts';

test('it fires from the first evaluation on, with data or without', async (t) => {
  const firing = {
    labels: { severity: 'info', owner: 'platform', service: 'prometheus' },
    summary: 'Alerting works',
    description: 'This alert fires always; its absence at the heartbeat is the alarm.',
    runbook_url: 'https://runbooks.gomeet.com/Watchdog',
  };
  await scenario(t, watchdog, {
    series: {},
    expect: [
      { at: '0s', firing: [firing] },
      { at: '1h', firing: [firing] },
    ],
  });
});

test('it is never acted on', () => {
  assert.deepEqual(
    [watchdog.response.mode, watchdog.runbook.mitigation, watchdog.limits.maxActsPerHour],
    ['shadow', [], 0],
  );
});
