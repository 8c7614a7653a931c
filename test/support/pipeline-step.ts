/** Runs the steps of a pipeline as build agents do: expressions, scripts in files, outputs, and secrets in the log. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { createEnvironment } from './program.ts';

type ExpressionFunction = (...args: readonly data.ExpressionData[]) => data.ExpressionData;

/** Evaluates an expression, without its braces, with GitHub's own parser. */
export function evaluate(
  expression: string,
  contexts: Readonly<Record<string, unknown>>,
  functions: Readonly<Record<string, ExpressionFunction>> = {},
): data.ExpressionData {
  const definitions = Object.entries(functions).map(([name, call]) => ({
    name,
    minArgs: 0,
    maxArgs: 2,
    call,
  }));
  const tree = new Parser(new Lexer(expression).lex().tokens, Object.keys(contexts), definitions).parse();
  const values: data.Dictionary = JSON.parse(JSON.stringify(contexts), data.reviver);
  return new Evaluator(tree, values, new Map(definitions.map((one) => [one.name, one]))).evaluate();
}

/** Replaces the expressions of a text. */
export function interpolate(text: string, contexts: Readonly<Record<string, unknown>>): string {
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_, expression: string) =>
    evaluate(expression.trim(), contexts).coerceString(),
  );
}

/** A script of a pipeline. */
export interface Script {
  readonly text: string;
  readonly env: Readonly<Record<string, string>>;
  /** Options of bash, before the file of the script. */
  readonly bashOptions: readonly string[];
  /** The folder in which it runs. */
  readonly workspace: string;
  /** The temporary folder of the agent. */
  readonly temporaryFolder: string;
  /** Called with everything that is written so far, and a function that sends a signal to the first process of the step. */
  readonly onOutput?: ((log: string, kill: (signal: NodeJS.Signals) => void) => void) | undefined;
}

/** Runs a script with bash. @returns the exit code, 128 and more after a signal, and stdout and stderr as one log */
export async function runScript(script: Script): Promise<{ exitCode: number; log: string }> {
  const file = join(script.temporaryFolder, 'script.sh');
  writeFileSync(file, script.text);
  const path = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  const child = spawn('bash', [...script.bashOptions, file], {
    cwd: script.workspace,
    env: createEnvironment({ PATH: path, npm_config_update_notifier: 'false', ...script.env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      log += chunk;
      script.onOutput?.(log, (signal) => child.kill(signal));
    });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.on('close', (...end) => resolve(end)),
  );
  return { exitCode: code ?? (signal === 'SIGKILL' ? 137 : 128), log };
}

/** Takes the commands out of a log that make an agent hide a secret. */
export function readMasks(
  log: string,
  command: RegExp,
): { readonly log: string; readonly masks: readonly string[] } {
  const lines = log.split('\n');
  return {
    log: lines.filter((line) => !command.test(line)).join('\n'),
    masks: lines.flatMap((line) => command.exec(line)?.[1] ?? []),
  };
}
