import type { Clock } from '../../kernel/clock.ts';
import { callText } from '../../kernel/http.ts';
import type { Chat, Notifier } from '../ports.ts';
import { link, mrkdwn } from '../tell/escape.ts';

/** Calls people in a Slack channel. `mention` is a user or group id such as `U012` or `S012`; without one the channel is called. */
export function createSlackPager(options: {
  chat: Chat;
  channel: string;
  mention: string | undefined;
  clock: Clock;
}): Notifier {
  const { chat, clock } = options;
  return {
    name: 'slack',
    async page({ dedupKey, title, text, url }) {
      const says =
        `${mention(options.mention)} *${mrkdwn(title)}*\n${mrkdwn(text)}${url === undefined ? '' : `\n${link(url, 'Open')}`}`.slice(
          0,
          3_000,
        );
      const message = {
        text: `${mention(options.mention)} ${mrkdwn(title)}`.slice(0, 300),
        color: '#a30200',
        blocks: [{ type: 'section', text: { type: 'mrkdwn', text: says, verbatim: true } }],
        metadata: { page: dedupKey },
      };
      await chat.post(message, { channel: options.channel, sinceMs: clock.now() - lookBackMs });
    },
  };
}

const lookBackMs = 24 * 3_600_000;

function mention(id: string | undefined): string {
  if (id === undefined) return '<!channel>';
  if (/^S[A-Z0-9]+$/.test(id)) return `<!subteam^${id}>`;
  return /^[UW][A-Z0-9]+$/.test(id) ? `<@${id}>` : '<!channel>';
}

/** Calls a pager's webhook with JSON `{ dedupKey, title, text, url }`; the key also goes as the Idempotency-Key header. The address is a secret and reaches no error. */
export function createWebhookPager(options: { url: string }): Notifier {
  return {
    name: 'webhook',
    async page(call) {
      const headers = { 'idempotency-key': call.dedupKey };
      await callText({
        peer: 'pager',
        url: options.url,
        method: 'POST',
        headers,
        body: call,
        timeoutMs: 8_000,
        secrets: [options.url],
      });
    },
  };
}
