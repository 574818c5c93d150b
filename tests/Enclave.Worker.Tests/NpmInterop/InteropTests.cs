using System.Text.Json;
using Enclave.Protocol.Tests.Values;
using Enclave.Protocol.Values;
using Enclave.Tests;

namespace Enclave.Protocol.Tests.NpmInterop;

/// <summary>Other libraries read our output, and we read theirs: a codec that only reads itself proves nothing.</summary>
public sealed class InteropTests
{
    private const int Seed = 424242;

    private static readonly int Count = TestSize.Of(1_000, 10_000);

    [Theory]
    [InlineData("@msgpack/msgpack")]
    [InlineData("msgpackr")]
    public async Task Values_that_we_write_are_read_alike(string library)
    {
        NodeLibraries.SkipIfMissing();
        ScriptValue[] values = [.. ValueGenerator.Many(Seed, Count)];

        IReadOnlyList<JsonElement> answers = await NodeLibraries.AskAsync([.. values.Select(value => Decode(library, ScriptValueCodec.Encode(value)))]);

        for (int i = 0; i < values.Length; i++) Assert.Equal(Description.Of(values[i]), Said(answers[i], "value").GetRawText());
    }

    [Theory]
    [InlineData("@msgpack/msgpack")]
    [InlineData("msgpackr")]
    public async Task Values_that_others_write_are_read_alike(string library)
    {
        NodeLibraries.SkipIfMissing();
        IEnumerable<ScriptValue> generated = ValueGenerator.Many(Seed + 1, int.MaxValue);
        if (library == "@msgpack/msgpack") generated = generated.Where(value => !Description.HasIllFormedKey(value));
        // Both libraries write -0 as the integer 0, so they are asked for 0.
        string[] values = [.. generated.Take(Count).Select(value => Description.Of(value).Replace("\"x8000000000000000\"", "\"0\"", StringComparison.Ordinal))];

        IReadOnlyList<JsonElement> answers = await NodeLibraries.AskAsync([.. values.Select(value => $$"""{"library":"{{library}}","encode":{{value}}}""")]);

        for (int i = 0; i < values.Length; i++)
        {
            byte[] bytes = Convert.FromHexString(Said(answers[i], "hex").GetString()!);
            Assert.Equal(values[i], Description.Of(ScriptValueCodec.Decode(new(bytes), ValueLimits.Widest)));
        }
    }

    [Theory]
    [InlineData("@msgpack/msgpack")]
    [InlineData("msgpackr")]
    public async Task Every_format_at_both_edges_is_read_alike(string library)
    {
        NodeLibraries.SkipIfMissing();
        byte[][] frames = [.. FormatEdges.All()];

        IReadOnlyList<JsonElement> answers = await NodeLibraries.AskAsync([.. frames.Select(frame => Decode(library, frame))]);

        for (int i = 0; i < frames.Length; i++)
        {
            string ours = Description.Of(ScriptValueCodec.Decode(new(frames[i]), ValueLimits.Widest));
            string theirs = Said(answers[i], "value").GetRawText();
            if (ours != theirs) Assert.Fail(
                $"{Convert.ToHexString(frames[i].AsSpan(0, Math.Min(40, frames[i].Length)))} is {Start(ours)} for us, {Start(theirs)} for {library}");
        }
    }

    private static string Decode(string library, byte[] bytes) => $$"""{"library":"{{library}}","decode":"{{Convert.ToHexStringLower(bytes)}}"}""";

    private static string Start(string text) => text[..Math.Min(80, text.Length)];

    private static JsonElement Said(JsonElement answer, string member)
    {
        if (answer.TryGetProperty("error", out JsonElement error)) Assert.Fail(error.GetString()!);
        return answer.GetProperty(member);
    }
}
