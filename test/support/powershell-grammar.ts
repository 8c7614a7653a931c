/** Parses PowerShell with the grammar of VS Code, which runs as WebAssembly. */
import { createRequire } from 'node:module';
import type { Node, Tree } from '@vscode/tree-sitter-wasm';

const require = createRequire(import.meta.url);

/** Loads the grammar. @returns a function that parses a script */
export async function loadPowerShellGrammar(): Promise<(script: string) => Tree> {
  const { Language, Parser }: typeof import('@vscode/tree-sitter-wasm') = require('@vscode/tree-sitter-wasm');
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(
    await Language.load(require.resolve('@vscode/tree-sitter-wasm/wasm/tree-sitter-powershell.wasm')),
  );
  return (script) => {
    const tree = parser.parse(script);
    if (tree === null) throw new Error('the parser was stopped');
    return tree;
  };
}

/** Lists the values of the arguments of a single command, all of which must be string literals without expansions. */
export function listStringArguments({ rootNode }: Tree): readonly string[] {
  if (rootNode.hasError) throw new Error(`not PowerShell: ${rootNode.text}`);
  const commands = rootNode.descendantsOfType('command');
  const [elements] = rootNode.descendantsOfType('command_elements');
  if (commands.length !== 1 || !elements) throw new Error(`not a single command: ${rootNode.text}`);
  return elements.namedChildren.flatMap((node) =>
    node === null || node.type === 'command_argument_sep' ? [] : [readString(node)],
  );
}

function readString(argument: Node): string {
  const [literal, ...others] = argument.descendantsOfType([
    'verbatim_string_characters',
    'expandable_string_literal',
  ]);
  if (!literal || others.length > 0 || literal.text !== argument.text || literal.namedChildCount > 0)
    throw new Error(`not a string: ${argument.text}`);
  const text = literal.text.slice(1, -1);
  return literal.type === 'verbatim_string_characters' ? text.replaceAll("''", "'") : text;
}
