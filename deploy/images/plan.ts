import { workloads } from '../../manifests/catalogue/index.ts';
import { bundleImage } from '../../manifests/catalogue/parts.ts';

/** An image that GoMeet builds, and the folder that it is built from. */
export interface Image {
  readonly service: string;
  readonly repository: string;
  /** Below the source folder; the bundle is built from this repository itself. */
  readonly context: string;
}

/** One program with its arguments; nothing goes through a shell. */
export interface Command {
  readonly service: string;
  readonly program: string;
  readonly args: readonly string[];
}

/** What `gomeet images` was asked for. */
export interface ImageRequest {
  readonly verb: 'build' | 'push' | 'scan';
  readonly images: readonly Image[];
  readonly tag: string;
  /** Take the newest base images instead of those at hand. */
  readonly updateBaseImages: boolean;
  /** The scanner that is there; undefined where none is. */
  readonly scanner: 'trivy' | 'grype' | undefined;
}

const registry = 'registry.digitalocean.com/gomeet/';
/** Both architectures that the product promises. */
const platforms = 'linux/amd64,linux/arm64';
/** One builder, made once and kept: with it would go its cache. */
export const builderName = 'gomeet';

/** Every image of the catalogue that is ours, each once. The product's services lie below `source`, one folder each with its Dockerfile. */
export function ownImages(source: string, bundleFolder: string): readonly Image[] {
  const repositories = new Set(
    workloads.flatMap(({ image }) =>
      image?.startsWith(registry) && !image.slice(registry.length).includes(':') ? [image] : [],
    ),
  );
  return [...repositories].map((repository) => {
    const service = repository.slice(registry.length);
    return { service, repository, context: repository === bundleImage ? bundleFolder : `${source}/${service}` };
  });
}

/** The builder, where it is missing. */
export const createBuilder: Command = {
  service: 'builder',
  program: 'docker',
  args: ['buildx', 'create', '--name', builderName, '--driver', 'docker-container'],
};

/** The commands of one image, in order: the next begins only when the one before has ended well. */
export function commandsFor(image: Image, request: ImageRequest): readonly Command[] {
  const { verb, scanner } = request;
  const build = verb === 'scan' ? [] : [buildCommand(image, request)];
  // What was only built lies in the builder's cache: a scanner could not reach it.
  const scan = verb === 'build' || scanner === undefined ? [] : [scanCommand(image, request.tag, scanner)];
  return [...build, ...scan];
}

function buildCommand({ service, repository, context }: Image, { verb, tag, updateBaseImages }: ImageRequest): Command {
  const cache = `type=registry,ref=${repository}:buildcache`;
  return {
    service,
    program: 'docker',
    args: [
      'buildx',
      'build',
      '--builder',
      builderName,
      '--platform',
      platforms,
      '--tag',
      `${repository}:${tag}`,
      '--cache-from',
      cache,
      // Several platforms at once cannot be loaded into the engine: a build alone proves itself and fills the cache.
      ...(verb === 'push'
        ? ['--cache-to', `${cache},mode=max`, '--provenance=mode=max', '--sbom=true', '--push']
        : ['--output', 'type=cacheonly']),
      ...(updateBaseImages ? ['--pull'] : []),
      '--progress',
      'plain',
      context,
    ],
  };
}

function scanCommand({ service, repository }: Image, tag: string, scanner: 'trivy' | 'grype'): Command {
  const reference = `${repository}:${tag}`;
  return scanner === 'trivy'
    ? {
        service,
        program: 'trivy',
        args: ['image', '--severity', 'HIGH,CRITICAL', '--ignore-unfixed', '--exit-code', '1', reference],
      }
    : { service, program: 'grype', args: [reference, '--fail-on', 'high', '--only-fixed'] };
}

/** A command as one would type it. */
export function commandLine({ program, args }: Command): string {
  return [program, ...args]
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}
