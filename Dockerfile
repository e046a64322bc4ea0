# The bundle as one image: responder, exporters, probe and every command of `gomeet`.
# Unproven for want of an engine: that it builds. The tests read it, and start the programs from a folder that holds what the image would.

# Node as package.json pins it; take the newest digest with `gomeet images push --update-base-images`.
ARG NODE=node:24.21.0-trixie-slim

FROM ${NODE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The lock decides, and with it the SDK's pinned parts (`overrides`). What only tests and builds need stays out.
RUN npm ci --omit=dev --no-audit --no-fund

FROM ${NODE}
# pg_dump of the major that we declare, from which the nightly backup is made, and what packs it without going through JavaScript.
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client-17 zstd && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY kernel ./kernel
COPY model ./model
COPY manifests ./manifests
COPY exporters ./exporters
COPY alerts ./alerts
COPY dashboards ./dashboards
COPY responders ./responders
COPY reports ./reports
COPY deploy ./deploy
COPY cli ./cli
COPY generated ./generated
# Nothing in /app is written at run time: the root file system may be read-only, with /tmp in memory.
USER 1000:1000
ENTRYPOINT ["node", "cli/gomeet.mjs"]
CMD ["--help"]
