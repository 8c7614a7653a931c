/** `sfcompose upgrade-progress <deployment>`: one read of the latest upgrade, shown. */
import { ExpectedError, interruptedError, usageError } from '../errors.ts';
import type { Outcome } from '../exit-code.ts';
import { type Asked, explain } from '../explanations.ts';
import { type Fault, patienceWith } from '../fault.ts';
import { connect, type Gateway, GatewayError, grace, type Progress } from '../gateway.ts';
import type { Host } from '../host.ts';
import { indentJson } from '../render/json.ts';
import { outcomeRecord, progressRecord } from '../render/ndjson.ts';
import { renderPlain } from '../render/plain.ts';
import { styleOf } from '../render/style.ts';
import { renderTable } from '../render/table.ts';
import { backoff } from '../retry.ts';
import {
  type ColorChoice,
  colorSetting,
  type Endpoint,
  endpointSetting,
  type Format,
  outputSetting,
  resolve,
  retriesSetting,
  timeoutSetting,
} from '../settings.ts';
import { type Spinner, startSpinner } from '../spinner.ts';
import { printable, typed } from '../text.ts';
import { type DeploymentStatus, isNeverUpgraded, verdictOf } from '../upgrade.ts';
import { reasonWords, stateWords } from '../words.ts';

/** As they were typed; nothing is checked yet. */
export interface Flags {
  readonly endpoint?: string;
  readonly timeout?: string;
  readonly output?: string;
  readonly json?: boolean;
  readonly exitStatus?: boolean;
  readonly retries?: string;
  readonly full?: boolean;
  readonly color?: string | boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

interface Settings {
  readonly deployment: string;
  readonly endpoint: Endpoint;
  readonly timeout: number;
  readonly format: Format;
  readonly retries: number;
  readonly color: ColorChoice;
  readonly exitStatus: boolean;
  readonly full: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

export async function upgradeProgress(deployment: string, flags: Flags, host: Host): Promise<Outcome> {
  const settings = settingsOf(deployment, flags, host.env);
  const started = host.clock.monotonic();
  const trace = (line: string) => {
    if (settings.verbose) host.stderr.write(`${printable(line)}\n`);
  };
  const gateway = connect({ ...settings, clock: host.clock, trace });
  try {
    const spinner = settings.quiet
      ? undefined
      : await startSpinner(`Reading the upgrade of ${printable(deployment)}`, settings.color, host);
    const progress = await readPatiently(gateway, settings, host, trace, spinner).finally(() =>
      spinner?.stop(),
    );
    const status = isNeverUpgraded(progress.upgrade)
      ? await statusOf(gateway, deployment, host, trace)
      : undefined;
    return show(progress, status, settings, host, host.clock.monotonic() - started);
  } finally {
    gateway.close();
  }
}

function settingsOf(deployment: string, flags: Flags, env: Host['env']): Settings {
  if (deployment === '')
    throw usageError('<deployment> is empty, but it takes the name of a compose deployment.');
  if (/\p{Cs}/u.test(deployment))
    throw usageError('<deployment> is no valid text: it has half of a character.');
  if (flags.json && flags.output !== undefined && flags.output !== 'json') {
    throw usageError(
      `--json and --output "${printable(flags.output)}" contradict each other; give one of them.`,
    );
  }
  const color = typeof flags.color === 'string' ? flags.color : undefined;
  return {
    deployment,
    endpoint: resolve(endpointSetting, flags.endpoint, env),
    timeout: resolve(timeoutSetting, flags.timeout, env),
    format: resolve(outputSetting, flags.json ? 'json' : flags.output, env),
    retries: resolve(retriesSetting, flags.retries, env),
    color: flags.color === false ? 'never' : resolve(colorSetting, color, env),
    exitStatus: flags.exitStatus ?? false,
    full: flags.full ?? false,
    quiet: flags.quiet ?? false,
    verbose: flags.verbose ?? false,
  };
}

/** The longest pause between two tries, in milliseconds. */
const longestBackoff = 10_000;

async function readPatiently(
  gateway: Gateway,
  settings: Settings,
  host: Host,
  trace: (line: string) => void,
  spinner: Spinner | undefined,
): Promise<Progress> {
  const { deployment, endpoint, timeout, retries } = settings;
  for (let failures = 1; ; failures++) {
    try {
      return await gateway.readUpgradeProgress(deployment, host.interrupt);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      if (failures > triesAgain(error.fault, retries)) {
        const asked: Asked = {
          deployment,
          endpoint: endpoint.origin + endpoint.basePath,
          timeout,
          grace,
          tries: failures,
        };
        throw new ExpectedError(explain(error.fault, error.request, asked));
      }
      const pause = backoff(error.fault, failures, {
        cap: longestBackoff,
        patience: timeout * 1000,
        random: host.random(),
        now: host.clock.now(),
      });
      const again = `try ${failures + 1} of ${triesAgain(error.fault, retries) + 1} in ${(pause / 1000).toFixed(1)} s`;
      const why = error.fault.kind === 'answer' ? `HTTP ${error.fault.status}` : error.fault.kind;
      trace(`  ${why}; ${again}`);
      spinner?.say(`Reading the upgrade of ${printable(deployment)}: ${why}, ${again}`);
      await host.clock.sleep(pause, host.interrupt);
      if (host.interrupt.aborted) throw interruptedError(host.interrupt.reason);
    }
  }
}

function triesAgain(fault: Fault, retries: number): number {
  return { final: 0, once: Math.min(1, retries), retries }[patienceWith(fault)];
}

/** Tells "never upgraded" from "its creation failed". Without an answer both stay possible, and are said. */
async function statusOf(
  gateway: Gateway,
  deployment: string,
  host: Host,
  trace: (line: string) => void,
): Promise<DeploymentStatus | undefined> {
  try {
    return await gateway.readStatus(deployment, host.interrupt);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    trace(`  the status of the deployment could not be read: ${error.fault.kind}`);
    return undefined;
  }
}

function show(
  { upgrade, document }: Progress,
  status: DeploymentStatus | undefined,
  settings: Settings,
  host: Host,
  elapsed: number,
): Outcome {
  const outcome = settings.exitStatus ? verdictOf(upgrade, status) : 'completed';
  const time = new Date(host.clock.now());
  const reason = `${upgrade.deployment || settings.deployment}: ${stateWords(upgrade, status)}`;
  switch (settings.format) {
    case 'table':
      host.stdout.write(
        renderTable(upgrade, status, styleOf(settings.color, host.stdout, host.env), settings.full),
      );
      break;
    case 'plain':
      host.stdout.write(renderPlain(upgrade, status, time));
      break;
    case 'json':
      host.stdout.write(`${indentJson(document)}\n`);
      break;
    case 'ndjson':
      host.stdout.write(progressRecord(document, time));
      host.stdout.write(
        outcomeRecord(
          {
            outcome,
            reason,
            deployment: upgrade.deployment || settings.deployment,
            targetVersion: upgrade.targetVersion || null,
            elapsedSeconds: Math.round(elapsed / 1000),
          },
          time,
        ),
      );
  }
  if (outcome !== 'completed') {
    const lines = [reason, reasonWords(upgrade), ...nextAfter(outcome, settings.deployment)].filter(Boolean);
    host.stderr.write(`${lines.map((line) => `sfcompose: ${printable(line)}`).join('\n')}\n`);
  }
  return outcome;
}

function nextAfter(outcome: Outcome, deployment: string): readonly string[] {
  return outcome === 'failed' ? [`see why: sfctl compose status --deployment-name ${typed(deployment)}`] : [];
}
