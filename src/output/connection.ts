/** Renders the report of a connection check: as a table, a line, or JSON with a stable schema. */
import type { ConnectionReport } from '../cluster/connection-check.ts';
import type { Connection } from '../config/connection.ts';
import { type CertificateFacts, describeToken, formatCertificate } from '../config/credential-facts.ts';
import { formatEndpoint } from '../config/endpoint.ts';
import { capitalize } from '../platform/format.ts';
import { literal, type Printable, printable } from '../platform/printable.ts';
import { joinBlocks, type KeyValue, measureKeys, renderKeyValues } from './key-values.ts';
import { renderPlainLine } from './plain-line.ts';
import type { Paint, Style } from './style.ts';
import { breakText } from './table/wrap.ts';

/** Renders the settings and the outcome. @param cluster its name @param now milliseconds since 1970 */
export function renderConnectionTable(
  report: ConnectionReport,
  cluster: string,
  style: Style,
  now: number,
): Printable {
  const { settings, peer, entra, token, version, isAuthenticated } = report;
  const isGateway = entra !== undefined || version !== undefined;
  const facts: readonly KeyValue[] = [
    createFact(
      'Gateway',
      isGateway ? 'reachable' : describeFailure(report),
      isGateway ? style.good : style.bad,
    ),
    createFact('TLS', peer && `${peer.protocol}, ${peer.cipher}`),
    { key: literal`Server`, lines: (peer ? formatCertificate(peer.certificate) : []).map(printable) },
    createFact('Entra ID', entra && describeEntra(entra)),
    createFact('Token sent', token && describeToken(token, now)),
    createFact(
      'Authenticated',
      isAuthenticated === undefined ? undefined : isAuthenticated ? 'yes' : 'no',
      isAuthenticated ? style.good : style.bad,
    ),
    createFact('Runtime', version),
  ];
  const inForce = settings.map(({ name, value, from }) => ({
    key: printable(capitalize(name)),
    lines: [printable(value)],
    source: printable(from),
  }));
  return joinBlocks([
    renderHeadline(report, cluster, style),
    renderKeyValues(inForce, style, measureKeys(facts)),
    renderKeyValues(facts, style, measureKeys(inForce)),
  ]);
}

function renderHeadline(
  { version, role }: ConnectionReport,
  cluster: string,
  style: Style,
): readonly Printable[] {
  const isConnected = version !== undefined;
  const { glyphs, good, bad } = style;
  const [glyph, paint] = isConnected ? [glyphs.done, good] : [glyphs.bad, bad];
  const words = isConnected
    ? `Connected to ${cluster}${role ? ` as ${role}` : ''}`
    : `Not connected to ${cluster}`;
  return breakText(printable(words), Math.max(1, style.width - 2)).map((line, index) =>
    paint(literal`${index === 0 ? glyph : literal` `} ${line}`),
  );
}

function describeFailure({ isAnswered, peer }: ConnectionReport): string {
  if (isAnswered) return 'no usable response';
  return peer ? 'reachable, no request sent' : 'unreachable';
}

function createFact(key: string, value: string | undefined, paint?: Paint): KeyValue {
  return { key: printable(key), lines: value ? [printable(value)] : [], paint };
}

function describeEntra(entra: NonNullable<ConnectionReport['entra']>): string {
  return entra === 'off' ? 'not used' : `tenant ${entra.tenant}, cluster application ${entra.cluster}`;
}

/** Renders the report as a line. */
export function renderConnectionLine(
  { settings, peer, version, role, error }: ConnectionReport,
  time: Date,
): Printable {
  const endpoint = settings.find(({ name }) => name === 'endpoint')?.value ?? '';
  const found = [
    ...(peer ? [peer.protocol, `thumbprint ${peer.certificate.thumbprint}`] : []),
    ...(version ? ['authenticated', `runtime ${version}`, `role ${role}`] : []),
    ...(error ? [error.what] : []),
  ];
  return renderPlainLine(`${endpoint}: ${found.join('; ')}`, time);
}

/** Renders the report as JSON. Facts that were not read are `null`; `Error` is present after a failure. */
export function renderConnectionJson(report: ConnectionReport, connection: Connection): string {
  const { isAnswered, peer, entra, token, version, isAuthenticated, error } = report;
  return JSON.stringify({
    cluster: connection.cluster ?? null,
    settings: buildSettings(report, connection),
    reachable: isAnswered || peer !== undefined,
    tls: peer ? { ...peer, certificate: buildCertificate(peer.certificate) } : null,
    entra: entra ?? null,
    token: token
      ? { ...token, audience: token.audience ?? '', tenant: token.tenant ?? '', user: token.user ?? '' }
      : null,
    authenticated: isAuthenticated ?? null,
    version: version ?? null,
    role: findRole(report, connection),
    ...(error && { Error: { Code: error.code, Message: error.message || error.what } }),
  });
}

/** Builds the settings with their sources; those that do not apply are `null`. */
function buildSettings({ settings }: ConnectionReport, connection: Connection) {
  const { endpoint, timeoutSeconds, trust, certificate, token, proxy } = connection;
  const findSource = (name: string) => settings.find((setting) => setting.name === name)?.from ?? '';
  const thumbprint = trust.by === 'thumbprint' ? { thumbprint: trust.thumbprint } : {};
  return {
    endpoint: { value: formatEndpoint(endpoint), from: findSource('endpoint') },
    timeoutSeconds: { value: timeoutSeconds, from: findSource('timeout') },
    trust: endpoint.isTls ? { value: { by: trust.by, ...thumbprint }, from: findSource('trust') } : null,
    clientCertificate: certificate
      ? { value: buildCertificate(certificate.facts), from: findSource('client certificate') }
      : null,
    token: token ? { from: token.from } : null,
    proxy: proxy ? { value: proxy.origin, from: proxy.from } : null,
  };
}

/** Writes absent names as `''`, which the schema promises. */
function buildCertificate({ isForClients: _, ...facts }: CertificateFacts) {
  return { ...facts, altNames: facts.altNames ?? '' };
}

/** Finds the name of the role; `null` if unknown: only an unsecured cluster or a token shows the role. */
function findRole({ version, token }: ConnectionReport, { endpoint }: Connection): string | null {
  if (version === undefined) return null;
  if (!endpoint.isTls) return 'Admin';
  return token && token.roles.length > 0 ? token.roles.join(',') : null;
}
