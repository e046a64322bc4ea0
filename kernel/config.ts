import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { errorText, UsageError } from './errors.ts';

const url = z.url();
const urls = z
  .string()
  .refine(
    (text) => text.split(',').every((part) => url.safeParse(part.trim()).success),
    'want a URL, or several with commas between',
  );
const address = z.string().regex(/^[\w.:[\]-]+:\d{1,5}$/, 'want HOST:PORT');

/** One setting: its shape, whether it is a secret, what stands when it is absent, and what it is for. */
interface Setting {
  readonly schema: z.ZodType<string>;
  readonly secret?: true;
  readonly fallback?: string;
  /** The name under which others know it: of a key in the platform's secrets, or of another tool. Read where the setting itself is absent. */
  readonly alias?: string;
  readonly help: string;
}

/** Every setting of the bundle. `gomeet config`, the README's table and the deployment come from this list. */
export const settings = {
  DATABASE_URL: {
    schema: url,
    secret: true,
    help: 'PostgreSQL of the responder, session mode; live mode refuses to start without it',
  },
  DATABASE_ADMIN_URL: {
    schema: url,
    secret: true,
    help: "The product's PostgreSQL as its administrator, for phase 5 of `gomeet deploy`: database, users, indexes",
  },
  KUBECONFIG: {
    schema: z.string(),
    help: 'Kubernetes client configuration; inside a cluster the service account is used',
  },
  GOMEET_ENVIRONMENT: {
    schema: z.enum(['production', 'staging', 'starter']),
    fallback: 'production',
    help: 'Whose declared replicas, ceilings and pools hold',
  },
  KUBE_NAMESPACE: { schema: z.string(), fallback: 'gomeet', help: 'Namespace of the platform' },
  PROMETHEUS_URL: { schema: url, help: 'Prometheus HTTP API' },
  ALERTMANAGER_URL: { schema: url, help: 'Alertmanager HTTP API' },
  LIVEKIT_URL: {
    schema: urls,
    help: 'LiveKit RoomService, http(s); several with commas between where nodes may not share a Redis',
  },
  LIVEKIT_API_KEY: { schema: z.string(), help: 'LiveKit API key' },
  LIVEKIT_API_SECRET: { schema: z.string(), secret: true, help: 'LiveKit API secret; also verifies its webhooks' },
  REDIS_URL: {
    schema: url,
    secret: true,
    help: "LiveKit's Redis or Valkey, read only; without it node states are unknown",
  },
  SLACK_BOT_TOKEN: { schema: z.string(), secret: true, help: 'Posts and edits messages' },
  SLACK_SIGNING_SECRET: { schema: z.string(), secret: true, help: 'Verifies clicks that come by HTTP' },
  SLACK_APP_TOKEN: { schema: z.string(), secret: true, help: 'Socket Mode: clicks without a public address' },
  SLACK_API_URL: { schema: url, fallback: 'https://slack.com/api/', help: "Slack's Web API" },
  SLACK_WEBHOOK_URL: { schema: url, secret: true, help: 'Without a bot token: messages without buttons' },
  SLACK_CHANNEL: { schema: z.string(), fallback: '#gomeet-alerts', help: 'Where threads are opened' },
  PAGER_WEBHOOK_URL: { schema: url, secret: true, help: 'Called to wake a person; JSON with a dedup key' },
  DIGITALOCEAN_TOKEN: {
    schema: z.string(),
    secret: true,
    alias: 'DIGITALOCEAN_ACCESS_TOKEN',
    help: 'DigitalOcean API token of the responder (kubernetes:read, kubernetes:update, account:read, droplet:read, billing:read; volumes: block_storage:read and :delete, block_storage_snapshot:read and :create; databases: database:read, :create and :update; names and firewalls: domain:read, :create, :update and :delete, firewall:read and :update)',
  },
  DIGITALOCEAN_READ_TOKEN: {
    schema: z.string(),
    secret: true,
    help: 'DigitalOcean API token of the exporter and the cost commands (read scopes only)',
  },
  DIGITALOCEAN_API_URL: { schema: url, fallback: 'https://api.digitalocean.com', help: 'DigitalOcean API' },
  MONTHLY_BUDGET_USD: {
    schema: z.string().regex(/^\d+(\.\d+)?$/, 'want a number of dollars'),
    fallback: '35000',
    help: 'What a month may cost; the budget guard holds it (operations runbook: 35000)',
  },
  PRICE_FILE: {
    schema: z.string(),
    help: "YAML or JSON of own prices, in the place of those of our book, wherever money is named: exporter, reports, `cost`, `fit`, `infra`, `capacity`, the responder's guards",
  },
  REPORT_TIME_ZONE: {
    schema: z.string().regex(/^[A-Za-z][\w+/-]*$/, 'want an IANA name such as Asia/Jakarta'),
    fallback: 'Asia/Jakarta',
    help: 'Time zone of the monthly report',
  },
  REPORT_EMAILS: {
    schema: z
      .string()
      .refine(
        (text) => text.split(',').every((part) => z.email().safeParse(part.trim()).success),
        'want an address, or several with commas between',
      ),
    help: 'Where the monthly report is mailed; several with commas between',
  },
  BUDGET_ALERT_EMAIL: { schema: z.email(), help: 'Where `gomeet cost --email` sends the budget notice' },
  SMTP_URL: { schema: url, secret: true, help: 'Mail server, smtp://USER:PASSWORD@HOST:587 or smtps://' },
  PUBLIC_URLS: {
    schema: urls,
    help: "Where people open the platform, with commas between; else the environment's own hosts",
  },
  HOST_NOTICE_WEBHOOK_URL: {
    schema: url,
    secret: true,
    help: 'Takes a notice to meeting hosts as JSON (`gomeet outage recover --notify-hosts`)',
  },
  HOST_NOTICE_EMAILS: {
    schema: z.string(),
    help: 'Where such a notice is mailed; several with commas between',
  },
  SMTP_FROM: { schema: z.email(), fallback: 'gomeet-sre@example.com', help: 'Sender of mail' },
  DO_POSTGRES_CONNECTION_STRING: {
    schema: url,
    secret: true,
    help: "The product's PostgreSQL, session mode: what is backed up, rotated and restored",
  },
  SPACES_ENDPOINT: {
    schema: url,
    alias: 'DO_SPACES_ENDPOINT',
    help: 'S3 API of the bucket for backups, https://nyc3.digitaloceanspaces.com',
  },
  SPACES_REGION: {
    schema: z.string(),
    fallback: 'us-east-1',
    alias: 'DO_SPACES_REGION',
    help: 'Region as the S3 API wants it; Spaces takes any',
  },
  SPACES_BUCKET: {
    schema: z.string(),
    help: "Bucket for backups; else the environment's own",
  },
  SPACES_ACCESS_KEY: { schema: z.string(), secret: true, alias: 'DO_SPACES_ACCESS_KEY', help: 'Key of the bucket' },
  SPACES_SECRET_KEY: { schema: z.string(), secret: true, alias: 'DO_SPACES_SECRET_KEY', help: 'Secret of that key' },
  BACKUP_ENCRYPTION_KEY: {
    schema: z.string(),
    secret: true,
    help: 'age recipient (age1…) to make backups, age identity (AGE-SECRET-KEY-1…) to read them too',
  },
  RESTORE_DATABASE_URL: {
    schema: url,
    secret: true,
    help: 'PostgreSQL server on which restores and checks make their databases',
  },
  RESTORE_REDIS_URL: { schema: url, secret: true, help: 'Empty Valkey into which a restore goes' },
  WEBHOOK_TOKEN: { schema: z.string().min(16), secret: true, help: 'Bearer token that Alertmanager sends' },
  LISTEN_ADDR: { schema: address, fallback: '127.0.0.1:9480', help: 'Webhooks, Slack and /metrics' },
  CONSOLE_ADDR: { schema: address, fallback: '127.0.0.1:9481', help: 'The console' },
  CONSOLE_PUBLIC_URL: { schema: url, help: 'Address of the console in messages' },
  CONSOLE_TOKENS: {
    schema: z.string(),
    secret: true,
    help: 'Named tokens of the console and the API: alice=TOKEN,bob=TOKEN',
  },
  PEOPLE_FILE: { schema: z.string(), help: 'YAML: who may view, operate, approve; subjects such as slack:T0/U1' },
  EXPORTER_ADDR: {
    schema: address,
    fallback: '127.0.0.1:9482',
    help: 'Where an exporter answers /metrics and takes webhooks',
  },
  PROBE_URL: {
    schema: url,
    help: "Where the probe meets, as people's clients reach it; else the first of LIVEKIT_URL",
  },
} satisfies Readonly<Record<string, Setting>>;

export type SettingName = keyof typeof settings;

/** The settings in force; a setting that is absent and has no fallback is undefined. */
export type Config = {
  readonly [Name in SettingName]: (typeof settings)[Name] extends { fallback: string } ? string : string | undefined;
};

/** Reads the environment, secrets also from the files that `<NAME>_FILE` names. Throws a UsageError that lists every wrong setting, never a value. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const entries = (Object.entries(settings) as [SettingName, Setting][]).map(([name, setting]) => {
    const names = setting.alias === undefined ? [name] : [name, setting.alias];
    const raw =
      names.map((one) => rawValue(one, env, problems)).find((value) => value !== undefined) ?? setting.fallback;
    if (raw === undefined) return [name, undefined];
    const parsed = setting.schema.safeParse(raw);
    if (!parsed.success) problems.push(`${name}: ${parsed.error.issues[0]?.message ?? 'invalid'}`);
    return [name, raw];
  });
  if (problems.length > 0) throw new UsageError(`configuration:\n  ${problems.join('\n  ')}`);
  return Object.fromEntries(entries) as Config;
}

function rawValue(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
  problems: string[],
): string | undefined {
  const file = env[`${name}_FILE`];
  if (file === undefined || file === '') return env[name] === '' ? undefined : env[name];
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    problems.push(`${name}_FILE: ${errorText(error)}`);
    return undefined;
  }
}

/** The settings as `gomeet config` shows them: a secret is only said to be set. */
export function describeConfig(
  config: Config,
): readonly { name: SettingName; value: string; origin: 'set' | 'default' | 'absent'; help: string }[] {
  return (Object.entries(settings) as [SettingName, Setting][]).map(([name, setting]) => {
    const value = config[name];
    const origin = value === undefined ? 'absent' : value === setting.fallback ? 'default' : 'set';
    return { name, value: value === undefined ? '' : setting.secret ? '[hidden]' : value, origin, help: setting.help };
  });
}

/** The setting, or a UsageError that names it and says what it is for, here or as a rule. */
export function required(config: Config, name: SettingName, help: string = settings[name].help): string {
  const value = config[name];
  if (value === undefined) throw new UsageError(`${name} is not set: ${help}`);
  return value;
}

/** Splits HOST:PORT. */
export function parseAddress(text: string): { host: string; port: number } {
  const at = text.lastIndexOf(':');
  return { host: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) };
}
