import { type Mode, modes } from '../../alerts/vocabulary.ts';
import { type Duration, duration, toMs } from '../../kernel/duration.ts';

/** What `/gomeet` takes; the same words as the command line's. */
export const commandNames = ['status', 'ack', 'freeze', 'live-event', 'mode', 'stop-all', 'resume'] as const;
export type CommandName = (typeof commandNames)[number];

/** A parsed slash command. */
export type Command =
  | { readonly name: 'status' }
  | { readonly name: 'ack'; readonly publicId: string }
  | { readonly name: 'freeze' | 'live-event'; readonly for: Duration; readonly reason: string }
  | { readonly name: 'mode'; readonly alertname: string; readonly mode: Mode }
  | { readonly name: 'stop-all' | 'resume'; readonly reason: string };

/** Longest freeze or live event that one command can set: a week. */
export const maxFreezeMs = 7 * 86_400_000;

const usage: Readonly<Record<CommandName, string>> = {
  status: '`/gomeet status`',
  ack: '`/gomeet ack INCIDENT`',
  freeze: '`/gomeet freeze 2h REASON`',
  'live-event': '`/gomeet live-event 3h NAME`',
  mode: '`/gomeet mode ALERT shadow|suggest|auto`',
  'stop-all': '`/gomeet stop-all REASON`',
  resume: '`/gomeet resume REASON`',
};

/** Parses the text after `/gomeet`; a string says what is wrong and how it is written. */
export function parseCommand(text: string): Command | string {
  const [word = '', ...rest] = text.trim().split(/\s+/);
  const name = commandNames.find((one) => one === word.toLowerCase());
  if (name === undefined) return `Commands: ${Object.values(usage).join(', ')}`;
  const [first = '', ...others] = rest;
  switch (name) {
    case 'status':
      return { name };
    case 'ack':
      return /^[\w-]{1,128}$/.test(first) ? { name, publicId: first } : `Which incident? ${usage.ack}`;
    case 'freeze':
    case 'live-event':
      return timed(name, first, others.join(' '));
    case 'mode': {
      const mode = modes.find((one) => one === others[0]);
      return mode !== undefined && /^\w{1,128}$/.test(first)
        ? { name, alertname: first, mode }
        : `Which alert and mode? ${usage.mode}`;
    }
    case 'stop-all':
    case 'resume': {
      const reason = rest.join(' ').slice(0, 300);
      return reason === '' ? `Why? ${usage[name]}` : { name, reason };
    }
  }
}

function timed(name: 'freeze' | 'live-event', length: string, reason: string): Command | string {
  const forHowLong = parseDuration(length, maxFreezeMs);
  if (forHowLong === undefined) return `For how long (at most 7d)? ${usage[name]}`;
  return reason === '' ? `Why? ${usage[name]}` : { name, for: forHowLong, reason: reason.slice(0, 300) };
}

/** A duration that a person typed, more than nothing and at most `maxMs`; undefined otherwise. */
export function parseDuration(text: string, maxMs: number): Duration | undefined {
  if (!/^(\d{1,6}(ms|[smhdw]))+$/.test(text) || text.length > 20) return undefined;
  const value = duration(text);
  const ms = toMs(value);
  return ms > 0 && ms <= maxMs ? value : undefined;
}
