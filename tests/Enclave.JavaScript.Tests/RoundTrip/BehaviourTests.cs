using System.Text.Json;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Tests.Corpus;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.RoundTrip;

/// <summary>A printed library behaves like its original.</summary>
public sealed class BehaviourTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("lodash", "lodash.js", 100_000)]
    [InlineData("acorn", "dist/acorn.js", 10_000)]
    [InlineData("rxjs", "dist/bundles/rxjs.umd.js", 2_000)]
    public void A_printed_library_gives_the_same_answers(string library, string file, int fewestCalls)
    {
        Installed.SkipIfMissing();
        string original = Installed.Package(library, file), source = Installed.Read(original);
        ParseResult parsed = Ours.Parse(source, SourceGoal.Script);
        Assert.True(parsed.Success, parsed.Error?.Show(source));
        foreach ((string style, string text) in Printed.Both(parsed.Program).Take(TestSize.Of(1, 2)))
        {
            string printed = Path.Combine(Path.GetTempPath(), $"enclave-{library}-{style}-{Environment.ProcessId}.js");
            File.WriteAllText(printed, text);
            try
            {
                JsonElement report = JsonElement.Parse(
                    NodeScript.Lines([NodeScript.Oracle("behaviour.mjs"), Installed.Folder, library, original, printed], []).Single());
                int calls = report.GetProperty("calls").GetInt32();
                output.WriteLine($"{library}, {style}: {calls} calls, {report.GetProperty("throws")} of them throw");
                Assert.Equal(0, report.GetProperty("differences").GetArrayLength());
                Assert.True(calls >= fewestCalls, $"only {calls} calls");
            }
            finally
            {
                File.Delete(printed);
            }
        }
    }
}
