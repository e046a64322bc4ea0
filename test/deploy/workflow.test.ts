import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { validate } from 'dockerfile-utils';
import { parse } from 'yaml';
import { z } from 'zod';
import { registerAll } from '../../cli/commands.ts';
import { platformFiles } from '../../cli/deploy/platform.ts';
import { environments } from '../../manifests/environments/index.ts';
import { declareInfrastructure } from '../../manifests/infrastructure/declare.ts';
import { needTool } from '../support/need-tool.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const text = readFileSync(`${root}.github/workflows/deploy.yaml`, 'utf8');
const Step = z.looseObject({
  run: z.string().optional(),
  uses: z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
});
const Job = z.looseObject({
  if: z.string().optional(),
  needs: z.string().optional(),
  environment: z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
  steps: z.array(Step),
});
const workflow = z
  .object({
    on: z.record(z.string(), z.unknown()),
    permissions: z.record(z.string(), z.string()),
    concurrency: z.object({ 'cancel-in-progress': z.string() }).loose(),
    jobs: z.record(z.string(), Job),
  })
  .loose()
  .parse(parse(text));
const jobs = Object.entries(workflow.jobs);
const runsOf = (job: z.infer<typeof Job>) =>
  job.steps.flatMap(({ run }) => (run === undefined ? [] : [run])).join('\n');

/** What actionlint has to say of a workflow, its scripts read by shellcheck; undefined without the tools. */
function lint(t: TestContext, content: string): string | undefined {
  const [actionlint, shellcheck] = [needTool(t, 'actionlint'), needTool(t, 'shellcheck')];
  if (actionlint === undefined || shellcheck === undefined) return undefined;
  const { stdout, stderr } = spawnSync(actionlint, ['-shellcheck', shellcheck, '-pyflakes=', '-no-color', '-'], {
    input: content,
    encoding: 'utf8',
  });
  assert.equal(stderr, '');
  return stdout;
}

describe('the workflow', () => {
  it('is one that GitHub takes: keys, expressions, permissions, and scripts', (t) =>
    assert.equal(lint(t, text) ?? '', ''));

  for (const [what, change, finding] of [
    ['a permission that there is not', ['contents: read', 'contents: reads'], /"reads" is invalid/],
    [
      'an expression that names nothing',
      ['github.event_name == ', 'github.event_nme == '],
      /"event_nme" is not defined/,
    ],
    ['a job that waits for none', ['needs: check', 'needs: chek'], /"chek" .* does not exist/],
    ['a script whose word splits', ['> "$RUNNER_TEMP/kubeconfig"', '> $RUNNER_TEMP/kubeconfig'], /SC2086/],
    [
      "a pull request's text in a script",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub
      ['- run: .ci/run', '- run: echo ${{ github.head_ref }}'],
      /potentially untrusted/,
    ],
  ] as const)
    it(`would not pass with ${what}`, (t) => {
      const [from, to] = change;
      assert.ok(text.includes(from));
      const said = lint(t, text.replace(from, to));
      if (said !== undefined) assert.match(said, finding);
    });

  it('gives nothing of a pull request a secret, an environment or a cluster', () => {
    assert.ok(!('pull_request_target' in workflow.on) && !('workflow_run' in workflow.on));
    const forPullRequests = jobs.filter(([, job]) => !(job.if ?? '').includes("github.ref == 'refs/heads/main'"));

    assert.deepEqual(
      forPullRequests.map(([name]) => name),
      ['check'],
    );
    for (const [, job] of forPullRequests) {
      assert.doesNotMatch(JSON.stringify(job), /secrets\./);
      assert.equal(job.environment, undefined);
      assert.doesNotMatch(runsOf(job), /gomeet -- (deploy|infra|images)|kubectl/);
    }
    for (const [name, job] of jobs)
      if (name !== 'check')
        assert.match(
          job.if ?? '',
          /^github\.event_name == '(push|workflow_dispatch)' && github\.ref == 'refs\/heads\/main'$/,
        );
  });

  it('checks before it builds, builds before it deploys, and rehearses before it changes anything', () => {
    assert.equal(workflow.jobs['images']?.needs, 'check');
    assert.equal(workflow.jobs['staging']?.needs, 'images');
    assert.equal(workflow.jobs['production']?.needs, 'check');
    for (const name of ['staging', 'production']) {
      const job = workflow.jobs[name] ?? assert.fail(name);
      const [first, second] = job.steps.flatMap(({ run }) => (run?.includes('gomeet -- deploy') ? [run] : []));
      assert.match(first ?? '', new RegExp(`--environment ${name} .*--dry-run$`));
      assert.match(second ?? '', new RegExp(`--environment ${name} .*--rollback-on-failure$`));
      assert.equal(job.environment, name);
    }
  });

  it('tags as built here only what is built here: the services of the product keep the release of their environment', () => {
    const built = [...text.matchAll(/images push --services (\S+)/g)].map(([, services]) => services);
    assert.deepEqual(built, ['gomeet-sre']);
    for (const [, line] of text.matchAll(/gomeet -- (deploy .*)/g))
      assert.match(line ?? '', /--services-tag "\$SERVICES_TAG"/);
    assert.equal(text.match(/SERVICES_TAG: \$\{\{ vars\.SERVICES_TAG \}\}/g)?.length, 2);
    const images = platformFiles('staging', { release: 'abc', servicesRelease: '1.4.2' })
      .flatMap(({ objects }) => [
        ...JSON.stringify(objects).matchAll(/"image":"registry\.digitalocean\.com\/gomeet\/([^"]+)"/g),
      ])
      .map(([, image]) => image ?? '');
    assert.deepEqual([...new Set(images.filter((image) => image.endsWith(':abc')))], ['gomeet-sre:abc']);
    assert.ok(images.includes('auth-service:1.4.2'));
  });

  it('restores no data when a deployment fails, nor ever', () => {
    const deploying = jobs
      .filter(([name]) => name !== 'check')
      .map(([, job]) => runsOf(job))
      .join('\n');

    assert.doesNotMatch(deploying, /restore|backup|pg_dump|psql|database/i);
  });

  it('keeps each environment to its own kubeconfig, in a file that only the runner reads and that goes', () => {
    for (const [name, job] of jobs) {
      const wanted = name === 'staging' ? 'STAGING' : name === 'production' ? 'PRODUCTION' : undefined;
      const named = [...JSON.stringify(job).matchAll(/KUBE_CONFIG_(\w+)/g)].map(([, which]) => which);
      assert.deepEqual(named, wanted === undefined ? [] : [wanted]);
    }
    assert.equal(text.match(/umask 077/g)?.length, 2);
    assert.equal(text.match(/rm -f "\$RUNNER_TEMP\/kubeconfig"/g)?.length, 2);
  });

  it('puts nothing that others can write into a script, and is allowed to read the code only', () => {
    assert.deepEqual(workflow.permissions, { contents: 'read' });
    for (const [, job] of jobs) assert.doesNotMatch(runsOf(job), /\$\{\{/);
    assert.equal(text.match(/persist-credentials: false/g)?.length, text.match(/actions\/checkout/g)?.length);
  });

  it('never cuts a deployment off', () => {
    assert.match(workflow.concurrency['cancel-in-progress'], /^\$\{\{ github\.event_name == 'pull_request' \}\}$/);
  });

  it('calls commands and options that exist', () => {
    const program = new Command();
    registerAll(program);
    const calls = [...text.matchAll(/gomeet -- (.+)$/gm)].map(([, line]) => (line ?? '').split(' '));
    assert.equal(calls.length, 5);
    for (const words of calls) {
      let command: Command = program;
      for (const word of words) {
        if (word.startsWith('--'))
          assert.ok(
            command.options.some(({ long }) => long === word),
            `${command.name()} ${word}`,
          );
        else command = command.commands.find((one) => one.name() === word) ?? command;
      }
      assert.notEqual(command, program);
    }
  });
});

describe('the Dockerfile', () => {
  it('has no instruction, flag or variable that a builder would refuse', () => {
    const said = (content: string) => validate(content).map(({ message }) => message);
    assert.deepEqual(said(dockerfile), []);
    assert.deepEqual(said(dockerfile.replace('USER ', 'USR ')), ['Unknown instruction: USR']);
    assert.deepEqual(said(dockerfile.replace('ENTRYPOINT', 'ENTRYPOINT ["node"]\nENTRYPOINT')).length > 0, true);
  });

  it('copies from stages that there are, and what lies in the repository', () => {
    const stages = [...dockerfile.matchAll(/^FROM \S+ AS (\w+)$/gm)].map(([, stage]) => stage);
    assert.deepEqual(
      [...dockerfile.matchAll(/--from=(\w+)/g)].map(([, stage]) => stage),
      stages,
    );
    const sources = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      ([, files]) => files?.split(' ') ?? [],
    );
    assert.ok(sources.length > 10);
    for (const source of sources) assert.ok(existsSync(`${root}${source}`), source);
  });

  const dockerfile = readFileSync(`${root}Dockerfile`, 'utf8');
  const Package = z.object({ devDependencies: z.object({ node: z.string() }).loose() }).loose();
  const { devDependencies } = Package.parse(JSON.parse(readFileSync(`${root}package.json`, 'utf8')));

  it('runs on the Node that package.json pins, as somebody other than root, in two stages', () => {
    assert.ok(dockerfile.includes(`ARG NODE=node:${devDependencies.node}-`));
    assert.equal(dockerfile.match(/^FROM /gm)?.length, 2);
    assert.match(dockerfile, /^USER 1000:1000$/m);
    assert.ok(dockerfile.indexOf('USER') < dockerfile.indexOf('ENTRYPOINT'));
  });

  it('has pg_dump of the major that is declared, from a Debian that has it, or no backup could be made', () => {
    const [version = '', ...others] = new Set(
      Object.values(environments).flatMap((one) =>
        declareInfrastructure(one).databases.flatMap((database) =>
          database.engine === 'pg' ? [database.version] : [],
        ),
      ),
    );
    assert.deepEqual(others, [], 'one client serves one major');
    assert.ok(dockerfile.includes(`postgresql-client-${version} zstd`));
    const debian = new Map([
      ['15', 'bookworm'],
      ['17', 'trixie'],
    ]).get(version);
    assert.ok(dockerfile.includes(`-${debian}-slim\n`), `${version} on ${debian}`);
  });

  it('takes in every room that is deployed, and neither lab nor tests', () => {
    const copied = [...dockerfile.matchAll(/^COPY (\w+) \.\/\1$/gm)].map(([, room]) => room);
    const ignore = readFileSync(`${root}.dockerignore`, 'utf8').split('\n');
    assert.deepEqual(copied, [
      'kernel',
      'model',
      'manifests',
      'exporters',
      'alerts',
      'dashboards',
      'responders',
      'reports',
      'deploy',
      'cli',
      'generated',
    ]);
    assert.ok(ignore.includes('*'));
    for (const room of copied) assert.ok(ignore.includes(`!${room}`), room);
    assert.ok(!ignore.some((line) => /^!(lab|test|\.git|\.env)/.test(line)));
  });
});
