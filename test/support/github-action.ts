/** Runs `action.yml` as the runner of GitHub Actions does. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { data } from '@actions/expressions';
import { JSONObjectReader } from '@actions/workflow-parser/templates/json-object-reader';
import { TemplateSchema } from '@actions/workflow-parser/templates/schema/index';
import {
  TemplateContext,
  TemplateValidationErrors,
} from '@actions/workflow-parser/templates/template-context';
import { readTemplate } from '@actions/workflow-parser/templates/template-reader';
import { NoOperationTraceWriter } from '@actions/workflow-parser/templates/trace-writer';
import { YamlObjectReader } from '@actions/workflow-parser/workflows/yaml-object-reader';
import { parse } from 'yaml';
import { evaluate, interpolate, readMasks, runScript, type Script } from './pipeline-step.ts';

interface CompositeAction {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value: string }>>;
  readonly runs: {
    readonly steps: readonly {
      readonly name: string;
      readonly id?: string;
      readonly if?: string;
      readonly shell: string;
      readonly env?: Readonly<Record<string, string>>;
      readonly run: string;
    }[];
  };
}

export function readAction(): CompositeAction {
  return parse(readFileSync('action.yml', 'utf8'));
}

/** Checks `action.yml` against GitHub's own schema. @returns what is wrong */
export function validateAction(): readonly string[] {
  // The package has a function for this, which Node cannot load: it imports the schema as a bundler does.
  const schemaFile = 'node_modules/@actions/workflow-parser/dist/action-v1.0.min.json';
  const schema = TemplateSchema.load(new JSONObjectReader(undefined, readFileSync(schemaFile, 'utf8')));
  const context = new TemplateContext(new TemplateValidationErrors(), schema, new NoOperationTraceWriter());
  const file = context.getFileId('action.yml');
  const reader = new YamlObjectReader(file, readFileSync('action.yml', 'utf8'));
  readTemplate(context, 'action-root-strict', reader, file);
  return [...reader.errors, ...context.errors.getErrors()].map(({ message }) => message);
}

export interface ActionOptions {
  /** The folder of the job, with the workspace and the temporary folder. */
  readonly folder: string;
  /** Variables of the job. */
  readonly env?: Readonly<Record<string, string>>;
  readonly onOutput?: Script['onOutput'];
}

export interface ActionResult {
  readonly isSuccess: boolean;
  /** The exit codes of the steps that ran, by name. */
  readonly exitCodes: Readonly<Record<string, number>>;
  readonly outputs: Readonly<Record<string, string>>;
  /** The log without commands that hide secrets. */
  readonly log: string;
  /** Secrets that the runner hides in the log of later steps. */
  readonly masks: readonly string[];
}

/**
 * Runs the steps of the action. A step without a condition runs while none has failed.
 * https://docs.github.com/actions/reference/workflows-and-actions/metadata-syntax
 */
export async function runAction(
  given: Readonly<Record<string, string>>,
  { folder, env = {}, onOutput }: ActionOptions,
): Promise<ActionResult> {
  const action = readAction();
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(action.inputs, name));
  if (unknown.length > 0) throw new Error(`action.yml has no input ${unknown}`);
  // The runner does not enforce `required`.
  const inputs = Object.fromEntries(
    Object.entries(action.inputs).map(([name, input]) => [name, given[name] ?? input.default ?? '']),
  );
  const workspace = join(folder, 'workspace');
  mkdirSync(workspace, { recursive: true });
  const steps: Record<string, { outputs: Readonly<Record<string, string>> }> = {};
  const exitCodes: Record<string, number> = {};
  let isSuccess = true;
  let log = '';
  for (const step of action.runs.steps) {
    const contexts = { inputs, steps, env };
    const functions = {
      always: () => new data.BooleanData(true),
      success: () => new data.BooleanData(isSuccess),
    };
    if (evaluate(step.if ?? 'success()', contexts, functions).coerceString() !== 'true') continue;
    if (step.shell !== 'bash') throw new Error(`there is no shell ${step.shell} on all systems`);
    const temporaryFolder = join(folder, 'temp');
    mkdirSync(temporaryFolder, { recursive: true });
    const outputFile = join(mkdtempSync(join(folder, 'commands-')), 'output');
    writeFileSync(outputFile, '');
    const { exitCode, log: text } = await runScript({
      text: interpolate(step.run, contexts),
      bashOptions: ['--noprofile', '--norc', '-eo', 'pipefail'],
      env: {
        CI: 'true',
        GITHUB_ACTIONS: 'true',
        GITHUB_ACTION_PATH: process.cwd(),
        GITHUB_OUTPUT: outputFile,
        GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
        RUNNER_TEMP: temporaryFolder,
        ...env,
        ...Object.fromEntries(
          Object.entries(step.env ?? {}).map(([name, value]) => [name, interpolate(value, contexts)]),
        ),
      },
      workspace,
      temporaryFolder,
      onOutput,
    });
    exitCodes[step.name] = exitCode;
    if (exitCode !== 0) isSuccess = false;
    if (step.id) steps[step.id] = { outputs: parseOutputs(readFileSync(outputFile, 'utf8')) };
    log += text;
  }
  const outputs = Object.entries(action.outputs).map(([name, { value }]) => [
    name,
    interpolate(value, { inputs, steps }),
  ]);
  return {
    isSuccess,
    exitCodes,
    outputs: Object.fromEntries(outputs),
    ...readMasks(log, /^::add-mask::(.*)$/),
  };
}

/** Parses the file of a step's outputs, which sfcompose writes as `name=value`. */
function parseOutputs(text: string): Readonly<Record<string, string>> {
  const lines = text.split('\n').filter((line) => line !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, value] = /^([\w-]+)=(.*)$/.exec(line) ?? [];
      if (name === undefined || value === undefined) throw new Error(`"${line}" is no output`);
      return [name, value];
    }),
  );
}
