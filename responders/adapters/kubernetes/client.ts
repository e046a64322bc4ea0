import {
  ApiException,
  AppsV1Api,
  AuthenticationV1Api,
  AuthorizationV1Api,
  AutoscalingV2Api,
  type ConfigurationOptions,
  CoreV1Api,
  CustomObjectsApi,
  createConfiguration,
  KubeConfig,
  KubernetesObjectApi,
  Observable,
  PatchStrategy,
  ServerConfiguration,
  setHeaderOptions,
} from '@kubernetes/client-node';
import { z } from 'zod';
import { errorText, PortError, portErrorFromStatus } from '../../../kernel/errors.ts';
import { networkError, retryAfterMs } from '../../../kernel/http.ts';
import { createReadRetry, type ReadRetry } from '../../../kernel/retry.ts';
import { hideSecrets } from '../../../kernel/secrets.ts';

/** How to reach the API server; without `kubeconfig` the pod's service account, else the user's own file. */
export interface KubernetesOptions {
  readonly kubeconfig?: string | undefined;
  readonly namespace: string;
  /** For one request; 5 s unless said. */
  readonly timeoutMs?: number;
  readonly retry?: ReadRetry;
}

type Options = ConfigurationOptions;

/** The API groups the responder uses, and the two ways to call them. */
export interface KubernetesClient {
  readonly namespace: string;
  readonly apps: AppsV1Api;
  readonly core: CoreV1Api;
  readonly autoscaling: AutoscalingV2Api;
  readonly custom: CustomObjectsApi;
  readonly authentication: AuthenticationV1Api;
  readonly authorization: AuthorizationV1Api;
  /** Any kind of object; takes no options of its own, so its deadline is built in. */
  readonly objects: KubernetesObjectApi;
  /** A request that changes nothing: with a deadline, repeated when a moment may cure it. */
  read<T>(request: (options: Options) => Promise<T>): Promise<T>;
  /** A request over `objects`: its errors become ours; repeated only when `again` says that this is harmless. */
  object<T>(request: () => Promise<T>, again: boolean): Promise<T>;
  /** A merge patch: with a deadline, sent once. */
  patch<T>(request: (options: Options) => Promise<T>): Promise<T>;
}

const peer = 'kubernetes';

/** Connects lazily: nothing is sent until the first call. Throws a PortError (invalid) for a kubeconfig without a cluster. */
export function createKubernetesClient(options: KubernetesOptions): KubernetesClient {
  const config = loadKubeConfig(options.kubeconfig);
  const retried = createReadRetry(options.retry);
  const deadline = () => withDeadline(options.timeoutMs ?? 5_000);
  async function send<T>(request: (options: Options) => Promise<T>, callOptions: Options): Promise<T> {
    try {
      return await request(callOptions);
    } catch (error) {
      throw toPortError(error, [config.getCurrentUser()?.token, config.getCurrentUser()?.password]);
    }
  }
  return {
    namespace: options.namespace,
    apps: config.makeApiClient(AppsV1Api),
    core: config.makeApiClient(CoreV1Api),
    autoscaling: config.makeApiClient(AutoscalingV2Api),
    custom: config.makeApiClient(CustomObjectsApi),
    authentication: config.makeApiClient(AuthenticationV1Api),
    authorization: config.makeApiClient(AuthorizationV1Api),
    objects: new KubernetesObjectApi(
      createConfiguration({
        baseServer: new ServerConfiguration(config.getCurrentCluster()?.server ?? '', {}),
        authMethods: { default: config },
        middleware: [...(deadline().middleware ?? [])],
      }),
    ),
    object: (request, again) => (again ? retried(() => send(request, {})) : send(request, {})),
    read: (request) => retried(() => send(request, deadline())),
    patch: (request) => send(request, setHeaderOptions('Content-Type', PatchStrategy.MergePatch, deadline())),
  };
}

/** The kubeconfig that is meant: the file named, else what the library finds by itself. Throws a PortError (invalid) for one without a cluster. */
export function loadKubeConfig(path: string | undefined): KubeConfig {
  const config = new KubeConfig();
  try {
    if (path === undefined) config.loadFromDefault();
    else config.loadFromFile(path);
  } catch (error) {
    throw new PortError(
      peer,
      'invalid',
      `the kubeconfig cannot be read: ${hideSecrets(errorText(error)).slice(0, 200)}`,
    );
  }
  if (config.getCurrentCluster() === null)
    throw new PortError(peer, 'invalid', 'the kubeconfig names no current cluster');
  return config;
}

// The library has no time-outs of its own and a `signal` in the call's options has no effect (2.0.1): only a middleware reaches the request.
function withDeadline(timeoutMs: number): Options {
  return {
    middleware: [
      {
        pre(context) {
          context.setSignal(AbortSignal.timeout(timeoutMs));
          return new Observable(Promise.resolve(context));
        },
        post: (context) => new Observable(Promise.resolve(context)),
      },
    ],
    middlewareMergeStrategy: 'append',
  };
}

const StatusBody = z.object({ message: z.string() });

/** The one place where the library's errors become ours; the API server's own sentence is kept, since it names the verb and the object. */
export function toPortError(error: unknown, secrets: readonly (string | undefined)[] = []): PortError {
  if (error instanceof PortError) return error;
  if (error instanceof ApiException) {
    const headers = new Headers(error.headers);
    const said = hideSecrets(statusMessage(error.body), secrets).slice(0, 300);
    return portErrorFromStatus(peer, error.code, `HTTP ${error.code}: ${said}`, retryAfterMs({ headers }));
  }
  // An answer that is not JSON was cut short or comes from something in between; whether the write took place is not known.
  if (error instanceof SyntaxError) return new PortError(peer, 'unavailable', 'the answer is not JSON');
  return networkError(peer, error, 'cannot be reached');
}

function statusMessage(body: unknown): string {
  const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
  try {
    const status = StatusBody.safeParse(JSON.parse(text));
    return status.success ? status.data.message : text;
  } catch {
    return text;
  }
}
