/**
 * `sfcompose upgrade-progress` for one deployment. Only what every way of showing it needs is loaded with it: most calls
 * want one document, and at once.
 */

import type { Gateway } from '../../../cluster/gateway.ts';
import { judgeReading, readUpgrade, type UpgradeReading } from '../../../monitor/read.ts';
import { createRelatedReads, type RelatedReads } from '../../../monitor/related-reads.ts';
import { retryWords } from '../../../monitor/retry.ts';
import { noAgent, selectAgent } from '../../../output/ci/select-agent.ts';
import { indentJsonPieces } from '../../../output/json/document.ts';
import { startSpinner } from '../../../output/spinner.ts';
import { ExpectedError } from '../../../platform/errors.ts';
import type { Host } from '../../../platform/host.ts';
import type { Outcome } from '../../../platform/outcome.ts';
import { literal, printable } from '../../../platform/printable.ts';
import { openGateway } from '../../open-gateway.ts';
import { isExplained, type OwnSettings } from './options.ts';

export async function progressOfOne(
  settings: OwnSettings,
  trace: (line: string) => void,
  host: Host,
): Promise<Outcome> {
  const started = host.clock.monotonic();
  const gateway = openGateway(settings.connection, settings, trace, host);
  const relatedReads = createRelatedReads(
    gateway,
    settings.domains && isExplained(settings),
    host.clock,
    trace,
  );
  const agent = await selectAgent(settings.ci, settings.quiet, host);
  let last: UpgradeReading | undefined;
  let remark: string | undefined;
  const seen = (reading: UpgradeReading) => {
    last = reading;
  };
  try {
    const watching = settings.watch ? await import('./watch-single.ts') : undefined;
    if (watching) remark = await watching.watch(gateway, relatedReads, settings, agent, host, seen);
    else await look(gateway, relatedReads, settings, trace, host, seen);
    if (settings.format === 'json') showDocument(last, host);
    const outcome: Outcome = 'completed';
    const isTold = settings.format === 'ndjson' || agent !== noAgent;
    const ending = isTold && (await import('./result.ts')).endingOf(outcome, settings, last, remark);
    if (ending && settings.format === 'ndjson') {
      const { renderOutcomeRecord } = await import('../../../output/json/records.ts');
      const { deployment, targetVersion, reason } = ending;
      const elapsed = host.clock.monotonic() - started;
      const record = { outcome, deployment, targetVersion: targetVersion || null, reason, elapsed };
      host.stdout.write(renderOutcomeRecord(record, new Date(host.clock.now())));
    }
    const taken = watching ? await watching.outcomeOnceTaken(host) : outcome;
    if (ending && taken === outcome) await agent.end(ending, undefined);
    return taken;
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    const { endingOf, inContext } = await import('./result.ts');
    const { suggester } = await import('../../../monitor/suggest-names.ts');
    const suggest = suggester(relatedReads, host.interrupt);
    const known = last ? error.explanation : await suggest(settings.deployment, error.explanation);
    const explanation = inContext(known, settings, last);
    await agent.end(endingOf(explanation.outcome, settings, last), explanation);
    throw new ExpectedError(explanation);
  } finally {
    gateway.close();
  }
}

/** @throws ExpectedError with `--exit-status`, for everything but an upgrade that rolled forward */
async function look(
  gateway: Gateway,
  relatedReads: RelatedReads,
  settings: OwnSettings,
  trace: (line: string) => void,
  host: Host,
  seen: (reading: UpgradeReading) => void,
): Promise<void> {
  const reading = await readBehindSpinner(gateway, relatedReads, settings, trace, host);
  seen(reading);
  // A read is judged where that is asked for; else it is enough that it was answered.
  const verdict = settings.exitStatus ? judgeReading(reading, settings.expected) : 'completed';
  if (settings.format !== 'json') {
    const { printReading } = await import('./print.ts');
    printReading(reading, settings, verdict === 'completed', host);
  }
  if (verdict === 'completed') return;
  const { explainEnding } = await import('../../../monitor/result.ts');
  const explanation = explainEnding(verdict, { ...reading, ...settings });
  if (explanation) throw new ExpectedError(explanation);
}

async function readBehindSpinner(
  gateway: Gateway,
  relatedReads: RelatedReads,
  settings: OwnSettings,
  trace: (line: string) => void,
  host: Host,
): Promise<UpgradeReading> {
  const { deployment } = settings;
  const text = literal`Reading the upgrade of ${printable(deployment)}`;
  const spinner = settings.quiet ? undefined : await startSpinner(text, settings.color, host);
  try {
    return await readUpgrade(gateway, relatedReads, settings, host, (lost) => {
      const again = retryWords(lost);
      trace(`  ${again}`);
      spinner?.setText(literal`${text}: ${printable(again)}`);
    });
  } finally {
    spinner?.stop();
  }
}

/** The gateway's own. */
function showDocument(reading: UpgradeReading | undefined, host: Host): void {
  if (reading?.document === undefined) return;
  for (const piece of indentJsonPieces(reading.document)) host.stdout.write(piece);
  host.stdout.write(literal`\n`);
}
