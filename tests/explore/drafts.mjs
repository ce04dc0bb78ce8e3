// Drafts edits as a report's page does, of what stands in the file that is named; prints what they come to.
import { readFileSync } from "node:fs";
import { Data } from "../../explore/src/data.js";
import { Drafts } from "../../explore/src/drafts.js";
import { sha256 } from "../../explore/src/sha256.js";

const { meta, data, ids, edits, texts } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const bytes = new Uint8Array(Buffer.from(data, "base64"));
const { codes, topics } = new Data(meta, bytes).levels.find(({ chosen }) => chosen);
const drafts = new Drafts(meta, bytes, Int32Array.from(codes), topics, ids);
const said = edits.map((edit) => drafts.edit(edit));
const [now, block] = drafts.payload();
const level = new Data(now, block).levels.find(({ chosen }) => chosen);
console.log(JSON.stringify({ said, file: now.journal, codes: [...level.codes], topics: level.topics, digests: texts.map(sha256) }));
