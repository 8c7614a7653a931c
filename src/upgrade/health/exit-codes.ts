/** Explains exit codes of containers and processes. Pure. */

/** Meanings that follow `Exit code 137 (0x89): `. */
const meanings = new Map<number, string>([
  [0, 'the process ended by itself, without an error; a service has to keep running'],
  [1, 'an error that only the log of the process explains'],
  [125, 'the container could not be started with its settings'],
  [126, 'the command of the image cannot be executed'],
  [127, 'the command of the image was not found'],
  [129, 'hung up (SIGHUP)'],
  [130, 'interrupted (SIGINT)'],
  [131, 'ended (SIGQUIT)'],
  [132, 'illegal instruction (SIGILL), such as an image for another processor'],
  [134, 'aborted by itself (SIGABRT)'],
  [135, 'bus error (SIGBUS)'],
  [136, 'arithmetic error (SIGFPE)'],
  [137, 'killed (SIGKILL), out of memory or not stopped in time'],
  [139, 'invalid memory access (SIGSEGV)'],
  [143, 'asked to stop (SIGTERM)'],
  // https://aka.ms/service-fabric-termination-errors
  [7147, 'Service Fabric stopped the process with Ctrl+C; it did not crash'],
  [7148, 'Service Fabric ended the process, which may not have stopped in time; it did not crash'],
  // NTSTATUS values, and codes of .NET.
  [0xc0000005, 'invalid memory access'],
  [0xc0000017, 'out of memory'],
  [0xc000001d, 'illegal instruction'],
  [0xc000007b, 'a file of the image is for another processor'],
  [0xc00000fd, 'stack overflow'],
  [0xc0000135, 'a DLL or the framework that the process needs is not in the image'],
  [0xc0000139, 'a DLL has another version than the process needs'],
  [0xc000013a, 'stopped with Ctrl+C'],
  [0xc0000142, 'a DLL failed to initialize; the node may be out of desktop heap'],
  [0xc0000374, 'corrupt heap'],
  [0xc0000409, 'the process ended itself after a fatal error'],
  [0xc06d007e, 'a DLL that the process needs is not in the image'],
  [0xe0434352, 'an unhandled exception of .NET'],
  [0x80131506, 'a fatal error of the .NET runtime'],
]);

const exitCode =
  /\bexit(?:ed)?[ _]?(?:with )?(?:code|status)\s*(?:is\b|of\b)?[\s:='"(]*(-?\d{1,10}|0x[\da-f]{1,8})\b|\bexited \((\d{1,10})\)/i;

/** Finds the exit code that a report names; `undefined` if it names none. @returns an unsigned number of 32 bits */
export function findExitCode(text: string): number | undefined {
  const [, digits, status] = exitCode.exec(text) ?? [];
  const code = Number(digits ?? status ?? Number.NaN);
  return code >= -(2 ** 31) && code < 2 ** 32 ? code >>> 0 : undefined;
}

/**
 * Explains the exit code that a report names, in decimal and hexadecimal, as one sentence; `undefined` without a code, and
 * for a small one that has no common meaning.
 */
export function explainExitCode(text: string): string | undefined {
  const code = findExitCode(text);
  if (code === undefined) return undefined;
  const meaning = meanings.get(code);
  if (meaning === undefined && code < 256) return undefined;
  const hex = code < 10 ? '' : ` (0x${code.toString(16).toUpperCase()})`;
  return meaning === undefined ? `Exit code ${code}${hex}.` : `Exit code ${code}${hex}: ${meaning}.`;
}
