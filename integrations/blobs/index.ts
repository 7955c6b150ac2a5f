import type { Blobs } from './blobs.ts';
import { diskBlobs } from './disk.ts';
import { s3Blobs, type S3Settings } from './s3.ts';

/** Where this house keeps its files: in a bucket if it was given one, else below its data directory. */
export function blobsOf({ s3, dataDir }: { s3?: S3Settings | undefined; dataDir: string }): Blobs {
  return s3 ? s3Blobs(s3) : diskBlobs(`${dataDir}/blobs`);
}
