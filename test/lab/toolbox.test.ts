import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { installHint, isOutdated, pinnedVersion, readStamp, sourcesOf, toolNamed } from '../../lab/toolbox.ts';
import { demoTools, tools } from '../../lab/tools.ts';

const root = mkdtempSync(join(tmpdir(), 'gomeet-toolbox-'));
after(() => rmSync(root, { recursive: true, force: true }));

const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
let machines = 0;

/** A machine on which only the given scripts are on PATH, with an empty cache. */
function machine(scripts: Readonly<Record<string, string>>) {
  machines += 1;
  const folder = join(root, `machine-${machines}`);
  mkdirSync(join(folder, 'bin'), { recursive: true });
  for (const [name, body] of Object.entries(scripts))
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  const cache = join(folder, 'cache', 'gomeet', 'bin');
  return {
    cache,
    run: (...args: string[]) =>
      spawnSync(process.execPath, [main, 'lab', 'tools', ...args], {
        encoding: 'utf8',
        env: { PATH: join(folder, 'bin'), XDG_CACHE_HOME: join(folder, 'cache') },
      }),
  };
}

/** Ends as the Go command does, with a program where -o points. */
const fakeGo =
  '/bin/echo some/package >&2; while [ "$1" != "-o" ]; do shift; done; printf "#!/bin/sh\\n" > "$2"; /bin/chmod 755 "$2"';

describe('the toolbox', () => {
  it('has a source for each tool, and an install line that names it', () => {
    for (const tool of tools) {
      assert.ok(tool.sources.length > 0);
      assert.match(installHint(tool), new RegExp(`^${tool.name} is missing .*(apt-get install|Go 1)`));
    }
  });

  it('pins what it builds in go.mod', () => {
    for (const tool of tools.filter(({ module }) => module !== undefined))
      assert.match(pinnedVersion(tool) ?? '', /^v\d+\.\d+\.\d+/, tool.name);
  });

  it('knows the tools of the demo', () => {
    for (const name of demoTools) assert.equal(toolNamed(name).name, name);
  });

  it('says in one line what to install where nothing can be fetched, and exits with 2', () => {
    const result = machine({}).run('prometheus');

    assert.equal(result.status, 2);
    assert.equal(result.stderr.trim().split('\n').length, 1, result.stderr);
    assert.match(result.stderr, /prometheus is missing .*apt-get install prometheus/);
  });

  it('builds with Go what Debian does not bring, into the cache, with a stamp of its version', () => {
    const box = machine({ go: fakeGo });

    const result = box.run('livekit-server');

    assert.equal(result.status, 0, result.stderr);
    assert.match(result.stderr, /livekit-server: building .*\n.*livekit-server: ready after/s);
    assert.deepEqual(readStamp('livekit-server', box.cache), {
      version: pinnedVersion(toolNamed('livekit-server')),
      source: 'go',
    });
    assert.equal(readFileSync(join(box.cache, 'livekit-server'), 'utf8'), '#!/bin/sh\n');
  });

  it('does not build again what is there', () => {
    const box = machine({ go: fakeGo });
    box.run('livekit-server');

    const again = box.run('livekit-server');

    assert.equal(again.status, 0);
    assert.doesNotMatch(again.stderr, /building/);
  });

  it('builds again when another version is pinned', () => {
    const box = machine({ go: fakeGo });
    box.run('livekit-server');
    writeFileSync(join(box.cache, 'livekit-server.json'), JSON.stringify({ version: 'v1.0.0', source: 'go' }));

    assert.match(box.run('livekit-server').stderr, /building/);
  });

  it('does not leave half a tool behind when a build fails', () => {
    const box = machine({ go: `${fakeGo}; /bin/echo "no space left" >&2; exit 1` });

    const result = box.run('livekit-server');

    assert.equal(result.status, 2);
    assert.match(result.stderr, /no space left/);
    assert.equal(readStamp('livekit-server', box.cache), undefined);
    assert.throws(() => readFileSync(join(box.cache, 'livekit-server')));
  });

  it('unpacks a Debian package without installing it, as the quickest source', () => {
    const box = machine({
      'apt-get': '[ "$1" = download ] || exit 9; > prometheus_2.42.0%2bds-5_amd64.deb',
      dpkg: '[ "$1" = -x ] || exit 9; /bin/mkdir -p "$3/usr/bin"; printf "#!/bin/sh\\n" > "$3/usr/bin/prometheus"',
      go: '/bin/echo "must not be asked" >&2; exit 1',
    });

    const result = box.run('prometheus');

    assert.equal(result.status, 0, result.stderr);
    assert.deepEqual(readStamp('prometheus', box.cache), { version: '2.42.0+ds-5', source: 'debian' });
  });

  it('takes a Debian package for the demo, and not where tests want the version that is pinned', () => {
    const folder = mkdtempSync(join(root, 'cache-'));
    writeFileSync(join(folder, 'prometheus.json'), JSON.stringify({ version: '2.42.0+ds-5', source: 'debian' }));
    const prometheus = toolNamed('prometheus');

    assert.equal(isOutdated(prometheus, { folder }), false);
    assert.equal(isOutdated(prometheus, { folder, pinned: true }), true);
    assert.deepEqual(
      sourcesOf(prometheus, true).map(({ kind }) => kind),
      ['go'],
    );
    assert.deepEqual(sourcesOf(toolNamed('redis-server'), true), toolNamed('redis-server').sources);
  });

  it('fetches the package lists when a machine has none', () => {
    const box = machine({
      'apt-get':
        'case "$1" in update) > /tmp/gomeet-lists.$PPID;; download) [ -f /tmp/gomeet-lists.$PPID ] || exit 100; > prometheus_2.42.0_amd64.deb;; esac',
      dpkg: '/bin/rm -f /tmp/gomeet-lists.$PPID; /bin/mkdir -p "$3/usr/bin"; printf "#!/bin/sh\\n" > "$3/usr/bin/prometheus"',
    });

    const result = box.run('prometheus');

    assert.equal(result.status, process.getuid?.() === 0 ? 0 : 2, result.stderr);
  });

  it('goes on to the next source when one fails', () => {
    const box = machine({ 'apt-get': 'exit 100', go: fakeGo });

    assert.equal(box.run('prometheus').status, 0);
    assert.equal(readStamp('prometheus', box.cache)?.source, 'go');
  });

  it('does not install a package without being told to', () => {
    const box = machine({ 'apt-get': '/bin/touch installed' });

    const result = box.run('redis-server');

    assert.equal(result.status, 2);
    assert.match(result.stderr, /redis-server is missing .*(not agreed to|root is needed)/);
  });

  it('refuses a name it does not know, and lists those it does', () => {
    assert.match(machine({}).run('no-such-tool').stderr, /no tool no-such-tool; there are prometheus, /);
  });

  it('takes a tool that was put into the cache by hand as it is', () => {
    assert.equal(isOutdated(toolNamed('prometheus'), { pinned: true, folder: join(root, 'no-such-folder') }), false);
  });
});
