import type { Register } from './register.ts';

/** `gomeet lab tools`: fetches what the lab starts. */
export const registerLab: Register = (program) => {
  const lab = program.command('lab').description('The platform to try it on');
  lab
    .command('tools [names...]')
    .description('Find, fetch or build what the lab starts: what the demo needs, --all, or those named')
    .option('--all', 'everything, also for the real control plane (several minutes of building)')
    .option('--list', 'only say what is there')
    .option('--yes', 'install Debian packages without asking')
    .action(async (names: string[], options: { all?: boolean; list?: boolean; yes?: boolean }) => {
      const { tools, demoTools } = await import('../lab/tools.ts');
      const { findTool, pinnedVersion, readStamp, toolNamed } = await import('../lab/toolbox.ts');
      if (options.list) {
        for (const tool of tools) {
          const version = readStamp(tool.name)?.version ?? '';
          console.log(
            [
              tool.name.padEnd(24),
              (findTool(tool.name) ?? 'missing').padEnd(48),
              version.padEnd(24),
              pinnedVersion(tool) ?? '',
            ]
              .join(' ')
              .trimEnd(),
          );
        }
        return;
      }
      const { ensureTool } = await import('../lab/fetch-tool.ts');
      const wanted = options.all
        ? tools.map((tool) => tool.name)
        : names.length > 0
          ? names.map((name) => toolNamed(name).name)
          : demoTools;
      for (const name of wanted) {
        const path = await ensureTool(name, {
          say: (line) => console.error(line),
          yes: options.yes === true || Boolean(process.env['CI']),
        });
        console.log(`${name.padEnd(24)} ${path}`);
      }
    });
};
