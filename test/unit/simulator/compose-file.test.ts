/** Compose files that the simulated cluster accepts or refuses. */
import { describe, expect, it } from 'vitest';
import { parseComposeFile } from '../../../src/simulator/compose-file.ts';

describe('a compose file', () => {
  it.each([
    "version: '3'\nservices:\n  web:\n    image: web:2\n",
    'services:\r\n  web:\r\n    image: web:2\r\nversion: 3.4\r\n',
    '\ufeff---\n# the shop\n"version" : "2"\nservices: {web: {image: "web:2"}}\nnetworks:\n  default: {}\n',
    '{"version": "3", "services": {"web": {"image": "web:2"}}}',
    'version: 3\nx: &web {image: "web:2", ports: [80, "8080:80/tcp"], build: .}\nservices: {web: *web}\n--- {}\n',
  ])('is accepted: %j', (text) => {
    expect(parseComposeFile(text)).toEqual([{ name: 'web', image: 'web:2', environment: [], replicas: '1' }]);
  });

  it('has services with environments and replicas', () => {
    const text =
      "version: '3'\nservices:\n  web: {image: web, environment: {A: 1, B: no}, deploy: {replicas: -1}}\n  api: {image: api, environment: [A=b=c]}\n";
    expect(parseComposeFile(text)).toEqual([
      {
        name: 'web',
        image: 'web',
        environment: [
          ['A', '1'],
          ['B', 'no'],
        ],
        replicas: '-1',
      },
      { name: 'api', image: 'api', environment: [['A', 'b=c']], replicas: '1' },
    ]);
  });

  const web = (members: string) => `version: '3'\nservices: {web: {${members}}}`;

  it.each([
    ['services', ' - Root must be a mapping.'],
    ['services:\n  web:\n    image: web\n', "The key 'version' is missing."],
    ['version:\nservices:\n  web: {}\n', 'Version "" of compose files is not supported.'],
    ["version: '1'\nservices:\n  web: {}\n", 'Version "1" of compose files is not supported.'],
    ["# version: '3'\nservices:\n  version: {image: web}\n", "The key 'version' is missing."],
    ["version: '3'\n", "The key 'services' is missing or empty."],
    ["version: '3'\nservices:\n", ' - services must be a mapping.'],
    ["version: '3'\nservices: {}\n", "The key 'services' is missing or empty."],
    ["version: '3'\nservices:\n  web:\n", 'services - web must be a mapping.'],
    [web(''), "The key 'image' is missing or empty for service web."],
    [web('image: {a: b}'), 'services.web - image must be a scalar.'],
    [web('image: web, command: [a]'), 'services.web - command must be a scalar.'],
    [web('image: web, isolation: vm'), 'services.web - isolation cannot be vm.'],
    [web('image: web, ports: 80'), 'services.web - ports must be a sequence.'],
    [
      web('image: web, ports: ["127.0.0.1:80:80"]'),
      'services.web.ports - Port 127.0.0.1:80:80 cannot be parsed.',
    ],
    [web('image: web, environment: A=1'), 'services.web - environment must be a sequence or a mapping.'],
    [web('image: web, environment: [A]'), 'services.web.environment - A has no value.'],
    [web('image: web, deploy: {mode: global}'), 'services.web.deploy - mode global is not supported.'],
    [web('image: web, deploy: {replicas: two}'), 'services.web.deploy - replicas cannot be two.'],
    [web('image: web, image: api'), 'The YAML cannot be parsed.'],
    ['version: "3', 'The YAML cannot be parsed.'],
    ["version: '3'\nservices: *none\n", 'The YAML cannot be parsed.'],
  ])('is refused: %j', (text, message) => {
    expect(() => parseComposeFile(text)).toThrow(
      expect.objectContaining({ code: 'FABRIC_E_IMAGEBUILDER_VALIDATION_ERROR', message }),
    );
  });

  it.each(['# nothing', web('image: web, environment: [A=1, A=2]')])(
    'makes the image builder fail: %j',
    (text) => {
      expect(() => parseComposeFile(text)).toThrow(
        expect.objectContaining({ code: 'FABRIC_E_IMAGEBUILDER_UNEXPECTED_ERROR' }),
      );
    },
  );
});
