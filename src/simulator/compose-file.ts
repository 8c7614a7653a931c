/** The checks of a compose file that the image builder makes before a request is accepted. */
import { FabricError } from './errors.ts';

/**
 * Refuses a compose file without a version or without services, which is all that its top-level keys show.
 * @throws `FABRIC_E_IMAGEBUILDER_VALIDATION_ERROR` with a path, a dash and a sentence
 */
export function validateComposeFile(text: string): void {
  // Flow style, such as JSON, needs a YAML parser.
  if (/^\s*\{/.test(text)) return;
  const sections = parseSections(text);
  if (!sections.get('version')) throw refuse('version', 'The compose file has no version.');
  const services = sections.get('services') ?? '';
  if (/^(?:\{\s*\}|null|~)?$/.test(services)) throw refuse('services', 'The compose file has no services.');
}

function refuse(path: string, sentence: string): FabricError {
  return new FabricError('FABRIC_E_IMAGEBUILDER_VALIDATION_ERROR', `${path} - ${sentence}`);
}

/** Returns the text below each top-level key, without comments and blank lines. */
function parseSections(text: string): ReadonlyMap<string, string> {
  const sections = new Map<string, string>();
  let key = '';
  for (const line of text.split(/\r\n|\r|\n/)) {
    const content = line.replace(/^\ufeff/, '').replace(/(?:^|\s)#.*$/, '');
    const [, name, rest = ''] = /^["']?(\w+)["']?\s*:(?:\s+(.*))?$/.exec(content) ?? [];
    if (name !== undefined) key = name;
    const value = name === undefined ? content : rest;
    sections.set(key, `${sections.get(key) ?? ''}${value.trim()}`);
  }
  return sections;
}
