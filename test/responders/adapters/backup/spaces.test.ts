import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { it } from 'node:test';
import { createSpaces } from '../../../../responders/adapters/backup/spaces.ts';

it('asks for no storage class and no checksum that Spaces does not have', async (t) => {
  const sent: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    sent.push(request.headers);
    request.resume().on('end', () => response.setHeader('etag', '"e"').end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const store = await createSpaces({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'fra1',
    bucket: 'b',
    accessKeyId: 'k',
    secretAccessKey: 's',
  });

  for (const key of ['dump.zst.age', 'manifest.json']) await store.put(key, Readable.from(['x']));

  assert.equal(sent.length, 2);
  for (const headers of sent)
    assert.deepEqual(
      Object.keys(headers).filter((name) => /storage-class|x-amz-checksum|x-amz-trailer/.test(name)),
      [],
    );
});
