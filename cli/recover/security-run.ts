import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '../../kernel/config.ts';
import { duration, toMs } from '../../kernel/duration.ts';
import { errorText, UsageError } from '../../kernel/errors.ts';
import { readLogs } from '../../responders/adapters/backup/logs.ts';
import { backedUpKinds } from '../../responders/backup/kinds.ts';
import { refusedStatuses, summarise } from '../../responders/security/access-log.ts';
import { printable, printedTable } from '../common/printed.ts';
import { cluster } from './backup-parts.ts';
import { said } from './backup-run.ts';

/** What a snapshot holds beside what a backup does: what runs now, what happened, who may do what. */
const evidenceKinds = [
  ...backedUpKinds,
  { apiVersion: 'v1', kind: 'Pod' },
  { apiVersion: 'v1', kind: 'Event' },
  { apiVersion: 'apps/v1', kind: 'ReplicaSet' },
  { apiVersion: 'v1', kind: 'Node' },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole' },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding' },
] as const;

/** `gomeet security snapshot`. */
export async function snapshot(folder: string): Promise<void> {
  await said(async (signal) => {
    const config = loadConfig(process.env);
    await mkdir(folder).catch((error: unknown) => {
      throw new UsageError(`${folder}: ${errorText(error)}`);
    });
    const objects = cluster(config);
    const sums: string[] = [];
    const missing: string[] = [];
    const keep = async (name: string, content: string): Promise<void> => {
      await writeFile(join(folder, name), content, { mode: 0o600, flag: 'wx' });
      sums.push(`${createHash('sha256').update(content).digest('hex')}  ${name}`);
    };
    for (const { apiVersion, kind } of evidenceKinds) {
      signal.throwIfAborted();
      try {
        const found = await objects.list({ apiVersion, kind });
        if (found.length > 0) await keep(`${kind.toLowerCase()}.json`, `${JSON.stringify(found, undefined, 2)}\n`);
      } catch (error) {
        // Half of the evidence is worth having; what is not there is said.
        missing.push(`${kind}: ${errorText(error)}`);
      }
    }
    try {
      const logs: string[] = [];
      for await (const { pod, container, line } of readLogs({
        kubeconfig: config.KUBECONFIG,
        namespace: config.KUBE_NAMESPACE,
        signal,
      }))
        logs.push(`${pod}/${container} ${line}`);
      await keep('logs.txt', `${logs.join('\n')}\n`);
    } catch (error) {
      missing.push(`logs: ${errorText(error)}`);
    }
    await keep(
      'about.json',
      `${JSON.stringify({ namespace: config.KUBE_NAMESPACE, takenAt: new Date().toISOString(), missing }, undefined, 2)}\n`,
    );
    await writeFile(join(folder, 'SHA256SUMS'), `${sums.join('\n')}\n`, { mode: 0o600, flag: 'wx' });
    console.log(`${sums.length} files in ${folder}; check them with: (cd ${folder} && sha256sum -c SHA256SUMS)`);
    for (const one of missing) console.error(`not there: ${one}`);
    if (missing.length > 0) process.exitCode = 1;
  });
}

/** `gomeet security access-log`. */
export async function accessLog(flags: { since: string; json?: true }): Promise<void> {
  await said(async (signal) => {
    const config = loadConfig(process.env);
    let sinceMs: number;
    try {
      sinceMs = toMs(duration(flags.since));
    } catch (error) {
      throw new UsageError(`--since: ${errorText(error)}`);
    }
    const lines: string[] = [];
    for await (const { line } of readLogs({
      kubeconfig: config.KUBECONFIG,
      namespace: config.KUBE_NAMESPACE,
      signal,
      workload: 'traefik',
      sinceMs,
    }))
      lines.push(line);
    const summary = summarise(lines);
    if (flags.json) return console.log(JSON.stringify(summary, undefined, 2));
    if (summary.requests === 0)
      throw new UsageError(
        `no access log in ${lines.length} lines of Traefik: it is not switched on, or the pods are new`,
      );
    console.log(`${summary.requests} requests, ${summary.refused} refused (${refusedStatuses.join(', ')})`);
    for (const [title, rows] of [
      ['Addresses', summary.clients],
      ['Paths', summary.paths],
    ] as const)
      console.log(
        printedTable(
          title,
          ['refused', ...refusedStatuses.map(String), title.toLowerCase()],
          rows.map(({ name, total, statuses }) => [
            String(total),
            ...refusedStatuses.map((status) => String(statuses[status] ?? 0)),
            printable(name),
          ]),
        ),
      );
  });
}

/** `gomeet security audit`. */
export async function audit(): Promise<void> {
  await said(async () => {
    const objects = cluster(loadConfig(process.env));
    console.log(`The control plane is DigitalOcean's: its API server takes no audit policy, and a ConfigMap with one changes nothing.
What there is instead:
  - the account's security history, in the control panel under Settings > Security (who signed in, which tokens were made)
  - events of the cluster, an hour of them: gomeet security snapshot keeps them with checksums
  - the responder's own journal of every act, refusal and approval: gomeet journal export
  - the gateway's access log: gomeet security access-log
Who may do what in the namespace:`);
    for (const kind of ['RoleBinding', 'ClusterRoleBinding']) {
      const found = await objects.list({ apiVersion: 'rbac.authorization.k8s.io/v1', kind });
      for (const binding of found)
        console.log(
          `  ${kind} ${printable(binding.metadata.name)}: ${printable(JSON.stringify(binding['subjects'] ?? []))} -> ${printable(JSON.stringify(binding['roleRef'] ?? {}))}`,
        );
    }
  });
}
