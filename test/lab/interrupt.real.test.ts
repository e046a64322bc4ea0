import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { demoTools } from '../../lab/tools.ts';
import { needTool } from '../support/need-tool.ts';

it('stops every peer and leaves no folder behind when a drill is interrupted, and does not call it passed', {
  timeout: 90_000,
}, async (t) => {
  for (const tool of demoTools) if (!needTool(t, tool)) return;
  const folder = mkdtempSync(join(tmpdir(), 'gomeet-interrupt-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
  // PostgreSQL runs as another user when we are root, and walks through it.
  chmodSync(folder, 0o755);
  const child = spawn(process.execPath, [main, 'drill', 'service-crash-loop'], {
    cwd: folder,
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let told = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      told += chunk;
      if (told.includes('WORLD') && !child.killed) child.kill('SIGINT');
    });

  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));

  assert.equal(code, 1, told);
  assert.match(told, /interrupted/);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('gomeet-')),
    [],
  );
});
