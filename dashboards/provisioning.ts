import { stringify } from 'yaml';
import { scrapeInterval } from '../alerts/prometheus.ts';
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

/** What Grafana reads, as files by the name of the ConfigMap that holds them: one a folder of boards, well below the size an object may have. */
export function grafanaFiles(
  boards: readonly Board[],
  options: Places & { readonly environment?: string } = {},
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const inFolder = (folder: Folder) => boards.filter((board) => board.folder === folder);
  return {
    'grafana-datasources': { 'gomeet.yaml': stringify(datasources(options.environment)) },
    'grafana-providers': { 'gomeet.yaml': stringify(providers(boards)) },
    ...Object.fromEntries(
      foldersOf(boards).map((folder) => [
        `grafana-boards-${folderSlug(folder)}`,
        Object.fromEntries(
          inFolder(folder).map((board) => [`${board.uid}.json`, JSON.stringify(grafanaBoard(board, options))]),
        ),
      ]),
    ),
  };
}

function foldersOf(boards: readonly Board[]): readonly Folder[] {
  return [...new Set(boards.map(({ folder }) => folder))];
}
