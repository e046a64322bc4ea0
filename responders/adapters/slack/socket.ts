import { LogLevel, SocketModeClient } from '@slack/socket-mode';
import { errorText } from '../../../kernel/errors.ts';
import { type ClickDeps, receive } from '../../interact/receive.ts';

/** An envelope's payload and the way to acknowledge it. */
interface Envelope {
  readonly body: unknown;
  readonly ack: (response?: object) => Promise<void>;
}

/** Clicks over Socket Mode, for a responder without a public address. */
export interface SlackSocket {
  /** Throws what Slack says about a token that is wrong; a network that is away is retried for ever. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Hands what comes over Socket Mode to the same place as HTTP does. There is no signature: the connection itself is authenticated. */
export function createSlackSocket(options: ClickDeps & { appToken: string; apiUrl: string }): SlackSocket {
  const client = new SocketModeClient({
    appToken: options.appToken,
    clientOptions: { slackApiUrl: options.apiUrl, allowAbsoluteUrls: false },
    // The client's own debug log holds payloads.
    logger: {
      debug() {},
      info() {},
      warn() {},
      error() {},
      setLevel() {},
      getLevel: () => LogLevel.ERROR,
      setName() {},
    },
  });

  function take(kind: 'interactive' | 'command') {
    return ({ body, ack }: Envelope) => {
      receive(kind, body, options)
        .then((answer) => ack(answer))
        .catch((error) => options.log.warn({ error: errorText(error) }, 'a click could not be acknowledged'));
    };
  }

  client.on('interactive', take('interactive'));
  client.on('slash_commands', take('command'));
  client.on('error', (error: unknown) =>
    options.log.warn({ error: errorText(error) }, 'the Slack socket failed; it reconnects'),
  );
  return {
    start: async () => void (await client.start()),
    stop: () => client.disconnect(),
  };
}
