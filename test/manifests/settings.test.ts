import assert from 'node:assert/strict';
import { test } from 'node:test';
import { environments } from '../../manifests/environments/index.ts';
import { hosts, reservedRanges } from '../../manifests/settings.ts';

test("no range of a deployable environment is DigitalOcean's own; the runbook's is", () => {
  const reserved = reservedRanges.map(({ range }) => range);
  for (const { name, deployable, settings } of Object.values(environments))
    for (const range of [settings.vpcRange, settings.podRange, settings.serviceRange])
      if (deployable) assert.ok(!reserved.includes(range), `${name}: ${range}`);
  assert.ok(reserved.includes(environments.documented.settings.vpcRange));
});

test('the six documented hosts hang below one setting', () => {
  const { main, api, livekit, traefik, grafana, prometheus } = hosts(environments.production.settings);
  assert.deepEqual(
    [main, api, livekit, traefik, grafana, prometheus],
    [
      'gomeet.com',
      'api.gomeet.com',
      'livekit.gomeet.com',
      'traefik.gomeet.com',
      'grafana.gomeet.com',
      'prometheus.gomeet.com',
    ],
  );
  assert.equal(hosts(environments.staging.settings).api, 'api.staging.gomeet.com');
});
