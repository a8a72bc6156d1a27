/** What is published in schemas/ is what the sources say, under the names that seed 002 gives. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../build/build.ts';
import { printSchema, SCHEMAS } from '../build/schemas.ts';

const folder = join(root, 'schemas');

describe('schemas/', () => {
  test('holds the schemas of the protocol and of a cycle’s state, and nothing else', () => {
    expect(readdirSync(folder).sort()).toEqual([
      'coordination-message-v1.0.schema.json',
      'cycle-state-v1.0.schema.json',
      'task-progress-v1.0.schema.json',
    ]);
    expect(Object.keys(SCHEMAS).sort()).toEqual(readdirSync(folder).sort());
  });

  test.each(Object.entries(SCHEMAS))('%s is what the sources make, byte for byte', (file, schema) => {
    expect(readFileSync(join(folder, file), 'utf8')).toBe(printSchema(schema));
  });

  test.each(Object.entries(SCHEMAS))(
    '%s says what it is, and of every field what it means',
    (file, schema) => {
      const name = file.replace('.schema.json', '');
      expect(schema).toMatchObject({
        $schema: 'http://json-schema.org/draft-07/schema#',
        $id: `urn:coord:schema:${name}`,
        title: expect.any(String),
        description: expect.any(String),
      });
    },
  );

  test('every field of a message, and of its metadata, is described', () => {
    const message = SCHEMAS['coordination-message-v1.0.schema.json'] as unknown as Described;
    const fields = { ...message.properties, ...message.properties?.['metadata']?.properties };
    const silent = Object.entries(fields).filter(
      ([, field]) => !/^[A-Z].{9,}\.\)?$/.test(field.description ?? ''),
    );
    expect(silent.map(([key]) => key)).toEqual([]);
    expect(Object.keys(fields).length).toBeGreaterThan(30);
  });
});

interface Described {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Described>>;
}
