using System.Text;
using System.Text.Json.Nodes;
using Enclave.Outcomes;
using Enclave.Protocol;

namespace Enclave.Models;

/// <summary>A run's answer for the model that wrote the script: the value, or the correction to make, and the console.</summary>
internal static class CodeAnswer
{
    /// <summary>The deepest value of an answer. JSON libraries of clients read 64 levels, and messages have some around the answer.</summary>
    private const int MaxDepth = 56;

    /// <summary>The least characters of a console or of warnings: enough for a text with their number.</summary>
    private const int LeastText = 28;

    /// <summary>The JSON schema of the arguments of a function that runs code.</summary>
    public const string Arguments =
        """
        {
          "type": "object",
          "properties": { "code": { "type": "string", "description": "The whole script. Its value is what it returns." } },
          "required": ["code"], "additionalProperties": false
        }
        """;

    /// <summary>The schema of the answer.</summary>
    public const string Schema =
        """
        {
          "type": "object",
          "properties": {
            "value": { "description": "What the script returned." },
            "error": { "type": "string", "description": "What went wrong, and what to write instead." },
            "running": { "type": "string", "description": "The script goes on: ask wait_code for its end with this." },
            "leftOut": { "type": "string", "description": "The value or the console was cut, and how to get the rest." },
            "console": { "type": "string", "description": "What the script wrote to its console." },
            "warnings": { "type": "string", "description": "Lines that do not fit the tools, lost work, or a missing return. The script ran all the same." }
          },
          "additionalProperties": false
        }
        """;

    /// <summary>The start of such a function's description. The tools follow it.</summary>
    /// <param name="tokens">Tokens that an answer may have.</param>
    public static string Purpose(int tokens) =>
        $"Runs one script: write one that calls all the tools the task needs, computes with their results, and returns only what is asked for, in {tokens} "
        + "tokens at most.\n\n";

    /// <summary>The answer to a call that ran nothing.</summary>
    public static CodeReply Of(ExecutionError error, int tokens)
    {
        ArgumentNullException.ThrowIfNull(error);
        return Failure(error.ToModelText(), tokens);
    }

    /// <summary>An answer that is only an error.</summary>
    /// <param name="words">What went wrong.</param>
    /// <param name="tokens">The most tokens of the answer.</param>
    public static CodeReply Failure(string words, int tokens) =>
        new(new JsonObject { ["error"] = ValueCut.Text(WellFormed(words), AnswerLimits.RoomOfOne(tokens)) }, []);

    /// <summary>The answer about a run that has not ended, with its output since the last answer.</summary>
    public static CodeReply Running(string run, string printed, AnswerLimits limits)
    {
        var answer = new JsonObject { ["running"] = run };
        if (printed.Length > 0)
        {
            string text = WellFormed(printed), shown = ValueCut.Text(text, limits.Room - JsonLength.OfText(run, int.MaxValue));
            answer["console"] = shown;
            if (shown != text) answer["leftOut"] = Note(limits, isValueCut: false);
        }

        return new CodeReply(answer, []);
    }

    /// <param name="result">The run's result.</param>
    /// <param name="limits">The most that the answer may have.</param>
    /// <param name="printed">Characters of the console that an earlier answer had.</param>
    public static CodeReply Of(ExecutionResult result, AnswerLimits limits, int printed = 0)
    {
        var answer = new JsonObject();
        bool isFailure = result.Error is not null || result.Value.Depth > MaxDepth;
        int room = isFailure ? limits.RoomOfFailure : limits.Room, part = Math.Max(room / 4, LeastText);
        string console = WellFormed(result.Stdout[Math.Min(printed, result.Stdout.Length)..]);
        int forConsole = console.Length == 0 ? 0 : JsonLength.OfText(console, part), forWarnings = 0;
        string? words = ErrorModelText.OfWarnings(result.Warnings);
        string? more = IsSilent(result) ? Silence(result) : isFailure ? null : UnshownNumbers.In(result.Value);
        if (more is not null) words = words is null ? more : $"{words}\n{more}";
        if (words is not null)
        {
            string warnings = ValueCut.Text(WellFormed(words), part);
            forWarnings = JsonLength.OfText(warnings, room);
            answer["warnings"] = warnings;
        }

        var content = new ContentShape(limits.ContentBytes);
        // The main part stands before the warnings, so that models read the warnings last.
        (string member, JsonNode? main) = Main(result, content, room - forWarnings - Math.Min(forConsole, part), out bool isCut);
        answer.Insert(0, member, main);
        bool isConsoleCut = false;
        if (console.Length > 0)
        {
            string shown = ValueCut.Text(console, Math.Max(part, room - forWarnings - (main?.ToJsonString().Length ?? 4)));
            isConsoleCut = shown != console;
            answer.Insert(1, "console", shown);
        }

        if (!isFailure && (isCut || isConsoleCut)) answer["leftOut"] = Note(limits, isCut);
        return new CodeReply(answer, content.Found);
    }

    private static (string Member, JsonNode? Value) Main(ExecutionResult result, ContentShape content, int room, out bool isCut)
    {
        isCut = false;
        if (result.Error is { } error) return ("error", ValueCut.Text(WellFormed(error.ToModelText()), room));
        if (result.Value.Depth > MaxDepth)
        {
            // The run succeeded. Without an answer the model would run its tool calls again.
            return ("error", ValueCut.Text($"The value is nested deeper than {MaxDepth}; the script has ended. "
                + "What its tool calls did stays done: do not repeat those that change something. Return a flatter value.", room));
        }

        var cut = new ValueCut(content);
        JsonNode? value = cut.Of(result.Value, room);
        isCut = cut.IsCut;
        return ("value", value);
    }

    /// <summary>True if a script succeeded without output: the model may have forgotten the return.</summary>
    private static bool IsSilent(ExecutionResult result) =>
        result is { Error: null, Value.Kind: ScriptValueKind.Undefined, Stdout.Length: 0 };

    private static string Silence(ExecutionResult result) =>
        "The script returned nothing and printed nothing: end it with return and a value that is there by then; await what gives it."
        + (result.Stats.ToolCallCount > 0 ? " What its tool calls did stays done: do not repeat those that change something." : "");

    /// <summary>A note how to get the parts that were left out of the value, or else of the console.</summary>
    private static string Note(AnswerLimits limits, bool isValueCut)
    {
        if (limits.IsSmall) return isValueCut ? "Too long: return less, filter or slice." : "Too long: print less, or return it.";
        return (isValueCut
                ? $"The value has more than {limits.Tokens} tokens. Return less: choose members, filter, count, sum up, or return a slice. "
                : $"The console has more than its part of {limits.Tokens} tokens. Print less, or return what matters. ")
            + (limits.HasStore ? "Or store(key, value) it, and load(key) parts of it in later scripts. " : "")
            + "Do not repeat calls that change something.";
    }

    /// <summary>The text with U+FFFD for lone surrogates, which clients refuse.</summary>
    public static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
