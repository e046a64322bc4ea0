import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { recordingRules } from '../../../alerts/recording/index.ts';
import { contractMetrics } from '../../../exporters/metrics/contracts.ts';
import { contractsPage } from '../../../exporters/metrics/contracts-page.ts';
import { egressMetrics } from '../../../exporters/metrics/egress.ts';
import { livekitServerMetrics, livekitVersions } from '../../../exporters/metrics/livekit-server.ts';
import { livekitRecorder } from '../../../manifests/catalogue/livekit-recorder.ts';
import { sfuWorkload } from '../../../manifests/catalogue/livekit-sfu.ts';

const page = contractsPage();

test('what the services promise is what was asked of them: requests, their time, WebSockets, chat and TURN sessions', () => {
  const promised = Object.values(contractMetrics).map(({ name, type }) => [name, type]);
  assert.deepEqual(promised, [
    ['http_requests_total', 'counter'],
    ['http_request_duration_seconds', 'histogram'],
    ['websocket_connections_total', 'gauge'],
    ['chat_messages_total', 'counter'],
    ['turn_sessions', 'gauge'],
  ]);
  for (const label of ['service', 'method', 'status'] as const)
    assert.ok(contractMetrics.httpRequests.labels.includes(label), label);
});

test('the page for the teams has a row for each promise with its labels and its team, and both old names', () => {
  for (const { name, labels, emitter } of Object.values(contractMetrics)) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
    for (const label of labels) assert.ok(row?.includes(`\`${label}\``), `${name} ${label}`);
    assert.ok(emitter.kind === 'contract' && row?.includes(`| ${emitter.team} |`), name);
  }
  for (const name of ['http_requests_total', 'websocket_connections_total'])
    assert.ok(page.includes(`| \`gomeet_${name}\` | \`${name}\` |`), name);
});

test('the page says which names nobody has to send, and those are recorded', () => {
  for (const name of ['gomeet_active_meetings_total', 'gomeet_participants_total']) {
    assert.ok(page.includes(`\`${name}\``), name);
    assert.ok(recordingRules.some(({ record }) => record === name));
  }
});

test('a team finds the page from the README', () => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  assert.match(readme, /\]\(generated\/metric-contracts\.md\)/);
});

test('the LiveKit that is deployed is the one that the metrics were tested with, which the page says', () => {
  assert.ok(sfuWorkload.image.endsWith(`:v${livekitVersions.run}`), sfuWorkload.image);
  for (const { emitter, name } of Object.values(livekitServerMetrics))
    assert.equal(emitter.kind === 'live' ? emitter.version : '', livekitVersions.run, name);
  for (const version of Object.values(livekitVersions)) assert.ok(page.includes(version), version);
});

test('the recorder that is deployed is the one whose source the names are from', () => {
  for (const { emitter, name } of Object.values(egressMetrics)) {
    assert.ok(emitter.kind === 'recorded' && livekitRecorder.image.endsWith(`:v${emitter.version}`), name);
    assert.ok(emitter.source.includes(`/blob/v${emitter.version}/`), name);
  }
});
