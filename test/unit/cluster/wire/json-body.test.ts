/** From the bytes of a response to JSON. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBody } from '../../../../src/cluster/wire/json-body.ts';

describe('bodies', () => {
  it.each([
    ['a byte order mark', Buffer.from('\ufeff{"a":1}'), { a: 1 }],
    ['\\v', Buffer.from('{"a":"x\\vy\\\\v"}'), { a: 'x\u000by\\v' }],
    [
      'surrogates encoded one by one',
      Buffer.from('7b2261223a22eda0bdedb8802221'.replace('2221', '227d'), 'hex'),
      { a: '😀' },
    ],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22]), '\ufffd'],
  ])('are read in spite of %s', (_, bytes, value) => {
    expect(parseBody(bytes)?.value).toEqual(value);
  });

  it.each(['', '<html>', '{"a":', 'nul'])('%j is none', (text) => {
    expect(parseBody(Buffer.from(text))).toBeUndefined();
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        parseBody(bytes);
      }),
    );
  });
});
