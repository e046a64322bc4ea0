import { type Config, required } from '../../kernel/config.ts';
import { silentLog } from '../../kernel/log.ts';
import { toLines, toSlack } from '../../reports/monthly/forms/slack.ts';
import { chartPicture, type FormFile, makeForms, possibleForms } from '../../reports/monthly/issue.ts';
import type { MonthlyReport } from '../../reports/monthly/report.ts';
import { createSmtpMailer } from '../../responders/adapters/smtp.ts';
import { chatFrom } from '../../responders/live.ts';

/** Mails the report to the list and posts it to Slack, as far as the settings name them; says to whom. Throws a PortError for the first that refused. */
export async function sendReport(
  config: Config,
  report: MonthlyReport,
  options: { readonly emails?: string | undefined } = {},
): Promise<readonly string[]> {
  const files = await makeForms(report, await possibleForms());
  const sent: string[] = [];
  const list = options.emails ?? config.REPORT_EMAILS;
  if (list !== undefined) {
    const to = list.split(',').map((address) => address.trim());
    await mail(config, report, files, to);
    sent.push(`mailed to ${to.join(', ')}`);
  }
  if (await post(config, report, files)) sent.push(`posted to ${config.SLACK_CHANNEL}`);
  return sent;
}

async function mail(
  config: Config,
  report: MonthlyReport,
  files: readonly FormFile[],
  to: readonly string[],
): Promise<void> {
  const [title = '', ...lines] = toLines(report);
  const mailer = createSmtpMailer({ url: required(config, 'SMTP_URL'), from: config.SMTP_FROM, timeoutMs: 30_000 });
  await mailer.send({
    to,
    subject: `GoMeet: ${title}`,
    text: lines.join('\n'),
    attachments: files.filter(({ form }) => form === 'html' || form === 'pdf' || form === 'csv'),
  });
}

/** With a bot's token the chart and the file follow in the thread; an incoming webhook takes the ten lines alone. */
async function post(config: Config, report: MonthlyReport, files: readonly FormFile[]): Promise<boolean> {
  const chat = chatFrom(config, silentLog);
  if (chat === undefined) return false;
  const message = {
    ...toSlack(report),
    color: '#1a5bc8',
    metadata: { monthly_report: `${report.input.month}/${report.edition}` },
  };
  const lookUp = chat.port.interactive;
  const at = await chat.port.post(message, { channel: chat.channel, sinceMs: Date.now() - 40 * 86_400_000, lookUp });
  if (!chat.port.interactive) return true;
  const place = { channel: at.channel, threadTs: at.ts };
  const picture = await chartPicture(report);
  if (picture !== undefined)
    await chat.port.upload({ name: 'bridge.png', alt: 'From last month to this', content: picture }, place);
  const page = files.find(({ form }) => form === 'pdf') ?? files.find(({ form }) => form === 'html');
  if (page !== undefined)
    await chat.port.upload({ name: page.name, alt: 'The whole report', content: page.content }, place);
  return true;
}
