// Counts the tokens of texts with another's tokenizer (gpt-tokenizer, o200k_base).
//   node count-tokens.mjs FILE    a JSON file with a list of texts; prints a JSON list of numbers
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const modules = createRequire(`${process.env.ENCLAVE_INTEROP_MODULES}/package.json`);
const { countTokens } = await import(pathToFileURL(modules.resolve('gpt-tokenizer/encoding/o200k_base')).href);
console.log(JSON.stringify(JSON.parse(readFileSync(process.argv[2], 'utf8')).map((text) => countTokens(text))));
