/** Parsing the bytes of a response as JSON. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBody } from '../../../../src/cluster/wire/json-body.ts';

interface OddBody {
  readonly name: string;
  readonly bytes: Buffer;
  readonly value: unknown;
}

describe('a JSON body', () => {
  it.each<OddBody>([
    { name: 'with a byte order mark', bytes: Buffer.from('\ufeff{"a":1}'), value: { a: 1 } },
    { name: 'with \\v in strings', bytes: Buffer.from('{"a":"x\\vy\\\\v"}'), value: { a: 'x\u000by\\v' } },
    {
      name: 'with surrogates that are encoded one by one',
      bytes: Buffer.from('7b2261223a22eda0bdedb8802221'.replace('2221', '227d'), 'hex'),
      value: { a: '😀' },
    },
    { name: 'with bytes that are not UTF-8', bytes: Buffer.from([0x22, 0xff, 0x22]), value: '\ufffd' },
  ])('is parsed $name', ({ bytes, value }) => {
    expect(parseBody(bytes)?.value).toEqual(value);
  });

  it.each(['', '<html>', '{"a":', 'nul'])('is not recognized in %j', (text) => {
    expect(parseBody(Buffer.from(text))).toBeUndefined();
  });

  it('never makes the parser throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        parseBody(bytes);
      }),
    );
  });
});
