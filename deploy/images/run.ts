import PQueue from 'p-queue';
import { builderName, type Command, commandsFor, createBuilder, type ImageRequest } from './plan.ts';

/** Programs of this machine. */
export interface Programs {
  has(program: string): Promise<boolean>;
  /** Exit code; every line that it prints is told as it comes. */
  run(command: Pick<Command, 'program' | 'args'>, line: (text: string) => void): Promise<number>;
}

/** How one image fared. */
export interface ImageResult {
  readonly service: string;
  readonly ok: boolean;
  readonly says: string;
  /** What it printed last, where it failed. */
  readonly lastLines: readonly string[];
}

/** Carries out a request, so many images at a time; one that fails does not stop the others. */
export async function buildImages(
  programs: Programs,
  request: ImageRequest,
  parallel: number,
  tell: (service: string, line: string) => void,
): Promise<readonly ImageResult[]> {
  if (request.verb !== 'scan') {
    const there = await programs.run({ program: 'docker', args: ['buildx', 'inspect', builderName] }, () => undefined);
    if (there !== 0) {
      const lines: string[] = [];
      const code = await programs.run(createBuilder, (line) => lines.push(line));
      if (code !== 0)
        return [
          {
            service: 'builder',
            ok: false,
            says: `docker buildx create ended with ${code}`,
            lastLines: lines.slice(-10),
          },
        ];
    }
  }
  const queue = new PQueue({ concurrency: parallel });
  return await Promise.all(
    request.images.map((image) => queue.add(() => buildOne(image.service, commandsFor(image, request)))),
  );

  async function buildOne(service: string, commands: readonly Command[]): Promise<ImageResult> {
    for (const command of commands) {
      const lastLines: string[] = [];
      const code = await programs.run(command, (line) => {
        lastLines.push(line);
        if (lastLines.length > 15) lastLines.shift();
        tell(service, line);
      });
      if (code !== 0)
        return { service, ok: false, says: `${command.program} ${command.args[0]} ended with ${code}`, lastLines };
    }
    return { service, ok: true, says: saysOf(request), lastLines: [] };
  }
}

function saysOf({ verb, tag, scanner }: ImageRequest): string {
  const scanned = scanner === undefined ? 'not scanned: there is no trivy or grype' : `scanned with ${scanner}`;
  return verb === 'build'
    ? `${tag} builds for both architectures`
    : verb === 'push'
      ? `${tag} pushed, ${scanned}`
      : scanned;
}
