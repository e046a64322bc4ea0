import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { z } from 'zod';
import { Block } from '../../responders/tell/blocks.ts';
import { attachSocketMode, type FakeSocketMode } from './slack-socket.ts';

/** A message as the fake keeps it; `ts` is its id. */
export interface FakeMessage {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs: string | undefined;
  readonly text: string;
  readonly color: string | undefined;
  readonly blocks: readonly Block[];
  readonly metadata: unknown;
  readonly edits: number;
}

/** What the next calls of a method get instead of their answer; `after`: the effect happens all the same, as when a reply is lost. */
export interface FakeFault {
  readonly status?: number;
  readonly error?: string;
  readonly retryAfterSeconds?: number;
  readonly hangUp?: boolean;
  readonly after?: boolean;
  readonly times?: number;
}

/** Slack on loopback: posts, edits, threads, history with metadata, modals, uploads, and the ways in which it fails. */
export interface FakeSlack {
  /** For SLACK_API_URL. */
  readonly apiUrl: string;
  /** For SLACK_WEBHOOK_URL. */
  readonly webhookUrl: string;
  readonly calls: readonly {
    readonly method: string;
    readonly atMs: number;
    readonly ok: boolean;
    readonly token: string;
  }[];
  readonly modals: readonly { readonly triggerId: string; readonly view: unknown }[];
  readonly whispers: readonly { readonly channel: string; readonly user: string; readonly text: string }[];
  readonly uploads: readonly {
    readonly name: string;
    readonly bytes: number;
    readonly channel: string;
    readonly threadTs: string | undefined;
  }[];
  readonly webhookPosts: readonly unknown[];
  readonly socket: FakeSocketMode;
  messages(): readonly FakeMessage[];
  /** Parents, or the replies of one. */
  thread(ts?: string): readonly FakeMessage[];
  remove(ts: string): void;
  fail(method: string, fault: FakeFault): void;
  /** While on, connections break. */
  outage(on: boolean): void;
  close(): Promise<void>;
}

const json = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue('not JSON');
    return z.NEVER;
  }
});
const Blocks = json.pipe(z.array(Block));
const Message = z.object({
  channel: z.string(),
  ts: z.string().optional(),
  thread_ts: z.string().optional(),
  text: z.string().default(''),
  blocks: Blocks.default([]),
  attachments: json.pipe(z.array(z.object({ color: z.string(), blocks: z.array(Block) }))).default([]),
  metadata: json.optional(),
});

/** Starts the fake on a free port. `channels` are names with their ids; `messagesPerSecond`, when given, is enforced per channel with 429. */
export async function startFakeSlack(
  options: { channels?: Readonly<Record<string, string>>; messagesPerSecond?: number } = {},
): Promise<FakeSlack> {
  const channels = options.channels ?? { 'gomeet-alerts': 'C0ALERTS1' };
  const kept: FakeMessage[] = [];
  const calls: { method: string; atMs: number; ok: boolean; token: string }[] = [];
  const modals: { triggerId: string; view: unknown }[] = [];
  const whispers: { channel: string; user: string; text: string }[] = [];
  const uploads: { name: string; bytes: number; channel: string; threadTs: string | undefined }[] = [];
  const pendingFiles = new Map<string, { name: string; bytes: number }>();
  const webhookPosts: unknown[] = [];
  const faults = new Map<string, { fault: FakeFault; left: number }>();
  const lastPostMs = new Map<string, number>();
  let away = false;
  let serial = 0;

  const idOf = (channel: string) =>
    channels[channel.replace(/^#/, '')] ?? Object.values(channels).find((id) => id === channel);

  function store(form: Readonly<Record<string, string>>, old?: FakeMessage): FakeMessage | string {
    const parsed = Message.safeParse(form);
    if (!parsed.success) return 'invalid_blocks';
    const { channel, thread_ts, text, blocks, attachments, metadata, ts } = parsed.data;
    const id = idOf(channel);
    if (id === undefined) return 'channel_not_found';
    const all = [...blocks, ...attachments.flatMap((one) => one.blocks)];
    if (all.length > 50) return 'invalid_blocks';
    if (JSON.stringify(all).length > 13_200) return 'msg_blocks_too_long';
    if (thread_ts !== undefined && !kept.some((one) => one.ts === thread_ts)) return 'thread_not_found';
    serial += 1;
    const newTs = `${Math.floor(Date.now() / 1_000)}.${String(serial).padStart(6, '0')}`;
    return {
      channel: id,
      ts: old?.ts ?? ts ?? newTs,
      threadTs: old?.threadTs ?? thread_ts,
      text,
      color: attachments[0]?.color,
      blocks: all,
      metadata,
      edits: old === undefined ? 0 : old.edits + 1,
    };
  }

  function tooFast(channel: string): boolean {
    if (options.messagesPerSecond === undefined) return false;
    const now = Date.now();
    if (now - (lastPostMs.get(channel) ?? 0) < 1_000 / options.messagesPerSecond) return true;
    lastPostMs.set(channel, now);
    return false;
  }

  function list(form: Readonly<Record<string, string>>, inThread: string | undefined) {
    const oldest = Number(form['oldest'] ?? 0);
    const found = kept.filter(
      (one) =>
        one.channel === form['channel'] &&
        Number(one.ts) >= oldest &&
        (inThread === undefined ? one.threadTs === undefined : one.threadTs === inThread || one.ts === inThread),
    );
    const start = Number(form['cursor'] ?? 0);
    const limit = Number(form['limit'] ?? 100);
    const page = found.reverse().slice(start, start + limit);
    const next = start + limit < found.length ? String(start + limit) : '';
    const withMetadata = form['include_all_metadata'] === 'true';
    return {
      messages: page.map((one) => ({
        ts: one.ts,
        text: one.text,
        ...(withMetadata && one.metadata !== undefined ? { metadata: one.metadata } : {}),
      })),
      response_metadata: { next_cursor: next },
    };
  }

  /** The answer of one method: fields of a success, or Slack's error word. */
  function answer(method: string, form: Readonly<Record<string, string>>): object | string {
    switch (method) {
      case 'auth.test':
        return { team_id: 'T0TEAM', user_id: 'U0BOT' };
      case 'chat.postMessage': {
        const made = store(form);
        if (typeof made === 'string') return made;
        kept.push(made);
        return { channel: made.channel, ts: made.ts };
      }
      case 'chat.update': {
        const at = kept.findIndex((one) => one.ts === form['ts'] && one.channel === form['channel']);
        const old = kept[at];
        if (old === undefined) return 'message_not_found';
        const made = store(form, old);
        if (typeof made === 'string') return made;
        kept[at] = made;
        return { channel: made.channel, ts: made.ts };
      }
      case 'chat.postEphemeral':
        whispers.push({ channel: form['channel'] ?? '', user: form['user'] ?? '', text: form['text'] ?? '' });
        return { message_ts: '1.0' };
      case 'conversations.history':
        return list(form, undefined);
      case 'conversations.replies':
        return list(form, form['ts']);
      case 'conversations.list':
        return { channels: Object.entries(channels).map(([name, id]) => ({ id, name })) };
      case 'views.open':
        if (form['trigger_id'] === 'expired') return 'expired_trigger_id';
        modals.push({ triggerId: form['trigger_id'] ?? '', view: JSON.parse(form['view'] ?? '{}') });
        return {};
      case 'files.getUploadURLExternal': {
        serial += 1;
        pendingFiles.set(`F${serial}`, { name: form['filename'] ?? '', bytes: 0 });
        return { upload_url: `${origin}/upload/F${serial}`, file_id: `F${serial}` };
      }
      case 'files.completeUploadExternal': {
        const files = z.array(z.object({ id: z.string() })).parse(JSON.parse(form['files'] ?? '[]'));
        for (const { id } of files) {
          const file = pendingFiles.get(id);
          if (file === undefined || file.bytes === 0) return 'file_not_found';
          uploads.push({ ...file, channel: form['channel_id'] ?? '', threadTs: form['thread_ts'] });
        }
        return { files };
      }
      case 'apps.connections.open':
        return { url: `${origin.replace('http', 'ws')}/socket` };
      default:
        return 'unknown_method';
    }
  }

  function takeFault(method: string): FakeFault | undefined {
    const found = faults.get(method);
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left <= 0) faults.delete(method);
    return found.fault;
  }

  const app = new Hono<{ Bindings: { incoming: { socket: { destroy(): void } } } }>();
  app.use(async (context, next) => {
    if (!away) return next();
    context.env.incoming.socket.destroy();
    return context.body(null);
  });
  app.post('/api/:method', async (context) => {
    const method = context.req.param('method');
    const token = context.req.header('authorization') ?? '';
    const form = Object.fromEntries(new URLSearchParams(await context.req.text()));
    const record = { method, atMs: Date.now(), ok: false, token };
    calls.push(record);
    const fault = takeFault(method);
    if (fault?.after) answer(method, form);
    if (fault?.hangUp) {
      context.env.incoming.socket.destroy();
      return context.body(null);
    }
    if (fault?.retryAfterSeconds !== undefined)
      return context.json({ ok: false, error: 'ratelimited' }, 429, { 'retry-after': String(fault.retryAfterSeconds) });
    if (fault?.status !== undefined)
      return context.text('upstream failure', fault.status === 429 ? 429 : fault.status === 503 ? 503 : 500);
    if (method === 'chat.postMessage' && tooFast(form['channel'] ?? ''))
      return context.json({ ok: false, error: 'ratelimited' }, 429, { 'retry-after': '1' });
    const result = fault?.error ?? answer(method, form);
    if (typeof result === 'string') return context.json({ ok: false, error: result });
    record.ok = true;
    return context.json({ ok: true, ...result });
  });
  app.post('/upload/:id', async (context) => {
    const file = pendingFiles.get(context.req.param('id'));
    if (file === undefined) return context.text('no such upload', 404);
    file.bytes = (await context.req.arrayBuffer()).byteLength;
    return context.text(`OK - ${file.bytes}`);
  });
  app.post('/services/T0/B0/hook', async (context) => {
    const fault = takeFault('webhook');
    if (fault?.status !== undefined) return context.text('upstream failure', 500);
    webhookPosts.push(await context.req.json());
    return context.text('ok');
  });

  const server = createServer(getRequestListener(app.fetch));
  const socket = attachSocketMode(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    apiUrl: `${origin}/api/`,
    webhookUrl: `${origin}/services/T0/B0/hook`,
    calls,
    modals,
    whispers,
    uploads,
    webhookPosts,
    socket,
    messages: () => kept,
    thread: (ts) => kept.filter((one) => one.threadTs === ts),
    remove(ts) {
      const at = kept.findIndex((one) => one.ts === ts);
      if (at >= 0) kept.splice(at, 1);
    },
    fail: (method, fault) => void faults.set(method, { fault, left: fault.times ?? 1 }),
    outage(on) {
      away = on;
    },
    async close() {
      socket.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
