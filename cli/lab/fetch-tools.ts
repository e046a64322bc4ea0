import { confirm } from '../common/confirm.ts';

interface Options {
  readonly yes?: boolean | undefined;
  readonly pinned?: boolean;
  readonly signal?: AbortSignal;
}

/** Finds, fetches or builds what a command of the lab starts; a Debian package is installed when `--yes`, CI or the person agrees. Returns the paths. */
export async function fetchTools(names: readonly string[], { yes, ...options }: Options = {}): Promise<string[]> {
  const { ensureTool } = await import('../../lab/fetch-tool.ts');
  const agreed = yes === true || Boolean(process.env['CI']);
  const paths: string[] = [];
  for (const name of names)
    paths.push(
      await ensureTool(name, {
        ...options,
        say: (line) => console.error(line),
        agree: async (question) => agreed || (await confirm(question)),
      }),
    );
  return paths;
}
