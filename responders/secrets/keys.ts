import { randomBytes } from 'node:crypto';
import { UsageError } from '../../kernel/errors.ts';
import { workloads } from '../../manifests/catalogue/index.ts';
import { hosts, type Settings } from '../../manifests/settings.ts';

/** How a key of a secret comes about. */
export type Origin =
  /** Made here, so many random bytes. */
  | { readonly kind: 'random'; readonly bytes: number; readonly prefix?: string }
  /** Comes from outside: from the environment variable of that name when secrets are set up. */
  | { readonly kind: 'given'; readonly help: string }
  /** Chosen once in the settings of the environment. */
  | { readonly kind: 'setting'; readonly of: (settings: Settings) => string }
  /** A part of a connection string that was given. */
  | { readonly kind: 'part'; readonly of: string; readonly part: 'host' | 'port' | 'user' | 'password' | 'database' };

const random = (bytes: number, prefix?: string): Origin => ({
  kind: 'random',
  bytes,
  ...(prefix === undefined ? {} : { prefix }),
});
const given = (help: string): Origin => ({ kind: 'given', help });
const setting = (of: (settings: Settings) => string): Origin => ({ kind: 'setting', of });
const postgres = (part: 'host' | 'port' | 'user' | 'password' | 'database'): Origin => ({
  kind: 'part',
  of: 'DO_POSTGRES_CONNECTION_STRING',
  part,
});
const redis = (part: 'host' | 'port' | 'password'): Origin => ({ kind: 'part', of: 'REDIS_URL', part });

const origins: Readonly<Record<string, Origin>> = {
  JWT_SECRET: random(48),
  TURN_SECRET: random(32),
  LIVEKIT_API_KEY: random(9, 'API'),
  LIVEKIT_API_SECRET: random(36),
  WEBHOOK_TOKEN: random(32),
  GRAFANA_ADMIN_PASSWORD: random(24),
  GRAFANA_SECRET_KEY: random(32),
  GRAFANA_DB_PASSWORD: given('password of the database user grafana'),
  DO_POSTGRES_CONNECTION_STRING: given(
    "the product's PostgreSQL, session mode: doctl databases connection, or the control panel",
  ),
  DO_POSTGRES_HOST: postgres('host'),
  DO_POSTGRES_PORT: postgres('port'),
  DO_POSTGRES_USER: postgres('user'),
  DO_POSTGRES_PASSWORD: postgres('password'),
  DO_POSTGRES_DBNAME: postgres('database'),
  REDIS_URL: given('the managed Valkey, rediss://USER:PASSWORD@HOST:PORT'),
  DO_REDIS_HOST: redis('host'),
  DO_REDIS_PORT: redis('port'),
  DO_REDIS_PASSWORD: redis('password'),
  DATABASE_URL: given("the responder's own PostgreSQL, another cluster than the product's"),
  DO_REGION: setting(({ region }) => region),
  DO_CDN_ENDPOINT: given('host of the CDN in front of Spaces'),
  DO_TURN_SERVER_1: setting((settings) => hosts(settings).turn),
  DO_SPACES_ACCESS_KEY: given('key of Spaces'),
  DO_SPACES_SECRET_KEY: given('secret of that key'),
  DO_SPACES_BUCKET: setting(({ spacesBucket }) => spacesBucket),
  DO_SPACES_ENDPOINT: setting(({ spacesRegion }) => `https://${spacesRegion}.digitaloceanspaces.com`),
  DO_SPACES_REGION: setting(({ spacesRegion }) => spacesRegion),
  BACKUP_ENCRYPTION_KEY: given('age recipient (age1…); keep its identity outside the cluster'),
  CONSOLE_TOKENS: given('alice=TOKEN,bob=TOKEN: who may use the console'),
  DIGITALOCEAN_TOKEN: given('DigitalOcean token with kubernetes:update, and nothing more unless it may delete volumes'),
  DO_DNS_TOKEN: given(
    'DigitalOcean token with domain scopes only, by which cert-manager proves that the domain is ours',
  ),
  DIGITALOCEAN_READ_TOKEN: given('DigitalOcean token with read scopes only'),
  HEARTBEAT_URL: given('address that expects the watchdog alert'),
  OPENSEARCH_HOST: given('managed OpenSearch'),
  OPENSEARCH_USER: given('its user'),
  OPENSEARCH_PASSWORD: given('its password'),
  SLACK_BOT_TOKEN: given("the Slack app's bot token"),
  SLACK_APP_TOKEN: given("the Slack app's Socket Mode token"),
  SLACK_SIGNING_SECRET: given("the Slack app's signing secret"),
  SLACK_WEBHOOK_URL: given('incoming webhook that Alertmanager writes to by itself'),
  USERS: given('htpasswd lines of who may see the dashboards: htpasswd -nB NAME'),
  SMTP_PASSWORD: given('password of the mail server'),
};

/** A key of a secret, and who reads it. */
export interface SecretKey {
  readonly secret: string;
  readonly key: string;
  readonly origin: Origin;
  /** Workloads that read it, in the catalogue's order. */
  readonly readers: readonly string[];
}

/** How a key comes about; undefined where nobody has said it. */
export function originOf(key: string): Origin | undefined {
  return origins[key];
}

/** Exactly the keys that the catalogue's workloads read. */
export function secretKeys(): readonly SecretKey[] {
  const byPath = new Map<string, string[]>();
  for (const { name, secretKeys: paths } of workloads)
    for (const path of paths) byPath.set(path, [...(byPath.get(path) ?? []), name]);
  return [...byPath].map(([path, readers]) => {
    const [secret = '', key = ''] = path.split('/');
    return { secret, key, origin: originOf(key) ?? given('nobody has said where it comes from'), readers };
  });
}

/** A fresh random value; letters, digits, - and _ only, since some end up in URLs. */
export function freshValue(origin: Origin): string | undefined {
  return origin.kind === 'random'
    ? `${origin.prefix ?? ''}${randomBytes(origin.bytes).toString('base64url')}`
    : undefined;
}

/** What became of one key in a plan: its value is never shown. */
export interface PlannedKey extends SecretKey {
  readonly value: string | undefined;
  /** Why there is none. */
  readonly lacks: string | undefined;
}

/** Values for keys: made, given by `env`, a part of what was given, or a setting of the environment; without settings these are given too. */
export function valuesFor(
  keys: readonly SecretKey[],
  env: Readonly<Record<string, string | undefined>>,
  settings?: Settings,
): readonly PlannedKey[] {
  return keys.map((key) => {
    const { origin } = key;
    if (origin.kind === 'random') return { ...key, value: freshValue(origin), lacks: undefined };
    if (origin.kind === 'setting' && settings !== undefined)
      return { ...key, value: origin.of(settings), lacks: undefined };
    const name = origin.kind === 'part' ? origin.of : key.key;
    const text = env[name];
    if (text === undefined || text === '')
      return {
        ...key,
        value: undefined,
        lacks: `${name} is not set${origin.kind === 'given' ? `: ${origin.help}` : ''}`,
      };
    const value = origin.kind === 'part' ? partOf(name, text, origin.part) : text;
    return { ...key, value, lacks: undefined };
  });
}

function partOf(name: string, text: string, part: 'host' | 'port' | 'user' | 'password' | 'database'): string {
  if (!URL.canParse(text)) throw new UsageError(`${name} is no URL`);
  const url = new URL(text);
  switch (part) {
    case 'host':
      return url.hostname;
    case 'port':
      return url.port || (url.protocol.startsWith('redis') ? '6379' : '5432');
    case 'user':
      return decodeURIComponent(url.username);
    case 'password':
      return decodeURIComponent(url.password);
    case 'database':
      return decodeURIComponent(url.pathname.slice(1));
  }
}
