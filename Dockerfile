# syntax=docker/dockerfile:1
FROM node:24.21.0-bookworm-slim AS base
WORKDIR /app
ENV TZ=UTC

FROM base AS packages
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM base AS pages
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY domain domain
COPY ui ui
RUN npm run build

FROM base AS product
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
ENV NODE_OPTIONS="--max-semi-space-size=16 --max-old-space-size=512"
RUN mkdir /data && chown node:node /data
COPY --from=packages /app/node_modules node_modules
COPY package.json tsconfig.json env.ts ./
COPY migrations migrations
COPY domain domain
COPY rules rules
COPY sequences sequences
COPY integrations integrations
COPY db db
COPY activities activities
COPY workflows workflows
COPY worker worker
COPY api api
USER node
VOLUME /data

FROM product AS worker
STOPSIGNAL SIGTERM
CMD ["node", "worker/main.ts"]

FROM product AS app
COPY --from=pages /app/ui/build ui/build
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/api/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "api/server.ts"]
