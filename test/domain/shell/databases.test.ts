import { tableOf } from './notation.ts';

// biome-ignore format: one line a case.
tableOf('sqlite3', [
  ["sqlite3 ../w2/a.db 'create table t(a)'", '/w/w1/../w2/a.db'],
  ["sqlite3 ../w2/a.db 'select 1; select 2;'", ''],
  ["sqlite3 -header -csv ../w2/a.db 'SELECT * FROM t'", ''],
  ["sqlite3 ../w2/a.db 'pragma table_info(t)'", ''],
  ["sqlite3 ../w2/a.db 'pragma user_version = 5'", '/w/w1/../w2/a.db'],
  ["sqlite3 ../w2/a.db '.tables' '.schema t'", ''],
  ["sqlite3 -readonly ../w2/a.db 'delete from t'", ''],
  ["sqlite3 -cmd '.mode csv' ../w2/a.db 'select 1'", ''],
  ["sqlite3 a.db '.output ../w2/f' 'select 1'", '/w/w1/../w2/f'],
  ["sqlite3 a.db '.output stdout' 'select 1'", ''],
  ['sqlite3 a.db ".backup \'../w2/f\'"', '/w/w1/../w2/f'],
  ["sqlite3 a.db '.import f t'", '/w/w1/a.db'],
  ["sqlite3 a.db '.once |tee ../w2/f' 'select 1'", '/w/w1/../w2/f'],
  ["sqlite3 a.db '.shell rm ../w2/f'", '/w/w1/../w2/f'],
  ["sqlite3 a.db '.read f'", '?script'],
  ['sqlite3 a.db <<< ".once ../w2/f"', '/w/w1/../w2/f'],
  ["sqlite3 ../w2/a.db <<'E'\ninsert into t\nvalues (1);\nE", '/w/w1/../w2/a.db'],
  ['sqlite3 a.db "attach \'../w2/b.db\' as b; select 1"', '/w/w1/../w2/b.db | /w/w1/a.db'],
  ['sqlite3 a.db "vacuum into \'../w2/b.db\'"', '/w/w1/../w2/b.db | /w/w1/a.db'],
  ['sqlite3 a.db "select writefile(\'../w2/f\', x) from t"', '/w/w1/../w2/f | /w/w1/a.db'],
  ["sqlite3 :memory: 'create table t(a)'", ''],
  ['sqlite3 a.db < dump.sql', '?script'],
  ['sqlite3 a.db "$SQL"', '/w/w1/a.db | ?variable'],
  ['sqlite3 -version', ''],
]);
