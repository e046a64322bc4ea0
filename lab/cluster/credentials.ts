import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { UsageError } from '../../kernel/errors.ts';
import { findTool } from '../toolbox.ts';

/** What the API server needs to know people and service accounts by; files in the folder of the control plane. */
export interface Credentials {
  readonly adminToken: string;
  readonly tokenFile: string;
  /** Signs the tokens of service accounts. */
  readonly serviceAccountKeyFile: string;
}

/** Makes a random admin token (group system:masters) and a key that signs the tokens of service accounts. */
export function writeCredentials(folder: string): Credentials {
  const adminToken = randomBytes(24).toString('hex');
  const tokenFile = join(folder, 'tokens.csv');
  writeFileSync(tokenFile, `${adminToken},lab-admin,lab-admin,"system:masters"\n`, { mode: 0o600 });
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const serviceAccountKeyFile = join(folder, 'service-accounts.key');
  writeFileSync(serviceAccountKeyFile, privateKey, { mode: 0o600 });
  return { adminToken, tokenFile, serviceAccountKeyFile };
}

/** Writes a kubeconfig file with one cluster, one user and one context; readable by us alone, since it holds a token. */
export function writeKubeconfig(
  path: string,
  access: { url: string; caFile: string; token: string; namespace: string },
): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'lab', cluster: { server: access.url, 'certificate-authority': access.caFile } }],
    users: [{ name: 'lab', user: { token: access.token } }],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'lab', namespace: access.namespace } }],
    'current-context': 'lab',
  };
  writeFileSync(path, stringify(config), { mode: 0o600 });
  return path;
}

/** Makes the certificate that the API server shows to servers of further APIs; it is its own authority. Throws a UsageError without openssl: Node makes no certificates. */
export function writeProxyCertificate(folder: string): { readonly certificate: string; readonly key: string } {
  const openssl = findTool('openssl');
  if (openssl === undefined) throw new UsageError('openssl is missing: it is neither on PATH nor in the tool cache');
  const [certificate, key] = [join(folder, 'proxy.crt'), join(folder, 'proxy.key')];
  const args = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=lab-proxy',
  ];
  const use = ['-addext', 'extendedKeyUsage=clientAuth'];
  execFileSync(openssl, ['req', '-x509', ...args, ...use, '-keyout', key, '-out', certificate], { stdio: 'pipe' });
  return { certificate, key };
}
