/** `sfcompose history`: shows past upgrades of a deployment. */
import { resolveConnection } from '../../config/connection.ts';
import type { ConnectionFlags } from '../../config/connection-flags.ts';
import { resolve } from '../../config/setting.ts';
import { listMaxWaitSetting, retriesSetting } from '../../config/settings.ts';
import { resolveSpan } from '../../config/span.ts';
import { explainSilence, explainStop } from '../../monitor/explain-failure.ts';
import { type History, readHistory } from '../../monitor/history.ts';
import { createRelatedReads } from '../../monitor/related-reads.ts';
import { describeRetry, type ReadFailure } from '../../monitor/retry.ts';
import {
  type HistorySubject,
  renderHistoryJson,
  renderPastUpgradeRecord,
} from '../../output/history/document.ts';
import { renderPastUpgradeLine } from '../../output/history/line.ts';
import { renderHistoryTable } from '../../output/history/table.ts';
import type { HistoryReport } from '../../output/report/history-report.ts';
import { startSpinner } from '../../output/spinner.ts';
import { createStyle } from '../../output/style.ts';
import { formatCount, formatTime } from '../../platform/format.ts';
import type { Host } from '../../platform/host.ts';
import { literal, printable } from '../../platform/printable.ts';
import type { CommandResult, Warning } from '../../platform/result.ts';
import { withTimeout } from '../../platform/timeout.ts';
import { openGateway } from '../open-gateway.ts';
import { type OutputFlags, type OutputSettings, resolveOutput } from '../output-options.ts';
import { createTrace } from '../trace.ts';
import { refuseNames } from './upgrade-progress/options.ts';

/** Options as typed, not checked yet. */
export interface HistoryFlags extends ConnectionFlags, OutputFlags {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly full?: boolean | undefined;
  readonly report?: string | undefined;
  readonly retries?: string | undefined;
  readonly maxWait?: string | undefined;
}

/** Reads and prints the past upgrades. */
export async function history(deployment: string, flags: HistoryFlags, host: Host): Promise<CommandResult> {
  const { clock, env, interrupt } = host;
  const trace = createTrace(flags, host);
  refuseNames([deployment], host.shells);
  const output = resolveOutput(flags, env);
  const span = resolveSpan(flags, env, clock.now());
  const retries = resolve(retriesSetting, flags.retries, env);
  const maxWait = resolve(listMaxWaitSetting, flags.maxWait, env);
  const writeReport = await prepareReport(flags.report, host);
  const connection = await resolveConnection(flags, host, trace);
  const gateway = openGateway(connection, output, trace, host);
  const source = { gateway, relatedReads: createRelatedReads(gateway, true, clock, trace) };
  const text = literal`Reading the past of ${printable(deployment)}`;
  const spinner = output.quiet ? undefined : await startSpinner(text, output.color, host);
  let lastFailure: ReadFailure | undefined;
  const options = {
    connection,
    retries,
    timeoutSeconds: connection.timeoutSeconds,
    onRetry(failure: ReadFailure) {
      lastFailure = failure;
      const retry = describeRetry(failure);
      trace(`  ${retry}`);
      spinner?.setText(literal`${text}: ${printable(retry)}`);
    },
  };

  const context = { deployment, connection, wasRead: false };
  const { cluster, clusterName } = connection;
  const subject = { deployment, cluster, clusterName, span };
  return withTimeout(clock, maxWait, interrupt, async (signal) => {
    try {
      const past = await readHistory(source, deployment, span, options, signal, host);
      spinner?.stop();
      printHistory(subject, past, { ...output, full: flags.full ?? false }, host);
      return {
        outcome: 'completed',
        warnings: [
          ...gateway.warnings,
          ...warnOfRemoval(past),
          ...(await writeReport({ ...subject, upgrades: past.upgrades })),
        ],
        document: output.format === 'json' ? renderHistoryJson(subject, past.upgrades) : undefined,
        record: { reason: formatCount(past.upgrades.length, 'upgrade'), deployment, targetVersion: null },
      };
    } catch (error) {
      const explanation = await explainStop(
        error,
        interrupt,
        signal.aborted,
        () => explainSilence(lastFailure, maxWait, context, clock),
        context,
        clock,
      );
      const warnings = [
        ...gateway.warnings,
        ...(await writeReport({ ...subject, upgrades: [], explanation })),
      ];
      return { outcome: explanation.outcome, explanation, warnings };
    } finally {
      spinner?.stop();
      gateway.close();
    }
  });
}

type ReportWriter = (report: HistoryReport) => Promise<readonly Warning[]>;

/**
 * Checks the path of the report.
 * @returns a function that writes the report, or does nothing without a path
 * @throws a usage error
 */
async function prepareReport(path: string | undefined, host: Host): Promise<ReportWriter> {
  if (path === undefined) return async () => [];
  const { checkReportPath, writeHistoryReport } = await import('../../output/report/write-report.ts');
  const checked = await checkReportPath(path, host);
  return async (report) => {
    const warning = await writeHistoryReport(checked, report, host);
    return warning ? [warning] : [];
  };
}

function printHistory(
  subject: HistorySubject,
  past: History,
  { format, color, quiet, full }: OutputSettings & { readonly full: boolean },
  { stdout, stderr, clock, env }: Host,
): void {
  const { upgrades } = past;
  const time = new Date(clock.now());
  if (format === 'table' && upgrades.length > 0)
    stdout.write(renderHistoryTable(subject, upgrades, createStyle(color, stdout, env), { full }));
  for (const upgrade of upgrades.toReversed()) {
    if (format === 'plain') stdout.write(renderPastUpgradeLine(subject.deployment, upgrade));
    if (format === 'ndjson') stdout.write(renderPastUpgradeRecord(subject, upgrade, time));
  }
  if (upgrades.length === 0 && !quiet)
    stderr.write(literal`sfcompose: ${printable(explainEmptyHistory(past))}\n`);
}

/** Explains that there is nothing to show: no upgrades, or none whose events are known. */
function explainEmptyHistory({ deployment, span }: History): string {
  const { from, to, isUpToNow } = span;
  const time = isUpToNow ? `since ${formatTime(from)}` : `between ${formatTime(from)} and ${formatTime(to)}`;
  return `No upgrades of "${deployment}" ${time}. Events arrive minutes late, and the event store keeps them for some weeks.`;
}

function warnOfRemoval({ deployment, exists }: History): readonly Warning[] {
  const what = `The compose deployment "${deployment}" does not exist any more. These are its past upgrades.`;
  return exists ? [] : [{ what, next: [], isOnScreen: false }];
}
