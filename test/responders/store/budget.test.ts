import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { usd } from '../../../kernel/money.ts';
import { readControls, setControl } from '../../../responders/store/controls.ts';
import { openDatabase } from '../../../responders/store/database.ts';
import { migrate } from '../../../responders/store/migrations.ts';
import { testDatabase } from '../../support/database.ts';

const database = openDatabase(await testDatabase());
after(() => database.close());
await migrate(database);
const alice = { by: 'cli:alice', reason: 'board meeting' } as const;

test('without a stored budget there is none, so that the setting stands', async () => {
  assert.equal((await readControls(database)).budget, undefined);
});

test('a stored budget says who set it and why, and the newest holds', async () => {
  await setControl(database, 'budget', { ...alice, value: { microUsd: usd(20_000) } });
  await setControl(database, 'budget', { by: 'cli:bob', reason: 'launch', value: { microUsd: usd(27_048) } });
  const { budget } = await readControls(database);
  assert.deepEqual([budget?.amount, budget?.by, budget?.reason], [usd(27_048), 'cli:bob', 'launch']);
});

test('a stored value that is no amount is not believed', async () => {
  for (const microUsd of [-1, 0.5, 'much']) {
    await setControl(database, 'budget', { ...alice, value: { microUsd } });
    assert.equal((await readControls(database)).budget, undefined);
  }
});
