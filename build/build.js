/** Builds `dist`. Replaces rolldown's command, which prints a table of all files at every log level. */
import { rolldown } from 'rolldown';
import config from '../rolldown.config.js';

const { output, ...input } = config;
const bundle = await rolldown(input);
await bundle.write(output);
await bundle.close();
