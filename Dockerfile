# One image for the four functions; FUNCTION_TARGET says which (api, approvals, resume, sweep).
#
#   docker build -t sluice .                          your policies: --build-arg POLICIES=path/below/this/folder
#   docker run --read-only -e FUNCTION_TARGET=api --env-file cloud.env -p 8080:8080 sluice
#
# Tags name what is used; a build that must repeat passes digests: --build-arg RUNTIME=gcr.io/distroless/nodejs24-debian12@sha256:...
ARG BUILDER=node:24.21.0-bookworm-slim
ARG RUNTIME=gcr.io/distroless/nodejs24-debian12:nonroot

# Packages and sources, laid out as they will run. No install script of a package is run.
FROM ${BUILDER} AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY . .
ARG POLICIES=policies
RUN node infra/image/layout.mjs /app "${POLICIES}"

# Compiled ahead, by the Node that will run it and where it will run: the cache fits no other. Distroless has no shell.
FROM ${RUNTIME} AS warm
COPY --from=build /app /app
WORKDIR /app
USER root
ENV NODE_COMPILE_CACHE=/app/.compile-cache
RUN ["/nodejs/bin/node", "infra/image/warm.mjs"]

# Owned by root and run as another, so that a read-only root changes nothing: nothing is ever written.
FROM ${RUNTIME}
LABEL org.opencontainers.image.title="sluice" org.opencontainers.image.licenses="Apache-2.0"
COPY --from=warm --chown=0:0 /app /app
WORKDIR /app
USER nonroot
ENV NODE_ENV=production NODE_COMPILE_CACHE=/app/.compile-cache PORT=8080
# Large results pass as buffers outside of the heap: few arenas and a small young generation give them back soon (docs/PERFORMANCE.md).
ENV MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=131072 NODE_OPTIONS=--max-semi-space-size=2
EXPOSE 8080
ENTRYPOINT ["/nodejs/bin/node"]
CMD ["bin/function.mjs"]
