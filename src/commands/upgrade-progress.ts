/** `sfcompose upgrade-progress <deployment>`: the latest upgrade, shown once, or followed to its end. */
import { explainEnding } from '../endings.ts';
import { ExpectedError } from '../errors.ts';
import type { Outcome } from '../exit-code.ts';
import { GatewayError } from '../fault.ts';
import { follow, type Picture } from '../follow.ts';
import type { Gateway } from '../gateway.ts';
import type { Host } from '../host.ts';
import { longestBackoff, readPatiently } from '../patient-read.ts';
import { indentJson } from '../render/json.ts';
import { limitFor } from '../render/layout.ts';
import { outcomeRecord, progressRecord } from '../render/ndjson.ts';
import { plainLine } from '../render/plain.ts';
import { styleOf } from '../render/style.ts';
import { renderTable } from '../render/table.ts';
import { reporterFor } from '../reporters/choice.ts';
import { type BuildAgent, buildAgent } from '../reporters/ci.ts';
import { faultWords } from '../reporters/notices.ts';
import type { ColorChoice } from '../settings.ts';
import { startSpinner } from '../spinner.ts';
import { printable } from '../text.ts';
import { isNeverUpgraded, type Verdict } from '../upgrade.ts';
import { verdictOf } from '../verdict.ts';
import { situationWords, stateWords } from '../words.ts';
import { open, tracer } from './open.ts';
import { type Flags, type Settings, settingsOf } from './options.ts';

export async function upgradeProgress(deployment: string, flags: Flags, host: Host): Promise<Outcome> {
  const trace = tracer(flags, host);
  const settings = await settingsOf(deployment, flags, host, trace);
  const started = host.clock.monotonic();
  const gateway = open(settings.connection, settings, trace, host);
  const agent = await buildAgent(settings.ci, settings.quiet, host);
  let last: Picture | undefined;
  const seen = (picture: Picture) => {
    last = picture;
  };
  try {
    await (settings.watch
      ? watch(gateway, settings, agent, host, seen)
      : readOnce(gateway, settings, trace, host, seen));
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
    const explanation = inContext(error, settings, last);
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
  settings: Settings,
  agent: BuildAgent,
  host: Host,
  seen: (picture: Picture) => void,
): Promise<void> {
  const finish = (last: Picture | undefined) => {
    if (last) showTable(last, settings.color, settings.full, host);
  };
  const reporter = await reporterFor(settings, finish, host);
  try {
    for await (const event of follow(gateway, settings, host)) {
      if (event.type === 'picture') seen(event.picture);
      reporter.tell(event);
      agent.tell(event);
      if (event.type !== 'ended') continue;
      if (event.verdict !== 'completed') throw endedBadly(event.verdict, event.picture, settings);
      if (settings.format === 'json') showJson(event.picture, host);
    }
  } finally {
    reporter.close();
  }
}

/** @throws ExpectedError with `--exit-status`, for everything but an upgrade that rolled forward */
async function readOnce(
  gateway: Gateway,
  settings: Settings,
  trace: (line: string) => void,
  host: Host,
  seen: (picture: Picture) => void,
): Promise<void> {
  const picture = await readBehindSpinner(gateway, settings, trace, host);
  seen(picture);
  const { progress, status } = picture;
  const verdict: Verdict =
    progress && settings.exitStatus ? verdictOf(progress.upgrade, status, settings.expected) : 'completed';
  const time = new Date(host.clock.now());
  if (settings.format === 'table') showTable(picture, settings.color, settings.full, host);
  if (settings.format === 'plain' && progress)
    host.stdout.write(plainLine(situationWords(progress.upgrade, status), time));
  if (settings.format === 'ndjson' && progress) host.stdout.write(progressRecord(progress.document, time));
  if (verdict !== 'completed') throw endedBadly(verdict, picture, settings);
  if (settings.format === 'json') showJson(picture, host);
}

async function readBehindSpinner(
  gateway: Gateway,
  settings: Settings,
  trace: (line: string) => void,
  host: Host,
): Promise<Picture> {
  const { deployment } = settings;
  const text = `Reading the upgrade of ${printable(deployment)}`;
  const spinner = settings.quiet ? undefined : await startSpinner(text, settings.color, host);
  try {
    const tries = readPatiently(() => gateway.readUpgradeProgress(deployment, host.interrupt), {
      ...settings,
      cap: longestBackoff.once,
      host,
    });
    for (;;) {
      const { done, value } = await tries.next();
      if (done) {
        const status = isNeverUpgraded(value.upgrade)
          ? await statusOf(gateway, deployment, host, trace)
          : undefined;
        return { progress: value, status };
      }
      const { failures, most, pause } = value;
      const again = `${faultWords(value)}; try ${failures + 1} of ${most} in ${(pause / 1000).toFixed(1)} s`;
      trace(`  ${again}`);
      spinner?.say(`${text}: ${printable(again)}`);
      await host.clock.sleep(pause, host.interrupt);
    }
  } finally {
    spinner?.stop();
  }
}

/** Tells "never upgraded" from "its creation failed". Without an answer both stay possible, and are said. */
async function statusOf(gateway: Gateway, deployment: string, host: Host, trace: (line: string) => void) {
  try {
    return await gateway.readStatus(deployment, host.interrupt);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    trace(`  the status of the deployment could not be read: ${error.fault.kind}`);
    return undefined;
  }
}

function showTable({ progress, status }: Picture, color: ColorChoice, full: boolean, host: Host): void {
  if (progress === undefined) return;
  const style = styleOf(color, host.stdout, host.env);
  host.stdout.write(renderTable(progress.upgrade, status, style, limitFor(full)));
}

function showJson({ progress }: Picture, host: Host): void {
  if (progress) host.stdout.write(`${indentJson(progress.document)}\n`);
}

function endedBadly(
  verdict: Exclude<Verdict, 'completed'>,
  { progress, status }: Picture,
  { deployment, expected }: Settings,
): ExpectedError {
  const upgrade = progress?.upgrade;
  return new ExpectedError(explainEnding({ verdict, deployment, upgrade, status, expected }));
}

/** What an error cannot know by itself: what was read before it, and how to watch on. */
function inContext({ explanation }: ExpectedError, settings: Settings, last: Picture | undefined) {
  const { deployment, watch, resume } = settings;
  const version = last?.progress?.upgrade.targetVersion;
  // After a deletion or lost contact what was read before says nothing of how it stands.
  const isLost = ['not-found', 'unreachable', 'unauthorized'].includes(explanation.outcome);
  const document =
    explanation.document ?? (isLost && explanation.request ? undefined : last?.progress?.document);
  const goesOn = ['timed-out', 'interrupted', 'terminated'].includes(explanation.outcome);
  return {
    deployment,
    ...(version ? { targetVersion: version } : {}),
    ...explanation,
    ...(goesOn ? { what: `${explanation.what} The upgrade itself goes on.` } : {}),
    ...(document ? { document } : {}),
    ...(watch && goesOn ? { next: [`Watch on: ${resume}`] } : {}),
  };
}

function endingOf(outcome: Outcome, { deployment }: Settings, last: Picture | undefined) {
  const upgrade = last?.progress?.upgrade;
  const ending = { outcome, deployment, targetVersion: upgrade?.targetVersion ?? '' };
  return { ending, reason: upgrade ? `${deployment}: ${stateWords(upgrade, last?.status)}` : deployment };
}
