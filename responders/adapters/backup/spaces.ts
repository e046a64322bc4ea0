import { PassThrough, Readable } from 'node:stream';
import type { S3Client as Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { PortError, portErrorFromStatus } from '../../../kernel/errors.ts';
import { networkError } from '../../../kernel/http.ts';
import type { ObjectStore, StoredObject } from '../../backup/define.ts';

/** How to reach a bucket of Spaces, or of any other S3. */
export interface SpacesOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const peer = 'spaces';
/** S3 takes 10,000 parts at most: 320 GB an object. Two are under way at a time, which is all the memory an upload takes. */
const partBytes = 32 * 1024 * 1024;

/** The live ObjectStore, over the AWS SDK. */
export async function createSpaces(options: SpacesOptions): Promise<ObjectStore> {
  const s3 = await import('@aws-sdk/client-s3');
  const { Upload } = await import('@aws-sdk/lib-storage');
  const { bucket: Bucket } = options;
  const settings: S3ClientConfig = {
    endpoint: options.endpoint,
    region: options.region,
    forcePathStyle: true,
    maxAttempts: 4,
    // Not every S3 answers it, and then each part would wait for the answer.
    expectContinueHeader: false,
    // Spaces knows none of the newer checksums; ours stand in the manifest.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    credentials: { accessKeyId: options.accessKeyId, secretAccessKey: options.secretAccessKey },
  };
  const client: Client = new s3.S3Client(settings);
  // What is encrypted is authenticated by its own format, and its checksum stands in the manifest: the signature covers the request, not once more the body.
  const unsigned: Client = new s3.S3Client(settings);
  unsigned.middlewareStack.add(
    (next) => (call) => {
      const { request } = call;
      if (isRequest(request)) request.headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
      return next(call);
    },
    { step: 'build', name: 'unsignedPayload' },
  );
  return {
    async put(key, body, signal) {
      const upload = new Upload({
        client: key.endsWith('.age') ? unsigned : client,
        params: { Bucket, Key: key, Body: body },
        partSize: partBytes,
        queueSize: 2,
        leavePartsOnError: false,
      });
      const stop = () => void upload.abort();
      signal?.addEventListener('abort', stop, { once: true });
      await guarded(() => upload.done()).finally(() => signal?.removeEventListener('abort', stop));
    },
    async get(key, signal) {
      const { Body } = await guarded(() =>
        client.send(new s3.GetObjectCommand({ Bucket, Key: key }), signal === undefined ? {} : { abortSignal: signal }),
      );
      if (!(Body instanceof Readable)) throw new PortError(peer, 'invalid', `no body for ${key}`);
      const out = new PassThrough({ highWaterMark: 1024 * 1024 });
      Body.once('error', (error) => out.destroy(networkError(peer, error, 'the download broke off')));
      Body.once('aborted', () => out.destroy(new PortError(peer, 'unreachable', 'the download broke off')));
      return Body.pipe(out);
    },
    async list(prefix) {
      const found: StoredObject[] = [];
      let token: string | undefined;
      do {
        const page = await guarded(() =>
          client.send(new s3.ListObjectsV2Command({ Bucket, Prefix: prefix, ContinuationToken: token })),
        );
        for (const { Key, Size, LastModified } of page.Contents ?? [])
          if (Key !== undefined) found.push({ key: Key, bytes: Size ?? 0, modifiedAtMs: LastModified?.getTime() ?? 0 });
        token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
      } while (token !== undefined);
      return found;
    },
    async delete(keys) {
      // One by one: not every S3 answers the call for many with what it could not delete.
      for (const Key of keys) await guarded(() => client.send(new s3.DeleteObjectCommand({ Bucket, Key })));
    },
    async abortUnfinished(prefix) {
      const { Uploads = [] } = await guarded(() =>
        client.send(new s3.ListMultipartUploadsCommand({ Bucket, Prefix: prefix })),
      );
      for (const { Key, UploadId } of Uploads)
        await guarded(() => client.send(new s3.AbortMultipartUploadCommand({ Bucket, Key, UploadId })));
      return Uploads.length;
    },
  };
}

function isRequest(value: unknown): value is { readonly headers: Record<string, string> } {
  return typeof value === 'object' && value !== null && 'headers' in value && typeof value.headers === 'object';
}

async function guarded<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toPortError(error);
  }
}

/** The SDK's errors as ours, by name and status; their text can hold the key's id, so only the name is kept. */
export function toPortError(error: unknown): unknown {
  if (error instanceof PortError) return error;
  if (!(error instanceof Error)) return error;
  const status = statusOf(error);
  if (error.name === 'NoSuchKey') return new PortError(peer, 'not-found', 'there is no such object');
  if (error.name === 'NoSuchBucket') return new PortError(peer, 'not-found', 'there is no such bucket');
  if (status !== undefined && status >= 300) return portErrorFromStatus(peer, status, `HTTP ${status}: ${error.name}`);
  return networkError(peer, error, 'cannot be reached');
}

function statusOf(error: Error): number | undefined {
  if (!('$metadata' in error) || typeof error.$metadata !== 'object' || error.$metadata === null) return undefined;
  return 'httpStatusCode' in error.$metadata && typeof error.$metadata.httpStatusCode === 'number'
    ? error.$metadata.httpStatusCode
    : undefined;
}
