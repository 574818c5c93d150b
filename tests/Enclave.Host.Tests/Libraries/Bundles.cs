using Enclave.Tests;

namespace Enclave.Host.Tests.Libraries;

/// <summary>Libraries as their authors publish them (tests/Enclave.Host.Tests/bundles).</summary>
internal static class Bundles
{
    private static readonly string s_installed = Path.Combine(Repository.Root, "artifacts", "npm", "bundles", "node_modules");

    private static readonly Dictionary<string, string> s_files = new()
    {
        ["_"] = "lodash/lodash.min.js",
        ["lodash"] = "lodash/lodash.js",
        ["dayjs"] = "dayjs/dayjs.min.js",
        ["dateFns"] = "date-fns/cdn.js",
        ["Decimal"] = "decimal.js/decimal.js",
        ["Papa"] = "papaparse/papaparse.min.js",
        ["math"] = "mathjs/lib/browser/math.js",
        ["moment"] = "moment/min/moment-with-locales.js",
    };

    public static IEnumerable<string> Names => s_files.Keys;

    public static Library Of(string name)
    {
        if (!Directory.Exists(s_installed))
            Assert.Skip($"{s_installed} is not installed. Run ./test.sh, or: source eng/setup.sh; npm_tools bundles tests/Enclave.Host.Tests/bundles");
        return Library.FromFile(name, Path.Combine(s_installed, s_files[name]));
    }
}
