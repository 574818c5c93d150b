using System.Text.Json;
using Enclave.Protocol;

namespace Enclave.Cli.Batch;

/// <summary>The recorded behaviour of a job's tool.</summary>
internal sealed class BatchToolAnswer
{
    private readonly Func<CancellationToken, ValueTask<object?>> _give;

    private BatchToolAnswer(Func<CancellationToken, ValueTask<object?>> give) => _give = give;

    /// <exception cref="FormatException">It describes no known behaviour.</exception>
    public static BatchToolAnswer Parse(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object) throw new FormatException("a tool's answer must be an object with returns or throws");
        if (answer.TryGetProperty("returns", out JsonElement value)) return Of(ScriptValue.From(value));
        if (answer.TryGetProperty("throws", out JsonElement failure)) return new BatchToolAnswer(Failing(failure));
        if (IsSet(answer, "returns_undefined")) return Of(ScriptValue.Undefined);
        if (answer.TryGetProperty("returns_repeat", out JsonElement repeat)) return Of(Repeated(repeat));
        if (IsSet(answer, "never_resolves")) return new BatchToolAnswer(NeverAsync);
        // A delegate is not data, so the library refuses it like any other unserializable result.
        if (IsSet(answer, "returns_unserializable")) return new BatchToolAnswer((_) => new((Action)(() => { })));
        throw new FormatException("a tool's answer has none of returns, throws, returns_undefined, returns_repeat, never_resolves, returns_unserializable");
    }

    public ValueTask<object?> GiveAsync(CancellationToken cancellationToken) => _give(cancellationToken);

    private static BatchToolAnswer Of(ScriptValue value) => new((_) => new(value));

    private static Func<CancellationToken, ValueTask<object?>> Failing(JsonElement failure)
    {
        string name = failure.TryGetProperty("name", out JsonElement given) ? given.GetString()! : "Error";
        string message = failure.TryGetProperty("message", out JsonElement text) ? text.GetString()! : "";
        return (_) => throw new ToolException(message) { Name = name };
    }

    private static ScriptValue Repeated(JsonElement repeat)
    {
        const int MostCharacters = 256 << 20;
        if (repeat.ValueKind != JsonValueKind.Array || repeat.GetArrayLength() != 2) throw new FormatException("returns_repeat must be [text, times]");
        string text = repeat[0].GetString()!;
        int times = repeat[1].GetInt32();
        if (times < 0 || (long)text.Length * times > MostCharacters) throw new FormatException($"returns_repeat makes more than {MostCharacters} characters");
        return ScriptValue.From(string.Concat(Enumerable.Repeat(text, times)));
    }

    private static async ValueTask<object?> NeverAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
        return null;
    }

    private static bool IsSet(JsonElement answer, string name) => answer.TryGetProperty(name, out JsonElement set) && set.ValueKind == JsonValueKind.True;
}
