/** Ends a command without a watch: says that the request was accepted, and what to do next. */
import type { WriteKind } from '../../../cluster/write-refusal.ts';
import { renderSteps } from '../../../output/next-steps.ts';
import { renderPlainLine } from '../../../output/plain-line.ts';
import { createStyle } from '../../../output/style.ts';
import type { NextStep } from '../../../platform/next-step.ts';
import { joinLines, literal, printable } from '../../../platform/printable.ts';
import type { CommandResult } from '../../../platform/result.ts';
import type { Acting } from './context.ts';
import type { AcceptedRequest } from './request.ts';
import { createActingResult } from './result.ts';

/** A request that was accepted, or was not needed. */
export interface AcceptedReport {
  readonly kind: WriteKind;
  /** `undefined` if nothing had to be sent. */
  readonly accepted: AcceptedRequest | undefined;
  /** A sentence without its full stop. */
  readonly what: string;
  readonly fromVersion: string | undefined;
  readonly toVersion: string | undefined;
  readonly domain?: string | undefined;
  readonly fileSha256?: string;
  readonly next: readonly NextStep[];
}

/** Prints the report, and builds the result. */
export function printAccepted(acting: Acting, report: AcceptedReport): CommandResult {
  const { settings, host } = acting;
  const { what, next, toVersion } = report;
  const { stdout, stderr, env, clock } = host;
  const style = createStyle(settings.color, stdout, env);
  const steps = renderSteps(next, style.width - 2, style).map((line) => literal`  ${line}`);
  if (settings.format === 'table') {
    const headline = literal`${style.good(style.glyphs.done)} ${printable(what)}.`;
    stdout.write(literal`${joinLines([headline, literal``, ...steps])}\n`);
  }
  if (settings.format === 'plain') {
    stdout.write(renderPlainLine(what, new Date(clock.now())));
    if (!settings.quiet) stderr.write(literal`${joinLines(steps)}\n`);
  }
  return createActingResult(acting, {
    outcome: 'completed',
    reason: what,
    targetVersion: toVersion,
    document: `{"Request":${buildRequestDocument(acting, report)}}`,
  });
}

function buildRequestDocument(
  { deployment, endpoint }: Acting,
  { kind, accepted, fromVersion, toVersion, domain, fileSha256 }: AcceptedReport,
): string {
  return JSON.stringify({
    Kind: kind,
    Deployment: deployment,
    Result: accepted ? 'accepted' : 'not-needed',
    FromVersion: fromVersion ?? null,
    ToVersion: toVersion ?? null,
    ...(domain !== undefined && { UpgradeDomain: domain }),
    Settled: accepted?.settledBy ?? null,
    RequestId: accepted?.requestId ?? null,
    ...(fileSha256 !== undefined && { FileSha256: fileSha256 }),
    SentUtc: accepted?.sentAt.toISOString() ?? null,
    Endpoint: endpoint,
  });
}
