import { Router } from 'express';
import express from 'express';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const policy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'self'; frame-ancestors 'none'";

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Throughline API</title>
    <link rel="stylesheet" href="/api-docs/swagger-ui.css" />
  </head>
  <body>
    <div id="api"></div>
    <script src="/api-docs/swagger-ui-bundle.js"></script>
    <script src="/api-docs/show.js"></script>
  </body>
</html>
`;
const show = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#api', deepLinking: true, validatorUrl: null });\n`;

/** The contract, and pages that show it, from this host alone. */
export function docsRouter(openapi: () => object): Router {
  const router = Router();
  let made: object | undefined;
  router.get('/api/openapi.json', (_request, response) => {
    made ??= openapi();
    response.json(made);
  });
  router.use('/api-docs', (_request, response, next) => {
    response.set('Content-Security-Policy', policy);
    next();
  });
  router.get('/api-docs', (_request, response) => void response.type('html').send(page));
  router.get('/api-docs/show.js', (_request, response) => void response.type('js').send(show));
  router.use('/api-docs', express.static(folder, { index: false, redirect: false }));
  return router;
}
