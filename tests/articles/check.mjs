// Holds README.md and the sample articles to each other: node check.mjs (exit status 0: they agree).
//
// Checks that every file is UTF-8, every line of JSON parses, every article is marked as fiction, and that each row of
// the README's three tables is true of the articles. Knows the product's formats only as far as these files use them;
// it shares no code with the programs, so that both cannot be wrong in the same way.
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));
const problems = [];
const complain = (what) => problems.push(what);

const read = (path) => {
  const bytes = readFileSync(join(folder, path));
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    complain(`${path}: not UTF-8`);
    return "";
  }
};

// A text file: a block of "Key: value" lines up to a blank line, or nothing but an inline date before the text.
function text_article(path) {
  const raw = read(path);
  const lines = raw.replace(/^\uFEFF/, "").split(/\r?\n/);
  const article = { name: path.replace(/^.*\//, "").replace(/\.txt$/, ""), file: path, raw, title: "", fields: {} };
  if (/^(Id|Title): /.test(lines[0])) {
    const end = lines.indexOf("");
    for (const line of lines.slice(0, end)) {
      const [, key, value] = /^([A-Za-z]+): (\S.*)$/.exec(line) ?? complain(`${path}: bad header line ${line}`) ?? [];
      if (key) (article.fields[key.toLowerCase()] ??= []).push(value);
    }
    article.title = article.fields.title?.[0] ?? "";
    article.text = lines.slice(end + 1).join("\n").trim();
    article.fiction = article.fields.genre?.[0] === "fiction" && /\((fictional|ficticio|fiction|허구|متخيَّلة)\)|（フィクション）/.test(article.fields.source?.[0] ?? "");
  } else {
    const [, date, text] = /^ date (\d{4}-\d\d-\d\d) ([^]*)$/.exec(raw) ?? [, undefined, raw];
    if (date) article.fields.date = [date];
    article.text = text.trim();
    article.fiction = true; // by its last line alone
  }
  const last = article.text.split("\n").at(-1);
  article.fiction &&= /^[[［](Fiction|Ficción|허구|フィクション|نص من نسج الخيال)/.test(last.normalize("NFC"));
  article.lang = article.fields.language?.[0];
  article.date = article.fields.date?.[0];
  article.source = article.fields.source?.[0];
  return article;
}

function json_articles(path) {
  return read(path).split("\n").flatMap((line, i) => {
    if (line === "") return [];
    try {
      const o = JSON.parse(line);
      const date = o.date ?? (o.year === undefined ? undefined : String(o.year));
      return [{ name: o.id, file: `${path}:${i + 1}`, raw: `${o.title}\n${o.text}`, title: o.title, text: o.text,
                fields: o, fiction: o.genre === "fiction", lang: o.lang, date: date?.slice(0, 10), source: o.source }];
    } catch (e) {
      complain(`${path}:${i + 1}: ${e.message}`);
      return [];
    }
  });
}

const files = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? readdirSync(join(folder, entry.name)).map((f) => `${entry.name}/${f}`) : [entry.name]).sort();
const articles = files.flatMap((f) =>
  f.endsWith(".txt") ? [text_article(f)] : /\.(jsonl|ndjson)$/.test(f) ? json_articles(f) : []);
const by_name = new Map(articles.map((a) => [a.name, a]));
if (by_name.size !== articles.length) complain("two articles have the same name");
for (const a of articles) {
  if (!a.fiction) complain(`${a.file}: not marked as fiction`);
  if (!a.text) complain(`${a.file}: no text`);
  const url = [a.fields.url ?? []].flat()[0];
  if (url && !/^https:\/\/([a-z]+\.)?example(\.org)?\//.test(url)) complain(`${a.file}: ${url} could be a real address`);
}

// ---- The README's count and tables: the rows below the line "| --- …" that follows a given heading.
const readme = read("README.md");
function table(heading) {
  const section = readme.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0];
  if (section === undefined) complain(`README.md: no section "${heading}"`);
  const rows = (section ?? "").split("\n").filter((l) => l.startsWith("|")).slice(2)
    .map((l) => l.split("|").slice(1, -1).map((cell) => cell.trim()));
  if (rows.length === 0) complain(`README.md: no table under "${heading}"`);
  return rows;
}
if (!readme.includes(`\n${articles.length} invented reports,`)) complain(`README.md: not ${articles.length} articles`);
const quoted = (cell) => [...cell.matchAll(/``\s?(.+?)\s?``|`([^`]+)`/g)].map((m) => m[1] ?? m[2]);
const names = (cell) => cell.split(",").map((n) => n.trim()).filter(Boolean);
const nfc = (s) => s.normalize("NFC");

// Every article, in order.
const listed = table("Every article");
const described = articles.map((a) =>
  [a.name, a.file.replace(/:\d+$/, ""), a.lang ?? "", a.date ?? "", a.source ?? ""].join(" | "));
const claimed = listed.map(([name, file, lang, date, source]) =>
  [name, file, lang.replace(/^\(.*\)$/, ""), date, source].join(" | "));
for (const row of described) if (!claimed.includes(row)) complain(`"Every article" lacks: | ${row} |`);
for (const row of claimed) if (!described.includes(row)) complain(`"Every article" is wrong in: | ${row} |`);

// What is where: each quoted string stands in each article named, in its title, its text or its fields.
for (const [phenomenon, where, examples] of table("What is where")) {
  if (quoted(examples).length === 0) complain(`"${phenomenon}": no example`);
  for (const name of names(where)) {
    const a = by_name.get(name);
    if (!a) {
      complain(`"${phenomenon}": no article ${name}`);
      continue;
    }
    const decomposed = a.raw !== nfc(a.raw);
    const everything = `${a.raw}\n${a.title}\n${JSON.stringify(a.fields)}\n${Object.values(a.fields).flat().join("\n")}`;
    for (const example of quoted(examples)) {
      if (!(decomposed ? nfc(everything) : everything).includes(example)) complain(`"${phenomenon}": not in ${name}: ${example}`);
    }
  }
}
const decomposed = articles.filter((a) => a.raw !== nfc(a.raw)).map((a) => a.name).sort().join(", ");
if (decomposed !== "letter-ko-nfd, madres-de-puerto-nandu") complain(`decomposed: ${decomposed}`);

// Only there: the words stand in the titles and texts of exactly the articles named.
const plain = (s) => s.normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase().replace(/ł/g, "l").replace(/ø/g, "o")
  .replace(/ı/g, "i").replace(/’/g, "'").replace(/\s+/g, " ");
// Lines of which nearly all letters are capitals: headlines, in which nothing can be told to be an acronym.
const in_capitals = (line) => {
  const letters = line.match(/\p{L}/gu) ?? [];
  return letters.length > 0 && letters.every((c) => /\p{Lu}/u.test(c));
};
const without_headlines = (s) => s.split("\n").filter((l) => !in_capitals(l)).join("\n");
const find = { // modes of the second column
  words: (a, s) => at_boundaries(plain(`${a.title}\n${a.text}`), plain(s)),
  "as written": (a, s) => at_boundaries(without_headlines(nfc(`${a.title}\n${a.text}`)), s),
};
function at_boundaries(text, s) {
  const edge = /^[\x00-\x7F]*$/.test(s) ? "[A-Za-z0-9_]" : "(?!)"; // next to kana or Hangul a word may end anywhere
  const escaped = s.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  return new RegExp(`(?<!${edge})${escaped}(?!${edge})`, "u").test(text);
}
for (const [words, mode, where] of table("Only there")) {
  if (!find[mode]) complain(`"Only there": no mode ${mode}`);
  const found = articles.filter((a) => quoted(words).some((s) => find[mode]?.(a, s))).map((a) => a.name).sort();
  const said = names(where).sort();
  if (found.join() !== said.join()) complain(`${words} (${mode}) is in: ${found.join(", ")}; the README says: ${said.join(", ")}`);
}

for (const p of problems) console.error(p);
console.log(`${articles.length} articles in ${files.filter((f) => /\.(txt|jsonl|ndjson)$/.test(f)).length} files, ` +
            `${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
