import { type Command, InvalidArgumentError } from 'commander';
import type { ImageRequest } from '../../deploy/images/plan.ts';
import type { Register } from '../common/register.ts';

interface ImageFlags {
  readonly services?: readonly string[];
  readonly tag: string;
  readonly parallel: number;
  readonly source: string;
  readonly updateBaseImages?: true;
  readonly dryRun?: true;
  readonly verbose?: true;
}

/** `gomeet images build|push|scan`: the images that GoMeet builds itself. */
export const registerImages: Register = (program) => {
  const images = program.command('images').description('Build, push and scan the images of our own services');
  command(images, 'build', 'Build for both architectures, and keep the layers in the cache; pushes nothing');
  command(images, 'push', 'Build, push with provenance and a bill of materials, and scan where there is a scanner');
  command(
    images,
    'scan',
    'Scan what was pushed with trivy or grype; exit 1 for a fixable hole that is high or critical',
  );
};

function command(images: Command, verb: ImageRequest['verb'], description: string): void {
  images
    .command(verb)
    .description(description)
    .option('--services <names>', 'only these, with commas between', (text) =>
      text.split(',').map((name) => name.trim()),
    )
    .option('--tag <tag>', 'which release', tag, '0.1.0')
    .option('--parallel <count>', 'images at a time', count, 4)
    .option('--source <folder>', "where the services' own folders lie, each with its Dockerfile", 'services')
    .option('--update-base-images', 'take the newest base images')
    .option('--dry-run', 'show the commands; start none')
    .option('--verbose', 'every line that the build prints')
    .addHelpText(
      'after',
      `
Needs docker with buildx, signed in with \`doctl registry login\`.
Unproven: no build has been run for this release. The Dockerfile is linted, the commands and what the image would hold are tested.

Examples:
  gomeet images ${verb} --tag v1.2.3 --parallel 8
  gomeet images ${verb} --services auth-service,meeting-service --dry-run`,
    )
    .action((flags: ImageFlags) => run(verb, flags));
}

function tag(text: string): string {
  if (text === 'latest') throw new InvalidArgumentError('nobody can say later what ran under `latest`: name a release');
  if (!/^\w[\w.-]{0,127}$/.test(text)) throw new InvalidArgumentError('want letters, digits, dots and dashes');
  return text;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 32) throw new InvalidArgumentError('want 1 to 32');
  return value;
}

async function run(verb: ImageRequest['verb'], flags: ImageFlags): Promise<void> {
  const [{ fileURLToPath }, plan, { buildImages }, { programs }, { UsageError }, { nearest }] = await Promise.all([
    import('node:url'),
    import('../../deploy/images/plan.ts'),
    import('../../deploy/images/run.ts'),
    import('../../deploy/adapters/programs.ts'),
    import('../../kernel/errors.ts'),
    import('../common/nearest.ts'),
  ]);
  const all = plan.ownImages(flags.source, fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, ''));
  const names = all.map(({ service }) => service);
  const unknown = flags.services?.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`we build no ${unknown}${nearest(unknown, names)}; there is ${names.join(', ')}`);
  const scanner = (await programs.has('trivy')) ? 'trivy' : (await programs.has('grype')) ? 'grype' : undefined;
  const request: ImageRequest = {
    verb,
    images: all.filter(({ service }) => flags.services?.includes(service) ?? true),
    tag: flags.tag,
    updateBaseImages: flags.updateBaseImages ?? false,
    scanner,
  };
  if (flags.dryRun) {
    if (verb !== 'scan')
      console.log(`# where there is no builder ${plan.builderName} yet\n${plan.commandLine(plan.createBuilder)}`);
    for (const one of request.images.flatMap((image) => plan.commandsFor(image, request)))
      console.log(plan.commandLine(one));
    return;
  }
  const needed = verb === 'scan' ? scanner : 'docker';
  if (needed === undefined || !(await programs.has(needed)))
    throw new UsageError(
      verb === 'scan'
        ? 'there is no scanner; install trivy or grype'
        : 'docker is not installed; --dry-run shows the commands',
    );
  const results = await buildImages(programs, request, flags.parallel, (service, line) => {
    if (flags.verbose) console.error(`${service}: ${line}`);
  });
  for (const { service, ok, says, lastLines } of results)
    console.log(`${ok ? '✓' : '✗'} ${service}: ${says}${lastLines.map((line) => `\n    ${line}`).join('')}`);
  if (results.some(({ ok }) => !ok)) process.exitCode = 1;
}
