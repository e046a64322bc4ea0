import { z } from 'zod';
import { PortError, portErrorFromStatus } from '../../kernel/errors.ts';
import { networkError } from '../../kernel/http.ts';
import type { Registry } from '../ports.ts';

const peer = 'registry';
/** Single images and indexes of several platforms. */
const accept = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');
const Token = z.object({ token: z.string().optional(), access_token: z.string().optional() });

/** Host, repository and tag of an image as Docker reads it. */
export function parseImage(image: string): { host: string; name: string; tag: string } {
  const [first = '', ...rest] = image.replace(/@.*$/, '').split('/');
  const hasHost = rest.length > 0 && /[.:]|^localhost$/.test(first);
  const path = hasHost ? rest.join('/') : [first, ...rest].join('/');
  const at = path.lastIndexOf(':');
  const name = at === -1 ? path : path.slice(0, at);
  const host = hasHost ? first : 'registry-1.docker.io';
  return {
    host,
    name: hasHost || name.includes('/') ? name : `library/${name}`,
    tag: at === -1 ? 'latest' : path.slice(at + 1),
  };
}

/** Registries over the distribution API, with a token of the registry's own service. `password` is used for registry.digitalocean.com alone. */
export function createRegistry(options: { password?: string | undefined; scheme?: 'http' | 'https' } = {}): Registry {
  async function get(url: string, headers: Readonly<Record<string, string>>, method = 'GET'): Promise<Response> {
    try {
      return await fetch(url, { method, headers, signal: AbortSignal.timeout(8_000), redirect: 'follow' });
    } catch (error) {
      throw networkError(peer, error, 'cannot be reached');
    }
  }

  async function bearer(challenge: string, host: string): Promise<string> {
    const part = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1];
    const realm = /^Bearer /i.test(challenge) ? part('realm') : undefined;
    if (realm === undefined) throw new PortError(peer, 'unauthorized', `${host} wants a login that is not known here`);
    const query = new URLSearchParams({ service: part('service') ?? '', scope: part('scope') ?? '' });
    const login =
      host === 'registry.digitalocean.com' && options.password !== undefined
        ? { authorization: `Basic ${Buffer.from(`${options.password}:${options.password}`).toString('base64')}` }
        : {};
    const answer = await get(`${realm}?${query}`, login);
    if (!answer.ok) throw portErrorFromStatus(peer, answer.status, `${host} gives no token`);
    const { token, access_token: other } = Token.parse(await answer.json());
    return token ?? other ?? '';
  }

  return {
    async digest(image) {
      const { host, name, tag } = parseImage(image);
      const url = `${options.scheme ?? 'https'}://${host}/v2/${name}/manifests/${tag}`;
      let answer = await get(url, { accept }, 'HEAD');
      if (answer.status === 401) {
        const token = await bearer(answer.headers.get('www-authenticate') ?? '', host);
        answer = await get(url, { accept, authorization: `Bearer ${token}` }, 'HEAD');
      }
      if (!answer.ok) throw portErrorFromStatus(peer, answer.status, `${image}: HTTP ${answer.status}`);
      const digest = answer.headers.get('docker-content-digest');
      if (digest === null || !/^sha256:[0-9a-f]{64}$/.test(digest))
        throw new PortError(peer, 'invalid', `${host} gives no digest for ${image}`);
      return digest;
    },
  };
}
