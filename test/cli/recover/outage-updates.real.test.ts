import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';

const gomeet = fileURLToPath(new URL('../../../cli/gomeet.mjs', import.meta.url));

it('what to tell people comes at its pace from a laptop, with no responder, no store and no cluster to ask', async (t) => {
  const laptop = await mkdtemp(join(tmpdir(), 'gomeet-laptop-'));
  t.after(() => rm(laptop, { recursive: true, force: true }));
  // The store runs as another user when we are root, and must be able to walk through.
  await chmod(laptop, 0o711);
  const kubeconfig = join(laptop, 'kubeconfig');
  const named = 'name: gone';
  await writeFile(
    kubeconfig,
    `{apiVersion: v1, kind: Config, current-context: gone, clusters: [{${named}, cluster: {server: "http://127.0.0.1:9"}}], contexts: [{${named}, context: {cluster: gone, user: gone}}], users: [{${named}, user: {}}]}`,
  );
  const outside = createServer((_request, response) => response.writeHead(503).end());
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
  t.after(() => outside.close());
  const address = outside.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/app`;
  const run = (every: string) =>
    new Promise<{ code: number; said: string }>((resolve) => {
      const env = { PATH: process.env['PATH'] ?? '', HOME: laptop, KUBECONFIG: kubeconfig, PUBLIC_URLS: url };
      const args = [gomeet, 'outage', 'updates', '--every', every, '--local'];
      execFile(process.execPath, args, { env, cwd: laptop }, (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, said: stdout + stderr }),
      );
    });

  const { code, said } = await run('1s');

  assert.equal(code, 0, said);
  for (const count of [1, 2, 3])
    assert.match(
      said,
      new RegExp(
        `${count} of 4, update ${count}: done; not known: kubernetes.*127\\.0\\.0\\.1:\\d+ 503 after .*; not known: livekit`,
      ),
    );
  assert.match(said, /verified: not known: kubernetes.* 503/);
  assert.equal((await run('2h')).code, 2);
});
