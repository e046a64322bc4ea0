import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Command } from 'commander';
import { parse } from 'yaml';
import { z } from 'zod';
import { registerAll } from '../../cli/commands.ts';
import { routines } from '../../responders/routine/routines.ts';

const text = readFileSync(new URL('../../.github/workflows/dr-test.yaml', import.meta.url), 'utf8');
const dockerfile = readFileSync(new URL('../../Dockerfile', import.meta.url), 'utf8');
const workflow = z
  .looseObject({
    on: z.looseObject({ schedule: z.array(z.object({ cron: z.string() })) }),
    permissions: z.record(z.string(), z.string()),
    jobs: z.object({
      test: z.looseObject({
        if: z.string(),
        environment: z.string(),
        container: z.string(),
        steps: z.array(z.looseObject({ run: z.string().optional() })),
      }),
    }),
  })
  .parse(parse(text));
const { test } = workflow.jobs;
const script = test.steps.map(({ run = '' }) => run).join('\n');

describe('the monthly disaster-recovery test', () => {
  it('runs when the routine looks for it, and only where somebody has switched it on', () => {
    assert.deepEqual(workflow.on.schedule, [{ cron: routines['disaster-recovery-test'].pattern }]);
    assert.equal(test.if, "vars.DR_TEST == 'on' && github.ref == 'refs/heads/main'");
    assert.ok(!('pull_request' in workflow.on) && !('push' in workflow.on));
    assert.equal(test.environment, 'disaster-recovery');
    assert.deepEqual(workflow.permissions, { contents: 'read' });
  });

  it('calls a command that exists, with a secret in no argument', () => {
    const program = new Command();
    registerAll(program);
    const call = /gomeet -- dr test latest (--\w+) dr-test\.md/.exec(script);
    const command = program.commands.find((one) => one.name() === 'dr')?.commands.find((one) => one.name() === 'test');
    assert.ok(command?.options.some(({ long }) => long === call?.[1]));
    assert.doesNotMatch(script, /\$\{\{/);
  });

  it('has the programs of the image, of one major and one Debian', () => {
    const packages = /postgresql-client-\d+ zstd/.exec(dockerfile)?.[0] ?? assert.fail('the image has none');
    assert.ok(script.includes(packages));
    assert.ok(dockerfile.includes(`ARG NODE=${test.container}-slim\n`));
  });
});
