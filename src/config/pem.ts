/** Decodes PEM files with certificates and keys, also such whose line ends were lost on their way. Pure. */
import { decodeText } from './decode-text.ts';
import { recognizeDer } from './der.ts';

/** Line ends, and what pipelines, JSON and PowerShell make of them: a blank, `\n` as two characters, `%0A`. */
const lineEnds = /\s|[\\`]+[rnt]|%0[ad]/gi;

/** Text in base64, long enough not to be a word. */
const base64 = /^[A-Za-z\d+/]{40,}={0,2}$/;

/**
 * Removes base64 around a whole file, as in the variables of pipelines: a certificate or key becomes PEM.
 * @returns the file itself if it is anything else
 */
export function removeBase64(bytes: Buffer): Buffer {
  const text = decodeText(bytes).replaceAll(lineEnds, '').replaceAll(/^"|"$/g, '');
  if (!base64.test(text)) return bytes;
  const content = removeBase64(Buffer.from(text, 'base64'));
  const label = recognizeDer(content);
  if (label === 'PKCS12' || isPem(content)) return content;
  return label === undefined || label === 'PKCS7' ? bytes : Buffer.from(formatBlock(label, '', text));
}

/** Whether a file has a PEM block. */
export function isPem(bytes: Buffer): boolean {
  return findPemBlocks(decodeText(bytes), '').length > 0;
}

/** Whether other programs, which repair nothing, find PEM in a file. */
export function isPlainPem(bytes: Buffer): boolean {
  return /^-----BEGIN [A-Z\d ]+-----\r?\n/m.test(bytes.toString('latin1'));
}

const block = /-----BEGIN ([A-Z\d ]+)-----([\s\S]*?)(?:(-----END \1-----)|(?=-----BEGIN )|$)/g;

/** Finds PEM blocks whose label ends with a text, and restores their lines. Includes truncated blocks as they are. */
export function findPemBlocks(text: string, labelEnd: string): readonly string[] {
  return [...text.matchAll(block)]
    .filter(([, label]) => label?.endsWith(labelEnd))
    .map(([whole, label = '', content = '', end]) => (end ? restoreLines(whole, label, content) : whole));
}

/** The headers of an encrypted key (RFC 1421, section 4.6). The initialization vector has 16 bytes, or 8 with DES. */
const headers = /^Proc-Type:4,ENCRYPTEDDEK-Info:(?:(DES[\w-]*),([\dA-F]{16})|([\w-]+),([\dA-F]{32}))/i;

function restoreLines(whole: string, label: string, content: string): string {
  const packed = content.replaceAll(lineEnds, '');
  const [matched = '', desCipher, desVector, cipher = desCipher, vector = desVector] =
    headers.exec(packed) ?? [];
  const body = packed.slice(matched.length);
  if (!/^[A-Za-z\d+/]+=*$/.test(body)) return whole;
  const head = matched && `Proc-Type: 4,ENCRYPTED\nDEK-Info: ${cipher},${vector}\n\n`;
  return formatBlock(label, head, body);
}

function formatBlock(label: string, head: string, body: string): string {
  return `-----BEGIN ${label}-----\n${head}${body.replaceAll(/.{1,64}/g, '$&\n')}-----END ${label}-----\n`;
}
