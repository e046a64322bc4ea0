import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
/** What a build reads. */
const sources = [
  'package.json',
  ...['kernel', 'model', 'manifests', 'exporters', 'alerts', 'dashboards', 'responders', 'reports', 'deploy', 'cli'],
];
let copy = '';
before(async () => {
  copy = await mkdtemp(join(tmpdir(), 'gomeet-typos-'));
  for (const source of sources) await cp(join(repository, source), join(copy, source), { recursive: true });
  await symlink(join(repository, 'node_modules'), join(copy, 'node_modules'));
});
after(() => rm(copy, { recursive: true }));

function build(): Promise<{ code: number; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(copy, 'cli/gomeet.mjs'), 'build', '--out', join(copy, 'out')],
      (error, _stdout, stderr) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, stderr }),
    );
  });
}

const typos = [
  {
    of: 'metric',
    file: 'dashboards/sfu/queries.ts',
    from: `\${exporter.nodeFreeSlots.name}`,
    to: 'gomeet_sfu_node_free_slot',
    says: 'unknown metric gomeet_sfu_node_free_slot; did you mean gomeet_sfu_node_free_slots?',
  },
  {
    of: 'metric of an alert',
    file: 'alerts/catalogue/turn-share-high.ts',
    from: `\${machine.tcpConnections.name}`,
    to: 'node_netstat_Tcp_CurEstab',
    says: 'unknown metric node_netstat_Tcp_CurEstab; did you mean node_netstat_Tcp_CurrEstab?',
  },
  {
    of: 'label',
    file: 'dashboards/sfu/queries.ts',
    from: '{state="lost"}',
    to: '{stat="lost"}',
    says: 'has no label stat; did you mean state?',
  },
  {
    of: 'unit',
    file: 'dashboards/sfu/dashboard.ts',
    from: "unit: 'percentunit'",
    to: "unit: 'percentunt'",
    says: 'no unit that is known: percentunt; did you mean percentunit?',
  },
  {
    of: 'label that an alert quotes',
    file: 'alerts/catalogue/node-cpu-high.ts',
    from: '$labels.node',
    to: '$labels.nod',
    says: 'no series here has the label nod; did you mean node?',
  },
  {
    of: 'section of the runbook',
    file: 'alerts/catalogue/turn-share-high.ts',
    from: "'Port Forwarding'",
    to: "'Port Forwardin'",
    says: 'names no section: Port Forwardin; did you mean Port Forwarding?',
  },
  {
    of: 'link between boards',
    file: 'dashboards/home/dashboard.ts',
    from: "board: 'gomeet-application'",
    to: "board: 'gomeet-aplication'",
    says: 'leads to no board: gomeet-aplication; did you mean gomeet-application?',
  },
] as const;

for (const { of, file, from, to, says } of typos)
  test(`a typo in a ${of} ends the build, with file, line and the nearest right name`, async () => {
    const right = await readFile(join(copy, file), 'utf8');
    const wrong = right.replace(from, to);
    assert.notEqual(wrong, right, `${file} holds ${from}`);
    const line = wrong.split('\n').findIndex((text) => text.includes(to)) + 1;
    await writeFile(join(copy, file), wrong);
    try {
      const { code, stderr } = await build();
      assert.equal(code, 2, stderr);
      assert.ok(stderr.includes(`${file}:${line}`), `${file}:${line} in\n${stderr}`);
      assert.ok(stderr.includes(says), stderr);
    } finally {
      await writeFile(join(copy, file), right);
    }
  });

test('the same sources without a typo are built', async () => {
  const { code, stderr } = await build();
  assert.equal(code, 0, stderr);
});
