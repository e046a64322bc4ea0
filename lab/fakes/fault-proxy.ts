import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** What goes wrong with one request. `lose-answer` lets it take effect and kills the connection after the peer has replied. */
export type Fault =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  | { readonly kind: 'hang' }
  | { readonly kind: 'lose-answer' }
  /** A complete answer whose text stops in the middle. */
  | { readonly kind: 'truncate' }
  /** A connection that dies in the middle of the body. */
  | { readonly kind: 'cut' }
  /** Status and headers come, the body never does. */
  | { readonly kind: 'stall' };

/** Which requests a fault meets, and how many of them. */
export interface FaultRule {
  readonly fault: Fault;
  readonly method?: string;
  readonly path?: RegExp;
  readonly times?: number;
}

/** A proxy in front of a peer that does what a bad network does. */
export interface FaultProxy {
  readonly url: string;
  /** Every request that came, with the fault it met. */
  readonly requests: readonly {
    readonly method: string;
    readonly path: string;
    readonly fault: Fault['kind'] | undefined;
  }[];
  inject(rule: FaultRule): void;
  clear(): void;
  stop(): Promise<void>;
}

/** Starts a proxy on a free loopback port. The peer's certificate is not checked: it is a lab's own. */
export async function startFaultProxy(upstream: string): Promise<FaultProxy> {
  const rules: { rule: FaultRule; left: number }[] = [];
  const requests: { method: string; path: string; fault: Fault['kind'] | undefined }[] = [];

  function faultFor(method: string, path: string): Fault | undefined {
    const found = rules.find(
      ({ rule, left }) =>
        left > 0 && (rule.method ?? method) === method && (rule.path === undefined || rule.path.test(path)),
    );
    if (found !== undefined) found.left -= 1;
    return found?.rule.fault;
  }

  const server = createServer((incoming, outgoing) => {
    const method = incoming.method ?? 'GET';
    const path = incoming.url ?? '/';
    const fault = faultFor(method, path);
    requests.push({ method, path, fault: fault?.kind });
    handle(upstream, incoming, outgoing, fault).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    inject: (rule) => void rules.push({ rule, left: rule.times ?? 1 }),
    clear: () => void rules.splice(0),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function handle(
  upstream: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  fault: Fault | undefined,
): Promise<void> {
  const body = await readAll(incoming);
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'answer') {
    outgoing.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers }).end(fault.body ?? '{}');
    return;
  }
  const reply = await forward(upstream, incoming, body);
  if (fault?.kind === 'lose-answer') {
    outgoing.destroy();
    return;
  }
  const half = reply.body.subarray(0, Math.floor(reply.body.length / 2));
  const whole = fault?.kind === 'truncate' ? half : reply.body;
  outgoing.writeHead(reply.status, { ...reply.headers, 'content-length': String(whole.length) });
  if (fault?.kind === 'stall') outgoing.flushHeaders();
  else if (fault?.kind === 'cut') outgoing.write(half, () => outgoing.destroy());
  else outgoing.end(whole);
}

interface Reply {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

function forward(upstream: string, incoming: IncomingMessage, body: Buffer): Promise<Reply> {
  const url = new URL(incoming.url ?? '/', upstream);
  const headers = { ...incoming.headers, host: url.host, 'accept-encoding': 'identity' };
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const call = send(url, { method: incoming.method ?? 'GET', headers, rejectUnauthorized: false }, (answer) => {
      readAll(answer).then((text) => {
        const type = answer.headers['content-type'];
        const retryAfter = answer.headers['retry-after'];
        resolve({
          status: answer.statusCode ?? 502,
          headers: {
            ...(type === undefined ? {} : { 'content-type': type }),
            ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
          },
          body: text,
        });
      }, reject);
    });
    call.on('error', reject);
    call.end(body);
  });
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
