// Staff and members: from a text to be read to a parcel on its way, on real pages, with the real slicer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { forgive, reloadUntil, visitor } from "./browser.mjs";
import { buy, numberOf, shipped, stateOf } from "./customer.mjs";
import {
  addressOf, begin, enrolledTablet, finish, leave, manager, offer, openTask, plateOf, signIn, welcome,
} from "./house.mjs";

const [maker, checker, beginner] = ["ノブさん", "ひろさん", "アオイさん"];

test("a wrong password is told in words", async () => {
  const page = await visitor();
  await page.goto("/staff");
  await signIn(page, "not the password");
  await page.getByText("メールアドレスかパスワードが違います。").waitFor();
});

test("a tag goes from its text to a parcel", async (t) => {
  const customer = await visitor();
  await buy(customer, { name: "神保 福子", email: "fukuko@example.jp", text: "ふくこ", base: "桜", letters: "墨" });
  const number = await numberOf(customer);
  const [shop] = customer.url().split("?");
  const staff = await manager();
  let order, code, tablet;

  // A part that fails ends the journey: what follows stands on it.
  const part = async (name, act) => {
    let done = false;
    await t.test(name, async () => {
      await act();
      done = true;
    });
    assert.ok(done, name);
  };

  await part("staff read the text on the morning board and approve it", async () => {
    const entry = staff.getByRole("article").filter({ has: staff.getByRole("link", { name: number }) });
    await reloadUntil(staff, entry);
    order = await addressOf(entry.getByRole("link", { name: number }));
    await entry.getByRole("button", { name: "承認する" }).click();
    await staff.getByText("文字を承認しました。").first().waitFor();
    await staff.goto(order);
    code = (await (await reloadUntil(staff, staff.getByRole("cell", { name: "これから" }).locator("..").locator("th"))).innerText()).trim();
  });

  await part("what the board suggests is offered in one tap, and can be taken back", async () => {
    await staff.goto("/staff");
    const card = await reloadUntil(staff, staff.getByRole("article").filter({ has: staff.getByRole("button", { name: "すすめる" }) }));
    const [, member] = (await card.getByRole("heading").innerText()).match(/^(.+さん)に「.+」/);
    assert.notEqual(await card.getByRole("listitem").count(), 0, "a suggestion gives its reasons");
    await card.getByRole("button", { name: "すすめる" }).click();
    await staff.getByText("すすめました。").waitFor();
    await staff.goto("/staff/members");
    await staff.getByRole("link", { name: member, exact: true }).click();
    await staff.getByRole("button", { name: "取り下げる" }).last().click();
    await staff.getByText("おすすめを取り下げました。").waitFor();
  });

  await part("nobody is offered what is above their stage", async () => {
    await offer(staff, await openTask(staff, "文字の見くらべ", order), beginner);
    await staff.getByText("この仕事は、その人のいまの段階より先のものです。").first().waitFor();
    assert.equal(await staff.getByText("すすめました。").count(), 0);
  });

  await part("a tablet is enrolled, and a member comes to it", async () => {
    tablet = await enrolledTablet(staff, "ためしの机");
    await welcome(tablet, maker);
  });

  // One member does one step of the line, as it is offered.
  const step = (operation, about, member, { deed = () => {}, done = "できた" } = {}) =>
    part(`${member} does ${operation}`, async () => {
      await offer(staff, await openTask(staff, operation, about), member);
      await staff.getByText("すすめました。").waitFor();
      await begin(tablet);
      await deed();
      await finish(tablet, done);
    });
  const choose = (name) => () => tablet.getByRole("radio", { name }).check();

  await step("文字の見くらべ", order, maker, { deed: () => tablet.getByRole("figure").locator("canvas").waitFor() });
  const plate = await plateOf(staff, code);
  await step("プレートの並び", plate, maker);
  await step("スライス", plate, maker, {
    deed: async () => {
      const task = tablet.url();
      let fail = (route) => route.abort();
      await tablet.route("**/tablet/tasks/*", (route) => (route.request().resourceType() === "fetch" ? fail(route) : route.continue()));
      await tablet.getByRole("button", { name: "スライスする" }).click();
      const sliced = tablet.getByText("スライスできました", { exact: true });
      const again = tablet.getByRole("link", { name: "もういちど みる" });
      await sliced.or(again).waitFor();
      if (await again.isVisible()) { // unless it was sliced before the page came
        await tablet.getByText("いま つながりません。").waitFor();
        await forgive(/htmx:error/);
        fail = (route) => route.continue({ url: `${task}-of-nobody` });
        await tablet.getByText("いまは すすめません。").waitFor(); // there is nothing more to wait for
      }
      await tablet.unrouteAll({ behavior: "wait" });
      await tablet.goto(task);
      await sliced.waitFor({ timeout: 180_000 });
    },
  });

  await part("staff approve the plate", async () => {
    await staff.goto(plate);
    await staff.getByRole("button", { name: "承認する" }).click();
    await staff.getByText("プレートを承認しました。").waitFor();
  });

  await step("プリンターの準備", plate, maker, { deed: choose("MK3S 二号機") });
  await step("プリント開始", plate, maker, { done: "はじめました" });
  await step("色のかえ", plate, maker, { done: "かえました" });
  await step("取り外し", plate, maker, { deed: choose("できあがっている") });
  await step("わける", plate, maker, { deed: choose("よい") });
  await part("the customer sees that it is being finished", async () => {
    await reloadUntil(customer, stateOf(customer, "仕上げ"));
  });
  await step("仕上げ", order, maker);
  await leave(tablet);
  await welcome(tablet, checker);
  await step("検品", order, checker, { deed: choose("よい") });
  await step("袋詰め", order, checker, { deed: choose(code) });

  await part("staff send the parcel, and the customer sees it", async () => {
    await staff.goto(order);
    await staff.getByLabel("追跡番号").fill("6300-1122-3344");
    await staff.getByRole("button", { name: "発送した" }).click();
    await staff.getByText("発送を記録しました。").waitFor();
    await reloadUntil(customer, shipped(customer));
    await customer.getByText("6300-1122-3344").waitFor();
  });

  await part("each mail came once", async () => {
    await customer.goto("/mails");
    const mails = ["ご注文を受け付けました", "製作を始めます", "発送しました"].map((subject) => `${subject}(${number})`);
    for (const mail of mails) await reloadUntil(customer, customer.getByRole("link", { name: mail }));
    const subjects = await customer.getByRole("row", { name: number }).getByRole("link").allInnerTexts();
    assert.deepEqual(subjects.sort(), mails.sort());
    await customer.getByRole("link", { name: `発送しました(${number})` }).click();
    await customer.getByText("6300-1122-3344").waitFor();
  });

  await part("the customer writes about it without script", async () => {
    const plain = await visitor({ javaScriptEnabled: false });
    await plain.goto(shop);
    await plain.getByRole("link", { name: "品物について連絡する" }).click();
    await plain.getByRole("button", { name: "送る" }).click();
    await plain.getByText("入力内容をご確認ください").waitFor();
    await plain.locator("[data-focus]:focus").waitFor();
    await plain.getByLabel("どうされましたか").selectOption("文字がちがう");
    await plain.getByLabel("くわしく教えてください").fill("😀 名まえの字がちがいます。");
    await plain.getByRole("button", { name: "送る" }).click();
    await plain.getByText("😀 名まえの字がちがいます。").waitFor();
  });
});

test("two members on one tablet never see each other's work, and may say no", async () => {
  const staff = await manager();
  const tablet = await enrolledTablet(staff, "入口");
  await tablet.getByRole("button", { name: "けんさん" }).click();
  await tablet.getByRole("img", { name: "4つの うち 0つ おしました" }).waitFor();
  await tablet.goto("/tablet");
  await welcome(tablet, "けんさん", "1234");
  await leave(tablet);
  await tablet.goBack();
  await tablet.getByRole("heading", { name: "じぶんの えを えらんで ください" }).waitFor();
  assert.equal(await tablet.getByRole("banner").count(), 0, "nobody's name stands above the page");

  await welcome(tablet, "まゆさん");
  await tablet.getByRole("banner").getByText("まゆさん").waitFor();
  for (const part of ["rest", "help", "mood"]) {
    await tablet.goto(`/tablet/${part}`);
  }
  await tablet.goto("/tablet/today");
  await tablet.getByRole("link", { name: "やらない" }).click();
  await tablet.getByRole("button", { name: "いまは やらない" }).click();
  await tablet.getByText("いまは おすすめの しごとが ありません。").waitFor();
});
