using System.Globalization;
using System.Text;
using Enclave.Guard;
using Enclave.Guard.Rules;

namespace Enclave.Outcomes;

/// <summary>
/// Explains failures to the author of the script: what happened, where, and what to write instead. Reveals nothing of the host and its machine.
/// </summary>
internal static class ErrorModelText
{
    /// <summary>Texts of the script and of tools are cut to this length, so that the whole stays short.</summary>
    private const int MaxWords = 500;
    private const int MaxIssues = 10;

    private const string Acted = "What tools did before this stays done: do not repeat calls that write, send or delete.";
    private const string NotTheScript = "It is not the script's fault.";
    private const string Same = "Send the same script again later.";

    public static string Of(ExecutionError error)
    {
        IEnumerable<string> lines = error.Code switch
        {
            ErrorCode.ValidationError => Validation(error),
            ErrorCode.Timeout => [.. Timeout(error), Acted],
            ErrorCode.MaxToolCalls => [.. ToolCalls(error), Acted],
            ErrorCode.MaxIterations => [Iterations(error), "Instead: give the loop an end, a condition that becomes false or a break. If it waits, await " +
            "what it waits for: a loop without await never sees an answer or a timer. If it has that much data, let a tool filter, count or sum.", Acted],
            ErrorCode.ToolError => [Own(error, $"{Tool(error)} failed and the script did not catch it"), Retry(error), Acted],
            ErrorCode.MemoryLimitExceeded =>
                [Memory(error), "Instead: give an end to what grows: a loop that adds to a list, a function that calls itself. With much data work in pages, " +
                "keep sums and the few fields that are needed, and build no long strings.", Acted],
            ErrorCode.ScoringBlocked => Scoring(error),
            ErrorCode.RuntimeError => [Own(error, "the script threw an error"), .. Mend(error), Acted],
            ErrorCode.QueueFull => ["the host has more to do than it may keep waiting; the script did not run.", NotTheScript, Same],
            ErrorCode.QueueTimeout => ["the host was busy for so long that the script did not start.", NotTheScript, Same],
            ErrorCode.WorkerUnavailable =>
                ["the host could not start what runs scripts; the script did not run.", NotTheScript, Same],
            ErrorCode.WorkerCrashed => ["what ran the script ended before the script did; it is not run again by itself.",
                "Send it once more, with less data at once. If it ends like this again, report it.", Acted],
            ErrorCode.ProtocolViolation =>
                ["the host stopped the script, because what ran it misbehaved.", "Do not send the same script again: report it.", Acted],
            ErrorCode.MessageFlood => [Flood(error), "Instead: ask for more in one call, have few calls at once, `await parallel([1, 2], " +
            "(id) => callTool('name', { id }), { maxConcurrency: 2 })`, and print little.", Acted],
            ErrorCode.OutputLimit => [.. Output(error), Acted],
            ErrorCode.Cancelled => ["somebody cancelled the run.", "Ask before you send the script again.", Acted],
            ErrorCode.PoolDisposed => ["the host is shutting down; the script did not run to its end.", NotTheScript, Same, Acted],
            ErrorCode.IsolationUnavailable => ["the host is not set up to run scripts safely, so the script did not run.",
                NotTheScript + " No other script will run either: report it to whoever operates the host."],
            ErrorCode.LibraryFailed => ["the host is not set up to run scripts, so the script did not run.",
                NotTheScript + " No other script will run either: report it to whoever operates the host."],
            ErrorCode.ReplayDiverged =>
                ["the script was to go on where it had stopped, and did something else than before; it was ended there.", NotTheScript, Acted],
            ErrorCode.JournalUnavailable => ["the host could not keep what the script does; the run goes on when it can again.", NotTheScript, Acted],
            ErrorCode.Suspended => ["the run was put aside, because it waits; it is not over and goes on by itself.", "Do not send the script again."],
            ErrorCode.QuotaExceeded => ["the account has used up what it may use for now; the script did not run to its end.",
                "It is not the script: tell the user that the quota is used up. Do not send the script again by yourself.", Acted],
            ErrorCode.TenantSuspended or ErrorCode.TenantUnknown => ["the operator of the host runs no scripts of this account.",
                "It is not the script: tell the user, and do not send it again.", Acted],
            ErrorCode.TenantPaused => ["the operator of the host has paused this account; the script did not run.", NotTheScript, Same],
            ErrorCode.ShareFull => ["the account has as many scripts at once as it may; this one did not run.", NotTheScript, Same],
            _ => [Clean(error.Message)],
        };
        return $"{error.Code.ToCode()}: {string.Join('\n', lines)}";
    }

    /// <summary>The places of a script that do not fit its tools, a line for each; null if there are none.</summary>
    public static string? OfWarnings(IReadOnlyList<GuardIssue> warnings)
    {
        if (warnings.Count == 0) return null;
        string[] lines = [.. warnings.Where((issue) => ToolCallRules.Has(issue.Rule)).Select(Describe).Distinct(StringComparer.Ordinal)];
        if (lines.Length == 0) return null;
        string rest = lines.Length > MaxIssues ? $"\nand {lines.Length - MaxIssues} more places" : "";
        return string.Join('\n', lines.Take(MaxIssues)) + rest;
    }

    private static IEnumerable<string> Validation(ExecutionError error)
    {
        GuardIssue[] errors =
            Value(error, "issues") is IEnumerable<GuardIssue> issues ? [.. issues.Where((issue) => issue.Severity == IssueSeverity.Error)] : [];
        if (errors.Length == 0)
            return [$"the script was refused before it ran. {LineLabel(error)}{Sentence(Own(error.Message))}", "Mend it and send the whole script again."];
        string[] lines = [.. errors.Select(Describe).Distinct(StringComparer.Ordinal)];
        return
        [
            "the script was refused before it ran; nothing of it was executed.",
            .. lines.Take(MaxIssues).Select((line) => $"- {line}"),
            .. lines.Length > MaxIssues ? [$"- and {lines.Length - MaxIssues} more places"] : (string[])[],
            "Mend these places and send the whole script again.",
        ];
    }

    private static string Describe(GuardIssue issue)
    {
        string place = issue.Location is { } at ? $"line {at.Line}: " : "";
        string hint = issue.Hint is null ? "" : $" Instead: {Clean(issue.Hint)}";
        return $"{place}{issue.Code}: {Sentence(issue.Message)}{hint}";
    }

    private static string[] Timeout(ExecutionError error)
    {
        string limit = Value(error, "limitMs") is { } given ? Time(Convert.ToDouble(given, CultureInfo.InvariantCulture)) : "its time";
        if (Text(error, "tool") is { } tool)
        {
            return
            [
                $"the run's time of {limit} ended while the tool {Clean(tool)} was still working.",
                "This is a limit of the host (Timeout, or --timeout), not a fault of the script: ask the tool for less, or tell the user that " +
                $"{limit} are too short for {Clean(tool)}.",
            ];
        }

        string place = Value(error, "line") is { } line ? $" It was computing in line {line}." : "";
        return Text(error, "reason") == "cpu"
            ? [
                $"the script computed for {limit}, which is its limit of CPU time.{place}",
                "Instead: let a tool filter, sort or sum; look records up by key in an object, not in a loop within a loop; split the work into " +
                "several scripts.",
            ]
            : [$"the script had not ended after {limit}, waits included.{place}", Slow(error, limit, place.Length > 0)];
    }

    /// <summary>The advice for a script that took too long, by what it did at the end of its time.</summary>
    private static string Slow(ExecutionError error, string limit, bool isComputing)
    {
        if (Text(error, "waited") == "timer")
            return $"At the end it waited for a timer. Instead: wait for less than {limit} in all, or return now and look again in a later script.";
        if (isComputing)
            return "Instead: compute less there: keep results in a Map, look records up by key, give the loop or the function an end.";
        return Value(error, "calls") is 0
            ? "It called no tool. Instead: compute less; if it is a regular expression, write a simpler one without (a+)+, or use includes, indexOf and split."
            : "Instead: make independent calls at once, `await parallel([1, 2], (id) => callTool('name', { id }))`; ask tools for less; " +
            "split the work into several scripts.";
    }

    private static string[] ToolCalls(ExecutionError error) => Text(error, "reason") == "pending"
        ? [
            $"the script had {Number(error, "limit")} tool calls under way and made another.",
            "Instead: have fewer at once, `await parallel([1, 2], (id) => callTool('name', { id }), { maxConcurrency: 2 })`, and await each call.",
        ]
        : [
            $"the script made more than {Number(error, "limit")} tool calls, the most of one run.",
            "Instead: give the loop that calls an end; a cursor that ends a list is often null, so write while (cursor != null). Ask for more in one call, " +
            "keep answers in a variable. If it waits for a change, return now and look again in a later script.",
        ];

    private static string Iterations(ExecutionError error)
    {
        string line = Value(error, "line") is { } at ? $" in line {at}" : "";
        return Text(error, "reason") == "total"
            ? $"all loops of the script together made more than {Number(error, "limit")} rounds, the last one{line}."
            : $"the loop{line} made more than {Number(error, "limit")} rounds.";
    }

    private static string Memory(ExecutionError error) => Value(error, "limitBytes") is { } limit
        ? $"the script held more than {Convert.ToInt64(limit, CultureInfo.InvariantCulture) >> 20} MB at once."
        : "the script held more data at once than it may.";

    private static IEnumerable<string> Scoring(ExecutionError error)
    {
        ScoreSignal[] signals = Value(error, "signals") is IEnumerable<ScoreSignal> found ? [.. found] : [];
        string[] lines = [.. signals.Select(Describe).Distinct(StringComparer.Ordinal)];
        return
        [
            signals.Length == 0 ? "the script was not run, because it could not be judged." : "the script was not run, because it looks risky.",
            .. lines.Take(MaxIssues),
            .. lines.Length > MaxIssues ? [$"- and {lines.Length - MaxIssues} more reasons"] : (string[])[],
            signals.Length == 0 ? Same : "Instead: do only what was asked for, with fewer calls, smaller limits and without fields that are not needed; " +
            "or explain to the user what it needs and why.",
        ];
    }

    private static string Describe(ScoreSignal signal) =>
        $"- {(signal.Location is { } at ? $"line {at.Line}: " : "")}{signal.Name}: {Sentence(signal.Description)}";

    private static string Flood(ExecutionError error) => $"the script called tools, or printed, more than {Number(error, "limit")} times within a second.";

    private static string[] Output(ExecutionError error) => Text(error, "reason") switch
    {
        "console calls" => [$"the script printed more than {Number(error, "limit")} lines.",
            "Instead: collect what matters and return it; print few lines, none of them in a loop."],
        "console bytes" => [$"the script printed more than {Number(error, "limit")} bytes.", "Instead: return what matters, and print short lines."],
        { } why =>
            [$"the value that the script returned is too large: {Clean(why)}.", "Instead: return a summary, or the first records and their number; nest less."],
        null => ["the script gave more than it may.", "Instead: return less, and print less."],
    };

    /// <summary>The message of the script's error or of a tool's.</summary>
    private static string Own(ExecutionError error, string what) =>
        $"{LineLabel(error)}{what}: {Clean(error.Name)}: {Sentence(Own(error.Message))}{Cause(error)}";

    /// <summary>The last of its causes, where it began, and the first error of an <c>AggregateError</c>.</summary>
    private static string Cause(ExecutionError error)
    {
        // A cause with the same words is not repeated.
        string? last = Lines(error, "causes").LastOrDefault();
        string cause = last is null || last.Contains(error.Message, StringComparison.Ordinal) ? "" : $" Its cause: {Sentence(last)}";
        return Lines(error, "errors") is [var first, .. var rest] ? $"{cause} The first of its {rest.Length + 1} errors: {Sentence(first)}" : cause;
    }

    private static string[] Lines(ExecutionError error, string key) =>
        Value(error, key) is System.Collections.IEnumerable lines and not string ? [.. lines.OfType<string>()] : [];

    private static string Tool(ExecutionError error) => Text(error, "tool") is { Length: > 0 } name ? $"the tool {Clean(name)}" : "a tool";

    private static string Retry(ExecutionError error) => Text(error, "code") switch
    {
        ToolCode.Unknown => "Instead: call only the tools you were told of, by their exact names.",
        ToolCode.Changed => "Look at the present tools, then write the script again: the tool is another one now, or gone.",
        ToolCode.InvalidArguments => Argument(error.Message)
            ?? "Instead: give the arguments that its type says, with these names and kinds, and no others.",
        ToolCode.NotAllowed => "Instead: do without this tool; it is not open to this run.",
        ToolCode.SecretMissing => "Instead: do without this tool: it is not set up here. Tell the user.",
        "HTTP_429" or ['H', 'T', 'T', 'P', '_', '5', ..] => "The service behind it failed or has too much to do: send the script again later.",
        ToolCode.MaxCalls => "Instead: ask it for more in one call, and keep its answers in a variable.",
        ToolCode.RateLimited or ToolCode.Busy or ToolCode.ApprovalsFull =>
            "Instead: call it less often and with fewer calls at once, or send the script again later.",
        ToolCode.Timeout => "It is a limit of the host: where less is no use, tell the user that it has to be raised for this tool.",
        ToolCode.ApprovalDenied => "Do not call it again with the same arguments. Tell the user why it was not approved.",
        ToolCode.ApprovalTimeout => "Nobody approved the call in time. Ask the user, then send the script again.",
        ToolCode.ResultTooLarge => "Instead: ask it for less: fewer records, fewer fields, a smaller page.",
        ToolCode.SequenceBlocked => "Instead: do without this call, and do not try to get around it: tell the user what it was for.",
        _ => "Instead: mend the arguments, or catch it and go on without: `try { await callTool('name', {}) } catch (error) { console.log(error.code, " +
        "error.message) }`.",
    };

    /// <summary>The mend of one argument, out of <c>$.limit is 200; expected at most 50</c>; null for other words.</summary>
    private static string? Argument(string message)
    {
        const string Path = "do not fit: $.", Expected = "; expected ";
        if (message.Contains(" is NaN: ", StringComparison.Ordinal))
            return "Instead: check the number before the call, with Number.isFinite(n): Number, parseInt or a sum gave none.";
        if (message.StartsWith("the key of store and load", StringComparison.Ordinal))
            return "Instead: give key and value as two arguments, await store('key', value), and await load('key').";
        int path = message.IndexOf(Path, StringComparison.Ordinal), expected = message.IndexOf(Expected, StringComparison.Ordinal);
        if (path < 0 || expected < path || message.IndexOf(' ', path + Path.Length) is not (>= 0 and var end) || end > expected) return null;
        return $"Instead: give {Clean(message[(path + Path.Length)..end])} a value that is {Sentence(message[(expected + Expected.Length)..])}";
    }

    /// <summary>The advice what to write instead; empty if there is none beyond the error.</summary>
    private static string[] Mend(ExecutionError error) => error.Name switch
    {
        _ when Text(error, "hint") is { } hint => [$"Instead: {Clean(hint)}"],
        "ReferenceError" => ["Instead: declare the name with const or let before its first use, and spell it as it is declared; there are no other globals " +
        "than those you were told of."],
        "TypeError" when error.Message.StartsWith("Cannot read prop", StringComparison.Ordinal) => ["Instead: the value in front of the dot is null or " +
        "undefined; look at what the tool really gives, `console.log(await callTool('name', {}))`, and use `?.` and `??` where it may be missing."],
        "TypeError" or "RangeError" or "SyntaxError" => [],
        _ => ["The script itself made this error: mend what its words say, or await and catch it, try { … } catch (error) { … }."],
    };

    private static string LineLabel(ExecutionError error) => LineOf(error.Stack) is { } line ? $"line {line}: " : "";

    /// <summary>The line number in the first frame of a stack.</summary>
    internal static int? LineOf(string? stack) => PlaceOf(stack)?.Line;

    /// <summary>The place in the first frame, <c>at f (name:line:column)</c> or <c>at name:line:column</c>. The column is null if it is no number.</summary>
    internal static (int Line, int? Column)? PlaceOf(string? stack)
    {
        if (stack is null) return null;
        ReadOnlySpan<char> frame = stack.AsSpan().TrimStart('\n');
        int end = frame.IndexOf('\n');
        if (end >= 0) frame = frame[..end];
        frame = frame.TrimEnd(')');
        int column = frame.LastIndexOf(':'), line = column < 0 ? -1 : frame[..column].LastIndexOf(':');
        if (line < 0 || !int.TryParse(frame[(line + 1)..column], NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return null;
        return (number, int.TryParse(frame[(column + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int at) ? at : null);
    }

    /// <summary>Removes the end of our messages, which names the page for operators.</summary>
    private static string Own(string message) => message.EndsWith(".md", StringComparison.Ordinal)
        && message.LastIndexOf(": docs/", StringComparison.Ordinal) is >= 0 and var at ? message[..at] : message;

    private static string Sentence(string text)
    {
        string clean = Clean(text);
        return clean is [.., '.' or '!' or '?' or '…'] ? clean : clean + ".";
    }

    private static string Clean(string text)
    {
        var clean = new StringBuilder(Math.Min(text.Length, MaxWords + 2));
        // By runes: half of a surrogate pair breaks JSON writers.
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (clean.Length >= MaxWords) return $"{clean}… ({text.Length - clean.Length} more characters)";
            clean.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return clean.ToString();
    }

    private static object? Value(ExecutionError error, string key) => error.Data is { } data && data.TryGetValue(key, out object? value) ? value : null;

    private static string? Text(ExecutionError error, string key) => Value(error, key) as string;

    private static string Number(ExecutionError error, string key) =>
        Value(error, key) is { } value ? Convert.ToString(value, CultureInfo.InvariantCulture)! : "its limit of";

    private static string Time(double milliseconds) => milliseconds >= 1000 ? $"{milliseconds / 1000:0.###} s" : $"{milliseconds:0.###} ms";
}
