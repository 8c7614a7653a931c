// The minimum for a list in Node: all pages, one after the other, and the names printed.
const { get } = require('node:http');

/** @param {string} token */
function readPage(token) {
  get(`${process.argv[2]}&ContinuationToken=${token}`, (response) => {
    /** @type {Buffer[]} */
    const chunks = [];
    response.on('data', (chunk) => chunks.push(chunk));
    response.on('end', () => {
      const { ContinuationToken, Items } = JSON.parse(Buffer.concat(chunks).toString());
      for (const { Name } of Items) process.stdout.write(`${Name}\n`);
      if (ContinuationToken) readPage(ContinuationToken);
    });
  });
}
readPage('');
