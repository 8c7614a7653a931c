// The minimum for a read in Node: one GET, parsed, and one word of the document printed.
require('node:http').get(process.argv[2] ?? '', (response) => {
  /** @type {Buffer[]} */
  const chunks = [];
  response.on('data', (chunk) => chunks.push(chunk));
  response.on('end', () => {
    const { UpgradeState } = JSON.parse(Buffer.concat(chunks).toString());
    process.stdout.write(`${UpgradeState}\n`);
  });
});
