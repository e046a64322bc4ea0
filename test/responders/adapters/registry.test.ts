import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { createRegistry, parseImage } from '../../../responders/adapters/registry.ts';
import { rejectsWith } from './kubernetes/contract.ts';

const digest = `sha256:${'ab'.repeat(32)}`;

describe('The registry adapter', () => {
  const seen: { url: string; authorization: string | undefined; accept: string | undefined }[] = [];
  let host: string;
  const server = createServer((request, response) => void answer(request, response));
  function answer(request: IncomingMessage, response: ServerResponse): ServerResponse {
    const { url = '', headers } = request;
    seen.push({ url, authorization: headers.authorization, accept: headers.accept });
    if (url.startsWith('/token')) return response.end(JSON.stringify({ token: 'once' }));
    const [, name = '', tag] = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(url) ?? [];
    if (name === 'closed' && headers.authorization !== 'Bearer once')
      return response
        .writeHead(401, {
          'www-authenticate': `Bearer realm="http://${host}/token",service="r",scope="repository:closed:pull"`,
        })
        .end();
    if (name === 'strict') return response.writeHead(401, { 'www-authenticate': 'Basic realm="here"' }).end();
    if (tag === 'gone') return response.writeHead(404).end();
    if (tag === 'busy') return response.writeHead(503).end();
    return response.writeHead(200, tag === 'odd' ? {} : { 'docker-content-digest': digest }).end();
  }
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());
  const registry = createRegistry({ scheme: 'http', password: 'hunter2' });

  it('reads an image as Docker does', () => {
    assert.deepEqual(parseImage('nginx'), { host: 'registry-1.docker.io', name: 'library/nginx', tag: 'latest' });
    assert.deepEqual(parseImage('livekit/livekit-server:v1.13'), {
      host: 'registry-1.docker.io',
      name: 'livekit/livekit-server',
      tag: 'v1.13',
    });
    assert.deepEqual(parseImage('registry.digitalocean.com/gomeet/auth:7@sha256:00'), {
      host: 'registry.digitalocean.com',
      name: 'gomeet/auth',
      tag: '7',
    });
    assert.deepEqual(parseImage('localhost:5000/a'), { host: 'localhost:5000', name: 'a', tag: 'latest' });
  });

  it('answers what a tag means now, and takes indexes of several platforms for one', async () => {
    assert.equal(await registry.digest(`${host}/open:v2`), digest);
    assert.match(seen.at(-1)?.accept ?? '', /image\.index\.v1\+json/);
  });

  it('fetches the token it is told to, and gives the password to no registry but the one it is for', async () => {
    assert.equal(await registry.digest(`${host}/closed:v2`), digest);
    const token = seen.find(({ url }) => url.startsWith('/token'));
    assert.match(token?.url ?? '', /service=r&scope=repository%3Aclosed%3Apull/);
    assert.equal(token?.authorization, undefined);
  });

  it('tells what is not there from what is busy, from what wants a login, and from what gives no digest', async () => {
    await rejectsWith(registry.digest(`${host}/open:gone`), 'not-found');
    await rejectsWith(registry.digest(`${host}/open:busy`), 'unavailable');
    await rejectsWith(registry.digest(`${host}/strict:v1`), 'unauthorized');
    await rejectsWith(registry.digest(`${host}/open:odd`), 'invalid');
    await rejectsWith(registry.digest('127.0.0.1:1/open:v1'), 'unreachable');
  });
});
