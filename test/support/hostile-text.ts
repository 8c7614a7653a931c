/** Finds text that sfcompose must never print, and removes the control sequences that it prints on purpose. */

/**
 * Control characters, line separators, lone surrogates, bidirectional controls and invisible characters.
 */
const harmfulCharacters =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each character counts on its own.
  /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu;

/** Finds harmful characters. @returns each of them once, as `U+001b` */
export function findHarmful(text: string): readonly string[] {
  return [...new Set(text.match(harmfulCharacters))].map(
    (character) => `U+${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** More combining marks than any script puts on a letter. They have no width, so that such a run is never wrapped. */
const markHeap = /\p{M}{5,}/u;

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with it.
const brokenSequence = /\x1b(?!\[[0-9;?]*[A-Za-z])/;

/**
 * Finds incomplete escape sequences and long runs of combining marks. A sequence is incomplete if its last letter has
 * been joined by a mark: the terminal then reads the following text as part of it.
 * @returns descriptions
 */
export function findBroken(text: string): readonly string[] {
  return [brokenSequence, markHeap].flatMap((broken) => {
    const at = text.search(broken);
    return at === -1 ? [] : [`broken: ${JSON.stringify(text.slice(at, at + 20))}`];
  });
}

/** Beginnings of the lines that sfcompose writes as commands, by build agent. */
export const ownCommands: Readonly<Record<string, RegExp>> = {
  github: /^::(?:error|warning) title=[^:,\n]*::/gm,
  azure: /^##vso\[task\.(?:logissue type=(?:error|warning)|setprogress value=\d+;)\]/gm,
};

/** A command for GitHub's runner, which ignores leading blanks. */
export const githubCommand = /^\s*::/m;

/** A command for both agents, anywhere in a line. */
export const agentCommand = /##(?:vso)?\[/i;

/** Removes the colors that sfcompose uses, and no others. */
export function stripColors(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colors are escape sequences.
  return text.replace(/\x1b\[(?:1|2|22|31|32|33|36|39)m/g, '');
}

/** Removes the control sequences of live frames where they belong, and ends the last line of each frame. */
export function stripFrames(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: frames are escape sequences.
  const frame = /\r\x1b\[\?2026h(?:\x1b\[\d+A)?(.*?)\x1b\[J\x1b\[\?2026l/gs;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: frames are erased by escape sequences.
  const noFrame = /\r\x1b\[\d+A(?:\x1b\[K\n)+\x1b\[K\x1b\[J\x1b\[\d+A/g;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: lines are erased by escape sequences.
  const erasure = /^\x1b\[2K|\x1b\[K$/gm;
  return text.replace(frame, (_, drawn: string) => drawn.replace(erasure, '')).replace(noFrame, '');
}
