/** Recognizes variables that a pipeline or a shell did not replace. Pure. */

/** Azure Pipelines, GitHub Actions and shells with braces. */
const forms: readonly (readonly [RegExp, (text: string, name: string) => string])[] = [
  [
    /\$\(([A-Za-z_][\w.-]*)\)/,
    (text, name) => `Azure Pipelines leaves ${text} as it is if the variable ${name} is not defined.`,
  ],
  [/\$\{\{[^}]*\}\}/, (text) => `${text} is an expression that GitHub Actions has not replaced.`],
  [/\$\{[A-Za-z_]\w*\}/, describeShellVariable],
];

/** Forms without braces, which may also be a part of a name: only at the beginning, as of a path or a host. */
const bareForm = /(?<=^|:\/\/)(?:\$(?:env:)?[A-Za-z_]\w*|%[A-Za-z_]\w*%)(?=[\\/:]|$)/;

/** Longest text of a variable that is repeated, in characters. */
const maxVariableLength = 200;

/**
 * Explains a value that is the text of a variable in braces, and nothing else.
 * @returns a sentence; `undefined` for any other value, which may be a secret
 */
export function explainVariable(value: string): string | undefined {
  const found = findVariable(value.trim());
  return found?.text === value.trim() ? found.sentence : undefined;
}

/** Explains a value that begins with a variable or contains one in braces. @returns a sentence, or `undefined` */
export function explainVariableIn(value: string): string | undefined {
  const [bare] = bareForm.exec(value) ?? [];
  return findVariable(value)?.sentence ?? (bare && describeShellVariable(bare));
}

function findVariable(value: string): { readonly text: string; readonly sentence: string } | undefined {
  for (const [pattern, describe] of forms) {
    const [text, name = ''] = pattern.exec(value) ?? [];
    if (text !== undefined && text.length <= maxVariableLength)
      return { text, sentence: describe(text, name) };
  }
  return undefined;
}

function describeShellVariable(text: string): string {
  return `${text} is a variable that no shell has replaced.`;
}
