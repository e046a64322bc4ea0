import assert from 'node:assert/strict';
import { test } from 'node:test';
import { budgetBurn } from '../../alerts/catalogue/budget-burn.ts';
import { costDataStale } from '../../alerts/catalogue/cost-data-stale.ts';
import { exporterStale } from '../../alerts/catalogue/exporter-stale.ts';
import { joinFailuresHigh } from '../../alerts/catalogue/join-failures-high.ts';
import { mediaQualityDegraded } from '../../alerts/catalogue/media-quality-degraded.ts';
import { meetingNearParticipantLimit } from '../../alerts/catalogue/meeting-near-participant-limit.ts';
import { roomSplitAcrossNodes } from '../../alerts/catalogue/room-split-across-nodes.ts';
import { serviceCrashLooping } from '../../alerts/catalogue/service-crash-looping.ts';
import { sfuHeadroomLow } from '../../alerts/catalogue/sfu-headroom-low.ts';
import { sfuNodeLost } from '../../alerts/catalogue/sfu-node-lost.ts';
import { sfuSaturated } from '../../alerts/catalogue/sfu-saturated.ts';
import { maxOverageUsd } from '../../alerts/catalogue/transfer-overage.ts';
import { watchdog } from '../../alerts/catalogue/watchdog.ts';
import { stepsFor } from '../../alerts/define.ts';
import { settings } from '../../kernel/config.ts';

test('BudgetBurn: its budget is the one of the setting, and its runbook touches nothing by itself', () => {
  assert.equal(budgetBurn.response.signal.threshold, Number(settings.MONTHLY_BUDGET_USD.fallback));
  assert.deepEqual(
    budgetBurn.runbook.mitigation.map(({ action }) => action),
    ['escalate'],
  );
});

test('CostDataStale: it restarts nothing but the exporter, and only when a person agrees', () => {
  assert.deepEqual(costDataStale.runbook.mitigation[0]?.params, { workload: 'digitalocean-exporter' });
  assert.equal(costDataStale.response.mode, 'suggest');
});

test('ExporterStale: it restarts nothing but the exporter, once an hour', () => {
  assert.deepEqual(exporterStale.runbook.mitigation[0]?.params, { workload: 'livekit-exporter' });
  assert.equal(exporterStale.limits.maxActsPerHour, 1);
});

test('JoinFailuresHigh: nothing technical is tried by itself', () => {
  assert.deepEqual(
    joinFailuresHigh.runbook.mitigation.map(({ action }) => action),
    ['openIncident', 'escalate'],
  );
});

test('MediaQualityDegraded: it proposes and does not act, and says that a new node does nothing for those who suffer now', () => {
  assert.equal(mediaQualityDegraded.response.mode, 'suggest');
  assert.match(mediaQualityDegraded.runbook.mitigation[0]?.say ?? '', /nothing for the meetings that suffer now/);
});

test('MeetingNearParticipantLimit: nothing is done by itself, and scaling out is not offered: a meeting cannot use a second node', () => {
  assert.equal(meetingNearParticipantLimit.response.mode, 'suggest');
  assert.equal(
    meetingNearParticipantLimit.runbook.mitigation.some(({ action }) => action === 'scaleSfu'),
    false,
  );
});

test('RoomSplitAcrossNodes: no machine chooses which half to cut', () => {
  assert.deepEqual(
    roomSplitAcrossNodes.runbook.mitigation.map(({ action }) => action),
    ['openIncident', 'escalate'],
  );
});

test('ServiceCrashLooping: it restarts a service that holds nothing, then offers to go back, but for an SFU it goes straight to the incident', () => {
  const actions = (service: string) => stepsFor(serviceCrashLooping, { service }).map(({ action }) => action);
  assert.deepEqual(actions('auth-service'), ['restartWorkload', 'rollBack', 'openIncident', 'escalate']);
  for (const service of ['livekit-sfu', 'livekit-recorder', 'turn-service', 'prometheus', 'node-exporter'])
    assert.deepEqual(actions(service), ['openIncident', 'escalate']);
});

test('SfuHeadroomLow: SFU nodes are added without asking, more the second time; a machine of the pool is asked for', () => {
  assert.deepEqual(
    sfuHeadroomLow.runbook.mitigation.map(({ action, params, approval }) => [action, params, approval]),
    [
      ['scaleSfu', { step: 1 }, 'none'],
      ['scaleSfu', { step: 2 }, 'none'],
      ['openIncident', { sev: 3 }, 'none'],
      ['raiseNodePool', { step: 1 }, 'one'],
      ['escalate', {}, 'none'],
    ],
  );
});

test('SfuNodeLost: many nodes lost at once are one outage: at most two acts an hour', () => {
  assert.equal(sfuNodeLost.limits.maxActsPerHour, 2);
});

test('SfuSaturated: its mitigation adds a node without asking and never claims to cool the hot one', () => {
  const [first, ...rest] = sfuSaturated.runbook.mitigation;
  assert.deepEqual([first?.action, first?.params, first?.approval], ['scaleSfu', { step: 1 }, 'none']);
  assert.match(first?.say ?? '', /does not cool the hot node/);
  assert.deepEqual(
    rest.map(({ action }) => action),
    ['openIncident', 'escalate'],
  );
});

test('Watchdog: it is never acted on', () => {
  assert.deepEqual(
    [watchdog.response.mode, watchdog.runbook.mitigation, watchdog.limits.maxActsPerHour],
    ['shadow', [], 0],
  );
});

test('TransferOverage: it is a tenth of the budget', () => assert.equal(maxOverageUsd, 3_500));
