/** `sfcompose list`: shows all deployments and their upgrades in progress. */
import { type Connection, resolveConnection } from '../../config/connection.ts';
import type { ConnectionFlags } from '../../config/connection-flags.ts';
import { formatEndpoint } from '../../config/endpoint.ts';
import { resolve } from '../../config/setting.ts';
import { listMaxWaitSetting, retriesSetting } from '../../config/settings.ts';
import { explainSilence, explainStop } from '../../monitor/explain-failure.ts';
import { type ListedDeployment, readList } from '../../monitor/list.ts';
import { createRelatedReads } from '../../monitor/related-reads.ts';
import { describeRetry, type ReadFailure } from '../../monitor/retry.ts';
import {
  renderDeploymentLine,
  renderDeploymentsJson,
  renderDeploymentTable,
} from '../../output/deployment-list.ts';
import { renderDeploymentRecord } from '../../output/json/records.ts';
import { startSpinner } from '../../output/spinner.ts';
import { createStyle } from '../../output/style.ts';
import type { Explanation } from '../../platform/errors.ts';
import { formatCount, formatDuration } from '../../platform/format.ts';
import type { Host } from '../../platform/host.ts';
import { literal, printable } from '../../platform/printable.ts';
import type { CommandResult } from '../../platform/result.ts';
import { withTimeout } from '../../platform/timeout.ts';
import { openGateway } from '../open-gateway.ts';
import { type OutputFlags, type OutputSettings, resolveOutput } from '../output-options.ts';
import { createTrace } from '../trace.ts';

/** Options as typed, not checked yet. */
export interface ListFlags extends ConnectionFlags, OutputFlags {
  readonly retries?: string | undefined;
  readonly maxWait?: string | undefined;
}

/** Reads and prints the list. */
export async function list(flags: ListFlags, host: Host): Promise<CommandResult> {
  const { clock, env, interrupt } = host;
  const trace = createTrace(flags, host);
  const output = resolveOutput(flags, env);
  const retries = resolve(retriesSetting, flags.retries, env);
  const maxWait = resolve(listMaxWaitSetting, flags.maxWait, env);
  const connection = await resolveConnection(flags, host, trace);
  const gateway = openGateway(connection, output, trace, host);
  // JSON prints only the gateway's documents, which need no upgrade domains.
  const relatedReads = createRelatedReads(gateway, output.format !== 'json', clock, trace);
  const text = literal`Reading the deployments`;
  const spinner = output.quiet ? undefined : await startSpinner(text, output.color, host);
  let lastFailure: ReadFailure | undefined;
  let count = 0;
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
    onPage(total: number) {
      count = total;
      spinner?.setText(literal`${text} (${total} so far)`);
    },
  };

  const context = { deployment: undefined, connection, wasRead: false };
  const explainDeadline = () =>
    count > 0 ? explainIncompleteList(count, maxWait) : explainSilence(lastFailure, maxWait, context, clock);

  return withTimeout(clock, maxWait, interrupt, async (signal) => {
    try {
      const all = await readList({ gateway, relatedReads }, options, signal, host);
      spinner?.stop();
      printList(all, output, connection, host);
      return {
        outcome: 'completed',
        warnings: gateway.warnings,
        document: output.format === 'json' ? renderDeploymentsJson(all) : undefined,
        record: { reason: formatCount(all.length, 'deployment'), deployment: null, targetVersion: null },
      };
    } catch (error) {
      const isDeadlinePast = signal.aborted;
      const explanation = await explainStop(
        error,
        interrupt,
        isDeadlinePast,
        explainDeadline,
        context,
        clock,
      );
      return { outcome: explanation.outcome, explanation, warnings: gateway.warnings };
    } finally {
      spinner?.stop();
      gateway.close();
    }
  });
}

function explainIncompleteList(count: number, maxWaitMs: number): Explanation {
  return {
    outcome: 'timed-out',
    code: 'SFCOMPOSE_E_TIMED_OUT',
    what: `The list was incomplete after ${formatDuration(maxWaitMs)} (--max-wait): ${formatCount(count, 'deployment')} so far.`,
    next: [{ what: 'Allow more time with --max-wait.' }],
  };
}

function printList(
  all: readonly ListedDeployment[],
  { format, color, quiet }: OutputSettings,
  { endpoint, clusterName }: Connection,
  { stdout, stderr, clock, env }: Host,
): void {
  const time = new Date(clock.now());
  if (format === 'table' && all.length > 0)
    stdout.write(renderDeploymentTable(all, clusterName, createStyle(color, stdout, env)));
  for (const listed of all) {
    if (format === 'plain') stdout.write(renderDeploymentLine(listed, time));
    if (format === 'ndjson') stdout.write(renderDeploymentRecord(listed, time));
  }
  if (quiet) return;
  if (all.length === 0)
    stderr.write(
      literal`sfcompose: There are no compose deployments on ${printable(formatEndpoint(endpoint))}.\n`,
    );
  // Tables and lines already show problems.
  if (format === 'table' || format === 'plain') return;
  for (const { deployment, problem } of all) {
    if (problem === undefined) continue;
    const what = printable(`The upgrade of "${deployment.name}" could not be read: ${problem}`);
    stderr.write(literal`sfcompose: ${what}\n`);
  }
}
