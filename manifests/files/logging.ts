import { stringify } from 'yaml';
import { configMap } from '../objects/config-map.ts';
import { type Context, workloadOf } from '../objects/context.ts';
import type { KubernetesObject } from '../objects/object.ts';
import { configVolume } from '../objects/volumes.ts';
import { runs } from '../objects/workload.ts';

/** Ships the logs of the platform's pods to OpenSearch; what cannot be sent waits on the node, up to 512 MiB. */
export function loggingFile(context: Context): readonly KubernetesObject[] {
  return [
    configMap('fluent-bit-config', 'platform', { 'fluent-bit.yaml': pipeline }),
    ...runs(context, workloadOf(context, 'fluent-bit'), {
      mounts: [configVolume('fluent-bit-config', '/fluent-bit/etc')],
      rollsWith: [pipeline],
    }),
  ];
}

/** How Fluent Bit is told to read a variable. */
function variable(name: string): string {
  return `$${'{'}${name}}`;
}

const pipeline = stringify({
  service: {
    flush: 1,
    log_level: 'info',
    http_server: 'on',
    http_port: 2020,
    health_check: 'on',
    'storage.path': '/fluent-bit/state/buffer',
    'storage.max_chunks_up': 64,
  },
  pipeline: {
    inputs: [
      {
        name: 'tail',
        path: '/var/log/containers/*_gomeet_*.log',
        'multiline.parser': 'cri',
        tag: 'kube.*',
        db: '/fluent-bit/state/tail.db',
        mem_buf_limit: '64MB',
        'storage.type': 'filesystem',
        skip_long_lines: 'on',
      },
    ],
    filters: [
      { name: 'kubernetes', match: 'kube.*', merge_log: 'on', keep_log: 'off', labels: 'on', annotations: 'off' },
      // Room and participant names stay; tokens in addresses do not.
      { name: 'modify', match: 'kube.*', remove_regex: '(?i)(authorization|cookie|access_token|turnPassword)' },
    ],
    outputs: [
      {
        name: 'opensearch',
        match: 'kube.*',
        host: variable('OPENSEARCH_HOST'),
        port: 25060,
        tls: 'on',
        http_user: variable('OPENSEARCH_USER'),
        http_passwd: variable('OPENSEARCH_PASSWORD'),
        logstash_format: 'on',
        logstash_prefix: 'gomeet-logs',
        suppress_type_name: 'on',
        replace_dots: 'on',
        retry_limit: 20,
        'storage.total_limit_size': '512M',
      },
    ],
  },
});
