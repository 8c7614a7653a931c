# Builds the image from the packed package: npm pack && docker build --tag sfcompose .
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS install
COPY sfcompose-*.tgz /tmp/sfcompose.tgz
RUN npm install --global --prefix /opt/sfcompose --ignore-scripts --no-audit --no-fund /tmp/sfcompose.tgz

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="sfcompose" \
      org.opencontainers.image.description="Start and follow upgrades of Service Fabric compose deployments" \
      org.opencontainers.image.licenses="MIT"
# Without the tarball and npm's cache.
COPY --from=install /opt/sfcompose /opt/sfcompose
ENV PATH=/opt/sfcompose/bin:$PATH
WORKDIR /work
USER node
ENTRYPOINT ["sfcompose"]
