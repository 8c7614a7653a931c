/** Writes the version of `package.json` into the template for Azure Pipelines. Run by `npm version`. */
import { readFileSync, writeFileSync } from 'node:fs';

const template = 'azure/sfcompose.yml';
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const text = readFileSync(template, 'utf8');
writeFileSync(template, text.replace(/(?<=\$\{SFCOMPOSE_VERSION:-)[^}]+/, version));
