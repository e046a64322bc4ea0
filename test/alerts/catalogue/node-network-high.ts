import { nodeNetworkHigh } from '../../../alerts/catalogue/node-network-high.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const sent = (node: string, device = 'eth0') =>
  `node_network_transmit_bytes_total{job="node-exporter", instance="${node}:9100", node="${node}", device="${device}"}`;
const droplet = (node: string, size: string) =>
  `digitalocean_droplet_up{job="digitalocean-exporter", instance="e1", id="1", name="${node}", region="nyc1", size="${size}"}`;
/** A counter that grows by so many megabits a second. */
const mbits = (perSecond: number) => `0+${(perSecond * 1e6 * 15) / 8}x60`;
const full = (node: string, percent: string) =>
  fired(
    nodeNetworkHigh,
    'warning media livekit-sfu',
    { node },
    `Node ${node} sends ${percent} of what its line takes.`,
  );

export const proof = proves(nodeNetworkHigh, {
  'it fires after three minutes above 85 % of 2 Gbit/s, of both interfaces together': fires(
    {
      [sent('sfu-a')]: mbits(1_500),
      [sent('sfu-a', 'eth1')]: mbits(300),
      [droplet('sfu-a', 'c-32')]: '1x60',
      [sent('sfu-b')]: mbits(1_600),
      [droplet('sfu-b', 'c-32')]: '1x60',
    },
    ['6m', '9m'],
    [full('sfu-a', '90%')],
  ),
  'it fires above 85 % of 10 Gbit/s on premium CPU, and not at 2': [
    fires(
      { [sent('sfu-p')]: mbits(9_000), [droplet('sfu-p', 'c-32-intel')]: '1x60' },
      ['6m', '9m'],
      [full('sfu-p', '90%')],
    ),
    silent({ [sent('sfu-p')]: mbits(8_000), [droplet('sfu-p', 'c-32-amd')]: '1x60' }, '9m'),
  ],
  'it takes a machine of unknown size for one with the smaller line': fires(
    { [sent('sfu-a')]: mbits(1_800) },
    ['6m', '9m'],
    [full('sfu-a', '90%')],
  ),
  'it stays silent just below, for what never leaves the machine, and without data': [
    silent({ [sent('sfu-a')]: mbits(1_600), [droplet('sfu-a', 'c-32')]: '1x60' }, '9m'),
    silent({ [sent('sfu-a', 'lo')]: mbits(9_000), [sent('sfu-a', 'cilium_host')]: mbits(9_000) }, '9m'),
    silent({}, '9m'),
  ],
});
