import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memoryObjects } from '../../../lab/fakes/memory-objects.ts';
import { workloads } from '../../../manifests/catalogue/index.ts';
import { environments } from '../../../manifests/environments/index.ts';
import { originOf, secretKeys, valuesFor } from '../../../responders/secrets/keys.ts';
import { overwriteGiven, secretObjects, writeMissing, writtenAtMs } from '../../../responders/secrets/write.ts';

const env = {
  DO_POSTGRES_CONNECTION_STRING: 'postgresql://doadmin:p%40ss@db.example:25060/gomeet?sslmode=require',
  REDIS_URL: 'rediss://default:word@cache.example:25061',
};
const by = { runId: 'r', nowMs: Date.UTC(2026, 10, 24) };

describe('The keys of secrets', () => {
  it('are exactly those that workloads read, and of each it is said where it comes from', () => {
    const read = new Set<string>(workloads.flatMap(({ secretKeys: keys }) => keys));
    assert.deepEqual(new Set(secretKeys().map(({ secret, key }) => `${secret}/${key}`)), read);
    assert.deepEqual(
      secretKeys()
        .filter(({ key }) => originOf(key) === undefined)
        .map(({ key }) => key),
      [],
    );
  });

  it('are made, given, or a part of what was given', () => {
    const values = new Map(valuesFor(secretKeys(), env).map(({ key, value, lacks }) => [key, { value, lacks }]));
    assert.equal(values.get('DO_POSTGRES_PASSWORD')?.value, 'p@ss');
    assert.equal(values.get('DO_POSTGRES_PORT')?.value, '25060');
    assert.equal(values.get('DO_POSTGRES_DBNAME')?.value, 'gomeet');
    assert.equal(values.get('DO_REDIS_HOST')?.value, 'cache.example');
    assert.match(values.get('JWT_SECRET')?.value ?? '', /^[\w-]{64}$/);
    assert.match(values.get('LIVEKIT_API_KEY')?.value ?? '', /^API[\w-]{12}$/);
    assert.match(values.get('SLACK_BOT_TOKEN')?.lacks ?? '', /SLACK_BOT_TOKEN is not set: the Slack app/);
    const again = new Map(valuesFor(secretKeys(), env).map(({ key, value }) => [key, value]));
    assert.notEqual(again.get('JWT_SECRET'), values.get('JWT_SECRET')?.value);
  });

  it('or come from the settings of the environment, whatever the shell says: staging never records into the bucket of production', () => {
    const shell = { ...env, DO_SPACES_BUCKET: 'gomeet-recordings' };
    const values = new Map(
      valuesFor(secretKeys(), shell, environments.staging.settings).map(({ key, value }) => [key, value]),
    );
    assert.deepEqual(
      ['DO_SPACES_BUCKET', 'DO_SPACES_ENDPOINT', 'DO_SPACES_REGION', 'DO_REGION', 'DO_TURN_SERVER_1'].map((key) =>
        values.get(key),
      ),
      ['gomeet-staging-recordings', 'https://nyc3.digitaloceanspaces.com', 'nyc3', 'nyc1', 'turn.staging.gomeet.com'],
    );
  });

  it('complete what is there and change nothing of it; a second time there is nothing to write', async () => {
    const objects = memoryObjects([
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'gomeet-secrets' },
        data: { JWT_SECRET: 'b2xk', TURN_SECRET: '', MORE: 'bW9yZQ==' },
      },
    ]);
    const planned = valuesFor(secretKeys(), env);
    const written = await writeMissing(objects, planned, by);
    assert.ok(!written.includes('gomeet-secrets/JWT_SECRET'));
    assert.ok(written.includes('gomeet-secrets/TURN_SECRET'), 'an empty value of the template is none');
    const data = objects.all().find(({ metadata }) => metadata.name === 'gomeet-secrets')?.['data'] as Record<
      string,
      string
    >;
    assert.equal(data['JWT_SECRET'], 'b2xk');
    assert.equal(data['MORE'], 'bW9yZQ==', 'what others keep there is not pruned');
    assert.deepEqual(await writeMissing(objects, valuesFor(secretKeys(), env), by), []);
  });

  it('take given ones in again only where they differ, and know their age', async () => {
    const objects = memoryObjects();
    await writeMissing(objects, valuesFor(secretKeys(), env), by);
    assert.deepEqual(
      await overwriteGiven(objects, valuesFor(secretKeys(), env), { ...by, nowMs: by.nowMs + 1_000 }),
      [],
    );
    const moved = { ...env, REDIS_URL: 'rediss://default:word@other.example:25061' };
    const written = await overwriteGiven(objects, valuesFor(secretKeys(), moved), { ...by, nowMs: by.nowMs + 1_000 });
    assert.deepEqual(written.toSorted(), ['digitalocean-credentials/DO_REDIS_HOST', 'gomeet-secrets/REDIS_URL']);
    const ages = await writtenAtMs(objects, ['gomeet-secrets', 'digitalocean-credentials']);
    assert.equal(ages.get('gomeet-secrets/REDIS_URL'), by.nowMs + 1_000);
    assert.equal(ages.get('gomeet-secrets/JWT_SECRET'), by.nowMs);
  });

  it('make objects whose values are nowhere but in their data', () => {
    const planned = valuesFor(secretKeys(), env);
    const { data, ...rest } = secretObjects(planned, by).find(({ metadata }) => metadata.name === 'gomeet-secrets') ?? {
      data: {},
    };
    const jwt = planned.find(({ key }) => key === 'JWT_SECRET')?.value ?? '';
    assert.equal(Buffer.from((data as Record<string, string>)['JWT_SECRET'] ?? '', 'base64').toString(), jwt);
    assert.ok(!JSON.stringify(rest).includes(jwt));
  });
});
