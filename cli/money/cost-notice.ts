import { type Config, required } from '../../kernel/config.ts';
import { PortError, UsageError } from '../../kernel/errors.ts';
import type { Notice } from '../../reports/cost/notice.ts';
import { createWebhookChat } from '../../responders/adapters/chat-webhook.ts';
import { createSmtpMailer } from '../../responders/adapters/smtp.ts';
import { escapeControl } from '../../responders/tell/escape.ts';

/** Sends the notice where the flags say: an address or a webhook of their own, else those of the settings. Throws a UsageError that names what is missing or what refused. */
export async function sendNotice(
  config: Config,
  notice: Notice,
  flags: { readonly email?: string | true; readonly slackWebhook?: string | true },
): Promise<void> {
  try {
    if (flags.email !== undefined) await mail(config, notice, flags.email);
    if (flags.slackWebhook !== undefined) await post(config, notice, flags.slackWebhook);
  } catch (error) {
    throw error instanceof PortError ? new UsageError(error.message) : error;
  }
}

async function mail(config: Config, notice: Notice, email: string | true): Promise<void> {
  const to = email === true ? required(config, 'BUDGET_ALERT_EMAIL') : email;
  if (!/^[^\s@<>,]+@[^\s@<>,]+$/.test(to)) throw new UsageError('--email: want one address, such as ops@example.com');
  const mailer = createSmtpMailer({ url: required(config, 'SMTP_URL'), from: config.SMTP_FROM });
  await mailer.send({ to, ...notice });
  console.error(`mailed to ${to}`);
}

async function post(config: Config, { subject, text }: Notice, webhook: string | true): Promise<void> {
  const url = webhook === true ? required(config, 'SLACK_WEBHOOK_URL') : webhook;
  if (!URL.canParse(url)) throw new UsageError('--slack-webhook: not a URL');
  await createWebhookChat({ url }).post(
    {
      text: escapeControl(subject),
      color: '#888888',
      blocks: [{ type: 'section', text: { type: 'plain_text', text: `${subject}\n${text}`.slice(0, 3_000) } }],
      metadata: {},
    },
    { channel: '', sinceMs: 0, lookUp: false },
  );
  console.error('posted to Slack');
}
