/** `sfcompose upgrade-progress <deployment...>`: the latest upgrade, shown once, or followed to its end. */
import { type Asides, asidesOf } from '../asides.ts';
import { documentAt, explainEnding, told } from '../endings.ts';
import { ExpectedError } from '../errors.ts';
import { type Outcome, wordOf } from '../exit-code.ts';
import { nextWhenMissing } from '../explanations/missing.ts';
import { findingsOf } from '../findings/findings.ts';
import { follow } from '../follow.ts';
import type { Gateway } from '../gateway.ts';
import type { Host } from '../host.ts';
import type { Picture } from '../picture.ts';
import { readOnce } from '../read-once.ts';
import { indentedJson } from '../render/json.ts';
import { outcomeRecord, progressRecord } from '../render/ndjson.ts';
import { plainLine } from '../render/plain.ts';
import { styleOf } from '../render/style.ts';
import { renderTable } from '../render/table.ts';
import { reporterFor } from '../reporters/choice.ts';
import { agentTeller, type BuildAgent, buildAgent } from '../reporters/ci.ts';
import { retryWords } from '../reporters/notices.ts';
import { startSpinner } from '../spinner.ts';
import { summaryOf } from '../summary.ts';
import { printable, shown } from '../text.ts';
import type { Verdict } from '../upgrade.ts';
import { verdictOf } from '../verdict.ts';
import { stateWords } from '../words.ts';
import { open, tracer } from './open.ts';
import { type Flags, isExplained, type Settings, settingsOf } from './options.ts';

/** Those of one deployment. */
interface OwnSettings extends Settings {
  readonly deployment: string;
  readonly place: 0;
}

export async function upgradeProgress(names: readonly string[], flags: Flags, host: Host): Promise<Outcome> {
  const trace = tracer(flags, host);
  const settings = await settingsOf(names, flags, host, trace);
  const [deployment = '', ...others] = settings.deployments;
  if (others.length === 0) return ownProgress({ ...settings, deployment, place: 0 }, trace, host);
  const { progressOfSeveral } = await import('./progress-of-several.ts');
  return progressOfSeveral(settings, trace, host);
}

async function ownProgress(
  settings: OwnSettings,
  trace: (line: string) => void,
  host: Host,
): Promise<Outcome> {
  const started = host.clock.monotonic();
  const gateway = open(settings.connection, settings, trace, host);
  const asides = asidesOf(gateway, settings.domains && isExplained(settings), host.clock, trace);
  const agent = await buildAgent(settings.ci, settings.quiet, host);
  let last: Picture | undefined;
  const seen = (picture: Picture) => {
    last = picture;
  };
  try {
    await (settings.watch
      ? watch(gateway, asides, settings, agent, host, seen)
      : look(gateway, asides, settings, trace, host, seen));
    // Whoever has read enough asks for no verdict.
    if (host.stdout.gone.aborted) return 'completed';
    const { ending, reason } = endingOf('completed', settings, last);
    const elapsedSeconds = Math.round((host.clock.monotonic() - started) / 1000);
    if (settings.format === 'ndjson') {
      const record = { ...ending, targetVersion: ending.targetVersion || null, reason, elapsedSeconds };
      host.stdout.write(outcomeRecord(record, new Date(host.clock.now())));
    }
    await agent.end({ ...ending, reason }, undefined);
    return 'completed';
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    const known = last ? error : await suggesting(error, asides, settings, host);
    const explanation = inContext(known, settings, last);
    const { ending, reason } = endingOf(explanation.outcome, settings, last);
    await agent.end({ ...ending, reason }, explanation);
    throw new ExpectedError(explanation);
  } finally {
    gateway.close();
  }
}

/** @throws ExpectedError for every ending but that the upgrade rolled forward */
async function watch(
  gateway: Gateway,
  asides: Asides,
  settings: OwnSettings,
  agent: BuildAgent,
  host: Host,
  seen: (picture: Picture) => void,
): Promise<void> {
  const finish = (last: Picture | undefined) => {
    if (last) showTable(last, settings, false, host);
  };
  const reporter = await reporterFor(settings, finish, host);
  const tellAgent = agentTeller(agent, host.clock.now);
  try {
    for await (const event of follow(gateway, asides, settings, host)) {
      if (event.type === 'picture') seen(event.picture);
      reporter.tell(event);
      tellAgent(event);
      if (event.type !== 'ended') continue;
      if (event.verdict !== 'completed') throw endedBadly(event.verdict, event.picture, settings);
      if (settings.format === 'json') showJson(event.picture, host);
    }
  } finally {
    reporter.close();
  }
}

/** @throws ExpectedError with `--exit-status`, for everything but an upgrade that rolled forward */
async function look(
  gateway: Gateway,
  asides: Asides,
  settings: OwnSettings,
  trace: (line: string) => void,
  host: Host,
  seen: (picture: Picture) => void,
): Promise<void> {
  const picture = await readBehindSpinner(gateway, asides, settings, trace, host);
  seen(picture);
  const { situation, status } = picture;
  const verdict: Verdict =
    situation && settings.exitStatus ? verdictOf(situation.upgrade, status, settings.expected) : 'completed';
  const time = new Date(host.clock.now());
  if (settings.format === 'table') showTable(picture, settings, verdict === 'completed', host);
  if (settings.format === 'plain' && situation) host.stdout.write(plainLine(summaryOf(situation), time));
  if (settings.format === 'ndjson') host.stdout.write(progressRecord(settings.deployment, picture, time));
  if (verdict !== 'completed') throw endedBadly(verdict, picture, settings);
  if (settings.format === 'json') showJson(picture, host);
}

async function readBehindSpinner(
  gateway: Gateway,
  asides: Asides,
  settings: OwnSettings,
  trace: (line: string) => void,
  host: Host,
): Promise<Picture> {
  const { deployment } = settings;
  const text = shown`Reading the upgrade of ${printable(deployment)}`;
  const spinner = settings.quiet ? undefined : await startSpinner(text, settings.color, host);
  try {
    return await readOnce(gateway, asides, settings, host, (lost) => {
      const again = retryWords(lost);
      trace(`  ${again}`);
      spinner?.say(shown`${text}: ${printable(again)}`);
    });
  } finally {
    spinner?.stop();
  }
}

/** @param next whether to show what can be done, which else is said below the table */
function showTable({ situation }: Picture, { color, full }: Settings, next: boolean, host: Host): void {
  if (situation === undefined) return;
  const style = styleOf(color, host.stdout, host.env);
  host.stdout.write(renderTable(situation, style, { full, next }));
}

function showJson({ document }: Picture, host: Host): void {
  if (document === undefined) return;
  for (const piece of indentedJson(document)) host.stdout.write(piece);
  host.stdout.write(shown`\n`);
}

function endedBadly(
  verdict: Exclude<Verdict, 'completed'>,
  { situation, status }: Picture,
  { deployment, expected }: OwnSettings,
): ExpectedError {
  return new ExpectedError(explainEnding({ verdict, deployment, situation, status, expected }));
}

/** Where there is no such deployment, those that there are tell what may have been meant. */
async function suggesting(
  error: ExpectedError,
  asides: Asides,
  { deployment }: OwnSettings,
  host: Host,
): Promise<ExpectedError> {
  if (error.explanation.code !== 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND') return error;
  // Whatever comes of it, the error is there.
  const names = await asides.names(host.interrupt).catch(() => undefined);
  return names
    ? new ExpectedError({ ...error.explanation, next: nextWhenMissing(deployment, names) })
    : error;
}

/** What an error cannot know by itself: what was read before it, and how to watch on. */
function inContext({ explanation }: ExpectedError, settings: OwnSettings, last: Picture | undefined) {
  const { deployment, watch, resume } = settings;
  const situation = last?.situation;
  const version = situation?.upgrade.targetVersion;
  const document = documentAt(explanation, last?.document);
  const goesOn = ['timed-out', 'interrupted'].includes(wordOf(explanation.outcome));
  // Who interrupts it knows why.
  const isOutOfTime = explanation.outcome === 'timed-out' && situation !== undefined;
  const reasons = told(isOutOfTime ? findingsOf(situation) : []);
  return {
    deployment,
    ...(version ? { targetVersion: version } : {}),
    ...explanation,
    ...(goesOn ? { what: `${explanation.what} The upgrade itself goes on.` } : {}),
    ...(document ? { document } : {}),
    ...(watch && goesOn
      ? { evidence: reasons.evidence, next: [`Watch on: ${resume([deployment])}`, ...reasons.next] }
      : {}),
  };
}

function endingOf(outcome: Outcome, { deployment }: OwnSettings, last: Picture | undefined) {
  const situation = last?.situation;
  const ending = { outcome, deployment, targetVersion: situation?.upgrade.targetVersion ?? '' };
  return { ending, reason: situation ? `${deployment}: ${stateWords(situation)}` : deployment };
}
