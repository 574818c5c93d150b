using System.Globalization;
using Enclave.Guard.Rules;
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
    public const string StartOver = RunGlobals.ContinueWith, Args = "args";

    private const int MaxName = 200;

    /// <summary>The globals with their TypeScript types, in the order of the documentation.</summary>
    public static IReadOnlyList<(string Name, string Type)> Types { get; } =
    [
        (RunGlobals.Sleep, "(duration: number | string) => Promise<void>"),
        (RunGlobals.WaitUntil, "(date: Date | number | string) => Promise<void>"),
        (RunGlobals.WaitFor, "(name: string, options?: { timeout?: number | string }) => Promise<any>"),
        (StartOver, "(state: any) => Promise<never>"),
    ];

    /// <summary>The wait of a call; null if the call is one of a tool.</summary>
    /// <exception cref="ToolException">Its arguments make no sense.</exception>
    public static ScriptWait? Of(ToolInvocation call, DateTimeOffset now)
    {
        if (!call.Name.StartsWith(ReservedCalls.Prefix, StringComparison.Ordinal)) return null;
        ScriptValue args = call.Args;
        return call.Name[ReservedCalls.Prefix.Length..] switch
        {
            RunGlobals.Sleep => new ScriptWait(WaitKind.Time, "", now + SleepTime.Of(args["duration"], "sleep")),
            RunGlobals.WaitUntil => new ScriptWait(WaitKind.Time, "", Moment(args["date"])),
            RunGlobals.WaitFor => new ScriptWait(WaitKind.Signal, SignalName(args["name"]), Timeout(args["timeout"], now)),
            StartOver => new ScriptWait(WaitKind.Time, "", null, args["state"]),
            _ => null,
        };
    }

    private static string SignalName(ScriptValue name) => name.Kind == ScriptValueKind.String && name.AsString() is { Length: > 0 and <= MaxName } text
        ? text
        : throw Wrong($"waitFor takes a name of 1 to {MaxName} characters");

    private static DateTimeOffset? Timeout(ScriptValue timeout, DateTimeOffset now) =>
        timeout.Kind is ScriptValueKind.Undefined or ScriptValueKind.Null ? null : now + SleepTime.Of(timeout, "waitFor's timeout");

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
