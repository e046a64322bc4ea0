import type { ActionName } from '../../alerts/vocabulary.ts';
import { assertNever } from '../../kernel/errors.ts';
import type { Incident, Run, Subject } from '../records.ts';
import type { ButtonKind } from '../tell/blocks.ts';
import { mrkdwn, who } from '../tell/escape.ts';
import { runStateTexts } from '../tell/words.ts';
import type { Command } from './command.ts';
import { type ModalContext, type ModalKind, renderModal } from './modals.ts';
import type { Click } from './payload.ts';
import {
  buttonActions,
  buttonRoles,
  commandRoles,
  may,
  type People,
  personOf,
  type Role,
  samePerson,
} from './permissions.ts';

/** Why a click did nothing; a metric label. */
export type ClickRefusal =
  | 'stranger'
  | 'role'
  | 'unknown-incident'
  | 'closed'
  | 'stale'
  | 'unknown-run'
  | 'already-done'
  | 'own-request'
  | 'same-person'
  | 'refused';

/** What came of a request: words when there is something to add. */
export type Outcome = { readonly ok: true; readonly says?: string } | { readonly ok: false; readonly says: string };

/** An incident as a click finds it now. */
export interface DeskIncident {
  readonly incident: Incident;
  readonly runs: readonly Run[];
  /** The newest change that made older buttons stale. */
  readonly lastChange: { readonly what: string; readonly by: Subject } | undefined;
  /** Who broke the glass, while that is in force: they alone may approve what they asked for. */
  readonly breakGlassBy?: Subject | undefined;
}

/** What clicks are worked on with. Each write checks again, in its own transaction, what is checked here. */
export interface ClickDesk {
  readonly people: People;
  find(publicId: string): Promise<DeskIncident | undefined>;
  acknowledge(incident: Incident, subject: Subject): Promise<Outcome>;
  approve(runId: string, subject: Subject): Promise<Outcome>;
  deny(runId: string, subject: Subject): Promise<Outcome>;
  /** Asks for an action by name: scale, restart, silence, declare. Guards decide; the answer says what they said. */
  request(request: {
    action: ActionName;
    params: unknown;
    incident: Incident;
    subject: Subject;
    reason: string;
  }): Promise<Outcome>;
  escalate(incident: Incident, subject: Subject): Promise<Outcome>;
  noise(incident: Incident, subject: Subject): Promise<Outcome>;
  control(command: Exclude<Command, { name: 'ack' | 'status' }>, subject: Subject): Promise<Outcome>;
  status(): Promise<string>;
  /** What an act would do and cost now, and the services to choose from. Must answer within a second: Slack's trigger lives for three. */
  modalHelp(modal: ModalKind, incident: Incident | undefined): Promise<{ says?: string; services?: readonly string[] }>;
  openModal(triggerId: string, view: Readonly<Record<string, unknown>>): Promise<void>;
}

/** Words for the person who clicked, and why nothing was done when nothing was. */
export interface ClickAnswer {
  readonly words: string | undefined;
  readonly refusal: ClickRefusal | undefined;
}

/** Does what a click asks for, or says in words why not. */
export async function handleClick(click: Click, desk: ClickDesk): Promise<ClickAnswer> {
  const denied = checkRole(click, desk.people);
  if (denied !== undefined) return denied;
  switch (click.kind) {
    case 'command':
      return onCommand(click.command, click.subject, desk);
    case 'open-modal':
      return onOpenModal(click, desk);
    case 'approve':
    case 'deny':
      return onDecision(click, desk);
    default:
      return onIncident(click, desk);
  }
}

function refuse(refusal: ClickRefusal, words: string): ClickAnswer {
  return { words, refusal };
}

function answer(outcome: Outcome, done: string): ClickAnswer {
  return outcome.ok
    ? { words: outcome.says ?? done, refusal: undefined }
    : refuse('refused', `Not done: ${outcome.says}`);
}

/** The role that a click needs. */
function roleOf(click: Click): Role {
  if (click.kind === 'command') return commandRoles[click.command.name];
  if (click.kind !== 'open-modal') return buttonRoles[click.kind];
  return click.modal === 'freeze' ? commandRoles.freeze : buttonRoles[click.modal];
}

function checkRole(click: Click, people: People): ClickAnswer | undefined {
  const role = roleOf(click);
  if (may(people, click.subject, role)) return undefined;
  const person = personOf(people, click.subject);
  if (person === undefined)
    return refuse(
      'stranger',
      `Not done: the responder does not know you (\`${mrkdwn(click.subject)}\`). The people file lists who may act.`,
    );
  return refuse(
    'role',
    `Not done: this needs the role \`${role}\`; you have ${person.roles.map((held) => `\`${held}\``).join(', ')}.`,
  );
}

async function onOpenModal(click: Extract<Click, { kind: 'open-modal' }>, desk: ClickDesk): Promise<ClickAnswer> {
  const found = click.button === undefined ? undefined : await desk.find(click.button.publicId);
  if (click.button !== undefined) {
    const problem = checkIncident(found, click.button.version);
    if (problem !== undefined) return problem;
  }
  const context: ModalContext = { button: click.button, channel: click.whisperTo.channel };
  const help = await desk.modalHelp(click.modal, found?.incident);
  await desk.openModal(click.triggerId, renderModal(click.modal, context, help));
  return { words: undefined, refusal: undefined };
}

function checkIncident(found: DeskIncident | undefined, version: number): ClickAnswer | undefined {
  if (found === undefined) return refuse('unknown-incident', 'Not done: there is no such incident any more.');
  if (found.incident.closedAtMs !== undefined) return refuse('closed', 'Not done: this incident is over.');
  if (version === found.incident.version) return undefined;
  const last = found.lastChange;
  const what = last === undefined ? 'it changed since' : `already done by ${who(last.by)}: ${mrkdwn(last.what)}`;
  return refuse(
    'stale',
    `Not done: ${what}. The message shows the newest state; click again there if you still want to.`,
  );
}

/** Approve and Deny go by the run, not by the version: what it would do is the same, and every guard runs again. */
async function onDecision(click: Extract<Click, { kind: 'approve' | 'deny' }>, desk: ClickDesk): Promise<ClickAnswer> {
  const found = await desk.find(click.publicId);
  if (found === undefined) return refuse('unknown-incident', 'Not done: there is no such incident any more.');
  const run = found.runs.find((one) => one.id === click.runId);
  if (run === undefined) return refuse('unknown-run', 'Not done: there is no such proposal in this incident.');
  if (run.state !== 'proposed') {
    const by = run.approvals.length === 0 ? '' : `, approved by ${run.approvals.map(who).join(' and ')}`;
    return refuse('already-done', `Already decided: ${runStateTexts[run.state]}${by}.`);
  }
  if (click.kind === 'deny') return answer(await desk.deny(run.id, click.subject), 'Denied.');
  const brokeGlass = found.breakGlassBy !== undefined && samePerson(desk.people, found.breakGlassBy, click.subject);
  if (!brokeGlass && samePerson(desk.people, run.requestedBy, click.subject))
    return refuse('own-request', 'Not done: you asked for this yourself; someone else has to approve it.');
  if (run.approvals.some((by) => samePerson(desk.people, by, click.subject)))
    return refuse('same-person', 'Not done: you have approved this already; a second person has to.');
  const missing = brokeGlass ? 0 : run.approvalsNeeded - run.approvals.length - 1;
  return answer(
    await desk.approve(run.id, click.subject),
    missing > 0
      ? `Approved. It waits for ${missing} more.`
      : 'Approved. Every guard is asked once more, then it is done.',
  );
}

async function onIncident(
  click: Extract<Click, { publicId: string; kind: Exclude<ButtonKind, 'approve' | 'deny'> }>,
  desk: ClickDesk,
): Promise<ClickAnswer> {
  const found = await desk.find(click.publicId);
  const { subject } = click;
  const incident = found?.incident;
  if (click.kind === 'acknowledge' && incident?.acknowledgedBy !== undefined)
    return refuse('already-done', `Already acknowledged by ${who(incident.acknowledgedBy)}.`);
  if (click.kind === 'escalate' && incident?.escalatedAtMs !== undefined)
    return refuse('already-done', 'Already escalated: the person on call was paged.');
  // Taking charge, calling for help and looking are never out of date.
  const timeless = ['acknowledge', 'escalate', 'troubleshoot'].includes(click.kind);
  const problem = checkIncident(found, timeless && incident !== undefined ? incident.version : click.version);
  if (problem !== undefined || incident === undefined) return problem ?? refuse('unknown-incident', 'Not done.');
  switch (click.kind) {
    case 'acknowledge':
      return answer(await desk.acknowledge(incident, subject), 'Acknowledged: it is yours.');
    case 'escalate':
      return answer(await desk.escalate(incident, subject), 'The person on call is being paged.');
    case 'troubleshoot':
      return answer(
        await desk.request({ action: 'troubleshoot', params: {}, incident, subject, reason: 'by button' }),
        'It is looked at; the thread shows what was found.',
      );
    case 'noise':
      return answer(await desk.noise(incident, subject), 'Marked as noise; it counts in the report of bad alerts.');
    case 'scale':
    case 'restart':
    case 'silence':
    case 'openIncident':
      return answer(
        await desk.request({
          action: buttonActions[click.kind],
          params: click.params,
          incident,
          subject,
          reason: click.reason,
        }),
        'Asked for; the thread shows what comes of it.',
      );
    default:
      return assertNever(click);
  }
}

async function onCommand(command: Command, subject: Subject, desk: ClickDesk): Promise<ClickAnswer> {
  if (command.name === 'status') return { words: await desk.status(), refusal: undefined };
  if (command.name !== 'ack') return answer(await desk.control(command, subject), 'Done; it stands in the journal.');
  const found = await desk.find(command.publicId);
  if (found === undefined) return refuse('unknown-incident', 'Not done: there is no such incident.');
  if (found.incident.acknowledgedBy !== undefined)
    return refuse('already-done', `Already acknowledged by ${who(found.incident.acknowledgedBy)}.`);
  if (found.incident.closedAtMs !== undefined) return refuse('closed', 'Not done: this incident is over.');
  return answer(await desk.acknowledge(found.incident, subject), 'Acknowledged: it is yours.');
}
