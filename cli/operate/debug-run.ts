import { systemClock } from '../../kernel/clock.ts';
import { UsageError } from '../../kernel/errors.ts';
import { createKubernetesObjects } from '../../responders/adapters/kubernetes/any.ts';
import { createKubernetesCluster } from '../../responders/adapters/kubernetes/cluster.ts';
import { forwardPort, openShell } from '../../responders/adapters/kubernetes/debug.ts';
import { connect, debugJob, lookUp } from '../../responders/debug/job.ts';
import { debugPod, runDebugJob } from '../../responders/debug/run-job.ts';
import { catalogued } from '../common/catalogued.ts';
import { printable } from '../common/printed.ts';
import { type DebugSession, debugging, type LookFlags, portOf, spanMs, untilOver } from './debug-session.ts';

/** `gomeet debug forward`. */
export async function forward(
  service: string,
  port: string,
  flags: { localPort?: string; for: string },
): Promise<void> {
  const workload = catalogued(service);
  const remote = portOf(port);
  const localPort = flags.localPort === undefined ? undefined : portOf(flags.localPort);
  const forMs = spanMs('--for', flags.for);
  await debugging(`port ${remote} of ${workload} on this machine`, forMs, async (session) => {
    const { pods } = await createKubernetesCluster(session).read();
    const pod = pods.find((one) => one.workload === workload && one.ready && one.deletedAtMs === undefined);
    if (pod === undefined)
      throw new UsageError(`no pod of ${workload} is ready: gomeet troubleshoot service-not-starting ${workload}`);
    let refused = 0;
    const open = await forwardPort(session, { pod: pod.name, port: remote, localPort }, (reason) => {
      refused += 1;
      console.error(`a connection did not get through: ${printable(reason)}`);
    });
    console.log(`127.0.0.1:${open.port} leads to port ${remote} of ${pod.name}, for ${flags.for}; Ctrl-C ends it`);
    await untilOver(session.signal);
    await open.close();
    return `the port is closed${refused === 0 ? '' : `; ${refused} connections did not get through`}`;
  });
}

/** `gomeet debug pod`. */
export async function pod(service: string, flags: { for: string }): Promise<void> {
  const workload = catalogued(service);
  const forMs = spanMs('--for', flags.for);
  const seconds = Math.ceil(forMs / 1_000);
  await debugging(`a shell beside ${workload}`, forMs, async (session) => {
    const objects = createKubernetesObjects(session);
    const name = `gomeet-debug-${session.id}`;
    const job = { name, command: ['sleep', String(seconds)], seconds, from: workload };
    await objects.apply(debugJob(job), { runId: session.id });
    try {
      const running = await started(objects, name, session);
      console.error(`${running} stands where ${workload} does; it is gone at the end, in ${flags.for} at the latest`);
      const { stdin, stdout, stderr } = process;
      const tty = stdin.isTTY === true;
      if (tty) stdin.setRawMode(true);
      try {
        await openShell(
          session,
          { pod: running, container: 'debug', tty },
          { input: stdin, output: stdout, errors: stderr },
          session.signal,
        );
      } finally {
        if (tty) stdin.setRawMode(false);
        stdin.pause();
      }
      return `${name} is taken away`;
    } finally {
      await objects.remove({ apiVersion: 'batch/v1', kind: 'Job', name });
    }
  });
}

/** `gomeet debug dns`. */
export async function dns(name: string, flags: LookFlags): Promise<void> {
  if (!/^[\w.-]{1,253}$/.test(name)) throw new UsageError(`${printable(name)} is no name`);
  await look(`what ${name} stands for`, lookUp(name), flags);
}

/** `gomeet debug tcp`. */
export async function tcp(host: string, port: string, flags: LookFlags): Promise<void> {
  if (!/^[\w.:-]{1,253}$/.test(host)) throw new UsageError(`${printable(host)} is no host`);
  const number = portOf(port);
  await look(`whether port ${number} of ${host} answers ${flags.from}`, connect(host, number), flags);
}

async function look(what: string, command: readonly string[], flags: LookFlags): Promise<void> {
  const from = flags.from === undefined ? undefined : catalogued(flags.from);
  const forMs = spanMs('--for', flags.for);
  await debugging(what, forMs, async (session) => {
    const job = { name: `gomeet-debug-${session.id}`, command, seconds: Math.ceil(forMs / 1_000), from };
    const { signal, id: runId } = session;
    const outcome = await runDebugJob(createKubernetesObjects(session), job, { clock: systemClock, signal, runId });
    const ok = outcome.kind === 'ended' && outcome.ok;
    if (flags.json) console.log(JSON.stringify({ ok, ...outcome }, undefined, 2));
    else
      console.log(
        `${ok ? 'yes' : outcome.kind === 'ended' ? 'no' : 'unknown'}: ${printable(outcome.says) || '(nothing was said)'}`,
      );
    // What could not be looked at is neither yes nor no.
    process.exitCode = ok ? 0 : outcome.kind === 'ended' ? 1 : 3;
    return `${ok ? 'yes' : outcome.kind === 'ended' ? 'no' : 'unknown'}: ${outcome.says.slice(0, 300)}`;
  });
}

async function started(
  objects: ReturnType<typeof createKubernetesObjects>,
  name: string,
  { signal }: DebugSession,
): Promise<string> {
  let saw = 'no pod was made';
  for (let tries = 240; tries > 0 && !signal.aborted; tries -= 1) {
    const found = await debugPod(objects, name);
    if (found?.state?.running !== undefined) return found.name;
    saw = found?.state?.waiting?.reason ?? found?.phase ?? saw;
    await systemClock.sleep(500, signal);
  }
  throw new UsageError(`the pod did not start: ${saw}`);
}
