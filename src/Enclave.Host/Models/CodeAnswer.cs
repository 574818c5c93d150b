using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Enclave.Outcomes;
using Enclave.Protocol;

namespace Enclave.Models;

/// <summary>A run's answer for the model that wrote the script: the value, or the correction to make, and the console.</summary>
internal static partial class CodeAnswer
{
    /// <summary>The deepest value of an answer. JSON libraries of clients read 64 levels, and messages have some around the answer.</summary>
    private const int MaxDepth = 56;

    /// <summary>The JSON schema of the arguments of a function that runs code.</summary>
    public const string Arguments =
        """
        {
          "type": "object",
          "properties": { "code": { "type": "string", "description": "The whole script. Its value is what it returns." } },
          "required": ["code"], "additionalProperties": false
        }
        """;

    /// <summary>The start of such a function's description. The tools follow it.</summary>
    public const string Purpose =
        "Runs one script and gives what it returns. Write one script that calls all the tools the task needs, computes with their results, "
        + "and returns only what is asked for. tools.orders.list(args) is callTool('orders:list', args).\n\n";

    /// <summary>The schema of the answer.</summary>
    public const string Schema =
        """
        {
          "type": "object",
          "properties": {
            "value": { "description": "What the script returned." },
            "error": { "type": "string", "description": "What went wrong, and what to write instead." },
            "console": { "type": "string", "description": "What the script wrote to its console." },
            "warnings": { "type": "string", "description": "Lines that do not fit the tools. The script ran all the same." }
          },
          "additionalProperties": false
        }
        """;

    /// <summary>The answer to a call that ran nothing.</summary>
    public static JsonObject Of(ExecutionError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new JsonObject { ["error"] = WellFormed(error.ToModelText()) };
    }

    /// <param name="result">The run's result.</param>
    /// <param name="maxCharacters">The limit for the value, and for the console. A larger value is an error, because half of one would mislead.</param>
    public static JsonObject Of(ExecutionResult result, int maxCharacters)
    {
        var answer = new JsonObject();
        if (result.Error is { } error) answer["error"] = WellFormed(error.ToModelText());
        else Write(answer, result.Value, maxCharacters);
        if (ErrorModelText.OfWarnings(result.Warnings) is { } warnings) answer["warnings"] = WellFormed(warnings);
        if (result.Stdout.Length > maxCharacters)
            answer["console"] = $"{WellFormed(result.Stdout[..maxCharacters])}… ({result.Stdout.Length - maxCharacters} more characters are left out)";
        else if (result.Stdout.Length > 0) answer["console"] = WellFormed(result.Stdout);
        return answer;
    }

    private static void Write(JsonObject answer, ScriptValue value, int maxCharacters)
    {
        if (value.ToJsonString() is var json && json.Length > maxCharacters)
        {
            answer["error"] =
                $"The script's value is longer than {maxCharacters} characters. Return less: choose members, count, sum up or cut lists in the script.";
            return;
        }

        try
        {
            answer["value"] = JsonNode.Parse(Escape().Replace(json, WellFormed), documentOptions: new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException)
        {
            // The run succeeded. Without an answer the model would run its tool calls again.
            answer["error"] = $"The script ended, but its value cannot be given as JSON or is nested deeper than {MaxDepth}. "
                + "What its tool calls did stays done: do not repeat those that change something. Return a flatter value.";
        }
    }

    /// <summary>The text with U+FFFD for lone surrogates, which clients refuse.</summary>
    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static string WellFormed(Match escape) => escape.Groups["lone"].Success ? "\\ufffd" : escape.Value;

    /// <summary>An escape in JSON. A pair of surrogates is one match, so what is left is alone.</summary>
    [GeneratedRegex(@"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Escape();
}
