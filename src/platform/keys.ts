/** Says what the keys of a raw terminal do while a live view is shown. Pure. */

/** The signal that a key stands for, or `quit`. */
export type KeyAction = 'quit' | 'SIGINT' | 'SIGQUIT' | 'SIGTSTP';

const actions: Readonly<Record<string, KeyAction>> = {
  q: 'quit',
  Q: 'quit',
  '\x03': 'SIGINT',
  '\x1a': 'SIGTSTP',
  '\x1c': 'SIGQUIT',
};

/** Keys that send several characters, such as arrows (`ESC [ A`, `ESC O A`) and letters with Alt (`ESC q`). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: such keys begin with an escape character
const escapeSequence = /\x1b+(?:\[[0-?]*[ -/]*[@-~]|O.|[ -~])/g;

/**
 * Lists what was typed: `q` quits, and Ctrl-C, Ctrl-\ and Ctrl-Z do what the terminal would do. All other keys, Enter
 * included, do nothing.
 * @param typed characters as they came, of one or several keys
 */
export function listKeyActions(typed: string): readonly KeyAction[] {
  return [...typed.replace(escapeSequence, '')].flatMap((key) => actions[key] ?? []);
}
