import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usd } from '../../kernel/money.ts';
import { declaredPlatform } from '../../responders/declared.ts';

test('the guards hold what production declares: a floor of 25 SFUs, a ceiling of 100, a pool that has room for them', () => {
  const { sfu, pools, workloads } = declaredPlatform();
  assert.deepEqual(sfu, { deployment: 'livekit-sfu', pool: 'sfu', floor: 25, ceiling: 100, nodeCostPerHour: usd(1) });
  assert.deepEqual(
    pools.map(({ name, maxNodes }) => [name, maxNodes]),
    [
      ['sfu', 102],
      ['api', 40],
      ['monitoring', 4],
      ['system', 3],
    ],
  );
  assert.ok(workloads.some(({ name, restartable }) => name === 'auth-service' && restartable));
});

test('staging has its own figures; a fixture and an unknown name are refused', () => {
  assert.equal(declaredPlatform('staging').sfu.ceiling, 4);
  for (const name of ['readme', 'documented', 'prod'])
    assert.throws(() => declaredPlatform(name), /GOMEET_ENVIRONMENT/);
});
