import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { stringify } from 'yaml';
import { scrapeInterval } from '../alerts/prometheus.ts';
import { platformNamespace } from '../manifests/catalogue/define.ts';
import { prometheus } from '../manifests/catalogue/prometheus.ts';
import type { Board, Folder } from './define.ts';
import { grafanaBoard } from './grafana.ts';
import type { Places } from './links.ts';

/** Where Grafana finds the boards in its container, a folder for each of its own. */
const boardsPath = '/etc/grafana/boards';

/** The folder's name as a path and as part of an object's name. */
export function folderSlug(folder: Folder): string {
  return folder.toLowerCase().replaceAll(' ', '-');
}

/** Data sources for Grafana's provisioning: the Prometheus of this environment, under the environment's name, which is what people choose a board's environment by. */
export function datasources(environment = 'production'): object {
  return {
    apiVersion: 1,
    datasources: [
      {
        name: environment,
        uid: `gomeet-${environment}`,
        type: 'prometheus',
        access: 'proxy',
        url: `http://${prometheus.name}:${prometheus.ports[0].port}`,
        isDefault: true,
        editable: false,
        // The scrape interval makes $__rate_interval four scrapes long.
        jsonData: { httpMethod: 'POST', prometheusType: 'Prometheus', timeInterval: scrapeInterval },
      },
    ],
  };
}

/** Providers for Grafana's provisioning: each of our folders, read from files that nobody edits in the browser. */
export function providers(boards: readonly Board[]): object {
  return {
    apiVersion: 1,
    providers: foldersOf(boards).map((folder) => ({
      name: folderSlug(folder),
      folder,
      folderUid: folderSlug(folder),
      type: 'file',
      disableDeletion: true,
      allowUiUpdates: false,
      options: { path: `${boardsPath}/${folderSlug(folder)}` },
    })),
  };
}

/** The JSON of a board. */
export function boardJson(board: Board, places: Places = {}): string {
  return `${JSON.stringify(grafanaBoard(board, places), undefined, 2)}\n`;
}

/** What Grafana needs, as ConfigMaps: to be mounted, or found by its sidecar by their labels. Throws when an object would be refused. */
export function grafanaObjects(
  boards: readonly Board[],
  options: Places & { readonly namespace?: string; readonly environment?: string } = {},
): readonly ConfigMap[] {
  const { namespace = platformNamespace } = options;
  const configMap = (
    name: string,
    label: string,
    data: Readonly<Record<string, string>>,
    annotations?: Readonly<Record<string, string>>,
  ) =>
    new ConfigMap({
      metadata: {
        name,
        namespace,
        labels: { 'app.kubernetes.io/part-of': 'gomeet-sre', [label]: '1' },
        ...(annotations === undefined ? {} : { annotations }),
      },
      data,
    });
  const objects = [
    configMap('grafana-datasources', 'grafana_datasource', {
      'gomeet.yaml': stringify(datasources(options.environment)),
    }),
    configMap('grafana-providers', 'grafana_provider', { 'gomeet.yaml': stringify(providers(boards)) }),
    ...foldersOf(boards).map((folder) =>
      configMap(
        `grafana-boards-${folderSlug(folder)}`,
        'grafana_dashboard',
        Object.fromEntries(
          boards
            .filter((board) => board.folder === folder)
            .map((board) => [`${board.uid}.json`, JSON.stringify(grafanaBoard(board, options))]),
        ),
        { grafana_folder: folder },
      ),
    ),
  ];
  for (const object of objects) object.validate();
  return objects;
}

function foldersOf(boards: readonly Board[]): readonly Folder[] {
  return [...new Set(boards.map(({ folder }) => folder))];
}
