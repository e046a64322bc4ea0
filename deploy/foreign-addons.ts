import type { KubeObject, ObjectFile } from './kube/object.ts';
import { refOf } from './kube/object.ts';
import { manager, ownerLabel } from './kube/own.ts';
import type { Kube } from './kube/port.ts';
import { fileToPhase } from './phases/define.ts';

/** The files without those of add-ons that somebody else has installed: two of a kind would fight over one name. */
export async function withoutForeignAddons(
  kube: Kube,
  files: readonly ObjectFile[],
): Promise<{ readonly files: readonly ObjectFile[]; readonly left: readonly string[] }> {
  const looked = await Promise.all(
    files.map(async (file) => ({
      file,
      foreign: fileToPhase[file.path] === 'infrastructure' && (await isForeign(kube, file.objects)),
    })),
  );
  return {
    files: looked.filter(({ foreign }) => !foreign).map(({ file }) => file),
    left: looked.filter(({ foreign }) => foreign).map(({ file }) => file.path.replace('.yaml', '')),
  };
}

/** By what does the work of an add-on; of one that is definitions alone, by the first of these. */
async function isForeign(kube: Kube, objects: readonly KubeObject[]): Promise<boolean> {
  const works = objects.find(({ kind }) => kind === 'Deployment') ?? objects[0];
  const found = works === undefined ? undefined : await kube.get(refOf(works));
  return found !== undefined && found.metadata.labels?.[ownerLabel] !== manager;
}
