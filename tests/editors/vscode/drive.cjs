// Opens VS Code in Chromium. First the page that runs the tests in its extension host; then, with SHOTS set, one
// for pictures. Usage: node drive.cjs HOST FOLDER COMPANION TESTS
const { chromium } = require("playwright-core");
const [host, folder, companion, tests] = process.argv.slice(2);
const remote = (path) => `vscode-remote://${host}${encodeURI(path)}`;
const address = (query) => `http://${host}/?folder=${encodeURIComponent(folder)}${query}`;

async function runTests(browser) {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  const done = new Promise((resolve) => {
    page.exposeFunction("codeAutomationLog", (_type, args) => console.log(...args));
    page.exposeFunction("codeAutomationExit", (code) => resolve(code));
  });
  const payload = [["extensionDevelopmentPath", remote(companion)], ["extensionTestsPath", remote(tests)]];
  await page.goto(address(`&payload=${encodeURIComponent(JSON.stringify(payload))}`));
  const late = new Promise((resolve) => setTimeout(() => resolve("no end within 5 minutes"), Number(process.env.LIMIT ?? 300_000)).unref());
  const code = await Promise.race([done, late]);
  if (code !== 0) {
    console.log(`FAILED - tests in the extension host: ${code}`);
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/failed.png` });
    process.exitCode = 1;
  }
  await page.close();
}

async function takePictures(browser, shots) {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  const picture = (name) => page.screenshot({ path: `${shots}/${name}.png` });
  const command = async (title) => {
    await page.keyboard.press("F1");
    await page.keyboard.type(title, { delay: 20 });
    await page.waitForTimeout(1500);
    if (process.env.SHOTS_PALETTE) await picture(`palette-${title.replace(/\W+/g, "-")}`);
    await page.keyboard.press("Enter");
  };
  const openFile = async (name) => {
    await page.keyboard.press("Control+p");
    await page.keyboard.type(name, { delay: 20 });
    await page.waitForTimeout(1200);
    await page.keyboard.press("Enter");
    await page.waitForTimeout(1000);
  };
  await page.goto(address(""));
  await page.waitForSelector(".monaco-workbench", { timeout: 60_000 });
  await page.waitForTimeout(4000);
  await openFile("2026_02_02_totals.py");
  await page.waitForSelector(".squiggly-error", { timeout: 60_000 });
  await page.waitForSelector(".codelens-decoration a", { timeout: 20_000 });
  await page.waitForTimeout(1500);
  await picture("1-revision");
  await page.getByText("create_index", { exact: false }).first().hover();
  await page.waitForTimeout(1500);
  await picture("2-hover");
  await page.keyboard.press("Escape");
  await command("retort: Show SQL of This Revision");
  await page.waitForTimeout(2500);
  await picture("3-sql");
  await command("retort: Show the Chain as a Graph");
  await page.waitForTimeout(4000);
  await picture("4-graph");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("p");
  await page.waitForTimeout(500);
  await picture("5-graph-keys");
  await page.keyboard.press("Enter");
  await page.waitForTimeout(2000);
  await picture("6-graph-opened");
  await command("View: Close All Editors");
  await openFile("2025_11_25_refunds.py");
  await command("retort: Show Schema before and after This Revision");
  await page.waitForTimeout(3000);
  await picture("7-schema");
  await command("View: Close All Editors");
  await openFile("2025_05_20_one_account_per_address.py");
  await page.waitForTimeout(1500);
  await command("Problems: Focus on Problems View");
  await page.waitForTimeout(1500);
  await picture("8-problems");
  await page.getByText("lock/add-unique").first().click({ modifiers: ["Control"] });
  await page.waitForTimeout(2500);
  await picture("9-rule");
  await command("View: Close All Editors");
  await openFile("2026_02_02_totals.py");
  await page.keyboard.press("F8");
  await page.waitForTimeout(800);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+.");
  await page.waitForTimeout(1500);
  await picture("10-actions");
  await page.keyboard.press("Escape");
  await command("View: Close All Editors");
  await command("View: Toggle Panel Visibility");
  await openFile("2025_04_14_orders_keep");
  await command("Preferences: Toggle between Light/Dark Themes");
  await page.waitForTimeout(2000);
  await picture("11-sql-revision-dark");
  await command("retort: Show the Chain as a Graph");
  await page.waitForTimeout(3000);
  await picture("12-graph-dark");
  await command("View: Close All Editors");
  await openFile("2026_02_02_totals.py");
  await command("retort: Build a Bundle for a Change Ticket");
  await page.waitForTimeout(1500);
  await picture("13-bundle-range");
  await page.keyboard.press("Enter");
  await page.waitForTimeout(1000);
  await page.keyboard.press("Enter");
  await page.waitForTimeout(1000);
  await page.keyboard.press("Enter");
  await page.waitForTimeout(6000);
  await picture("14-bundle-made");
  console.log(`pictures are in ${shots}`);
  await page.close();
}

(async () => {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
  try {
    await runTests(browser);
    if (process.env.SHOTS) await takePictures(browser, process.env.SHOTS);
  } finally {
    await browser.close();
  }
})().catch((error) => {
  console.log(`FAILED - the browser: ${error.message}`);
  process.exitCode = 1;
});
