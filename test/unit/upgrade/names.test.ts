/** Names of domains and nodes in sentences. */
import { expect, it } from 'vitest';
import { nameDomain, nameNodes } from '../../../src/upgrade/names.ts';

it.each([
  ['UD1', 'UD1'],
  ['ud 3', 'ud 3'],
  ['BLUE_UD2', 'BLUE_UD2'],
  ['/UpgradeDomains/1', '/UpgradeDomains/1'],
  ['0', 'Domain 0'],
  ['cloud1', 'Domain cloud1'],
  ['rack-a', 'Domain rack-a'],
  ['', ''],
])('the domain "%s" is named "%s"', (name, text) => {
  expect(nameDomain(name, 'Domain')).toBe(text);
});

it.each([
  [['_node_0'], '_node_0'],
  [['7'], 'Node 7'],
  [['7', '8', '9', '10'], 'Nodes 7, 8, 9 and 1 more'],
  [['vm-a', 'vm-b'], 'vm-a, vm-b'],
])('the nodes %j are named "%s"', (names, text) => {
  expect(nameNodes(names, 3, 'Node')).toBe(text);
});
