using System.Globalization;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Runs;
using Enclave.Tools;

namespace Enclave.Durable;

/// <summary>A wait that a script asks for: <c>sleep</c>, <c>waitUntil</c>, <c>waitFor</c> or <c>continueWith</c>.</summary>
/// <param name="Kind">What it waits for.</param>
/// <param name="Name">The name of the signal; empty for a moment.</param>
/// <param name="Until">When it ends by itself; null for never.</param>
/// <param name="State">The state that the script starts over with; null if it waits.</param>
internal sealed record ScriptWait(WaitKind Kind, string Name, DateTimeOffset? Until, ScriptValue? State = null)
{
    /// <summary>The global that starts the script over, and the one in which the next part has its state; undefined in the first.</summary>
    public const string StartOver = "continueWith", Args = "args";

    private const int MaxName = 200;

    /// <summary>The globals with their TypeScript types, in the order of the documentation.</summary>
    public static IReadOnlyList<(string Name, string Type)> Types { get; } =
    [
        ("sleep", "(duration: number | string) => Promise<void>"),
        ("waitUntil", "(date: Date | number | string) => Promise<void>"),
        ("waitFor", "(name: string, options?: { timeout?: number | string }) => Promise<any>"),
        (StartOver, "(state: any) => Promise<never>"),
    ];

    /// <summary>The names of the globals.</summary>
    public static IReadOnlyList<string> Globals { get; } = [.. Types.Select((global) => global.Name)];

    /// <summary>The longest wait.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(3660);

    /// <summary>The wait of a call; null if the call is one of a tool.</summary>
    /// <exception cref="ToolException">Its arguments make no sense.</exception>
    public static ScriptWait? Of(ToolInvocation call, DateTimeOffset now)
    {
        if (!call.Name.StartsWith(ReservedCalls.Prefix, StringComparison.Ordinal)) return null;
        ScriptValue args = call.Args;
        return call.Name[ReservedCalls.Prefix.Length..] switch
        {
            "sleep" => new ScriptWait(WaitKind.Time, "", now + Duration(args["duration"], "sleep")),
            "waitUntil" => new ScriptWait(WaitKind.Time, "", Moment(args["date"])),
            "waitFor" => new ScriptWait(WaitKind.Signal, SignalName(args["name"]), Timeout(args["timeout"], now)),
            StartOver => new ScriptWait(WaitKind.Time, "", null, args["state"]),
            _ => null,
        };
    }

    private static string SignalName(ScriptValue name) => name.Kind == ScriptValueKind.String && name.AsString() is { Length: > 0 and <= MaxName } text
        ? text
        : throw Wrong($"waitFor takes a name of 1 to {MaxName} characters");

    private static DateTimeOffset? Timeout(ScriptValue timeout, DateTimeOffset now) =>
        timeout.Kind is ScriptValueKind.Undefined or ScriptValueKind.Null ? null : now + Duration(timeout, "waitFor's timeout");

    /// <summary>Milliseconds, or a number with a unit.</summary>
    private static TimeSpan Duration(ScriptValue value, string what)
    {
        TimeSpan? time = value.Kind switch
        {
            ScriptValueKind.Number => Times(value.AsDouble(), TimeSpan.FromMilliseconds(1)),
            ScriptValueKind.String => Parse(value.AsString()),
            _ => null,
        };
        return time is { } given && given >= TimeSpan.Zero && given <= Longest
            ? given
            : throw Wrong($"{what} takes milliseconds or a text like \"90s\", \"15m\", \"2h\", \"3d\" or \"1w\", at most ten years");
    }

    private static TimeSpan? Parse(string text)
    {
        int digits = text.TakeWhile((c) => char.IsAsciiDigit(c) || c == '.').Count();
        if (digits is 0 or > 20 || !double.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
            return null;
        TimeSpan? unit = text[digits..].Trim() switch
        {
            "ms" => TimeSpan.FromMilliseconds(1),
            "s" => TimeSpan.FromSeconds(1),
            "m" or "min" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            "d" => TimeSpan.FromDays(1),
            "w" => TimeSpan.FromDays(7),
            _ => null,
        };
        return unit is null ? null : Times(number, unit.Value);
    }

    private static TimeSpan? Times(double number, TimeSpan unit)
    {
        double milliseconds = number * unit.TotalMilliseconds;
        return milliseconds >= 0 && milliseconds <= Longest.TotalMilliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
    }

    private static DateTimeOffset Moment(ScriptValue value)
    {
        double? milliseconds = value.Kind switch
        {
            // Dates of JavaScript reach further than those of .NET.
            ScriptValueKind.Date => value.AsDateMilliseconds(),
            ScriptValueKind.Number => value.AsDouble(),
            ScriptValueKind.String when DateTimeOffset.TryParse(
                value.AsString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset read) =>
                read.ToUnixTimeMilliseconds(),
            _ => null,
        };
        const double Latest = 253_402_300_799_999;
        return milliseconds is >= 0 and <= Latest
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds)
            : throw Wrong("waitUntil takes a Date, its milliseconds, or a text like \"2027-01-31T09:00:00Z\", from 1970 to 9999");
    }

    private static ToolException Wrong(string message) => ToolFault.Of(ToolCode.InvalidArguments, message);
}
