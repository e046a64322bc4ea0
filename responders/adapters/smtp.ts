import { createTransport } from 'nodemailer';
import { errorText, PortError, type PortErrorCode } from '../../kernel/errors.ts';
import { hideSecrets } from '../../kernel/secrets.ts';

/** One message in plain text, to one or several, with files. */
export interface Mail {
  readonly to: string | readonly string[];
  readonly subject: string;
  readonly text: string;
  /** The same for the same message sent twice: whoever takes it can tell. */
  readonly key?: string;
  readonly attachments?: readonly { readonly name: string; readonly type: string; readonly content: Uint8Array }[];
}

/** Sends mail. */
export interface Mailer {
  /** Throws a PortError; the password of the address is never in it. */
  send(mail: Mail): Promise<void>;
}

/** A mailer over SMTP: `smtp://` or `smtps://`, with user and password in the address where the server wants them. */
export function createSmtpMailer(options: { url: string; from: string; timeoutMs?: number }): Mailer {
  const timeoutMs = options.timeoutMs ?? 10_000;
  const { protocol, hostname, port, username, password } = new URL(options.url);
  const secure = protocol === 'smtps:';
  const transport = createTransport({
    host: hostname,
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(mail) {
      try {
        await transport.sendMail({
          from: options.from,
          to: typeof mail.to === 'string' ? mail.to : [...mail.to],
          subject: mail.subject,
          text: mail.text,
          ...(mail.key === undefined ? {} : { messageId: `<${mail.key.replace(/[^\w.-]/g, '-')}@gomeet-sre>` }),
          attachments: (mail.attachments ?? []).map(({ name, type, content }) => ({
            filename: name,
            contentType: type,
            content: Buffer.from(content),
          })),
        });
      } catch (error) {
        const said = hideSecrets(errorText(error), [decodeURIComponent(password), options.url]).slice(0, 200);
        throw new PortError('smtp', codeOf(error), `the mail was not taken: ${said}`);
      } finally {
        transport.close();
      }
    },
  };
}

const codes: Readonly<Record<string, PortErrorCode>> = {
  EAUTH: 'unauthorized',
  ECONNECTION: 'unreachable',
  ECONNREFUSED: 'unreachable',
  EDNS: 'unreachable',
  ESOCKET: 'unreachable',
  ETIMEDOUT: 'timeout',
};

function codeOf(error: unknown): PortErrorCode {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return codes[code] ?? 'invalid';
}
