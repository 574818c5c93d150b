using System.Text.Json.Nodes;

namespace Enclave.Models;

/// <summary>A run's answer for the model that wrote the script: the value, or the correction to make, and the console.</summary>
public static class CodeAnswer
{
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
            "console": { "type": "string", "description": "What the script wrote to its console." }
          },
          "additionalProperties": false
        }
        """;

    /// <summary>The answer to a call that ran nothing.</summary>
    public static JsonObject Of(ExecutionError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new JsonObject { ["error"] = error.ToModelText() };
    }

    /// <param name="result">The run's result.</param>
    /// <param name="maxCharacters">The limit for the value, and for the console. A larger value is an error, because half of one would mislead.</param>
    public static JsonObject Of(ExecutionResult result, int maxCharacters)
    {
        var answer = new JsonObject();
        if (result.Error is { } error) answer["error"] = error.ToModelText();
        else if (result.Value.ToJsonString() is { } json && json.Length <= maxCharacters) answer["value"] = JsonNode.Parse(json);
        else answer["error"] =
            $"The script's value is longer than {maxCharacters} characters. Return less: choose members, count, sum up or cut lists in the script.";
        if (result.Stdout.Length > maxCharacters)
            answer["console"] = $"{result.Stdout[..maxCharacters]}… ({result.Stdout.Length - maxCharacters} more characters are left out)";
        else if (result.Stdout.Length > 0) answer["console"] = result.Stdout;
        return answer;
    }
}
