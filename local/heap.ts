/**
 * Flags of Node for API and worker, in MB. With room for gigabytes V8 leaves garbage lying about, and a large file
 * looks as if it needed memory: +300 MB for an import of 200 MB, where 25 do. The image says the same.
 */
export const heap = ['--max-semi-space-size=16', '--max-old-space-size=512'];
