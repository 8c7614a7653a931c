// The minimum for indenting a document in Node: one GET, parsed, and printed with line breaks.
require('node:http').get(process.argv[2] ?? '', (response) => {
  /** @type {Buffer[]} */
  const chunks = [];
  response.on('data', (chunk) => chunks.push(chunk));
  response.on('end', () => {
    const value = JSON.parse(Buffer.concat(chunks).toString());
    process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  });
});
