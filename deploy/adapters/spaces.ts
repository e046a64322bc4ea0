import { toPortError } from '../../responders/adapters/backup/spaces.ts';
import type { Buckets } from './digitalocean-calls.ts';

/** How to reach the S3 API of Spaces, of a region and not of a bucket. */
export interface BucketsOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The live Buckets, over the AWS SDK; a create is sent once. */
export async function createBuckets(options: BucketsOptions): Promise<Buckets> {
  const s3 = await import('@aws-sdk/client-s3');
  const { endpoint, region, accessKeyId, secretAccessKey } = options;
  const client = new s3.S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    maxAttempts: 1,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    credentials: { accessKeyId, secretAccessKey },
  });
  const guarded = async <T>(call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      throw toPortError(error);
    }
  };
  return {
    async list() {
      const { Buckets: found = [] } = await guarded(() => client.send(new s3.ListBucketsCommand({})));
      return found.flatMap(({ Name }) => Name ?? []);
    },
    async create(Bucket) {
      await guarded(() => client.send(new s3.CreateBucketCommand({ Bucket })));
    },
  };
}
