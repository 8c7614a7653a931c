/** Runs `azure/sfcompose.yml` as Azure Pipelines does. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { data } from '@actions/expressions';
import { parse } from 'yaml';
import type { ActionOptions } from './github-action.ts';
import { evaluate, interpolate, readMasks, runScript } from './pipeline-step.ts';

interface Template {
  readonly parameters: readonly { readonly name: string; readonly type: string; readonly default?: string }[];
  readonly steps: readonly unknown[];
}

/** A step whose template expressions are expanded. */
interface Step {
  readonly task?: string;
  readonly name?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly bash?: string;
  readonly displayName: string;
  readonly condition?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export function readTemplate(): Template {
  return parse(readFileSync('azure/sfcompose.yml', 'utf8'));
}

export interface TemplateOptions extends ActionOptions {
  /** Variables of the pipeline, which replace macros such as `$(token)`. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Paths of secure files by name. */
  readonly secureFiles?: Readonly<Record<string, string>>;
}

/**
 * Expands the template, and runs its steps. A step without a condition runs while none has failed.
 * https://learn.microsoft.com/azure/devops/pipelines/process/templates
 */
export async function runTemplate(
  given: Readonly<Record<string, string>>,
  { folder, env = {}, variables = {}, secureFiles = {}, onOutput }: TemplateOptions,
): Promise<{
  readonly exitCodes: Readonly<Record<string, number>>;
  readonly log: string;
  readonly masks: readonly string[];
}> {
  const all = { ...variables };
  // Unknown variables stay as they are.
  const replaceMacros = (text: string) =>
    text.replace(/\$\(([\w.]+)\)/g, (macro, name) => all[name] ?? macro);
  const workspace = join(folder, 'workspace');
  mkdirSync(workspace, { recursive: true });
  const exitCodes: Record<string, number> = {};
  let isSuccess = true;
  let log = '';
  for (const step of expandTemplate(given)) {
    if (!isSuccess && step.condition !== 'always()') continue;
    if (step.task === 'DownloadSecureFile@1') {
      const path = secureFiles[step.inputs?.['secureFile'] ?? ''];
      if (path === undefined) throw new Error('there is no such secure file');
      all[`${step.name}.secureFilePath`] = path;
      continue;
    }
    if (step.bash === undefined) throw new Error(`${step.displayName} is no script`);
    const temporaryFolder = join(folder, 'temp');
    mkdirSync(temporaryFolder, { recursive: true });
    const { exitCode, log: text } = await runScript({
      text: replaceMacros(step.bash),
      bashOptions: ['--noprofile', '--norc'],
      env: {
        TF_BUILD: 'True',
        AGENT_TEMPDIRECTORY: temporaryFolder,
        ...env,
        ...Object.fromEntries(
          Object.entries(step.env ?? {})
            .map(([name, value]) => [name, replaceMacros(value)] as const)
            // Tasks take these for their inputs and secrets, and remove them.
            .filter(([name]) => !/^(?:INPUT|SECRET|ENDPOINT|SECUREFILE)_/.test(name)),
        ),
      },
      workspace,
      temporaryFolder,
      onOutput,
    });
    exitCodes[step.displayName] = exitCode;
    if (exitCode !== 0) isSuccess = false;
    log += text;
  }
  return { exitCodes, ...readMasks(log, /^##vso\[task\.setsecret\](.*)$/) };
}

/** Expands the expressions of the template. @throws for parameters that are unknown, or missing without a default */
export function expandTemplate(given: Readonly<Record<string, string>>): readonly Step[] {
  const { parameters, steps } = readTemplate();
  const unknown = Object.keys(given).filter((name) => !parameters.some((one) => one.name === name));
  if (unknown.length > 0) throw new Error(`the template has no parameter ${unknown}`);
  const values = parameters.map(({ name, default: value }) => {
    const used = given[name] ?? value;
    if (used === undefined) throw new Error(`the parameter ${name} has no value`);
    return [name, used];
  });
  return expand(steps, { parameters: Object.fromEntries(values) }) as readonly Step[];
}

/** Expands `${{ if … }}` in lists and mappings, and other expressions in texts. */
function expand(node: unknown, contexts: Readonly<Record<string, unknown>>): unknown {
  if (typeof node === 'string') return interpolate(node, contexts);
  if (Array.isArray(node))
    return node.flatMap((item) => {
      const [[key, value] = []] = Object.entries(item);
      const isUsed = evaluateIf(key, contexts);
      return isUsed === undefined
        ? [expand(item, contexts)]
        : isUsed
          ? (expand(value, contexts) as unknown[])
          : [];
    });
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).flatMap(([key, value]) => {
      const isUsed = evaluateIf(key, contexts);
      if (isUsed === undefined) return [[key, expand(value, contexts)]];
      return isUsed ? Object.entries(expand(value, contexts) as object) : [];
    }),
  );
}

/** @returns `undefined` for a key that is no condition */
function evaluateIf(
  key: string | undefined,
  contexts: Readonly<Record<string, unknown>>,
): boolean | undefined {
  const [, condition] = /^\$\{\{ if (.*) \}\}$/.exec(key ?? '') ?? [];
  if (condition === undefined) return undefined;
  const ne = (one?: data.ExpressionData, other?: data.ExpressionData) =>
    new data.BooleanData(one?.coerceString() !== other?.coerceString());
  return evaluate(condition, contexts, { ne }).coerceString() === 'true';
}
