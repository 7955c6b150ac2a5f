import { Transform } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const EVERY = 8 * 1024 * 1024;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (how: { type: 'minor' }) => void;

/**
 * Lets a large body through and has what is done with cleaned up on the way. Chunks lie outside the heap, where V8 lets
 * some sixty megabytes gather before it looks.
 */
export function cleaningUp(): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes >= EVERY) {
        bytes = 0;
        collect({ type: 'minor' });
      }
      done(null, chunk);
    },
  });
}
