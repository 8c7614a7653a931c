/** From the command line to an exit code. The only place where an error becomes a message. */
import { Argument, Command, CommanderError, Option } from 'commander';
import {
  domainsSetting,
  nameSetting,
  nodesSetting,
  portSetting,
  scenarioSetting,
  scenarioTable,
  simulate,
  speedSetting,
} from './commands/simulate.ts';
import { ExpectedError, type Explanation, usageError } from './errors.ts';
import { exitCodeOf, type Outcome, outcomes } from './exit-code.ts';
import type { Host } from './host.ts';
import { renderErrorLines, renderErrorTable } from './render/error.ts';
import { errorJson } from './render/json.ts';
import { outcomeRecord } from './render/ndjson.ts';
import { styleOf } from './render/style.ts';
import {
  ciSetting,
  colorSetting,
  endpointSetting,
  expectVersionSetting,
  type Format,
  formats,
  heartbeatSetting,
  intervalSetting,
  maxWaitSetting,
  outputSetting,
  retriesSetting,
  type Setting,
  stallAfterSetting,
  timeoutSetting,
  watchRetries,
} from './settings.ts';
import { printable } from './text.ts';
import { version } from './version.ts';

/**
 * Runs one command line.
 * @param argv what comes after the program's name
 * @returns the exit code; whatever happens, nothing is thrown
 */
export async function main(argv: readonly string[], host: Host): Promise<number> {
  let outcome: Outcome = 'completed';
  const program = programFor(host, (ended) => {
    outcome = ended;
  });
  const started = host.clock.monotonic();
  try {
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    outcome = report(error, argv, host, host.clock.monotonic() - started);
  }
  return exitCodeOf(outcome);
}

function programFor(host: Host, end: (outcome: Outcome) => void): Command {
  const program = new Command('sfcompose')
    .description('Tells how the upgrade of a Service Fabric compose deployment is going.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      // Errors are thrown, and reported in one place.
      writeErr: () => {},
      getOutHelpWidth: () => host.stdout.columns || 80,
    })
    .addHelpText(
      'after',
      `\nExamples:\n  sfcompose demo\n  sfcompose upgrade-progress web --watch\n  sfcompose upgrade-progress web -o json | jq .UpgradeState\n\n${exitCodeTable()}`,
    );

  program
    .command('upgrade-progress')
    .description('shows the latest upgrade of a compose deployment, or follows it to its end')
    .argument('<deployment>', 'its name, as on the cluster')
    .addOption(option('-e, --endpoint <url>', "the cluster's HTTP gateway", endpointSetting))
    .addOption(option('-t, --timeout <seconds>', "the server's time for one request", timeoutSetting))
    .addOption(option('-o, --output <format>', formatList(), outputSetting))
    .option('--json', 'the same as -o json')
    .option('-w, --watch', 'follow the upgrade until it ends')
    .addOption(option('--interval <duration>', 'time between polls', intervalSetting))
    .addOption(option('--max-wait <duration>', 'give up watching after this long', maxWaitSetting))
    .addOption(
      option('--heartbeat <duration>', 'off a terminal, repeat the line after this long', heartbeatSetting),
    )
    .addOption(
      option('--stall-after <duration>', 'warn when nothing changed for this long', stallAfterSetting),
    )
    .addOption(
      option(
        '--expect-version <version>',
        'succeed only if the upgrade is the one to it',
        expectVersionSetting,
      ),
    )
    .option('--fail-fast', 'stop watching as soon as a rollback begins')
    .option('--exit-status', 'without --watch: let the exit code say the state of the upgrade')
    .addOption(
      new Option(
        '--retries <n>',
        `failed reads in a row that are tolerated (default: ${retriesSetting.fallback}, watching: ${watchRetries})`,
      ),
    )
    .option('--full', 'do not cut long tables')
    .addOption(option('--color <when>', 'auto, always or never', colorSetting))
    .option('--no-color', 'the same as --color never')
    .addOption(option('--ci <agent>', 'annotations for auto, none, github or azure', ciSetting))
    .addOption(new Option('-q, --quiet', 'nothing on stderr but errors').conflicts('verbose'))
    .option('-v, --verbose', 'each request and retry on stderr')
    .addHelpText(
      'after',
      `\nExamples:\n  sfcompose upgrade-progress web -e https://cluster.example:19080\n  sfcompose upgrade-progress web --watch --max-wait 1h\n  sfcompose upgrade-progress web -o json | jq .UpgradeState\n\n${exitCodeTable()}`,
    )
    .action(async (deployment: string, flags) => {
      const { upgradeProgress } = await import('./commands/upgrade-progress.ts');
      end(await upgradeProgress(deployment, flags, host));
    });

  program
    .command('simulate')
    .description('serves a simulated cluster on this machine until it is interrupted')
    .addArgument(argument('[scenario]', 'what the cluster is up to', scenarioSetting))
    .addOption(option('--port <n>', 'where it listens on 127.0.0.1; 0 for any that is free', portSetting))
    .addOption(option('--speed <factor>', 'simulated seconds in a real one', speedSetting))
    .addOption(option('--name <deployment>', "the deployment's name", nameSetting))
    .addOption(option('--domains <n>', 'upgrade domains', domainsSetting))
    .addOption(option('--nodes <n>', 'nodes in the whole cluster', nodesSetting))
    .option('--tls', 'serve https, with a certificate made for the occasion')
    .addHelpText(
      'after',
      `\n${scenarioTable()}\n\nExamples:\n  sfcompose simulate\n  sfcompose simulate rollback --speed 60\n  sfcompose simulate manual --port 0 --domains 5 --nodes 20\n\n${exitCodeTable()}`,
    )
    .action(async (scenario: string | undefined, flags) => {
      end(await simulate(scenario, flags, host));
    });

  program
    .command('demo')
    .description('shows the upgrade of a simulated cluster as it goes, in about twenty seconds')
    .addArgument(argument('[scenario]', 'what the cluster is up to', scenarioSetting))
    .addHelpText(
      'after',
      `\n${scenarioTable()}\n\nExamples:\n  sfcompose demo\n  sfcompose demo rollback\n\n${exitCodeTable()}`,
    )
    .action(async (scenario: string | undefined) => {
      const { demo } = await import('./commands/demo.ts');
      end(await demo(scenario, host));
    });

  return program;
}

function option(flags: string, description: string, setting: Setting<unknown>): Option {
  const variable = setting.variable ? `env: ${setting.variable}, ` : '';
  return new Option(flags, `${description} (${variable}default: ${setting.fallback})`);
}

function argument(name: string, description: string, setting: Setting<unknown>): Argument {
  return new Argument(name, `${description} (default: ${setting.fallback})`);
}

function formatList(): string {
  return Object.entries(formats)
    .map(([name, purpose]) => `${name}: ${purpose}`)
    .join('; ');
}

function exitCodeTable(): string {
  const lines = Object.values(outcomes).map(
    ({ exitCode, when }) => `${String(exitCode).padStart(5)}  ${when}`,
  );
  return ['Exit codes:', ...lines].join('\n');
}

/** Says what went wrong, on the streams that the format asks for. */
function report(error: unknown, argv: readonly string[], host: Host, elapsed: number): Outcome {
  const explanation = explanationOf(error);
  const format = formatAskedFor(argv, host.env);
  if (format === 'json') host.stdout.write(`${errorJson(explanation)}\n`);
  if (format === 'ndjson') {
    const ending = {
      outcome: explanation.outcome,
      reason: explanation.what,
      deployment: explanation.deployment ?? null,
      targetVersion: explanation.targetVersion ?? null,
      elapsedSeconds: Math.round(elapsed / 1000),
    };
    host.stdout.write(outcomeRecord(ending, new Date(host.clock.now())));
  }
  const style = styleOf(colorAskedFor(argv), host.stderr, host.env);
  const isTable = format === 'table' && explanation.request !== undefined;
  host.stderr.write(isTable ? renderErrorTable(explanation, style) : renderErrorLines(explanation, style));
  if (explanation.outcome === 'internal') host.stderr.write(`${stackOf(error)}\n`);
  return explanation.outcome;
}

function explanationOf(error: unknown): Explanation {
  if (error instanceof ExpectedError) return error.explanation;
  if (error instanceof CommanderError) {
    return usageError(printable(error.message.replace(/^error: /, '').replace(/\n/g, ' '))).explanation;
  }
  return {
    outcome: 'internal',
    code: 'SFCOMPOSE_E_INTERNAL',
    what: 'This is a bug in sfcompose; please report it with the lines below.',
  };
}

function stackOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return stack.split('\n').map(printable).join('\n');
}

/**
 * The format, read from a command line that may be wrong elsewhere: whoever asked for JSON gets JSON of that too.
 */
function formatAskedFor(argv: readonly string[], env: Host['env']): Format {
  let asked: string | undefined = env['SFCOMPOSE_OUTPUT'];
  for (const [index, word] of argv.entries()) {
    if (word === '--') break;
    if (word === '--json') asked = 'json';
    else if (word === '-o' || word === '--output') asked = argv[index + 1];
    else asked = /^(?:--output=|-[qv]*o)(.+)$/.exec(word)?.[1] ?? asked;
  }
  return outputSetting.parse(asked ?? '') ?? 'table';
}

function colorAskedFor(argv: readonly string[]) {
  if (argv.includes('--no-color')) return 'never';
  const at = argv.indexOf('--color');
  const asked = at === -1 ? argv.find((word) => word.startsWith('--color='))?.slice(8) : argv[at + 1];
  return colorSetting.parse(asked ?? '') ?? 'auto';
}
