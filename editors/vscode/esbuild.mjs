// One file for the extension, so that the package needs no node_modules; `--test` bundles the tests.
import { build } from "esbuild";
import { readdirSync } from "node:fs";

const common = { bundle: true, platform: "node", target: "node20", format: "cjs", logLevel: "warning" };

if (process.argv.includes("--test")) {
  const files = (folder) =>
    readdirSync(`test/${folder}`)
      .filter((name) => name.endsWith(".test.ts"))
      .map((name) => `test/${folder}/${name}`);
  await build({ ...common, entryPoints: files("unit"), outdir: "dist-test/unit", outExtension: { ".js": ".cjs" } });
  await build({ ...common, entryPoints: ["test/host/index.ts"], outfile: "dist-test/host/index.js", external: ["vscode"] });
} else {
  await build({ ...common, entryPoints: ["src/extension.ts"], outfile: "dist/extension.js", external: ["vscode"], minify: true });
}
