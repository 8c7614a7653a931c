/**
 * Models of how PowerShell and cmd parse the arguments of a command, for what printed commands consist of. They throw where
 * a shell would do more than pass arguments.
 */

/** Finds the first match at the position; `undefined` if there is none. */
function matchAt(pattern: RegExp, line: string, at: number): string | undefined {
  const sticky = new RegExp(pattern.source, 'yu');
  sticky.lastIndex = at;
  return sticky.exec(line)?.[0];
}

/**
 * Parses arguments as PowerShell does in argument mode (about_Parsing, about_Quoting_Rules): curly quotes count as straight
 * ones, a doubled quote stands for one, and an argument that begins with a quote ends with it.
 */
export function parseInPowerShell(line: string): readonly string[] {
  const args: string[] = [];
  for (let at = 0; at < line.length; ) {
    const single = matchAt(/['‘-‛](?:[^'‘-‛]|['‘-‛]{2})*['‘-‛]/, line, at);
    const double = matchAt(/["“-„](?:[^"“-„]|["“-„]{2})*["“-„]/, line, at);
    const bare = matchAt(/[^\s'‘-‛"“-„`$&|;<>(){}@#,]+/, line, at);
    const blanks = matchAt(/ +/, line, at);
    if (single) args.push(single.slice(1, -1).replace(/(['‘-‛])['‘-‛]/g, '$1'));
    else if (double && /[`$]/.test(double)) throw new Error(`PowerShell expands ${double}`);
    else if (double) args.push(double.slice(1, -1));
    else if (bare) args.push(bare);
    else if (!blanks) throw new Error(`PowerShell reads ${line.slice(at)} as more than arguments`);
    at += (single ?? double ?? bare ?? blanks ?? '').length;
  }
  return args;
}

/**
 * Joins arguments to a command line as PowerShell does for programs and batch files: it quotes those with blanks, and
 * escapes nothing.
 */
export function joinInPowerShell(args: readonly string[]): string {
  return args.map((text) => (/\s/.test(text) ? `"${text}"` : text)).join(' ');
}

/**
 * Parses arguments as cmd does, and the C runtime of the program: operators count outside double quotes, variables
 * everywhere, and backslashes only before a double quote.
 */
export function parseInCmd(line: string): readonly string[] {
  if (line.includes('%')) throw new Error(`cmd expands variables in ${line}`);
  const parts = line.split('"');
  if (parts.length % 2 === 0) throw new Error(`a double quote stays open in ${line}`);
  const unquoted = parts.filter((_, index) => index % 2 === 0).join(' ');
  if (/[&|<>^\n\r]/.test(unquoted)) throw new Error(`cmd reads operators in ${line}`);
  const words = line.match(/(?:\\+"|"(?:\\+"|[^"])*"|[^\s"])+/g) ?? [];
  return words.map((word) => {
    if (/\\"/.test(word)) throw new Error(`a backslash escapes a double quote in ${word}`);
    return word.replaceAll('"', '');
  });
}
