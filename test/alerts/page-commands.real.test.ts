import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import PQueue from 'p-queue';
import { startControlPlane } from '../../lab/cluster/control-plane.ts';
import { findTool } from '../../lab/toolbox.ts';
import { skipWithout } from '../support/skip-without.ts';
import { pageCommands } from './page-commands.ts';

/** What a kubectl that has understood says of an empty cluster. */
const understood = /NotFound|No resources found|Metrics API not available/;
/** Kinds that cert-manager brings; the control plane here has none. */
const upstreamKinds = /^error: the server doesn't have a resource type "(certificates|challenges)"/;

describe('kubectl on the runbook pages', { skip: skipWithout('kubectl', 'etcd', 'kube-apiserver') }, () => {
  it('understands every command: sub-commands, options, kinds, selectors, paths', { timeout: 300_000 }, async () => {
    const plane = await startControlPlane();
    try {
      const ask = (words: readonly string[]) =>
        new Promise<{ ok: boolean; said: string }>((resolve) => {
          execFile(
            findTool('kubectl') ?? 'kubectl',
            [`--kubeconfig=${plane.kubeconfig}`, ...words],
            (error, _, stderr) => resolve({ ok: error === null, said: stderr }),
          );
        });
      const all = new Map(pageCommands('kubectl').map(({ at, words }) => [words.join(' '), { at, words }]));
      assert.ok(all.size > 30);
      const queue = new PQueue({ concurrency: 2 });
      const refused = await queue.addAll(
        [...all.values()].map(({ at, words }) => async () => {
          const { ok, said } = await ask(words);
          return ok || understood.test(said) || upstreamKinds.test(said) ? [] : [`${at}\n  ${said}`];
        }),
      );
      assert.deepEqual(refused.flat(), []);
      for (const wrong of [
        ['get', 'pods', '--sort=by'],
        ['networkpolicy', 'list'],
        ['get', 'postgrescluster'],
      ])
        assert.doesNotMatch((await ask(wrong)).said, understood, wrong.join(' '));
    } finally {
      await plane.stop();
    }
  });
});
