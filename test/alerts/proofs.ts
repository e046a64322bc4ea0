import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Proof } from './scenario.ts';

const folders = ['./catalogue/', './families/'].map((folder) => new URL(folder, import.meta.url));

/** What proves each alert: a file each, named as the alert's, or one for a family. */
export const proofs: readonly Proof[] = (
  await Promise.all(
    folders.flatMap((folder) =>
      readdirSync(fileURLToPath(folder)).map(async (file): Promise<readonly Proof[]> => {
        const module: { proof?: Proof; proofs?: readonly Proof[] } = await import(new URL(file, folder).href);
        return [...(module.proof === undefined ? [] : [module.proof]), ...(module.proofs ?? [])];
      }),
    ),
  )
).flat();
