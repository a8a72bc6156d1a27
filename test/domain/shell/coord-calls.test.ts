import { tableOf } from './notation.ts';

// biome-ignore format: one line a case.
tableOf('calls of coord', [
  ['coord status', 'coord /w/w1: status'],
  ['coord send w2 question hi', 'coord /w/w1: send w2 question hi'],
  ['coord run -- npm test', '?program | coord /w/w1: run -- npm test'],
  ['COORD_X=1 coord join', 'coord /w/w1: join'],
  ['X=$Y coord join', 'coord /w/w1: join'],
  ['env A=1 coord lock f', 'coord /w/w1: lock f'],
  ['/opt/p/bin/coord status', 'coord /w/w1: status'],
  ['./bin/coord status', 'coord /w/w1: status'],
  ['node scripts/coord.cjs status', 'coord /w/w1: status'],
  ['node /p/scripts/coord.cjs plan start 1', 'coord /w/w1: plan start 1'],
  ['bash /p/bin/coord status', 'coord /w/w1: status'],
  ['(cd ../w2 && coord status)', 'coord /w/w2: status'],
  ['cd $X && coord status', '?variable'],
  ["sh -c 'cd /w/w2; coord decide x'", 'coord /w/w2: decide x'],
  ['npx coord status', '?program | coord /w/w1: status'],
  ['coord "$A" x', 'coord /w/w1: * x'],
]);
