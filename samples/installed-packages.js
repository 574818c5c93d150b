// The ten largest sections of the Debian packages on this machine. Run it with:
//
//   ./enclave run samples/installed-packages.js --tool packages="dpkg-query -W -f '\${Section}\t\${Installed-Size}\t\${Package}\n'"
//
// The script cannot see the machine. It sees only the output of its one tool: a line per package, with its section, size in KB and name.

const listing = await callTool("packages", {});

const sections = new Map();
for (const line of listing.split("\n")) {
  const [section, kilobytes, name] = line.split("\t");
  if (!name) continue;
  const sum = sections.get(section) ?? { section, packages: 0, kilobytes: 0 };
  sum.packages += 1;
  sum.kilobytes += Number(kilobytes) || 0;
  sections.set(section, sum);
}

console.info(`${sections.size} sections`);

// A program is a function body: the returned value is its result.
return [...sections.values()]
  .sort((a, b) => b.kilobytes - a.kilobytes)
  .slice(0, 10)
  .map(({ section, packages, kilobytes }) => ({ section, packages, megabytes: Math.round(kilobytes / 102.4) / 10 }));
