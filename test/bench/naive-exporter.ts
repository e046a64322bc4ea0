// What the exporter is measured against: one series a participant. Prints its port.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

const registry = new Registry();
collectDefaultMetrics({ register: registry });
const participants = new Gauge({
  name: 'participant_active',
  help: 'One series a participant.',
  labelNames: ['room', 'participant'],
  registers: [registry],
});
for (let index = 0; index < Number(process.argv[2]); index += 1)
  participants.set(
    { room: `RM_${String(index % 2_500).padStart(12, 'r')}`, participant: `PA_${String(index).padStart(12, 'p')}` },
    1,
  );

const server = createServer((_request, response) => {
  void registry.metrics().then((text) => response.end(text));
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
console.log(address !== null && typeof address === 'object' ? address.port : '');
