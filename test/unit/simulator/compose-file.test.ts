/** Compose files that the simulated cluster accepts or refuses. */
import { describe, expect, it } from 'vitest';
import { validateComposeFile } from '../../../src/simulator/compose-file.ts';

describe('a compose file', () => {
  it.each([
    "version: '3'\nservices:\n  web:\n    image: web:2\n",
    'services:\r\n  web:\r\n    image: web:2\r\nversion: 3.4\r\n',
    '\ufeff---\n# the shop\n"version" : "2"\nservices: {web: {image: web}}\nnetworks:\n  default: {}\n',
    'version: "3" # the format\nservices: # two of them\n\n  # the first\n  web: {image: web}\n  api: {image: api}\n',
    '{"version": "3", "services": {"web": {"image": "web"}}}',
  ])('is accepted: %j', (text) => {
    expect(() => validateComposeFile(text)).not.toThrow();
  });

  it.each([
    ['services:\n  web:\n    image: web\n', 'version - The compose file has no version.'],
    ['version:\nservices:\n  web: {}\n', 'version - The compose file has no version.'],
    ["# version: '3'\nservices:\n  version: {image: web}\n", 'version - The compose file has no version.'],
    ["version: '3'\n", 'services - The compose file has no services.'],
    ["version: '3'\nservices:\n", 'services - The compose file has no services.'],
    ["version: '3'\nservices: {}\n", 'services - The compose file has no services.'],
    ["version: '3'\nservices:\n# web:\n#  image: web\nvolumes:\n  data: {}\n", /^services - /],
    ['services', 'version - The compose file has no version.'],
  ])('is refused: %j', (text, message) => {
    expect(() => validateComposeFile(text)).toThrow(message);
  });
});
