using Enclave.Guard;
using Enclave.Tests;

namespace Enclave.Host.Tests.Libraries;

/// <summary>
/// Published bundles inside a script, each as it is. AgentScript refuses them at every level, for prototypes, constructors, long lines or many patterns; under
/// the preset <c>javascript</c> they run.
/// </summary>
public sealed class PublishedProgramTests
{
    // A bundle for a page declares one variable. All others have a module.
    private const string FromModule = "module.exports";

    private static readonly string s_installed = Path.Combine(Repository.Root, "artifacts", "npm");

    // A file, what it gives, a use of it as "it", and the result.
    private static readonly (string File, string Gives, string Use, string Json)[] s_bundles =
    [
        ("javascript:@babel/parser/lib/index.js", FromModule, "it.parse('1').type", "\"File\""),
        ("javascript:acorn/dist/acorn.js", FromModule, "it.parse('1 + 1', { ecmaVersion: 2025 }).body.length", "1"),
        ("javascript:astring/dist/astring.min.js", FromModule, "it.generate({ type: 'Identifier', name: 'a' })", "\"a\""),
        ("javascript:chart.js/dist/chart.umd.min.js", FromModule, "typeof it.register", "\"function\""),
        ("javascript:complex.js/dist/complex.min.js", FromModule, "it('1+2i').mul('3i').toString()", "\"-6 + 3i\""),
        ("javascript:esquery/dist/esquery.min.js", FromModule, "it.parse('Identifier').type", "\"identifier\""),
        ("javascript:fraction.js/dist/fraction.min.js", FromModule, "new it('0.5').toFraction()", "\"1/2\""),
        ("javascript:immutable/dist/immutable.min.js", FromModule, "it.List([1, 2]).push(3).toJS()", "[1,2,3]"),
        ("javascript:mathjs/lib/browser/math.js", FromModule, "it.evaluate('1 + 2')", "3"),
        ("javascript:moment/min/moment.min.js", FromModule, "it.utc('2026-01-31').format('D.M.')", "\"31.1.\""),
        ("javascript:moment/min/moment-with-locales.min.js", FromModule, "it.utc('2026-01-31').locale('de').format('MMMM')", "\"Januar\""),
        ("javascript:prettier/standalone.js", FromModule, "it.util.getStringWidth('ab')", "2"),
        ("javascript:prettier/plugins/acorn.js", FromModule, "Object.keys(it.parsers)", "[\"acorn\",\"espree\"]"),
        ("javascript:prettier/plugins/babel.js", FromModule, "'babel' in it.parsers", "true"),
        ("javascript:prettier/plugins/glimmer.js", FromModule, "'glimmer' in it.parsers", "true"),
        ("javascript:prettier/plugins/graphql.js", FromModule, "Object.keys(it.parsers)", "[\"graphql\"]"),
        ("javascript:prettier/plugins/html.js", FromModule, "'html' in it.parsers", "true"),
        ("javascript:prettier/plugins/markdown.js", FromModule, "'markdown' in it.parsers", "true"),
        ("javascript:prettier/plugins/meriyah.js", FromModule, "Object.keys(it.parsers)", "[\"meriyah\"]"),
        ("javascript:prettier/plugins/postcss.js", FromModule, "Object.keys(it.parsers)", "[\"css\",\"less\",\"scss\"]"),
        ("javascript:prettier/plugins/yaml.js", FromModule, "Object.keys(it.parsers)", "[\"yaml\"]"),
        ("javascript:ramda/dist/ramda.min.js", FromModule, "it.sum([1, 2, 3])", "6"),
        ("javascript:react/cjs/react.production.js", FromModule, "it.createElement('a').type", "\"a\""),
        ("javascript:rxjs/dist/bundles/rxjs.umd.min.js", FromModule, "(() => { const out = []; it.of(1, 2).pipe(it.map((x) => x * 2)).subscribe((x) => " +
            "out.push(x)); return out })()", "[2,4]"),
        ("javascript:svelte/compiler/index.js", FromModule, "typeof it.compile", "\"function\""),
        ("javascript:typed-function/lib/umd/typed-function.js", FromModule, "it({ number: (n) => n + 1 })(1)", "2"),
        ("javascript:uri-js/dist/es5/uri.all.min.js", FromModule, "it.parse('http://a.b/c').host", "\"a.b\""),
        ("javascript:vue/dist/vue.runtime.global.prod.js", "Vue", "it.computed(() => it.ref(1).value + 1).value", "2"),
        ("bundles:dayjs/dayjs.min.js", FromModule, "it('2026-01-31').add(1, 'month').format('YYYY-MM-DD')", "\"2026-02-28\""),
        ("bundles:decimal.js/decimal.js", FromModule, "it.add('0.1', '0.2').toString()", "\"0.3\""),
        ("bundles:papaparse/papaparse.min.js", FromModule, "it.parse('a,b\\n1,2', { header: true }).data", """[{"a":"1","b":"2"}]"""),
    ];

    public static TheoryData<string> Files => [.. s_bundles.Select((bundle) => bundle.File)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_bundle_that_AgentScript_refuses_runs_under_the_preset_javascript(string file)
    {
        (_, string gives, string use, string json) = s_bundles.Single((bundle) => bundle.File == file);
        string program = Around(await TextOf(file), gives, use);
        await using EnclaveHost dialect = Open(SecurityLevel.Permissive, GuardPreset.AgentScript);
        await using EnclaveHost language = Open(SecurityLevel.Standard, GuardPreset.JavaScript);

        GuardIssue[] refused = [.. dialect.Validate(program).Issues.Where((issue) => issue.Severity == IssueSeverity.Error)];
        ExecutionResult result = await Within.Deadline(language.RunAsync(program), file);

        Assert.True(refused.Length > 0, "AgentScript accepts it: it shows nothing");
        Assert.True(result.Success, $"{result.Error?.Code}: {result.Error?.Message}");
        Assert.Equal(json, result.Value.ToJsonString());
    }

    [Theory]
    [InlineData("javascript:handlebars/dist/handlebars.min.js")]
    [InlineData("javascript:lodash/core.min.js")]
    [InlineData("javascript:underscore/underscore-umd-min.js")]
    public async Task A_bundle_that_looks_for_the_global_object_with_text_is_accepted_and_fails_as_it_runs(string file)
    {
        string program = Around(await TextOf(file), FromModule, "typeof it");
        await using EnclaveHost language = Open(SecurityLevel.Standard, GuardPreset.JavaScript);

        ExecutionResult result = await Within.Deadline(language.RunAsync(program), file);

        Assert.Equal(ErrorCode.RuntimeError, result.Error!.Code);
        Assert.Contains("Code generation from strings disallowed", result.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AgentScript_takes_the_text_around_them()
    {
        await using EnclaveHost dialect = Open(SecurityLevel.Permissive, GuardPreset.AgentScript);

        Assert.DoesNotContain(
            dialect.Validate(Around("module.exports = 1;", FromModule, "it + 1")).Issues, (issue) => issue.Severity == IssueSeverity.Error);
    }

    private static async Task<string> TextOf(string file)
    {
        string[] parts = file.Split(':');
        string path = Path.Combine(s_installed, parts[0], "node_modules", parts[1]);
        if (!File.Exists(path)) Assert.Skip($"{path} is not installed: ./test.sh does it");
        return await File.ReadAllTextAsync(path);
    }

    private static string Around(string bundle, string gives, string use) =>
        $"const module = {{ exports: {{}} }};\nconst it = (function (module, exports) {{\n{bundle}\nreturn {gives};\n}}).call(globalThis, module, " +
        $"module.exports);\nreturn {use};";

    private static EnclaveHost Open(SecurityLevel level, GuardPreset preset) => new(new EnclaveOptions
    {
        SecurityLevel = level,
        Preset = preset,
        AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
        MaxIterations = 10_000_000,
        Timeout = TimeSpan.FromMinutes(1),
        Adapter = EnclaveAdapter.WorkerPool,
        WorkerPool = WorkerPoolPresets.For(level) with { MinWorkers = 0, MaxWorkers = 1, SpareWorkers = 0 },
    });
}
