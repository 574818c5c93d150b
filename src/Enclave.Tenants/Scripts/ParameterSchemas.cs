using System.Collections.Concurrent;
using System.Text.Json;
using Enclave.JavaScript.Text;
using Enclave.Protocol;
using Enclave.Schemas;
using Enclave.Schemas.Checks;

namespace Enclave.Tenants.Scripts;

/// <summary>Compares the arguments of runs with the schemas of their scripts.</summary>
internal sealed class ParameterSchemas
{
    private const int MaxCharacters = 64 << 10, MaxKept = 1000;

    // Arguments are the caller's, and patterns of a schema may be slow.
    private static readonly TimeSpan s_time = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<string, SchemaNode> _compiled = new(StringComparer.Ordinal);

    /// <summary>Checks a schema that comes with a script.</summary>
    /// <exception cref="SavedScriptException">It is too long, no JSON, or arguments cannot be held to it.</exception>
    public static void Check(string? schema)
    {
        if (schema is null) return;
        if (schema.Length > MaxCharacters) throw new SavedScriptException(
            SavedScriptFault.OutOfRange, $"the schema of the parameters has {schema.Length} characters; at most {MaxCharacters} are allowed");
        _ = Compile(schema);
    }

    /// <exception cref="SavedScriptException">The arguments do not fit, or the check takes too long.</exception>
    public void Hold(string script, string? schema, ScriptValue arguments, CancellationToken cancellationToken)
    {
        if (schema is null) return;
        if (!_compiled.TryGetValue(schema, out SchemaNode? node))
        {
            if (_compiled.Count >= MaxKept) _compiled.Clear();
            _compiled[schema] = node = Compile(schema);
        }

        string? difference;
        try
        {
            difference = SchemaCheck.FirstDifference(node, arguments, new WorkMeter(s_time, ThreadCpuTime.Now, cancellationToken));
        }
        catch (Exception fault) when (fault is WorkLimitException or CheckLimitException)
        {
            difference = $"the check was not completed: {fault.Message}";
        }

        if (difference is not null)
            throw new SavedScriptException(SavedScriptFault.Arguments, $"the arguments of {script} do not fit its parameters: {difference}");
    }

    private static SchemaNode Compile(string schema)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(schema);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw Malformed("it is not an object");
            return SchemaCompiler.Compile(GivenSchema.OfArguments(document.RootElement), SchemaHold.Whole);
        }
        catch (JsonException fault)
        {
            throw Malformed(fault.Message);
        }
        catch (UnheldSchemaException fault)
        {
            throw Malformed(fault.Message);
        }
    }

    private static SavedScriptException Malformed(string why) =>
        new(SavedScriptFault.OutOfRange, $"the schema of the parameters cannot be held: {why}");
}
