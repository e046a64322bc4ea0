import type { Sev } from '../../alerts/vocabulary.ts';
import { UsageError } from '../../kernel/errors.ts';
import type { ClusterWarnings } from '../../responders/act/cluster-warnings.ts';
import type { IncidentChange } from '../../responders/desk/incidents.ts';
import type { Register } from '../common/register.ts';

/** `gomeet incident`: what a commander does, from the command line. */
export const registerIncident: Register = (program) => {
  const incident = program
    .command('incident')
    .description('Incidents: list, declare, command, update, close, postmortem');
  incident.command('list').description('Open and recent incidents').option('--json', 'as JSON').action(list);
  incident
    .command('declare <incident> <sev>')
    .description('Declare it, SEV 1 (worst) to 4')
    .action((id: string, sev: string) => {
      if (!/^[1-4]$/.test(sev)) throw new UsageError('SEV: want 1 to 4');
      return change(id, () => ({ kind: 'declare', sev: Number(sev) as Sev }));
    });
  incident
    .command('command <incident>')
    .description('Take command of it')
    .action((id: string) => change(id, () => ({ kind: 'command' })));
  incident
    .command('update <incident> <text>')
    .description('A status update, told in the thread')
    .action((id: string, text: string) => change(id, () => ({ kind: 'update', text })));
  incident
    .command('close <incident>')
    .description('Close it; the postmortem draft is kept')
    .action((id: string) => change(id, (postmortem) => ({ kind: 'close', postmortem })));
  incident.command('postmortem <incident>').description('Print the postmortem draft (Markdown)').action(postmortem);
};

async function list(flags: { json?: true }): Promise<void> {
  const [{ withStore }, { listIncidents }] = await Promise.all([
    import('../common/store.ts'),
    import('../../responders/store/incidents.ts'),
  ]);
  await withStore(async ({ database }) => {
    const incidents = await listIncidents(database);
    if (flags.json) return console.log(JSON.stringify(incidents, undefined, 2));
    for (const { publicId, title, closedAtMs, sev, commander } of incidents)
      console.log(
        `${publicId}  ${closedAtMs === undefined ? 'open  ' : 'closed'}  ${sev === undefined ? '     ' : `SEV ${sev}`}  ${title}${commander === undefined ? '' : `  (${commander})`}`,
      );
  });
}

async function change(publicId: string, make: (postmortem: string) => IncidentChange): Promise<void> {
  const [{ withStore }, { changeIncident }, { storedView }, { renderPostmortem }] = await Promise.all([
    import('../common/store.ts'),
    import('../../responders/desk/incidents.ts'),
    import('../../responders/views.ts'),
    import('../../responders/tell/postmortem.ts'),
  ]);
  await withStore(async ({ database, subject }) => {
    const view = await storedView(database, { publicId });
    if (view === undefined) throw new UsageError(`there is no incident ${publicId}`);
    if (
      !(await changeIncident(
        database,
        view.incident.id,
        make(renderPostmortem(view, await warningsBefore(view.incident.closedAtMs))),
        subject,
      ))
    )
      throw new UsageError('nothing to change: it is closed, or so already');
    console.log('Done; it stands in the journal and in the thread.');
  });
}

async function postmortem(publicId: string): Promise<void> {
  const [{ withStore }, { storedView }, { renderPostmortem }] = await Promise.all([
    import('../common/store.ts'),
    import('../../responders/views.ts'),
    import('../../responders/tell/postmortem.ts'),
  ]);
  await withStore(async ({ database }) => {
    const view = await storedView(database, { publicId });
    if (view === undefined) throw new UsageError(`there is no incident ${publicId}`);
    console.log(view.incident.postmortem ?? renderPostmortem(view, await warningsBefore(view.incident.closedAtMs)));
  });
}

/** What the cluster still knows of the six hours before; a report must not wait for a cluster that is away. */
async function warningsBefore(closedAtMs: number | undefined): Promise<ClusterWarnings | string> {
  const [{ loadConfig }, { createKubernetesObjects }, { readWarnings }, { errorText }] = await Promise.all([
    import('../../kernel/config.ts'),
    import('../../responders/adapters/kubernetes/any.ts'),
    import('../../responders/act/cluster-warnings.ts'),
    import('../../kernel/errors.ts'),
  ]);
  try {
    const config = loadConfig(process.env);
    const objects = createKubernetesObjects({ kubeconfig: config.KUBECONFIG, namespace: config.KUBE_NAMESPACE });
    return await readWarnings(objects, closedAtMs ?? Date.now());
  } catch (error) {
    return errorText(error);
  }
}
