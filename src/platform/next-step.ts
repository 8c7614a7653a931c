/** Defines next steps: a description, and a command to copy. Pure. */

/** A step that the user can take. */
export interface NextStep {
  /** Says what the command does, without a full stop; a sentence where there is no command. */
  readonly what: string;
  /** A command or URL that can be copied as it is. */
  readonly command?: string | undefined;
}

/** Removes steps whose command, or whose sentence, has occurred before. */
export function removeDuplicates(steps: readonly NextStep[]): readonly NextStep[] {
  const keys = steps.map(({ what, command = what }) => command);
  return steps.filter((_, index) => keys.indexOf(keys[index] ?? '') === index);
}

/** Formats a step on one line, for logs. */
export function formatStep({ what, command }: NextStep): string {
  return command === undefined ? what : `${what}: ${command}`;
}
