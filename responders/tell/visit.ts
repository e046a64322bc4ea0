import { errorText, PortError } from '../../kernel/errors.ts';
import type { ChatMessage } from '../ports.ts';
import type { ChannelQueue } from './channel-queue.ts';
import { mrkdwn } from './escape.ts';
import { context, section } from './fit.ts';
import type { DeliveryDeps, Pace, TellOutcome } from './pace.ts';
import { renderReply, renderSummary } from './reply.ts';
import { byPerson, type Segment, segments } from './segments.ts';
import type { ThreadPlace, ThreadWork } from './store.ts';
import { renderIncident } from './thread.ts';
import { stateKey } from './view.ts';

/** Another replica tells this incident now. */
export class LeaseLost extends Error {
  override name = 'LeaseLost';
}

/** The process is going down. */
export class Stopped extends Error {
  override name = 'Stopped';
}

/** What a visit works with. */
export interface VisitDeps extends Omit<DeliveryDeps, 'pace' | 'onOutcome'> {
  readonly pace: Pace;
  readonly queueOf: (channel: string) => ChannelQueue;
  readonly onOutcome: (outcome: TellOutcome) => void;
  readonly stopped: () => boolean;
}

const priorities = { parent: 2, edit: 1, reply: 0 } as const;
// Clocks differ: a post is looked for from a little before the incident.
const slackSkewMs = 300_000;

/** Tells one incident: the parent message first, then replies in the journal's order. Returns the milliseconds after which it is due again. Throws LeaseLost, Stopped or PortError. */
export async function visit(work: ThreadWork, deps: VisitDeps): Promise<number> {
  const teller = createTeller(work, deps);
  const created = work.thread === undefined;
  const place = work.thread ?? (await teller.create());
  const waitMs = created && !work.uncertain ? 0 : await teller.edit(place);
  const more = deps.chat.interactive ? await teller.replies(place) : await teller.skipReplies();
  if (created) await teller.picture(place);
  return more ? 0 : waitMs;
}

function createTeller(work: ThreadWork, deps: VisitDeps) {
  const { lease, view, told } = work;
  const { chat, store, clock, pace, onOutcome } = deps;
  const sinceMs = view.incident.openedAtMs - slackSkewMs;
  const state = stateKey(view);
  let current: ThreadPlace | undefined = work.thread;

  async function own(written: Promise<boolean>): Promise<void> {
    if (!(await written)) throw new LeaseLost();
  }

  function send<T>(
    channel: string,
    priority: number,
    message: ChatMessage,
    task: (message: ChatMessage) => Promise<T>,
  ): Promise<T> {
    return deps.queueOf(channel).send(priority, async () => {
      if (deps.stopped()) throw new Stopped();
      await own(store.renew(lease, pace.leaseMs));
      try {
        return await task(message);
      } catch (error) {
        if (!(error instanceof PortError) || error.code !== 'invalid') throw error;
        onOutcome('rejected');
        deps.log.error(
          { incident: lease.incidentId, error: error.message },
          'the chat rejected a message; it is sent as plain text',
        );
        return await task(asPlainText(message, view.links.console));
      }
    });
  }

  const markParent = () => own(store.markTold(lease, { parent: { to: work.newest, atMs: clock.now(), state } }));

  async function create(): Promise<ThreadPlace> {
    const post = (message: ChatMessage) =>
      chat.post(message, { channel: deps.channel, sinceMs, lookUp: work.uncertain });
    const place = await send(deps.channel, priorities.parent, renderIncident(view), post);
    await own(store.saveThread(lease, place));
    onOutcome('posted');
    current = place;
    // What was found again may be old: only what was surely written now counts as told.
    if (!work.uncertain) await markParent();
    return place;
  }

  async function edit(place: ThreadPlace): Promise<number> {
    if (told.parentTo === work.newest && current === work.thread) return 0;
    const changed = state !== told.parentState;
    if (!chat.interactive && !changed)
      return own(store.markTold(lease, { parent: { to: work.newest, atMs: clock.now(), state } })).then(() => 0);
    const dueInMs = (told.parentAtMs ?? 0) + pace.editIntervalMs - clock.now();
    if (!changed && !work.untold.some(byPerson) && dueInMs > 0 && dueInMs <= pace.editIntervalMs) return dueInMs;
    const message = renderIncident(view);
    const update = chat.interactive
      ? (text: ChatMessage) => chat.update(text, place)
      : async (text: ChatMessage) => void (await chat.post(text, { channel: place.channel, sinceMs, lookUp: false }));
    try {
      await send(place.channel, priorities.edit, message, update);
      onOutcome('edited');
    } catch (error) {
      if (!(error instanceof PortError) || error.code !== 'not-found') throw error;
      // Someone deleted the message: the incident gets a new one.
      await create();
    }
    await markParent();
    return 0;
  }

  async function replies(place: ThreadPlace): Promise<boolean> {
    let sent = 0;
    for (const segment of segments(work.untold, pace.noisyAfter)) {
      const message = renderSegment(segment, work);
      if (message !== undefined) {
        if (sent >= pace.repliesPerVisit) return true;
        await reply(message, current ?? place, segment.summarised);
        sent += 1;
      }
      const last = segment.entries.at(-1);
      if (last !== undefined) await own(store.markTold(lease, { repliesTo: last.id }));
    }
    return work.untold.length >= pace.maxEntries;
  }

  async function reply(message: ChatMessage, place: ThreadPlace, summarised: boolean): Promise<void> {
    const post = (text: ChatMessage) =>
      chat.post(text, { channel: place.channel, threadTs: place.ts, sinceMs, lookUp: work.uncertain });
    const at = await send(place.channel, priorities.reply, message, post);
    // A summary that was found again may hold fewer lines than this one.
    if (summarised && work.uncertain)
      await send(place.channel, priorities.edit, message, (text) => chat.update(text, at));
    onOutcome('replied');
  }

  async function skipReplies(): Promise<boolean> {
    await own(store.markTold(lease, { repliesTo: work.newest }));
    return false;
  }

  async function picture(place: ThreadPlace): Promise<void> {
    if (deps.chart === undefined || !chat.interactive) return;
    try {
      const file = await deps.chart(view);
      if (file === undefined) return;
      await chat.upload(file, { channel: place.channel, threadTs: place.ts });
      onOutcome('uploaded');
    } catch (error) {
      deps.log.warn(
        { incident: lease.incidentId, error: errorText(error) },
        'the graph could not be added to the thread',
      );
    }
  }

  return { create, edit, replies, skipReplies, picture };
}

function renderSegment(segment: Segment, work: ThreadWork): ChatMessage | undefined {
  if (segment.summarised) return renderSummary(segment.entries, work.view);
  const entry = segment.entries[0];
  return entry === undefined ? undefined : renderReply(entry, work.view);
}

function asPlainText(message: ChatMessage, consoleUrl: string | undefined): ChatMessage {
  const blocks = [
    section(mrkdwn(message.text), consoleUrl),
    context([consoleUrl === undefined ? '' : mrkdwn(consoleUrl)]),
  ];
  return { ...message, blocks: blocks.filter((block) => block !== undefined) };
}
