import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { PortError } from '../../kernel/errors.ts';
import { hideSecrets } from '../../kernel/secrets.ts';
import type { Programs } from '../images/run.ts';

/** The programs on PATH, started without a shell. */
export const programs: Programs = {
  async has(program) {
    for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
      try {
        await access(join(folder, program), constants.X_OK);
        return true;
      } catch {
        // Not in this folder.
      }
    }
    return false;
  },
  run: ({ program, args }, line) =>
    new Promise((resolve, reject) => {
      const child = spawn(program, [...args], { stdio: ['ignore', 'pipe', 'pipe'] });
      for (const stream of [child.stdout, child.stderr])
        createInterface({ input: stream }).on('line', (text) => line(hideSecrets(text)));
      child.once('error', () => reject(new PortError(program, 'unsupported', 'is not installed')));
      child.once('close', (code) => resolve(code ?? 1));
    }),
};
