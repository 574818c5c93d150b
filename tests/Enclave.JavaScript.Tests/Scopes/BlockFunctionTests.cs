using System.Text;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Scopes;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.Scopes;

/// <summary>
/// Functions in blocks (Annex B.3.2). V8 decides which of them are variables of their function, because eslint-scope does not know this rule.
/// </summary>
public sealed class BlockFunctionTests
{
    // A global f shows it: if the function has its own f, typeof gives undefined, or throws before a let.
    private const string Script = """
        globalThis.f = 1;
        const isOwn = (source) => {
          try { return (0, eval)(`(${source})`)() === 'undefined'; } catch (fault) { if (fault instanceof ReferenceError) return true; throw fault; }
        };
        console.log(JSON.stringify(JSON.parse(input).map(isOwn)));
        """;

    [Fact]
    public async Task The_engine_hoists_the_same_ones()
    {
        int count = TestSize.Of(2_000, 20_000);
        var random = new Random(1);
        var sources = new List<string>();
        while (sources.Count < count)
        {
            string source = Make(random);
            if (Parser.Parse($"({source})").Success) sources.Add(source);
        }

        string answer = await PinnedNode.Run(Script, System.Text.Json.JsonSerializer.Serialize(sources));

        bool[] theirs = System.Text.Json.JsonSerializer.Deserialize<bool[]>(answer)!;
        Assert.All(sources.Zip(theirs), (program) => Assert.True(IsOwn(program.First) == program.Second, $"{program.Second} in V8: {program.First}"));
        Assert.InRange(theirs.Count((own) => own), count / 10, count * 9 / 10);
    }

    private static bool IsOwn(string source)
    {
        ScopeTree tree = Resolution.Analyze($"({source})");
        return tree.References.First((reference) => reference.IsTypeOfOperand).Binding is not null;
    }

    private static string Make(Random random)
    {
        string parameters = random.Next(12) switch { 0 => "f", 1 => "{f} = {}", 2 => "g = 1", 3 => "g = () => f", _ => "" };
        var text = new StringBuilder($"function ({parameters}) {{ return typeof f; ");
        Fill(text, random, 0);
        return text.Append(" }").ToString();
    }

    private static void Fill(StringBuilder text, Random random, int depth)
    {
        for (int i = random.Next(1, 3); i > 0; i--)
        {
            (string before, string after) = depth > 4 ? ("", "") : random.Next(17) switch
            {
                0 or 1 or 2 => ("{ ", " }"),
                3 => ("try {} catch (f) { ", " }"),
                4 => ("try {} catch ({f}) { ", " }"),
                5 => ("try {} catch { ", " }"),
                6 => ("for (let f;;) { ", " }"),
                7 => ("for (const f of []) { ", " }"),
                8 => ("switch (1) { case 1: ", " }"),
                9 => ("with ({}) { ", " }"),
                10 => ("l: { ", " }"),
                11 => ("{ let f; ", " }"),
                12 => ("{ class f {} ", " }"),
                13 => ("for (var g of []) { ", " }"),
                14 => ("(() => { ", " })();"),
                15 => ("for (var f in {}) { ", " }"),
                _ => ("", ""),
            };
            text.Append(before);
            if (before.Length > 0 && random.Next(3) > 0) Fill(text, random, depth + 1);
            else text.Append(Leaf(random, depth));
            text.Append(after).Append(' ');
        }
    }

    private static string Leaf(Random random, int depth) => random.Next(depth == 0 ? 9 : 7) switch
    {
        0 or 1 or 2 => "{ function f() {} }",
        3 => "if (1) function f() {}",
        4 => depth > 0 ? "function f() {}" : "{ l: function f() {} }",
        5 => "{ async function f() {} }",
        6 => "{ function *f() {} }",
        7 => "let g;",
        _ => "{ let f; }",
    };
}
