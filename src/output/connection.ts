/** The report of a tried connection: as a table, a line, or JSON whose members are promised. */
import type { ConnectionReport } from '../cluster/connection-check.ts';
import { certificateLines, tokenWords } from '../config/credential-facts.ts';
import { type Printable, printable, shown } from '../platform/printable.ts';
import { plainLine } from './plain-line.ts';
import type { Style } from './style.ts';
import { type Line, layOut, limitFor, painted, type Row } from './table/layout.ts';

/** @param now milliseconds since 1970 */
export function connectionTable(report: ConnectionReport, style: Style, now: number): Printable {
  const { settings, peer, entra, token, version, isAuthenticated, role } = report;
  const rows: readonly Row[] = [
    ...settings.map(({ name, value, from }) => row(capitalized(name), printable(`${value}  (${from})`))),
    row(
      'Gateway',
      isGateway(report)
        ? painted(shown`answers`, style.good)
        : painted(printable(failureWords(report)), style.bad),
    ),
    row('TLS', peer && printable(`${peer.protocol}, ${peer.cipher}`)),
    { label: 'Server', lines: (peer ? certificateLines(peer.certificate) : []).map(printable) },
    row('Entra ID', entra && entraWords(entra)),
    row('Token sent', token && printable(tokenWords(token, now))),
    row(
      'Authenticated',
      isAuthenticated === false
        ? painted(shown`no`, style.bad)
        : isAuthenticated && painted(shown`yes`, style.good),
    ),
    row('Runtime', version && printable(version)),
    row('Role', role && printable(role)),
  ];
  return shown`${layOut(
    rows.filter(({ lines }) => lines.length > 0),
    style,
    limitFor(true),
  )}\n`;
}

function isGateway({ entra, version }: ConnectionReport): boolean {
  return entra !== undefined || version !== undefined;
}

function failureWords({ isAnswered, peer }: ConnectionReport): string {
  if (isAnswered) return 'does not answer as it should';
  return peer ? 'reached, but asked nothing' : 'not reached';
}

function row(label: string, text: Line | false | '' | undefined): Row {
  return { label, lines: text ? [text] : [] };
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function entraWords(entra: NonNullable<ConnectionReport['entra']>): Printable {
  if (entra === 'off') return shown`not used`;
  return printable(`tenant ${entra.tenant}, cluster application ${entra.cluster}`);
}

export function connectionLine(
  { settings, peer, version, role, error }: ConnectionReport,
  time: Date,
): Printable {
  const endpoint = settings.find(({ name }) => name === 'endpoint')?.value ?? '';
  const found = [
    ...(peer ? [peer.protocol, `thumbprint ${peer.certificate.thumbprint}`] : []),
    ...(version ? ['authenticated', `runtime ${version}`, `role ${role}`] : []),
    ...(error ? [error.what] : []),
  ];
  return plainLine(`${endpoint}: ${found.join('; ')}`, time);
}

/** One JSON document. What was not reached is `null`; `Error` is there when something went wrong. */
export function connectionJson(report: ConnectionReport): string {
  const { settings, isAnswered, peer, entra, token, version, isAuthenticated, role, error } = report;
  return JSON.stringify({
    settings,
    reachable: isAnswered || peer !== undefined,
    tls: peer ?? null,
    entra: entra ?? null,
    token: token ?? null,
    authenticated: isAuthenticated ?? null,
    version: version ?? null,
    role: role ?? null,
    ...(error && { Error: { Code: error.code, Message: error.message || error.what } }),
  });
}
