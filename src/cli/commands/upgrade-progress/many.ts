/** `sfcompose upgrade-progress` for several deployments: an overview, read once, or followed until all have ended. */

import { type Gateway, grace } from '../../../cluster/gateway.ts';
import {
  explainAll,
  outcomeOf,
  ownEndings,
  stoppedByAnother,
  summaryOfAll,
} from '../../../monitor/many/result.ts';
import { after, ended, type Standing, summaryLineOf, unread } from '../../../monitor/many/status.ts';
import { followAll } from '../../../monitor/many/watch.ts';
import { readOnce, verdictOn } from '../../../monitor/read.ts';
import { type Asides, asidesOf } from '../../../monitor/related-reads.ts';
import { documentAt, explainEnding } from '../../../monitor/result.ts';
import { type Lost, longestBackoff, retryWords } from '../../../monitor/retry.ts';
import { suggester } from '../../../monitor/suggest-names.ts';
import type { BuildAgent } from '../../../output/ci/agent.ts';
import { buildAgent } from '../../../output/ci/select-agent.ts';
import { indentJson, ownErrorText } from '../../../output/json/document.ts';
import { outcomeRecord, progressRecord } from '../../../output/json/records.ts';
import { plainLine } from '../../../output/plain-line.ts';
import { startSpinner } from '../../../output/spinner.ts';
import { styleOf } from '../../../output/style.ts';
import { limitFor } from '../../../output/table/layout.ts';
import { renderStandings, standingRow } from '../../../output/table/many.ts';
import { overallTeller } from '../../../output/watch/many/ci-reporter.ts';
import { overallReporterFor } from '../../../output/watch/many/select-reporter.ts';
import { ExpectedError, type Explanation } from '../../../platform/errors.ts';
import { counted } from '../../../platform/format.ts';
import type { Host } from '../../../platform/host.ts';
import { exitCodeOf, type Outcome, worstOf } from '../../../platform/outcome.ts';
import { shown } from '../../../platform/printable.ts';
import { abortWith, heardByMany } from '../../../platform/timeout.ts';
import { open } from '../../open-gateway.ts';
import { isExplained, type Settings } from './options.ts';
import { loadEndings, outcomeOnceTaken, warnOfPrevious } from './watch-steps.ts';

/** What both ways of reading need. */
interface Reading {
  readonly gateway: Gateway;
  /** Made anew for each deployment. */
  readonly asidesFor: () => Asides;
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
  heardByMany(host.interrupt);
  const started = host.clock.monotonic();
  const gateway = open(settings.connection, settings, trace, host);
  const wanted = settings.domains && isExplained(settings);
  const asidesFor = () => asidesOf(gateway, wanted, host.clock, trace);
  const agent = await buildAgent(settings.ci, settings.quiet, host);
  const shared = { ...settings, failing: new Set<string | undefined>() };
  const reading = { gateway, asidesFor, agent, settings: shared, trace, host };
  try {
    const met = await (watch ? watchAll(reading) : readAll(reading));
    if (watch && host.stdout.gone.aborted) return host.stdout.gone.reason;
    const standings = await withSuggestions(met, asidesFor(), host);
    const outcome = outcomeOf(standings);
    const reason = summaryOfAll(standings);
    const own = ownVerdict(standings, settings);
    const ending = {
      outcome: own,
      exitCode: exitCodeOf(outcome),
      deployment: counted(standings.length, 'deployment'),
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
    if (document) host.stdout.write(shown`${indentJson(document)}\n`);
    if (format === 'ndjson') {
      const elapsed = host.clock.monotonic() - started;
      const whole = { outcome, reason, deployment: null, targetVersion: null, elapsed };
      const record = { ...whole, deployments: ownEndings(standings) };
      host.stdout.write(outcomeRecord(record, new Date(host.clock.now())));
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
  return worstOf(standings.map(({ picture, outcome }) => (picture ? verdictOn(picture, expected) : outcome)));
}

/** Deadline for reading several deployments, in milliseconds, unless one read alone may take longer. */
const maxReadMs = 600_000;

async function readAll(reading: Reading): Promise<readonly Standing[]> {
  const { settings, host } = reading;
  const { deployments, format, quiet, color, retries, timeout } = settings;
  const longest = (retries + 1) * (timeout * 1000 + grace) + retries * longestBackoff.once;
  const deadline = new AbortController();
  heardByMany(deadline.signal);
  const callOff = host.clock.after(Math.max(maxReadMs, longest), () => deadline.abort());
  const undo = abortWith(host.interrupt, deadline);
  const text = shown`Reading the upgrades of ${deployments.length} deployments`;
  const spinner = quiet ? undefined : await startSpinner(text, color, host);
  let count = 0;
  const standings = await Promise.all(
    deployments.map(async (deployment) => {
      const standing = await readOne(deployment, reading, deadline.signal);
      count++;
      spinner?.say(shown`${text}, ${count} of them done`);
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
    const { deployment, picture } = standing;
    if (format === 'plain') host.stdout.write(plainLine(summaryLineOf(standing), time));
    if (format === 'ndjson' && picture) host.stdout.write(progressRecord(deployment, picture, time));
  }
  return standings;
}

/** @param signal aborted with the interrupt, and at the deadline of all */
async function readOne(
  deployment: string,
  { gateway, asidesFor, settings, trace, host }: Reading,
  signal: AbortSignal,
): Promise<Standing> {
  const { expected, exitStatus, reach } = settings;
  try {
    const retrying = (lost: Lost) => trace(`  ${deployment}: ${retryWords(lost)}`);
    const own = { ...host, interrupt: signal };
    const picture = await readOnce(gateway, asidesFor(), { ...settings, deployment }, own, retrying);
    const verdict = exitStatus ? verdictOn(picture, expected) : 'completed';
    const explanation = explainEnding(verdict, { ...picture, deployment, expected, reach });
    return ended({ ...unread(deployment), picture }, explanation);
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

async function watchAll(reading: Reading): Promise<readonly Standing[]> {
  const { gateway, asidesFor, agent, settings, host } = reading;
  await loadEndings();
  const all = new Map(settings.deployments.map((deployment) => [deployment, unread(deployment)]));
  const standings = () => [...all.values()];
  const finish = () => showOverview(standings(), settings, host);
  const reporter = await overallReporterFor(settings, standings, finish, host);
  const tellAgent = overallTeller(agent, standings, host.clock.now);
  try {
    for await (const { deployment, event } of followAll(gateway, asidesFor, settings, host)) {
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
  asides: Asides,
  host: Host,
): Promise<readonly Standing[]> {
  const suggest = suggester(asides, host.interrupt);
  return Promise.all(
    standings.map(async (standing) => {
      const { deployment, picture, explanation } = standing;
      if (picture || !explanation) return standing;
      return { ...standing, explanation: await suggest(deployment, explanation) };
    }),
  );
}

function showOverview(standings: readonly Standing[], { color, full }: Settings, host: Host): void {
  const style = styleOf(color, host.stdout, host.env);
  host.stdout.write(renderStandings(standings.map(standingRow), style, limitFor(full), false));
}

/** The JSON text that stands for one of them. */
function documentOf({ picture, explanation }: Standing): string {
  const last = picture?.document;
  if (explanation === undefined) return last ?? 'null';
  return documentAt(explanation, last) ?? ownErrorText(explanation);
}
