// docs/api.md as a list of examples: which commands it has, and what it shows as their answers. Knows no server.

import { spawnSync } from 'node:child_process';

/// True if bash wants no further line: no quotation, backslash or here-document is open.
function is_whole(command) {
  const { status, stderr } = spawnSync('bash', ['-n'], { input: `${command}\n`, encoding: 'utf8' });
  return status === 0 && stderr === '' && !/\\$/.test(command);
}

/// The commands of an indented block, and the lines behind a command, which are its answer.
function read_block(lines, first, section, examples) {
  if (!/^(curl |[A-Z]+=)/.test(lines[0])) return;  // commands that start programs are not run
  let example = null;
  for (let i = 0; i < lines.length; ++i) {
    if (!/^(curl |[A-Z]+=)/.test(lines[i])) {
      example.shown.push(lines[i]);
      continue;
    }
    example = { line: first + i, command: lines[i], section, shown: [] };
    while (!is_whole(example.command) && i + 1 < lines.length) example.command += `\n${lines[++i]}`;
    example.status = Number(/ # (\d{3})$/.exec(example.command)?.[1] ?? 0);
    examples.push(example);
  }
}

/// line: of the document, from 1; command: for bash; status: the one that is told, or 0; shown: lines of the answer.
export function read_examples(markdown) {
  const lines = markdown.split('\n');
  const examples = [];
  let section = 0;
  for (let i = 0; i < lines.length; ++i) {
    const from = i;
    if (lines[i].startsWith('#')) {
      section = i;
    } else if (lines[i].startsWith('```')) {
      const refuse = why => { throw new Error(`docs/api.md:${from + 1}: ${why}`); };
      while (lines[++i] !== '```') if (i >= lines.length) refuse('a block without an end');
      const example = examples.at(-1);
      if (example?.section !== section) refuse('an answer without a command under the same heading');
      if (example.shown.length) refuse(`a second answer to the command in line ${example.line}`);
      example.shown = lines.slice(from + 1, i);
    } else if (lines[i].startsWith('    ') && (lines[i - 1] === '' || lines[i - 1].startsWith('#'))) {
      while (lines[i + 1]?.startsWith('    ')) ++i;
      read_block(lines.slice(from, i + 1).map(line => line.slice(4)), from + 1, section, examples);
    }
  }
  return examples;
}

/// The JSON values of a text: one, or one behind another, each from the beginning of a line.
function json_values(text) {
  const values = [];
  let part = '';
  for (const line of text.trim().split('\n')) {
    part += `${line}\n`;
    try {
      values.push(JSON.parse(part));
      part = '';
    } catch { /* goes on in the next line */ }
  }
  return part === '' ? values : null;
}

/// `…` stands for anything.
function like(shown, real) {
  const parts = shown.split('…').map(part => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(real);
}

/// Where a value that is shown is no part of the real one; null if it is.
function difference(shown, real, at) {
  const is = JSON.stringify(real)?.slice(0, 300) ?? 'not there';
  if (shown === null || typeof shown === 'boolean') return shown === real ? null : `${at} is ${is}, not ${shown}`;
  if (typeof shown === 'number') return typeof real === 'number' ? null : `${at} is ${is}, no number`;
  if (typeof shown === 'string') {
    return typeof real === 'string' && like(shown, real) ? null : `${at} is ${is}, not ${JSON.stringify(shown)}`;
  }
  if (!Array.isArray(shown)) {
    if (typeof real !== 'object' || real === null || Array.isArray(real)) return `${at} is ${is}, no object`;
    return Object.keys(shown).map(key => difference(shown[key], real[key], `${at}.${key}`)).find(Boolean) ?? null;
  }
  if (!Array.isArray(real)) return `${at} is ${is}, no list`;
  let next = 0;
  for (const [n, element] of shown.entries()) {
    const from = next;
    while (next < real.length && difference(element, real[next], '')) ++next;
    if (next++ < real.length) continue;
    return `${at} has nothing like the shown ${at}[${n}]: ${difference(element, real[from], `${at}[${from}]`)}`;
  }
  return null;
}

/// Where an answer is not what is shown; null if it is. The rules are those of api_document_test.mjs.
export function what_differs(shown, answer) {
  const text = shown.join('\n');
  if (/^[[{]/.test(text)) {
    const left_out = /("(?:[^"\\]|\\.)*")|(?<=[[{]\s*)…\s*,?|,\s*…/g;
    const wanted = json_values(text.replace(left_out, (all, string) => string ?? ''));
    if (!wanted) return 'what is shown is not JSON';
    const real = json_values(answer);
    if (!real) return 'the answer is not JSON';
    const single = real.length === 1 && wanted.length === 1;
    return single ? difference(wanted[0], real[0], 'answer') : difference(wanted, real, 'answer');
  }
  const plain = answer.replaceAll('\r\n', '\n');
  let from = 0;
  for (const piece of text.split('…').map(part => part.trim())) {
    const found = plain.indexOf(piece, from);
    if (found < 0) return `there is nowhere, or not behind what is shown before it: ${piece}`;
    from = found + piece.length;
  }
  return null;
}
