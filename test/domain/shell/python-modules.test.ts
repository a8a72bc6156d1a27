import { tableOf } from './notation.ts';

// biome-ignore format: one line a case.
tableOf('python -m', [
  ['python3 -m json.tool a.json', ''],
  ['cat a.json | python -m json.tool', ''],
  ['python3 -m json.tool a.json ../w2/f', '/w/w1/../w2/f'],
  ['python3 -m json.tool --indent 2 a.json ../w2/f', '/w/w1/../w2/f'],
  ['python3 -m json.tool a.json > ../w2/f', '/w/w1/../w2/f'],
  ['python3 -m zipfile -l a.zip', ''],
  ['python3 -m zipfile -e a.zip ../w2', '/w/w1/../w2/%'],
  ['python3 -m zipfile -c ../w2/a.zip src', '/w/w1/../w2/a.zip'],
  ['python3 -m tarfile --extract a.tar', '/w/w1/%'],
  ['python3 -m tarfile -c ../w2/a.tar src', '/w/w1/../w2/a.tar'],
  ['python3 -m pytest', '?program'],
]);
