/** Renders the report of a connection check: as a table, a line, or JSON whose members are promised. */
import type { ConnectionReport } from '../cluster/connection-check.ts';
import { describeToken, formatCertificate } from '../config/credential-facts.ts';
import { capitalize } from '../platform/format.ts';
import { literal, type Printable, printable } from '../platform/printable.ts';
import { renderPlainLine } from './plain-line.ts';
import type { Style } from './style.ts';
import { type Line, paintText, type Row, renderRows, selectLimit } from './table/layout.ts';

/** Renders the report as a table. @param now milliseconds since 1970 */
export function renderConnectionTable(report: ConnectionReport, style: Style, now: number): Printable {
  const { settings, peer, entra, token, version, isAuthenticated, role } = report;
  const gateway = isGateway(report)
    ? paintText(literal`answers`, style.good)
    : paintText(printable(describeFailure(report)), style.bad);
  const rows: readonly Row[] = [
    ...settings.map(({ name, value, from }) => createRow(capitalize(name), printable(`${value}  (${from})`))),
    createRow('Gateway', gateway),
    createRow('TLS', peer && printable(`${peer.protocol}, ${peer.cipher}`)),
    { label: 'Server', lines: (peer ? formatCertificate(peer.certificate) : []).map(printable) },
    createRow('Entra ID', entra && describeEntra(entra)),
    createRow('Token sent', token && printable(describeToken(token, now))),
    createRow('Authenticated', renderAuthenticated(isAuthenticated, style)),
    createRow('Runtime', version && printable(version)),
    createRow('Role', role && printable(role)),
  ];
  const present = rows.filter(({ lines }) => lines.length > 0);
  return literal`${renderRows(present, style, selectLimit(true))}\n`;
}

function renderAuthenticated(isAuthenticated: boolean | undefined, style: Style): Line | undefined {
  if (isAuthenticated === undefined) return undefined;
  return isAuthenticated ? paintText(literal`yes`, style.good) : paintText(literal`no`, style.bad);
}

function isGateway({ entra, version }: ConnectionReport): boolean {
  return entra !== undefined || version !== undefined;
}

function describeFailure({ isAnswered, peer }: ConnectionReport): string {
  if (isAnswered) return 'does not answer as it should';
  return peer ? 'reached, but asked nothing' : 'not reached';
}

function createRow(label: string, text: Line | '' | undefined): Row {
  return { label, lines: text ? [text] : [] };
}

function describeEntra(entra: NonNullable<ConnectionReport['entra']>): Printable {
  if (entra === 'off') return literal`not used`;
  return printable(`tenant ${entra.tenant}, cluster application ${entra.cluster}`);
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

/** Writes absent names as `''`, as promised. */
function buildPeer({ certificate, ...peer }: NonNullable<ConnectionReport['peer']>) {
  return { ...peer, certificate: { ...certificate, altNames: certificate.altNames ?? '' } };
}

/** Renders the report as JSON. Facts that were not read are `null`; `Error` is present after a failure. */
export function renderConnectionJson(report: ConnectionReport): string {
  const { settings, isAnswered, peer, entra, token, version, isAuthenticated, role, error } = report;
  return JSON.stringify({
    settings,
    reachable: isAnswered || peer !== undefined,
    tls: peer ? buildPeer(peer) : null,
    entra: entra ?? null,
    token: token ? { ...token, audience: token.audience ?? '', tenant: token.tenant ?? '' } : null,
    authenticated: isAuthenticated ?? null,
    version: version ?? null,
    role: role ?? null,
    ...(error && { Error: { Code: error.code, Message: error.message || error.what } }),
  });
}
