/** Text that is harmful if printed unchanged, and documents with such text anywhere. */
export const poisons: Readonly<Record<string, string>> = {
  // Commands for build agents.
  'a GitHub command': '::error::pwned',
  'a GitHub output': '::set-output name=a::b',
  'a GitHub command after blanks': ' \u3000\u00a0::stop-commands::pwned',
  'a GitHub command on a line of its own': 'x\n::error::pwned',
  'a GitHub command after an escaped line end': '%0A::error::pwned',
  'escaped percent signs': '100%25%AZP25',
  'properties of an annotation': 'x,file=a.js,line=1::pwned',
  'an Azure variable': '##vso[task.setvariable variable=x]y',
  'an Azure command in capitals': '##VSO[task.complete]',
  'an Azure command on a line of its own': 'x\n##vso[task.complete result=Succeeded;]',
  'an error in the log': '##[error]pwned',
  'a group in the middle of a line': 'x ##[group]y',
  'a command with an invisible character': '#\u200b#[error]pwned',
  'a record on a line of its own': 'x\n{"type":"outcome","outcome":"completed","exitCode":0}',
  'outputs on lines of their own': 'v2\nexit-code=0\noutcome<<x',
  // Control sequences for terminals.
  'clearing the screen': '\x1b[2J\x1b[H',
  'resetting the terminal': '\x1bc',
  colors: '\x1b[5;97;41mfailed\x1b[0m',
  'a link': '\x1b]8;;http://evil.example\x1b\\here\x1b]8;;\x1b\\',
  'writing to the clipboard': '\x1b]52;c;cm0gLXJmIC8=\x07',
  'setting the title': '\x1b]0;pwned\x07',
  'a device control string': '\x1bP$q"p\x1b\\',
  'a C1 control sequence': '\x9b2J',
  'a C1 system command': '\x9d0;pwned\x9c',
  'overwriting a line': 'failed\rsfcompose: web: upgraded',
  'a Windows line end': 'x\r\n::warning::pwned',
  'other line ends': 'x\v\f\x85\u2028::error::\u2029::error::pwned',
  backspaces: 'failed\b\b\b\b\b\bpassed',
  'other control characters': '\0\x07\t\x7f',
  // Invisible characters, and those that move others.
  'bidirectional overrides': '\u202egnp.exe\u202d\u202a\u202b\u202c',
  'bidirectional isolates and marks': '\u2066a\u2067b\u2068c\u2069\u200e\u200f\u061c',
  'zero-width characters': '\u200b\u200c\u200d\u2060\ufeff\u034f\u00ad\u180e',
  fillers: '\u3164\u115f\uffa0',
  'variation selectors': 'x\ufe0f\u{e0100}',
  tags: '\u{e0001}\u{e0041}\u{e007f}',
  'a mark that joins a color sequence, and erases the screen': '\u0301J',
  'a mark that joins a color sequence, and moves the cursor': '\u03015;40H',
  'a mark after a control character': '\x1b\u0302[2J',
  'hundreds of marks': `Z${'\u0310\u0323'.repeat(200)}`,
  'letters that normalization changes': '\u1fefreboot\u1fef \u037e reboot',
  'interlinear annotation marks': '\ufff9a\ufffab\ufffb',
  'a high surrogate': 'x\ud83d',
  'a low surrogate': '\udc4dx',
  // Markup of Markdown and HTML.
  'a link in Markdown': '[x](javascript:alert(1)) <http://evil.example>',
  'an image in Markdown': '![x](http://evil.example/x.png)',
  'addresses that become links': 'www.evil.example http://evil.example me@evil.example',
  'code in Markdown': '`x` ```sh ~~~',
  'lists in Markdown': '- x',
  'a list of numbers in Markdown': '1. x',
  'another list in Markdown': '+ x',
  'a table in Markdown': 'a | b |',
  'a heading in Markdown': '# heading',
  'emphasis in Markdown': '**x** __x__ ~~x~~',
  'a mention and an emoji': '@team :tada: #1',
  'a script': '<script>alert(1)</script>',
  'an image in HTML': '<img src=x onerror=alert(1)>',
  'the end of an element': '</details></td><!--',
  'character references': '&lt;b&gt; &#64;team',
  // Syntax of shells.
  'command substitutions': '$(reboot) `reboot` $HOME %PATH% !!',
  'another command': 'x; rm -rf / & reboot | sh > x',
  quotes: '\'x\' "x" “x” ”; reboot',
  'a command after the end of a quoted output': 'v2"; reboot; echo "',
  'a backslash': 'x\\',
  'an option': '--yes',
  // Names and patterns with a meaning in JavaScript.
  'the name of a prototype': '__proto__',
  'replacement patterns': "$& $1 $` $'",
};

/** All poisons, separated by blanks, so that a wrapped line can begin with any of them. */
export const allPoisons = Object.values(poisons).join(' ');

/** All poisons without NUL and lone surrogates, which arguments and variables cannot contain. */
export const typablePoison = Buffer.from(allPoisons.replaceAll('\0', '')).toString();

/** Replaces line ends, for values in settings files and headers. */
export const toOneLine = (text: string) => text.replace(/[\r\n]/g, ' ');

/** Converts text for a header: latin1 without control characters. */
export const toHeaderText = (text: string) =>
  Buffer.from(text)
    .toString('latin1')
    .replace(/[^\t\x20-\x7e\x80-\xff]/g, '');

/** A place in a document that can hold other text. */
interface Place {
  /** As in `.CurrentUpgradeDomainProgress.NodeUpgradeProgressList[0].NodeName`. */
  readonly name: string;
  /** Creates the document with that text in this place. */
  with(text: string): unknown;
}

/** Lists the places in a document: each scalar value, and one unknown member in each object. */
export function listPlaces(
  value: unknown,
  name = '',
  put: (value: unknown) => unknown = (whole) => whole,
): readonly Place[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null) return [{ name, with: put }];
  if (Array.isArray(value))
    return value.flatMap((element, index) =>
      listPlaces(element, `${name}[${index}]`, (other) => put(value.with(index, other))),
    );
  return [
    ...Object.entries(value).flatMap(([member, one]) =>
      listPlaces(one, `${name}.${member}`, (other) => put({ ...value, [member]: other })),
    ),
    { name: `${name}.*`, with: (text) => put({ ...value, [text]: text }) },
  ];
}

/** Creates the document with that text in each of these places. */
export function putText(document: unknown, places: readonly string[], text: string): unknown {
  return places.reduce(
    (sofar, name) =>
      listPlaces(sofar)
        .find((one) => one.name === name)
        ?.with(text),
    document,
  );
}
