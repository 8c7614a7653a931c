/** What must never come out as it came in, and what of that kind is of our own making. */

/**
 * Control characters, separators of lines, halves of surrogate pairs, what turns the direction of writing, and what is
 * not to be seen.
 */
const harmful =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each of them is meant by itself.
  /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu;

/** @returns each character that does harm, once: `U+001b` */
export function harmfulIn(text: string): readonly string[] {
  return [...new Set(text.match(harmful))].map(
    (character) => `U+${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** More combining marks than any script puts on a letter. They have no width, so such a run is never wrapped. */
const heapOfMarks = /\p{M}{5,}/u;

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is how a sequence begins.
const brokenSequence = /\x1b(?!\[[0-9;?]*[A-Za-z])/;

/**
 * Finds incomplete escape sequences and long runs of combining marks. A sequence is incomplete if its last letter has
 * joined a mark: the terminal then reads the following text as part of it.
 * @returns a description
 */
export function brokenIn(text: string): readonly string[] {
  return [brokenSequence, heapOfMarks].flatMap((broken) => {
    const at = text.search(broken);
    return at === -1 ? [] : [`broken: ${JSON.stringify(text.slice(at, at + 20))}`];
  });
}

/** How a line begins that a build agent is to read as a command, by the agent. */
export const ownCommands: Readonly<Record<string, RegExp>> = {
  github: /^::(?:error|warning) title=[^:,\n]*::/gm,
  azure: /^##vso\[task\.(?:logissue type=(?:error|warning)|setprogress value=\d+;)\]/gm,
};

/** What GitHub's runner would take for a command: it overlooks blanks before it. */
export const commandOfGithub = /^\s*::/m;

/** What both agents would take for one, wherever it stands. */
export const commandInLine = /##(?:vso)?\[/i;

/** Only those that we use ourselves. */
export function withoutColors(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what colours are made of.
  return text.replace(/\x1b\[(?:1|2|22|31|32|36|39)m/g, '');
}

/** What the live view draws with goes, where it belongs and nowhere else; each frame ends its last line. */
export function withoutFrames(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what frames are made of.
  const frame = /\x1b\[\?2026h(?:\x1b\[\d+A)?\r(?:\x1b\[J)?(.*?)\x1b\[J\x1b\[\?2026l/gs;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is how a frame is taken away.
  const noFrame = /(?:\x1b\[\d+A)?\r\x1b\[J/g;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is how a line is made empty before it is drawn.
  const emptied = /^\x1b\[2K/gm;
  return text.replace(frame, (_, drawn: string) => `${drawn.replace(emptied, '')}\n`).replace(noFrame, '');
}
