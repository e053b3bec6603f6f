// Reads the stream in a page of the service by fetch, while users are created outside of it.
import assert from "node:assert/strict";
import puppeteer from "puppeteer-core";

const { SERVICE: service, KEY: key, CHROMIUM: executablePath = "/usr/bin/chromium" } = process.env;
const browser = await puppeteer.launch({ executablePath, args: ["--no-sandbox"] });
try {
  const page = await browser.newPage();
  await page.goto(`${service}/docs/index.html`);
  const reading = page.evaluate(async key => {
    const response = await fetch("/v1/changes?after=now", { headers: { Accept: "text/event-stream", Authorization: `Bearer ${key}` } });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (text.split("\n\n").filter(event => event.includes("user.created")).length < 50) text += (await reader.read()).value;
    await reader.cancel();
    return text;
  }, key);
  await new Promise(resolve => setTimeout(resolve, 1_000));
  const created = [];
  for (let i = 0; i < 50; i++) {
    const response = await fetch(`${service}/v1/users`, {
      method: "POST", headers: { "Content-Type": "application/json", Authorization: `Bearer ${key}` },
      body: JSON.stringify({ name: `Bøb ${i}`, email: `chromium${i}@example.org` }),
    });
    created.push((await response.json()).id);
  }

  const events = (await reading).split("\n\n").filter(event => event.includes("\ndata: {\"id\""));
  assert.deepEqual(events.map(event => JSON.parse(event.split("\ndata: ")[1]).userId), created);
  console.log(`Chromium: ${events.length} changes`);
} finally {
  await browser.close();
}
