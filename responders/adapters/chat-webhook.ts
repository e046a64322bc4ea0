import { PortError } from '../../kernel/errors.ts';
import { callText } from '../../kernel/http.ts';
import type { Chat } from '../ports.ts';
import { wire } from './slack/wire.ts';

/** A chat with only an incoming webhook: messages without buttons, no threads, no edits. A post cannot be looked up, so a crash between post and commit may repeat one. */
export function createWebhookChat(options: { url: string }): Chat {
  const unsupported = async (): Promise<never> => {
    throw new PortError('slack', 'unsupported', 'an incoming webhook can only post');
  };
  return {
    interactive: false,
    async post(message) {
      await callText({
        peer: 'slack',
        url: options.url,
        method: 'POST',
        body: wire(message),
        timeoutMs: 8_000,
        secrets: [options.url],
      });
      return { channel: 'webhook', ts: '' };
    },
    update: unsupported,
    whisper: unsupported,
    openModal: unsupported,
    upload: unsupported,
  };
}
