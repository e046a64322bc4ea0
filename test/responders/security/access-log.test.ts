import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseAccess, summarise } from '../../../responders/security/access-log.ts';

const json = (status: number, client = '203.0.113.9', path = '/api/v1/auth/login?token=secret') =>
  JSON.stringify({ DownstreamStatus: status, ClientHost: client, RequestMethod: 'POST', RequestPath: path });
const common =
  '198.51.100.7 - - [24/Nov/2026:08:00:00 +0000] "GET /admin?key=abc HTTP/2.0" 403 19 "-" "curl" 1 "r" "u" 2ms';

it('reads both formats of Traefik, with or without the time of the kubelet, and cuts what may be a token off the path', () => {
  assert.deepEqual(parseAccess(json(401)), {
    status: 401,
    client: '203.0.113.9',
    method: 'POST',
    path: '/api/v1/auth/login',
  });
  assert.deepEqual(parseAccess(`2026-11-24T08:00:00.1Z ${common}`), {
    status: 403,
    client: '198.51.100.7',
    method: 'GET',
    path: '/admin',
  });
  const ofRoute = { DownstreamStatus: 401, ClientHost: 'a', RequestMethod: 'GET', RouterName: 'gomeet-api@kubernetes' };
  assert.equal(parseAccess(JSON.stringify(ofRoute))?.path, 'gomeet-api@kubernetes');
  for (const text of ['', 'level=info msg="starting"', '{"level":"error"}', '{broken', '"GET / 403'])
    assert.equal(parseAccess(text), undefined, text);
});

it('counts who was refused, the most first, and nobody who was let in', () => {
  const summary = summarise([json(200), json(401), json(401), json(429), common, 'noise']);
  assert.equal(summary.requests, 5);
  assert.equal(summary.refused, 4);
  assert.equal(summary.other, 1);
  assert.deepEqual(summary.clients, [
    { name: '203.0.113.9', total: 3, statuses: { 401: 2, 429: 1 } },
    { name: '198.51.100.7', total: 1, statuses: { 403: 1 } },
  ]);
  assert.ok(!JSON.stringify(summary).includes('secret'));
});
