import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { grafanaUnproven } from '../../dashboards/unproven.ts';
import { UsageError } from '../../kernel/errors.ts';
import { architecturePage } from '../../manifests/architecture.ts';
import { environments } from '../../manifests/environments/index.ts';
import type { Register } from '../common/register.ts';
import type { GeneratedFile } from './generated-files.ts';

const defaultFolder = fileURLToPath(new URL('../../generated', import.meta.url));
const docsFolder = fileURLToPath(new URL('../../docs', import.meta.url));

/** `gomeet build`: writes what Kubernetes, Prometheus and Alertmanager read, or checks that it is up to date. */
export const registerBuild: Register = (program: Command) => {
  program
    .command('build')
    .description('Write rules, configuration, objects and runbook pages to generated/')
    .option('--out <dir>', 'write (or check) here instead', defaultFolder)
    .option('--check', 'write nothing; exit 1 and name every file that differs')
    .option('--runbooks <url>', 'where the runbook pages are published')
    .option('--console <url>', 'where the console is published')
    .addHelpText('after', `\n${grafanaUnproven}\n\nExample: gomeet build --check`)
    .action(async (options: { out: string; check?: true; runbooks?: string; console?: string }) => {
      const [{ generatedFiles }, { pictureFiles }] = await Promise.all([
        import('./generated-files.ts'),
        import('./pictures.ts'),
      ]);
      const documents =
        options.out === defaultFolder
          ? [
              { path: 'map.md', content: (await import('../map/page.ts')).mapPage(program) },
              {
                path: 'cost-analysis.md',
                content: (await import('../../reports/cost/analysis.ts')).costAnalysisPage(),
              },
              { path: 'architecture.md', content: architecturePage(environments.production) },
            ]
          : [];
      const files = [
        ...generatedFiles({
          ...(options.runbooks === undefined ? {} : { runbookBaseUrl: url('--runbooks', options.runbooks) }),
          ...(options.console === undefined ? {} : { consoleUrl: url('--console', options.console) }),
        }),
        // A check believes no stamp: it draws every picture again.
        ...(await pictureFiles(options.check ? [] : [options.out, defaultFolder])),
      ];
      const differing = [
        ...compareFiles(options.out, files),
        ...compareFiles(docsFolder, documents).flatMap(({ path, why }) =>
          why === 'left over' ? [] : [{ path: `docs/${path}`, why }],
        ),
      ];
      if (options.check) {
        for (const { path, why } of differing) console.error(`${path}: ${why}`);
        if (differing.length > 0) {
          console.error(
            'Edited by hand, or older than its source: change what it is made from, then run gomeet build.',
          );
          process.exitCode = 1;
        } else console.log(`${files.length} files are up to date`);
        return;
      }
      writeFiles(options.out, files);
      writeFiles(docsFolder, documents);
      for (const { path } of differing.filter(({ why }) => why === 'left over'))
        console.error(`${path}: left over; nothing generates it any more`);
      console.log(`wrote ${files.length} files to ${relative(process.cwd(), options.out) || '.'}`);
    });
};

function url(option: string, text: string): string {
  if (!URL.canParse(text)) throw new UsageError(`${option}: not a URL: ${text}`);
  return text;
}

/** A path whose file is not what it should be. */
export interface Difference {
  readonly path: string;
  readonly why: 'missing' | 'differs' | 'left over';
}

/** How a folder differs from what should be in it, by path; empty when it does not. */
export function compareFiles(folder: string, files: readonly GeneratedFile[]): readonly Difference[] {
  const present = new Set(filesBelow(folder));
  const wanted = new Set(files.map(({ path }) => path));
  const differing = files.flatMap(({ path, content }): Difference[] => {
    if (!present.has(path)) return [{ path, why: 'missing' }];
    return readFileSync(join(folder, path), 'utf8') === content ? [] : [{ path, why: 'differs' }];
  });
  const leftOver = [...present]
    .filter((path) => !wanted.has(path))
    .map((path): Difference => ({ path, why: 'left over' }));
  return [...differing, ...leftOver];
}

/** Writes the files, each into its folder. */
export function writeFiles(folder: string, files: readonly GeneratedFile[]): void {
  for (const { path, content } of files) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
}

function filesBelow(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
      .sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
