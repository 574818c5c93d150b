using System.Text.Json;
using System.Text.RegularExpressions;
using Enclave.Guard;
using Enclave.Protocol;

namespace Enclave.Host.Tests.Cases;

/// <summary>The outcome of a program in the documented product, and the comparison with ours.</summary>
internal sealed partial class Expectation(JsonElement expect)
{
    private readonly string _kind = expect.GetProperty("kind").GetString()!;

    /// <summary>In the words of the documents, which differ from the product's own.</summary>
    public string? ErrorCode { get; } = expect.TryGetProperty("error_code", out JsonElement code) ? code.GetString() : null;

    /// <summary>True if any failure and any harmless value is accepted.</summary>
    public bool IsOpen => _kind == "blocked_or_safe_value";

    public bool Fits(ValidationResult result) => result.Valid == (_kind == "success");

    public bool Fits(ExecutionResult result) => _kind switch
    {
        "success" => result.Success && FitsValue(result.Value),
        "blocked_or_safe_value" => !result.Success || IsHarmless(result.Value),
        _ => result.Error is { } error && FitsCode(error.Code),
    };

    public override string ToString() => expect.GetRawText();

    private bool FitsValue(ScriptValue value)
    {
        if (expect.TryGetProperty("value_undefined", out JsonElement undefined) && undefined.GetBoolean()) return value.Kind == ScriptValueKind.Undefined;
        if (!expect.TryGetProperty("value", out JsonElement expected)) return true;
        // As JSON.stringify writes it: the top level is null if there is nothing else to write.
        using JsonDocument got = JsonDocument.Parse(value.ToJsonString());
        // Not as elements: they cannot hold half a surrogate pair.
        return ScriptValue.From(got.RootElement).Equals(ScriptValue.From(expected));
    }

    private bool FitsCode(ErrorCode code) => ErrorCode switch
    {
        "SECURITY_VIOLATION" => code is Enclave.ErrorCode.ValidationError or Enclave.ErrorCode.RuntimeError,
        // The product has one code for every failure at run time. Ours names the limit of the console.
        "RUNTIME_ERROR" when _kind == "limit" => code is Enclave.ErrorCode.RuntimeError or Enclave.ErrorCode.OutputLimit,
        // On a busy machine the time of the case may be over before the count of its loop.
        "MAX_ITERATIONS" => code is Enclave.ErrorCode.MaxIterations or Enclave.ErrorCode.Timeout,
        _ => code.ToCode() == ErrorCode,
    };

    /// <summary>Values are data, so they cannot contain an object of the host. An attack could only return text.</summary>
    private static bool IsHarmless(ScriptValue value) => !Spoils().IsMatch(value.ToJsonString());

    [GeneratedRegex("""root:x:|uid=\d|/usr/bin|/home/|/root\b|linux|NODE_|pwned|LD_PRELOAD|[Ee]scaped|LEAKED|child_process'""")]
    private static partial Regex Spoils();
}
