import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import express, { type RequestHandler, Router } from 'express';

const types: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.html': 'text/html',
};
const packers: Record<string, (bytes: Buffer) => Promise<Buffer>> = {
  br: (bytes) =>
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }),
  gzip: (bytes) => promisify(gzip)(bytes),
};
const NEVER_CHANGES = 'public, max-age=31536000, immutable';

/** The pages as they were built; whatever path is no file is the application's own. */
export function pages(folder: string): Router {
  const router = Router();
  const root = resolve(folder);
  router.use(packed(root));
  router.use(express.static(root, { index: false, redirect: false, setHeaders: cacheControl }));
  router.get('/{*any}', async (request, response, next) => {
    if (!request.accepts('html') || request.path.startsWith('/_app/')) return next();
    const index = join(root, 'index.html');
    if (!existsSync(index)) return next();
    // The page brings its own policy for scripts, by their hashes; who may frame it only a header can say.
    response.set('Content-Security-Policy', "frame-ancestors 'none'");
    response
      .set('Cache-Control', 'no-cache')
      .type('html')
      .send(await readFile(index));
  });
  return router;
}

/** Hashed files, packed once and kept. */
function packed(root: string): RequestHandler {
  const kept = new Map<string, Promise<Buffer>>();
  return async (request, response, next) => {
    const type = types[extname(request.path)];
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead || !type || !request.path.startsWith('/_app/immutable/')) return next();
    const way = request.acceptsEncodings('br', 'gzip');
    const file = resolve(root, `.${request.path}`);
    if (!way || !packers[way] || !file.startsWith(root + sep) || !existsSync(file)) return next();
    const name = `${way} ${file}`;
    const bytes = kept.get(name) ?? readFile(file).then(packers[way]);
    kept.set(name, bytes);
    response.set({
      'Content-Encoding': way,
      'Cache-Control': NEVER_CHANGES,
      Vary: 'Accept-Encoding',
    });
    response.type(type).send(await bytes);
  };
}

function cacheControl(response: express.Response, path: string): void {
  const hashed = path.includes(`${sep}immutable${sep}`);
  response.set('Cache-Control', hashed ? NEVER_CHANGES : 'no-cache');
}
