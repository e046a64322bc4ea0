// What stands beside the responder in the bench: `insert` keeps each request with one insert and one commit, `call` keeps nothing and calls the API server at once.
import { createServer, request } from 'node:http';
import pg from 'pg';

const [mode = 'insert', target = ''] = process.argv.slice(2);
const pool = mode === 'insert' ? new pg.Pool({ connectionString: target, max: 16 }) : undefined;
if (pool !== undefined)
  await pool.query(
    'create table if not exists bare (id bigint generated always as identity primary key, body jsonb not null)',
  );

const server = createServer((incoming, outgoing) => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => {
    const text = Buffer.concat(chunks).toString('utf8');
    keep(text).then(
      () => outgoing.end('ok'),
      () => outgoing.writeHead(500).end(),
    );
  });
});

async function keep(text: string): Promise<void> {
  if (pool !== undefined) {
    await pool.query({ name: 'insert', text: 'insert into bare (body) values ($1)', values: [text] });
    return;
  }
  const service = /"service":"([^"]+)"/.exec(text)?.[1] ?? '';
  request(`${target}/apis/apps/v1/namespaces/gomeet/deployments/${service}`, (answer) => answer.resume()).end();
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`);
});
