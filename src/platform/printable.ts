/** Foreign text made harmless, and the spelling of durations and times. The one place for both. */

declare const printableBrand: unique symbol;

/**
 * Text that may be shown. A stream takes no other, and only the functions of this file make it, so that text of the
 * cluster, a proxy, a file or the command line cannot get past {@link printable} by being forgotten.
 */
export type Printable = string & { readonly [printableBrand]: true };

const shortEscapes: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\x1b': '\\x1b',
};

/** Combining marks kept on one letter. No script needs more. */
const maxMarksPerLetter = 4;

/**
 * Escapes what must never commandTarget a terminal or a log: control characters (C0, DEL, C1), line and paragraph separators,
 * invisible characters (those that change the direction of writing, have no width or select a variant), annotation
 * marks, and halves of surrogate pairs. Combining marks stay on a letter, up to {@link maxMarksPerLetter}: one at the
 * beginning of a text would join whatever is printed before it, and thousands of them have no width to wrap at.
 */
function escapeUnsafe(text: string, spell: (character: string) => string): string {
  // Most text is plain, and to put the other expression together takes a millisecond.
  if (/^[ -~]*$/.test(text)) return text;
  const suspect = /([\p{Cc}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb\p{Cs}])|\p{M}/gu;
  let end = 0;
  let marksLeft = 0;
  // Piece by piece: the matches of a large text, all at once, take many times its size.
  return text.replace(/.{1,10000}/gsu, (piece, start: number) =>
    piece.replace(suspect, (character, unsafe: string | undefined, at: number) => {
      const place = start + at;
      if (place > end) marksLeft = /\s/.test(text.charAt(place - 1)) ? 0 : maxMarksPerLetter;
      if (unsafe !== undefined) marksLeft = 0;
      end = place + character.length;
      return marksLeft-- > 0 ? character : spell(character);
    }),
  );
}

function escapeCodePoint(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}

/**
 * Makes text from elsewhere (the cluster, a proxy, the command line) safe to show: what is unsafe becomes visible
 * as an escape, and what a build agent would read as a command is broken up: `##vso[` and `##[` anywhere, `::` where a
 * line may begin, as GitHub's runner overlooks space before it.
 */
export function printable(text: string): Printable {
  return assumePrintable(
    escapeUnsafe(text, (character) => shortEscapes[character] ?? escapeCodePoint(character))
      // The library that wraps text normalises it, which must change nothing. After the marks are limited, because
      // sorting a run of them takes quadratic time.
      .normalize()
      .replace(/##(?=\[|vso)/gi, '# #')
      .replace(/^\s*:(?=:)/, '$& '),
  );
}

/** Each line by itself: their ends stay. */
export function printableLines(text: string): Printable {
  return joinLines(text.split('\n').map(printable));
}

/** The same for the inside of a JSON string, where escapes keep the value as it is. */
export function printableInJson(literal: string): Printable {
  return assumePrintable(
    escapeUnsafe(literal, (character) =>
      // JSON knows no escape for a character of two units.
      character.length === 1
        ? escapeCodePoint(character)
        : [0, 1].map((unit) => escapeCodePoint(character.charAt(unit))).join(''),
    ).replace(/##(?=\[|vso)/gi, '\\u0023#'),
  );
}

/** Puts printable text into what is written in the code: shown`sfcompose: ${text}\n`. */
export function literal(ours: TemplateStringsArray, ...parts: readonly (Printable | number)[]): Printable {
  return assumePrintable(String.raw({ raw: ours }, ...parts));
}

export function joinLines(parts: readonly Printable[]): Printable {
  return assumePrintable(parts.join('\n'));
}

/** For what is made of nothing but printable text, where the compiler cannot see it: by a library, or cut out of it. */
export function assumePrintable(text: string): Printable {
  return text as Printable;
}
