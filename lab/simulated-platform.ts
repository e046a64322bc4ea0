import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Log } from '../kernel/log.ts';
import { startOnStack } from '../kernel/stack.ts';
import { type Responder, type ResponderOptions, startResponder } from '../responders/main.ts';
import { type EmbeddedStore, startEmbeddedStore } from '../responders/store/embedded.ts';
import { teamMeeting } from './drills/stage.ts';
import { labFiles } from './lab-files.ts';
import { labResponder, type Page, rememberingNotifier } from './lab-responder.ts';
import { freeTcpPort } from './peers/ports.ts';
import type { LabPlatform } from './platform.ts';
import { openRecords } from './records.ts';
import { prepareSignals } from './signals.ts';
import { simulatedControl, simulatedPeers } from './simulator/drill-control.ts';
import { type SimPlan, smallPlatform } from './simulator/platform.ts';
import { createSimulator, type Simulator } from './simulator/simulator.ts';
import { defaultLabFactor } from './time.ts';

/** How a simulated platform is started. */
export interface SimulatedPlatformOptions {
  readonly plan?: SimPlan;
  readonly seed?: number;
  readonly factor?: number;
  /** Least SFU nodes that scale-in leaves; as many as the plan has, unless said. */
  readonly sfuFloor?: number;
  /** People in a small meeting on each SFU from the start. */
  readonly participantsEach?: number;
  /** HOST:PORT of the console; a free port unless said. */
  readonly consoleAddress?: string;
  readonly logFolder?: string;
  readonly log?: Log;
  /** A PostgreSQL that runs already, in which a database is made; else one is started and stopped with the platform. */
  readonly store?: EmbeddedStore;
  /** Puts real peers in the place of simulated ones, where their tokens are set. */
  readonly adjust?: (options: ResponderOptions) => ResponderOptions;
}

/** A simulated platform with everything around it. */
export interface SimulatedPlatform extends LabPlatform {
  readonly simulator: Simulator;
  readonly responder: Responder;
  /** Calls that the person on call would have got. */
  readonly pages: readonly Page[];
}

/** Where the logs of the lab's peers go. */
export const labFolder = resolve('.gomeet', 'lab');

let databases = 0;

/** Starts it: store, simulator, exporter, Prometheus, Alertmanager, responder. Leaves nothing behind when it fails half way, nor after close(). */
export async function startSimulatedPlatform(options: SimulatedPlatformOptions = {}): Promise<SimulatedPlatform> {
  return startOnStack((stack) => start(options, stack));
}

async function start(options: SimulatedPlatformOptions, stack: AsyncDisposableStack): Promise<SimulatedPlatform> {
  const factor = options.factor ?? defaultLabFactor;
  const plan = options.plan ?? smallPlatform;
  const logFolder = options.logFolder ?? labFolder;
  const folder = await labFiles(stack);
  await mkdir(logFolder, { recursive: true });
  const simulator = createSimulator({ plan, factor, ...(options.seed === undefined ? {} : { seed: options.seed }) });
  for (const [index, { pod }] of simulator.view().sfus.entries()) {
    if (options.participantsEach !== undefined)
      simulator.control.startMeeting({ name: teamMeeting(index), participants: options.participantsEach, on: pod });
  }
  const databaseUrl = await newDatabase(options.store ?? (await ownStore(folder, stack)));
  const signals = await prepareSignals(
    { simulator, folder, logFolder, ...(options.log === undefined ? {} : { log: options.log }) },
    stack,
  );
  // Known beforehand, so that nothing has to wait for the responder and the responder for nothing.
  const listenAddress = `127.0.0.1:${await freeTcpPort()}`;
  await signals.start({ webhookUrl: `http://${listenAddress}/alertmanager` });
  const pager = rememberingNotifier();
  const wiring = labResponder({
    factor,
    databaseUrl,
    ...signals,
    listenAddress,
    cluster: simulator.cluster,
    fleet: simulator.fleet,
    cloud: simulator.cloud,
    notifiers: [pager],
    beside: simulator.beside,
    sfuFloor: options.sfuFloor ?? plan.sfuReplicas,
    ...(options.consoleAddress === undefined ? {} : { consoleAddress: options.consoleAddress }),
    ...(options.log === undefined ? {} : { log: options.log }),
  });
  const responder = await startResponder(options.adjust?.(wiring) ?? wiring);
  stack.defer(() => responder.close());
  await signals.quiet();
  const records = openRecords(databaseUrl);
  stack.defer(() => records.close());
  return {
    kind: 'simulated',
    factor,
    consoleUrl: responder.consoleUrl,
    prometheusUrl: signals.prometheusUrl,
    alertmanagerUrl: signals.alertmanagerUrl,
    control: simulatedControl(simulator),
    peers: simulatedPeers(simulator),
    records,
    ask: records.ask,
    approve: records.approve,
    objects: simulator.beside.objects,
    emergency: simulator.troubles.account,
    simulator,
    responder,
    get pages() {
      return pager.pages;
    },
    close: () => stack.disposeAsync(),
  };
}

async function ownStore(folder: string, stack: AsyncDisposableStack): Promise<EmbeddedStore> {
  const store = await startEmbeddedStore(join(folder, 'store', 'data'));
  stack.defer(() => store.stop());
  return store;
}

async function newDatabase(store: EmbeddedStore): Promise<string> {
  databases += 1;
  return await store.createDatabase(`lab_${process.pid}_${databases}`);
}
