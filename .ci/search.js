// Searches the docs for MAPI's names, with the script that rustdoc puts beside them.
//   node .ci/search.js target/doc
// Each row of tests/names.tsv is a page, or an item of it, and the names that lead there: those of IMAPISession as
// the first result, all others among the first five.
const fs = require("fs");
const path = require("path");
const vm = require("vm");

const doc = path.resolve(process.argv[2]);
const FIRST = 1;
const NEAR = 5;

// What the script expects of a browser.
globalThis.ROOT_PATH = doc;
globalThis.searchState = {};
globalThis.nonnull = (value) => {
    if (value == null) throw new Error("unexpected null");
    return value;
};

function script(prefix) {
    const folder = path.join(doc, "static.files");
    const name = fs.readdirSync(folder).find((it) => it.startsWith(prefix) && it.endsWith(".js"));
    return require(path.join(folder, name));
}

// The index is scripts too, which call back.
function loader() {
    let callbacks;
    const load = (...name) => {
        const file = path.join(doc, "search.index", ...name) + ".js";
        vm.runInNewContext(fs.readFileSync(file, "utf8"), { ...callbacks });
    };
    return {
        loadRoot(given) {
            callbacks = given;
            load("root");
        },
        loadTreeByHash: (hash) => load(hash),
        loadDataByNameAndHash: (name, hash) => load(name, hash),
    };
}

async function main() {
    const { Stringdex, RoaringBitmap } = script("stringdex-");
    const { docSearch, DocSearch } = await script("search-").initSearch(Stringdex, RoaringBitmap, loader());

    async function results(query, count) {
        const found = [];
        const { others } = await docSearch.execQuery(DocSearch.parseQuery(query), null, "mapi_session");
        for await (const { href } of others) {
            found.push(href.replace("../mapi_session/", ""));
            if (found.length === count) break;
        }
        return found;
    }

    let names = 0;
    let missed = 0;
    const rows = fs.readFileSync(path.join(__dirname, "../tests/names.tsv"), "utf8").trim().split("\n");
    for (const [page, list] of rows.map((row) => row.split("\t"))) {
        const count = list.includes("IMAPISession::") ? FIRST : NEAR;
        for (const name of list.split(" ")) {
            names += 1;
            const found = await results(name, count);
            if (!found.some((href) => href === page || href.startsWith(`${page}#`))) {
                missed += 1;
                console.error(`${name} does not lead to ${page}: ${found.join(", ") || "nothing is found"}`);
            }
        }
    }
    console.log(`${names} names searched for, ${missed} missed`);
    process.exitCode = missed === 0 && names >= 150 ? 0 : 1;
}

main();
