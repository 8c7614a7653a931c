/**
 * Quotes arguments for the shells that may read them. Text from the cluster is hostile: whichever shell a printed command
 * is pasted into, an argument must not run anything. Pure.
 */

/** Shells with quoting of their own. `posix` includes bash, zsh and fish. */
export type Shell = 'posix' | 'powershell' | 'cmd';

/** The shells that may read a command: one, unless that is uncertain. */
export type Shells = readonly Shell[];

/** All shells, for commands whose reader is not known. */
export const anyShell: Shells = ['posix', 'powershell', 'cmd'];

/**
 * Quotes text so that all of the given shells pass exactly this text to the program. Any other shell at worst passes
 * different text.
 * @returns `undefined` if no quotes do so
 */
export function quote(text: string, shells: Shells): string | undefined {
  if (isNeverSafe(text)) return undefined;
  // POSIX shells in double quotes, and fish in any quotes, read two backslashes as one.
  if (shells.includes('posix') && text.includes('\\\\')) return undefined;
  return quoteDouble(text) ?? quoteSingle(text, shells);
}

/**
 * - A program would take `-` for an option, and az replaces `@path` by the content of the file.
 * - A final backslash escapes the closing quote for C runtimes and fish.
 * - No quotes keep cmd from expanding variables, whose values may end the quotes. PowerShell runs az, sfctl and scripts of
 *   npm through cmd, and does not escape double quotes in their arguments before PowerShell 7.3.
 */
function isNeverSafe(text: string): boolean {
  return text === '' || /^[-@]|\\$|["%\p{C}]/u.test(text);
}

/** Characters that end or join commands in cmd outside double quotes. */
const cmdOperators = /[&|<>^]/;

/** Quotes text that all shells read alike in double quotes. PowerShell takes curly quotes for straight ones. */
function quoteDouble(text: string): string | undefined {
  // PowerShell passes text without blanks to cmd without quotes: PowerShell/PowerShell#15143.
  const isBare = cmdOperators.test(text) && !text.includes(' ');
  return isBare || /[\u201c-\u201e`$!]/.test(text) ? undefined : `"${text}"`;
}

/**
 * Quotes text with characters that double quotes do not protect. For cmd single quotes are a part of the argument: it
 * must not read the rest as an operator or an option.
 */
function quoteSingle(text: string, shells: Shells): string | undefined {
  if (shells.includes('cmd') || cmdOperators.test(text) || /[\s']-|\\'/.test(text)) return undefined;
  if (!/['\u2018-\u201b]/.test(text)) return `'${text}'`;
  if (shells.length > 1) return undefined;
  if (shells[0] === 'powershell') return `'${text.replace(/['\u2018-\u201b]/g, '$&$&')}'`;
  // After '\'' PowerShell would read commands; strings that touch are arguments: PowerShell/PowerShell#15888.
  return /[\u2018-\u201b]/.test(text) ? undefined : `'${text.replaceAll("'", `'"'"'`)}'`;
}
