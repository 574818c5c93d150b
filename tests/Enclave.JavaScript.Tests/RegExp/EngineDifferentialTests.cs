using System.Runtime.InteropServices;
using System.Text.Json;
using Enclave.JavaScript.RegExp;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.RegExp;

public sealed class EngineDifferentialTests
{
    private const int ChunkSize = 20_000;

    // Patterns are sent as UTF-16 in base64, because JSON cannot contain lone surrogates.
    private const string Ask = """
        process.stdout.write(JSON.stringify(JSON.parse(input).map(([pattern, flags]) => {
          try { new RegExp(Buffer.from(pattern, 'base64').toString('utf16le'), flags); return null; } catch (error) { return error.message.toWellFormed(); }
        })));
        """;

    [Fact]
    public async Task Generated_patterns_are_valid_when_the_engine_says_so()
    {
        int valid = 0;
        int count = TestSize.Of(20_000, 500_000);
        for (int chunk = 0; chunk * ChunkSize < count; chunk++)
        {
            var samples = new PatternSamples(new Random(chunk));
            (string, string)[] cases = [.. Enumerable.Range(0, ChunkSize).Select((_) => samples.Next())];
            valid += await CompareWithEngine(cases);
        }

        // Most of the pieces are traps. If no sample were valid, the test would only see first errors.
        Assert.InRange(valid, count / 5, count * 4 / 5);
    }

    [Fact]
    public async Task Every_property_name_is_known_where_the_engine_knows_it()
    {
        string generated = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "src/Enclave.JavaScript/Text/UnicodeProperties.g.cs"));
        string[] names = [.. generated.Split('"').Where((_, index) => index % 2 == 1)];
        Assert.True(names.Length > 500);
        string[] forms = ["*", "gc=*", "General_Category=*", "sc=*", "Script=*", "scx=*", "Script_Extensions=*", "*=L"];
        string[] around = [@"\p{?}", @"\P{?}", @"[^\p{?}]"];

        int valid = await CompareWithEngine(
        [
            .. from name in names
               from form in forms
               from place in around
               from flags in new[] { "u", "v" }
               select (place.Replace("?", form.Replace("*", name, StringComparison.Ordinal), StringComparison.Ordinal), flags),
        ]);

        Assert.True(valid > names.Length);
    }

    [Theory]
    [MemberData(nameof(EngineDifferences.Examples), MemberType = typeof(EngineDifferences))]
    public async Task The_known_differences_are_still_there(string clause, string pattern)
    {
        string?[] faults = await AskEngine([(pattern, "u")]);

        Assert.True(RegExpSyntax.Check(pattern, "u") is null != faults[0] is null, $"the engine now follows {clause}: drop the difference");
    }

    private static async Task<string?[]> AskEngine((string Pattern, string Flags)[] cases)
    {
        string[][] encoded = [.. cases.Select((one) => new[] { Convert.ToBase64String(MemoryMarshal.AsBytes<char>(one.Pattern.AsSpan())), one.Flags })];
        return JsonSerializer.Deserialize<string?[]>(await PinnedNode.Run(Ask, JsonSerializer.Serialize(encoded)))!;
    }

    private static async Task<int> CompareWithEngine((string Pattern, string Flags)[] cases)
    {
        string?[] faults = await AskEngine(cases);

        Assert.Equal(cases.Length, faults.Length);
        var differences = new List<string>();
        int valid = 0;
        for (int i = 0; i < cases.Length; i++)
        {
            (string pattern, string flags) = cases[i];
            RegExpFault? ours = RegExpSyntax.Check(pattern, flags);
            if (ours is null) valid++;
            if (ours is null == faults[i] is null || EngineDifferences.IsKnown(pattern, ours, faults[i])) continue;
            differences.Add($"/{pattern}/{flags}\n  ours:   {ours?.Message ?? "valid"}\n  engine: {faults[i] ?? "valid"}");
        }

        if (differences.Count > 0) Assert.Fail($"{differences.Count} differences:\n{string.Join('\n', differences.OrderBy((one) => one.Length).Take(25))}");
        return valid;
    }
}
