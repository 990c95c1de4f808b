// Lighthouse, but for its judgment of speed, which is the machine's as well: `make bench` tells that.
import assert from "node:assert/strict";
import { test } from "node:test";
import { judge } from "./lighthouse.mjs";

test("Lighthouse gives at least 95 to the first page, a product and its studio", async () => {
  const pages = ["/", "/products/name-tag", "/products/name-tag/studio"].map((path) => new URL(path, process.env.BASE_URL).href);
  for (const { url, scores, lacking, failed } of await judge(pages, ["accessibility", "best-practices", "seo"])) {
    assert.equal(failed, undefined, url);
    assert.equal(Object.keys(scores).length, 3);
    for (const [category, score] of Object.entries(scores)) assert.ok(score >= 95, `${url} ${category}: ${score}\n${lacking.join("\n")}`);
  }
});
