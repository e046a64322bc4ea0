import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeConfig, loadConfig, required, settings } from '../../kernel/config.ts';

test('a setting is read under the name that others know it by, and its own name comes first', () => {
  assert.equal(loadConfig({ DO_SPACES_REGION: 'theirs' }).SPACES_REGION, 'theirs');
  assert.equal(loadConfig({ DO_SPACES_REGION: 'theirs', SPACES_REGION: 'ours' }).SPACES_REGION, 'ours');
  assert.equal(loadConfig({ DIGITALOCEAN_ACCESS_TOKEN: 'dop_v1_x' }).DIGITALOCEAN_TOKEN, 'dop_v1_x');
  assert.equal(loadConfig({}).SPACES_REGION, settings.SPACES_REGION.fallback);
});

test('a secret is never shown, and what is wrong is named without its value', () => {
  const config = loadConfig({ WEBHOOK_TOKEN: 'a-very-long-webhook-token' });
  const shown = describeConfig(config).find(({ name }) => name === 'WEBHOOK_TOKEN');

  assert.deepEqual([shown?.value, shown?.origin], ['[hidden]', 'set']);
  assert.throws(
    () => loadConfig({ WEBHOOK_TOKEN: 'short-one', PROMETHEUS_URL: 'no url' }),
    (error: Error) =>
      /WEBHOOK_TOKEN: .*\n.*|PROMETHEUS_URL/.test(error.message) && !error.message.includes('short-one'),
  );
  assert.throws(() => required(loadConfig({}), 'DATABASE_URL'), /DATABASE_URL is not set: PostgreSQL of the responder/);
});

test('a file that a setting names and that is not there is said, with the setting', () => {
  assert.throws(() => loadConfig({ WEBHOOK_TOKEN_FILE: '/no/such/file' }), /WEBHOOK_TOKEN_FILE: /);
});
