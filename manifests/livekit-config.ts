import type { Workload } from './catalogue/define.ts';
import type { Settings } from './settings.ts';
import { hosts } from './settings.ts';

/** The SFU's configuration as plain data: strict, so that livekit-server refuses a misspelt key. Keys and Redis come from the environment. */
export function livekitConfig(sfu: Pick<Workload, 'ports'>, settings: Settings): Readonly<Record<string, unknown>> {
  const port = (name: string) => {
    const found = sfu.ports.find((one) => one.name === name);
    if (found === undefined) throw new TypeError(`livekit-sfu has no port ${name}`);
    return found;
  };
  const media = port('rtc-udp');
  // The relay's share of the one range: each person behind a strict firewall takes one port of it.
  const relayFrom = 18_000;
  return {
    port: port('http').port,
    log_level: 'info',
    prometheus: { port: port('metrics').port },
    // Address and password come from the environment; the managed Valkey takes TLS alone. Without Redis each node would be an island.
    redis: { username: 'default', use_tls: true },
    rtc: {
      port_range_start: media.port,
      port_range_end: relayFrom - 1,
      tcp_port: port('rtc-tcp').port,
      // The node's own public address, asked of a STUN server; a pod address would reach no browser.
      use_external_ip: true,
    },
    turn: {
      enabled: true,
      domain: hosts(settings).turn,
      // Traefik ends TLS on 443, the one port that strict firewalls leave open.
      tls_port: port('turn-tls').port,
      external_tls: true,
      relay_range_start: relayFrom,
      relay_range_end: media.endPort,
    },
    room: {
      auto_create: true,
      empty_timeout: 300,
      departure_timeout: 20,
      max_participants: settings.largestMeeting,
    },
    // Rooms spread by load; by clients would count people on the wrong node.
    node_selector: { kind: 'cpuload', sort_by: 'cpuload', cpu_load_limit: 0.6 },
    limit: { subscription_limit_video: 50, subscription_limit_audio: 50 },
    // Signed with the key whose name LIVEKIT_WEBHOOK_API_KEY says.
    webhook: { urls: ['http://livekit-exporter:9482/livekit/webhook', 'http://signaling-service:8080/webhook'] },
  };
}
