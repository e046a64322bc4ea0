import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PortError } from '../../../kernel/errors.ts';
import { memoryObjects } from '../../../lab/fakes/memory-objects.ts';
import { connect, debugJob, lookUp } from '../../../responders/debug/job.ts';
import { runDebugJob } from '../../../responders/debug/run-job.ts';

/** A clock that a look moves on. */
function steps() {
  let now = 0;
  return {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms;
    },
  };
}

const pod = (status: object) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'd-1', labels: { 'job-name': 'd' } },
  spec: {},
  status,
});
const state = (one: object) => ({ phase: 'Pending', containerStatuses: [{ state: one }] });

async function ran(status: object | undefined, signal = new AbortController().signal) {
  const objects = memoryObjects(status === undefined ? [] : [pod(status)]);
  const job = { name: 'd', command: lookUp('x'), seconds: 60, from: 'auth-service' };
  const outcome = await runDebugJob(objects, job, { clock: steps(), signal, runId: 'r' });
  return { outcome, writes: objects.writes, jobs: objects.all().filter(({ kind }) => kind === 'Job') };
}

describe('A look from inside the cluster', () => {
  it('says what was found or not, and leaves nothing behind', async () => {
    const yes = await ran(state({ terminated: { exitCode: 0, message: 'Address: 10.0.0.1\n' } }));
    assert.deepEqual(yes.outcome, { kind: 'ended', ok: true, says: 'Address: 10.0.0.1' });
    const no = await ran(state({ terminated: { exitCode: 1, message: 'timed out' } }));
    assert.deepEqual(no.outcome, { kind: 'ended', ok: false, says: 'timed out' });
    for (const { writes, jobs } of [yes, no]) {
      assert.deepEqual(writes, ['apply Job/d', 'remove Job/d']);
      assert.deepEqual(jobs, []);
    }
  });

  it('is neither yes nor no when it could not begin, in time or at all, or was interrupted; nothing is left behind then either', async () => {
    const image = await ran(state({ waiting: { reason: 'ImagePullBackOff', message: 'no such image' } }));
    assert.deepEqual(image.outcome, { kind: 'not-begun', says: 'ImagePullBackOff: no such image' });
    const full = await ran({
      conditions: [{ type: 'PodScheduled', reason: 'Unschedulable', message: '0/3 nodes are available' }],
    });
    assert.match(full.outcome.says, /not over after 60 s: 0\/3 nodes are available/);
    assert.match((await ran(undefined)).outcome.says, /its pod was not made/);
    const stopped = new AbortController();
    stopped.abort();
    assert.match((await ran(undefined, stopped.signal)).outcome.says, /interrupted/);
    for (const { jobs } of [image, full]) assert.deepEqual(jobs, []);
  });

  it('takes the Job away also when the API server is lost while it is waited for', async () => {
    const objects = memoryObjects();
    const away = { ...objects, list: async () => Promise.reject(new PortError('kubernetes', 'unreachable', 'away')) };
    const job = { name: 'd', command: lookUp('x'), seconds: 60 };
    await assert.rejects(
      runDebugJob(away, job, { clock: steps(), signal: new AbortController().signal, runId: 'r' }),
      /away/,
    );
    assert.deepEqual(objects.all(), []);
  });

  it('ends by the cluster’s own doing when nobody takes it away, gets no requests, and has no rights', () => {
    const { spec } = debugJob({ name: 'd', command: connect('db', 5432), seconds: 90, from: 'auth-service' });
    const text = JSON.stringify(spec);
    for (const part of [
      '"activeDeadlineSeconds":90',
      '"ttlSecondsAfterFinished":30',
      '"backoffLimit":0',
      '"readinessProbe":{"exec":{"command":["false"]}',
      '"automountServiceAccountToken":false',
      '"runAsNonRoot":true',
      '"app":"auth-service"',
    ])
      assert.ok(text.includes(part), part);
  });

  it('hands names to the shell as arguments, never as its text', () => {
    const hostile = '$(reboot);x';
    for (const [shell, flag, script, ...given] of [lookUp(hostile), connect(hostile, 1)]) {
      assert.deepEqual([shell, flag], ['sh', '-c']);
      assert.equal(script?.includes(hostile), false);
      assert.equal(given[0], hostile);
    }
  });
});
