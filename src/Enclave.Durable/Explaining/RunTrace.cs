using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Enclave.Guard;
using Enclave.Guard.Tracing;
using Enclave.Outcomes;
using Enclave.Recording;

namespace Enclave.Explaining;

// The trace of a run. A replay of the traced program (Enclave.Guard/Tracing) reports its steps as console lines that begin with a mark, which no script can
// know. They never mix with the recording's own lines: the replay gives each line to this class first. This class keeps the last steps only.

/// <summary>One traced replay: the steps that it reports.</summary>
internal sealed class RunTrace : IReplayWatch
{
    /// <summary>The most steps that are kept.</summary>
    public const int MaxSteps = 1000;

    // The number of reported steps beyond the kept ones. A run that is ended from outside has no exact number of steps.
    private const int Slack = 1000;
    private const int MaxFailures = 64;
    private const int MaxPrinted = 20;
    private const int MaxLines = 4000;
    private const int MaxText = 200;
    private const int ConsoleLines = 8000;
    private const long ConsoleBytes = 24L << 20;

    private readonly TraceWindow _window;
    private readonly Dictionary<int, TracedStep> _byNumber = [];
    private readonly Queue<TracedStep> _steps = [];
    private readonly Dictionary<int, int> _lines = [];
    private readonly List<TracedFailure> _failures = [];
    private TracedStep? _extra;
    private TracedStep? _last;
    private bool _isStopped;

    private RunTrace(TraceWindow window) => _window = window;

    /// <param name="from">The first step that is reported, from 1.</param>
    /// <param name="extra">One more step; 0 for none.</param>
    /// <param name="statement">The statement that is reported with its parts; 0 for none.</param>
    public RunTrace(int from = 1, int extra = 0, int statement = 0) : this(new TraceWindow(NewMark(), from, MaxSteps + Slack, extra, statement))
    {
    }

    /// <summary>A trace without steps: their number, and the errors that left functions.</summary>
    public static RunTrace OfErrors(bool endsWhereItStrays) => new(new TraceWindow(NewMark(), 1, 0)) { EndsWhereItStrays = endsWhereItStrays };

    /// <summary>True if the parts of a statement are reported.</summary>
    public bool HasParts => _window.Statement > 0;

    /// <summary>True if the program reports its steps.</summary>
    public bool IsTraced { get; private set; }

    /// <summary>The statements of the program; empty if it is not traced.</summary>
    public ImmutableArray<TracedStatement> Statements { get; private set; } = [];

    /// <summary>The last steps that were reported.</summary>
    public IReadOnlyCollection<TracedStep> Steps => _steps;

    /// <summary>The errors that left functions, in their order.</summary>
    public IReadOnlyList<TracedFailure> Failures => _failures;

    /// <summary>The number of steps of the run, as far as it was reported.</summary>
    public int Count { get; private set; }

    /// <summary>True if the replay differed from its recording in a call or a line.</summary>
    public bool HasStrayed { get; private set; }

    /// <summary>Stops at the first difference: the recorded run ended there by a limit, which this one does not have.</summary>
    public bool EndsWhereItStrays { get; init; }

    /// <summary>The step with this number; null if it was not reported.</summary>
    public TracedStep? StepAt(int number) => _extra?.Number == number ? _extra : _byNumber.GetValueOrDefault(number);

    /// <summary>The statement of a call or a line; 0 if it was not within the steps that are reported.</summary>
    public int StatementOf(int number) => _lines.GetValueOrDefault(number);

    /// <summary>A new trace of the same steps.</summary>
    public RunTrace WithoutParts() => new(_window with { Statement = 0 }) { EndsWhereItStrays = EndsWhereItStrays };

    /// <summary>The program that reports its steps; the same program if it cannot.</summary>
    public GuardedScript Rewrite(ScriptGuard guard, GuardedScript script)
    {
        if (guard.Trace(script, _window) is not { } traced) return script;
        (IsTraced, Statements) = (true, traced.Statements);
        return traced.Script;
    }

    /// <summary>The limits of the run, with room for its trace.</summary>
    /// <param name="limits">The recorded limits.</param>
    /// <param name="error">The recorded error: the limit that it names stays, because the error would not occur again without it.</param>
    public static RunOptions Widen(RunOptions limits, ErrorCode? error) => limits with
    {
        MaxConsoleCalls = limits.MaxConsoleCalls + ConsoleLines,
        MaxConsoleBytes = limits.MaxConsoleBytes + ConsoleBytes,
        Timeout = error == ErrorCode.Timeout ? limits.Timeout : Longer(limits.Timeout),
        CpuTimeout = error == ErrorCode.Timeout ? limits.CpuTimeout : Longer(limits.CpuTimeout),
    };

    /// <inheritdoc/>
    public bool Takes(ConsoleEvent line)
    {
        // The script's groups indent its lines.
        int start = line.Level == ConsoleLevel.Debug ? line.Text.AsSpan().IndexOfAnyExcept(' ') : -1;
        if (start < 0 || !line.Text.AsSpan(start).StartsWith(_window.Mark, StringComparison.Ordinal)) return false;
        if (_isStopped) return true;
        try
        {
            using JsonDocument document = JsonDocument.Parse(line.Text.AsMemory(start + _window.Mark.Length), new JsonDocumentOptions { MaxDepth = 4 });
            Read([.. document.RootElement.EnumerateArray()]);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            // The script's process wrote the line, so it may be anything. A line of another form is ignored.
        }

        return true;
    }

    /// <inheritdoc/>
    public void Happened(ExecutionEvent happened, int number)
    {
        if (TimerCall.Is(happened) || _last is not { } step || _isStopped) return;
        if (happened is ToolCallEvent call && step.Calls.Count < MaxPrinted) step.Calls.Add(Cut(call.Name));
        if (happened is ConsoleEvent line && step.Printed.Count < MaxPrinted) step.Printed.Add(Cut(line.Text));
        bool isCertain = step.Number < _window.From + _window.Room - 1 && step.Number >= Count;
        if (isCertain && _lines.Count < MaxLines) _lines[number] = step.Statement;
    }

    /// <inheritdoc/>
    public void Strayed()
    {
        HasStrayed = true;
        _isStopped |= EndsWhereItStrays;
    }

    public static string Cut(string text) => text.Length <= MaxText ? text : text[..MaxText] + "…";

    private static string NewMark() => $"enclave:trace:{RandomNumberGenerator.GetHexString(32, lowercase: true)}";

    private static TimeSpan? Longer(TimeSpan? limit) =>
        limit is { } time ? TimeSpan.FromTicks(Math.Min(TimeSpan.FromHours(24).Ticks, (time.Ticks * 3) + TimeSpan.TicksPerSecond)) : null;

    private void Read(JsonElement[] line)
    {
        string? kind = line is [var first, ..] ? first.GetString() : null;
        int least = kind switch { "n" or "e" => 2, "s" or "a" or "b" => 3, _ => 4 };
        if (line.Length < least) throw new FormatException();
        int number = line[1].GetInt32();
        switch (kind)
        {
            case "s": Add(new TracedStep(number, Known(line[2]), 0, Texts(line[3..]))); break;
            case "r": Add(new TracedStep(number, Known(line[2]), line[3].GetInt32(), Texts(line[4..]))); break;
            case "a": if (StepAt(number) is { } done) done.After = Texts(line[3..]); break;
            case "b": if (StepAt(number) is { } branch) branch.Branch = line[2].GetInt32() != 0; break;
            case "v": if (StepAt(number) is { Parts.Count: < 64 } whole) whole.Parts[line[2].GetInt32()] = line[3].GetString()!; break;
            case "f": if (_failures.Count < MaxFailures) _failures.Add(new TracedFailure(number, Known(line[2]), line[3].GetString()!)); break;
            case "n" or "e": Count = Math.Max(Count, number); break;
        }
    }

    private int Known(JsonElement statement)
    {
        int id = statement.GetInt32();
        return id > 0 && id <= Statements.Length ? id : throw new FormatException();
    }

    private static string?[] Texts(JsonElement[] values) => [.. values.Select((value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null)];

    private void Add(TracedStep step)
    {
        _last = step;
        Count = Math.Max(Count, step.Number);
        if (step.Number == _window.Extra && step.Number < _window.From)
        {
            _extra = step;
            return;
        }

        _steps.Enqueue(step);
        _byNumber[step.Number] = step;
        if (_steps.Count <= MaxSteps) return;
        TracedStep oldest = _steps.Dequeue();
        _byNumber.Remove(oldest.Number);
    }
}
