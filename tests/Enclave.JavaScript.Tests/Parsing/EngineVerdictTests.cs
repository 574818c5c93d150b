using System.Text.Json;
using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Tests.Parsing;

/// <summary>The engine says of each text in Parsing/verdicts what the table says.</summary>
public sealed class EngineVerdictTests
{
    // For an assignment to a call, V8 throws only at run time. It refuses HTML-like comments in modules, which do not have them (Annex B.1.1).
    private static readonly string[] s_engineDiffers = ["for (a() in {}) ;", "for (a() of {}) ;", "f() = 1", "f() += 1", "f()++", "a <!-- b"];

    [Fact]
    public async Task The_engine_gives_the_same_verdicts()
    {
        Verdict[] all = [.. Verdict.Topics.SelectMany(Verdict.Of).Where((verdict) => !s_engineDiffers.Contains(verdict.Source))];
        const string script = """
            const vm = require('vm');
            const accepts = (make) => { try { make(); return true; } catch { return false; } };
            console.log(JSON.stringify(JSON.parse(input).map((source) => accepts(() => new vm.Script(source)))));
            """;

        bool[] engine = JsonSerializer.Deserialize<bool[]>(await PinnedNode.Run(script, JsonSerializer.Serialize(all.Select((verdict) => verdict.Source))))!;

        for (int i = 0; i < all.Length; i++) Assert.True(engine[i] == all[i].Accepts(SourceGoal.Script), all[i].Source);
    }
}
