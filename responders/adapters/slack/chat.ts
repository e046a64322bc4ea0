import { LogLevel, WebClient, type WebClientOptions } from '@slack/web-api';
import { z } from 'zod';
import type { Log } from '../../../kernel/log.ts';
import type { Chat, ChatMessage } from '../../ports.ts';
import { slackError } from './errors.ts';
import { wire } from './wire.ts';

/** `event_type` of the metadata of every message we write. */
const metadataType = 'gomeet_incident';

const timeoutMs = 8_000;
const pageSize = 200;
const maxPages = 5;

const Posted = z.object({ channel: z.string(), ts: z.string() });
const Messages = z.object({
  messages: z
    .array(
      z.object({
        ts: z.string(),
        metadata: z
          .object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) })
          .optional()
          .catch(undefined),
      }),
    )
    .default([]),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});
const Channels = z.object({
  channels: z.array(z.object({ id: z.string(), name: z.string() })).default([]),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

/** Slack over its Web API. What writes is tried once: after a failure only a look-up can tell whether it was written. What may be repeated is tried three times. A 429 is never waited out here: the channel's queue does that. */
export function createSlackChat(options: { token: string; apiUrl: string; log: Log }): Chat {
  const shared: WebClientOptions = {
    slackApiUrl: options.apiUrl,
    allowAbsoluteUrls: false,
    rejectRateLimitedCalls: true,
    timeout: timeoutMs,
    // The client logs request bodies; messages hold names of people and machines.
    logger: {
      debug() {},
      info() {},
      warn() {},
      error() {},
      setLevel() {},
      getLevel: () => LogLevel.ERROR,
      setName() {},
    },
  };
  const once = new WebClient(options.token, { ...shared, retryConfig: { retries: 0 } });
  const patient = new WebClient(options.token, {
    ...shared,
    retryConfig: { retries: 2, minTimeout: 200, factor: 2, randomize: true },
  });
  const channelIds = new Map<string, string>();

  async function call<T>(
    client: WebClient,
    method: string,
    args: Record<string, unknown>,
    answer: z.ZodType<T>,
  ): Promise<T> {
    try {
      return answer.parse(await client.apiCall(method, args));
    } catch (error) {
      throw slackError(method, error);
    }
  }

  async function channelId(channel: string): Promise<string | undefined> {
    if (/^[CGD][A-Z0-9]{6,}$/.test(channel)) return channel;
    const known = channelIds.get(channel);
    if (known !== undefined) return known;
    let cursor = '';
    for (let page = 0; page < 20; page++) {
      const answer = await call(
        patient,
        'conversations.list',
        {
          limit: pageSize,
          exclude_archived: true,
          types: 'public_channel,private_channel',
          ...(cursor === '' ? {} : { cursor }),
        },
        Channels,
      );
      for (const one of answer.channels) channelIds.set(`#${one.name}`, one.id);
      cursor = answer.response_metadata?.next_cursor ?? '';
      if (cursor === '' || channelIds.has(channel)) break;
    }
    return channelIds.get(channel) ?? channelIds.get(`#${channel}`);
  }

  async function findPost(
    message: ChatMessage,
    place: { channel: string; threadTs: string | undefined; sinceMs: number },
  ): Promise<{ channel: string; ts: string } | undefined> {
    const channel = await channelId(place.channel);
    if (channel === undefined) return undefined;
    const method = place.threadTs === undefined ? 'conversations.history' : 'conversations.replies';
    let cursor = '';
    for (let page = 0; page < maxPages; page++) {
      const args = {
        channel,
        limit: pageSize,
        include_all_metadata: true,
        oldest: String(place.sinceMs / 1_000),
        ...(place.threadTs === undefined ? {} : { ts: place.threadTs }),
        ...(cursor === '' ? {} : { cursor }),
      };
      const answer = await call(patient, method, args, Messages);
      const found = answer.messages.find(
        (one) => one.metadata?.event_type === metadataType && sameMarks(one.metadata.event_payload, message.metadata),
      );
      if (found !== undefined) return { channel, ts: found.ts };
      cursor = answer.response_metadata?.next_cursor ?? '';
      if (cursor === '') return undefined;
    }
    options.log.warn({ pages: maxPages }, 'an earlier post was not among the newest messages of the channel');
    return undefined;
  }

  return {
    interactive: true,

    async post(message, { channel, threadTs, sinceMs, lookUp = true }) {
      const earlier = lookUp ? await findPost(message, { channel, threadTs, sinceMs }) : undefined;
      if (earlier !== undefined) return earlier;
      const args = {
        channel,
        ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
        ...wire(message),
        metadata: marks(message),
        unfurl_links: false,
        unfurl_media: false,
      };
      const posted = await call(once, 'chat.postMessage', args, Posted);
      channelIds.set(channel, posted.channel);
      return { channel: posted.channel, ts: posted.ts };
    },

    async update(message, at) {
      await call(
        patient,
        'chat.update',
        { channel: at.channel, ts: at.ts, ...wire(message), metadata: marks(message) },
        z.unknown(),
      );
    },

    async whisper(text, to) {
      await call(patient, 'chat.postEphemeral', { channel: to.channel, user: to.user, text }, z.unknown());
    },

    async openModal(triggerId, view) {
      await call(once, 'views.open', { trigger_id: triggerId, view }, z.unknown());
    },

    async upload(file, at) {
      try {
        await once.filesUploadV2({
          channel_id: at.channel,
          thread_ts: at.threadTs,
          file: Buffer.from(file.content),
          filename: file.name,
          alt_text: file.alt,
          title: file.alt,
        });
      } catch (error) {
        throw slackError('files.upload', error);
      }
    },
  };
}

function marks(message: ChatMessage): { event_type: string; event_payload: Readonly<Record<string, string>> } {
  return { event_type: metadataType, event_payload: message.metadata };
}

function sameMarks(found: Readonly<Record<string, unknown>>, wanted: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(wanted);
  return Object.keys(found).length === keys.length && keys.every((key) => found[key] === wanted[key]);
}
