/** `sfcompose upgrade-progress` for several deployments: an overview, read once, or followed until all have ended. */

import { type Gateway, graceMs } from '../../../cluster/gateway.ts';
import {
  explainAll,
  outcomeOf,
  ownEndings,
  stoppedByAnother,
  summaryOfAll,
} from '../../../monitor/many/result.ts';
import { after, ended, type Standing, summaryLineOf, unread } from '../../../monitor/many/status.ts';
import { followAll } from '../../../monitor/many/watch.ts';
import { judgeReading, readUpgrade } from '../../../monitor/read.ts';
import { createRelatedReads, type RelatedReads } from '../../../monitor/related-reads.ts';
import { documentAt, explainEnding } from '../../../monitor/result.ts';
import { type Lost, longestBackoff, retryWords } from '../../../monitor/retry.ts';
import { suggester } from '../../../monitor/suggest-names.ts';
import type { BuildAgent } from '../../../output/ci/agent.ts';
import { selectAgent } from '../../../output/ci/select-agent.ts';
import { createErrorDocument, indentJson } from '../../../output/json/document.ts';
import { renderOutcomeRecord, renderProgressRecord } from '../../../output/json/records.ts';
import { renderPlainLine } from '../../../output/plain-line.ts';
import { startSpinner } from '../../../output/spinner.ts';
import { createStyle } from '../../../output/style.ts';
import { selectLimit } from '../../../output/table/layout.ts';
import { createStatusRow, renderStatuses } from '../../../output/table/many.ts';
import { overallTeller } from '../../../output/watch/many/ci-reporter.ts';
import { overallReporterFor } from '../../../output/watch/many/select-reporter.ts';
import { ExpectedError, type Explanation } from '../../../platform/errors.ts';
import { formatCount } from '../../../platform/format.ts';
import type { Host } from '../../../platform/host.ts';
import { findWorstOutcome, getExitCode, type Outcome } from '../../../platform/outcome.ts';
import { literal } from '../../../platform/printable.ts';
import { allowManyListeners, forwardAbort } from '../../../platform/timeout.ts';
import { openGateway } from '../../open-gateway.ts';
import { isExplained, type Settings } from './options.ts';
import { loadEndings, outcomeOnceTaken, warnOfPrevious } from './watch-steps.ts';

/** What both ways of context need. */
interface ReadContext {
  readonly gateway: Gateway;
  /** Made anew for each deployment. */
  readonly createReads: () => RelatedReads;
  readonly agent: BuildAgent;
  readonly settings: Settings;
  readonly trace: (line: string) => void;
  readonly host: Host;
}

export async function progressOfSeveral(
  settings: Settings,
  trace: (line: string) => void,
  host: Host,
): Promise<Outcome> {
  const { format, watch } = settings;
  allowManyListeners(host.interrupt);
  const started = host.clock.monotonic();
  const gateway = openGateway(settings.connection, settings, trace, host);
  const wanted = settings.domains && isExplained(settings);
  const createReads = () => createRelatedReads(gateway, wanted, host.clock, trace);
  const agent = await selectAgent(settings.ci, settings.quiet, host);
  const shared = { ...settings, failing: new Set<string | undefined>() };
  const context = { gateway, createReads, agent, settings: shared, trace, host };
  try {
    const met = await (watch ? watchAll(context) : readAll(context));
    if (watch && host.stdout.closeSignal.aborted) return host.stdout.closeSignal.reason;
    const standings = await withSuggestions(met, createReads(), host);
    const outcome = outcomeOf(standings);
    const reason = summaryOfAll(standings);
    const own = ownVerdict(standings, settings);
    const ending = {
      outcome: own,
      exitCode: getExitCode(outcome),
      deployment: formatCount(standings.length, 'deployment'),
      targetVersion: '',
      reason,
      share: own === 'completed' ? 1 : undefined,
    };
    const document = format === 'json' ? `[${standings.map(documentOf).join(',')}]` : undefined;
    if (outcome !== 'completed') {
      const explanation = { ...explainAll(standings, watch, settings), ...(document && { document }) };
      await agent.end(ending, explanation);
      throw new ExpectedError(explanation);
    }
    if (document) host.stdout.write(literal`${indentJson(document)}\n`);
    if (format === 'ndjson') {
      const elapsed = host.clock.monotonic() - started;
      const whole = { outcome, reason, deployment: null, targetVersion: null, elapsed };
      const record = { ...whole, deployments: ownEndings(standings) };
      host.stdout.write(renderOutcomeRecord(record, new Date(host.clock.now())));
    }
    const taken = watch ? await outcomeOnceTaken(host) : outcome;
    if (taken === outcome) await agent.end(ending, undefined);
    return taken;
  } finally {
    gateway.close();
  }
}

/** Finds the verdict for build agents. For a plain read it is the worst state of the upgrades. */
function ownVerdict(standings: readonly Standing[], { watch, expected }: Settings): Outcome {
  if (watch) return outcomeOf(standings);
  return findWorstOutcome(
    standings.map(({ reading, outcome }) => (reading ? judgeReading(reading, expected) : outcome)),
  );
}

/** Deadline for context several deployments, in milliseconds, unless one read alone may take longer. */
const maxReadMs = 600_000;

async function readAll(context: ReadContext): Promise<readonly Standing[]> {
  const { settings, host } = context;
  const { deployments, format, quiet, color, retries, timeout } = settings;
  const longest = (retries + 1) * (timeout * 1000 + graceMs) + retries * longestBackoff.once;
  const deadline = new AbortController();
  allowManyListeners(deadline.signal);
  const callOff = host.clock.after(Math.max(maxReadMs, longest), () => deadline.abort());
  const undo = forwardAbort(host.interrupt, deadline);
  const text = literal`Reading the upgrades of ${deployments.length} deployments`;
  const spinner = quiet ? undefined : await startSpinner(text, color, host);
  let count = 0;
  const standings = await Promise.all(
    deployments.map(async (deployment) => {
      const standing = await readOne(deployment, context, deadline.signal);
      count++;
      spinner?.setText(literal`${text}, ${count} of them done`);
      return standing;
    }),
  ).finally(() => {
    spinner?.stop();
    callOff();
    undo();
  });
  const time = new Date(host.clock.now());
  if (format === 'table') showOverview(standings, settings, host);
  for (const standing of standings) {
    const { deployment, reading } = standing;
    if (format === 'plain') host.stdout.write(renderPlainLine(summaryLineOf(standing), time));
    if (format === 'ndjson' && reading) host.stdout.write(renderProgressRecord(deployment, reading, time));
  }
  return standings;
}

/** @param signal aborted with the interrupt, and at the deadline of all */
async function readOne(
  deployment: string,
  { gateway, createReads, settings, trace, host }: ReadContext,
  signal: AbortSignal,
): Promise<Standing> {
  const { expected, exitStatus, commandTarget } = settings;
  try {
    const retrying = (lost: Lost) => trace(`  ${deployment}: ${retryWords(lost)}`);
    const own = { ...host, interrupt: signal };
    const reading = await readUpgrade(gateway, createReads(), { ...settings, deployment }, own, retrying);
    const verdict = exitStatus ? judgeReading(reading, expected) : 'completed';
    const explanation = explainEnding(verdict, { ...reading, deployment, expected, commandTarget });
    return ended({ ...unread(deployment), reading }, explanation);
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    const isOutOfTime = signal.aborted && !host.interrupt.aborted;
    return ended(unread(deployment), isOutOfTime ? notReadInTime(deployment) : error.explanation);
  }
}

function notReadInTime(deployment: string): Explanation {
  return {
    outcome: 'unreachable',
    code: 'SFCOMPOSE_E_TIMEOUT',
    what: `${deployment}: not read, because the other reads took too long.`,
  };
}

async function watchAll(context: ReadContext): Promise<readonly Standing[]> {
  const { gateway, createReads, agent, settings, host } = context;
  await loadEndings();
  const all = new Map(settings.deployments.map((deployment) => [deployment, unread(deployment)]));
  const standings = () => [...all.values()];
  const finish = () => showOverview(standings(), settings, host);
  const reporter = await overallReporterFor(settings, standings, finish, host);
  const tellAgent = overallTeller(agent, standings, host.clock.now);
  try {
    for await (const { deployment, event } of followAll(gateway, createReads, settings, host)) {
      const standing = after(all.get(deployment) ?? unread(deployment), event);
      all.set(deployment, standing);
      reporter.tell(event, standing);
      tellAgent(event, standing);
      if (settings.failFast && event.type === 'over' && event.explanation) break;
    }
    for (const standing of standings()) {
      const { deployment, outcome } = standing;
      if (outcome === 'in-progress') all.set(deployment, ended(standing, stoppedByAnother(standing)));
    }
  } finally {
    reporter.close();
  }
  for (const { deployment, remark, outcome } of standings())
    if (remark && outcome === 'completed') warnOfPrevious(deployment, remark, agent, settings, host);
  return standings();
}

async function withSuggestions(
  standings: readonly Standing[],
  relatedReads: RelatedReads,
  host: Host,
): Promise<readonly Standing[]> {
  const suggest = suggester(relatedReads, host.interrupt);
  return Promise.all(
    standings.map(async (standing) => {
      const { deployment, reading, explanation } = standing;
      if (reading || !explanation) return standing;
      return { ...standing, explanation: await suggest(deployment, explanation) };
    }),
  );
}

function showOverview(standings: readonly Standing[], { color, full }: Settings, host: Host): void {
  const style = createStyle(color, host.stdout, host.env);
  host.stdout.write(renderStatuses(standings.map(createStatusRow), style, selectLimit(full), false));
}

/** The JSON text that stands for one of them. */
function documentOf({ reading, explanation }: Standing): string {
  const last = reading?.document;
  if (explanation === undefined) return last ?? 'null';
  return documentAt(explanation, last) ?? createErrorDocument(explanation);
}
