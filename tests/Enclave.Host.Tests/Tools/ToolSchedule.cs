using System.Globalization;
using System.Text;

namespace Enclave.Host.Tests.Tools;

/// <summary>One random run: some calls of some tools at once, and one way to end. It counts what its tools do in C#.</summary>
internal sealed class ToolSchedule : IDisposable
{
    public enum Ending
    {
        WhenAllSettled,
        WhenOneSettled,
        AtOnce,
        Throwing,
        CancelledByCaller,
        OutOfTime,
    }

    private static readonly string[] s_tools = ["free", "few", "rated", "timed", "turns", "asked"];
    private static readonly string[] s_kinds = ["ok", "later", "fail", "break", "misfit"];
    private static readonly string[] s_timedKinds = [.. s_kinds, "heeds", "ignores"];
    private static readonly string[] s_askedKinds = ["ok", "denied", "unanswered", "break", "misfit"];

    private readonly (string Tool, string Kind)[] _calls;
    private readonly int[] _entered;
    private readonly CancellationTokenSource _cancel = new();
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _cancelAt;
    private int _inside, _ignoring, _starts;

    public ToolSchedule(int seed)
    {
        Seed = seed;
        var random = new Random(seed);
        _calls = [.. Enumerable.Range(0, random.Next(1, 9)).Select((_) => Call(random))];
        _entered = new int[_calls.Length];
        // Events that cost a worker are rare.
        End = random.Next(50) == 0 ? Ending.OutOfTime : (Ending)random.Next((int)Ending.OutOfTime);
        _cancelAt = random.Next(1, _calls.Length + 1);
    }

    public int Seed { get; }

    public Ending End { get; }

    public CancellationToken Token => _cancel.Token;

    public IReadOnlyList<(string Tool, string Kind)> Calls => _calls;

    /// <summary>The number of entries into the tool's body, per call.</summary>
    public IReadOnlyList<int> Entered => _entered;

    /// <summary>Tool bodies that have not ended.</summary>
    public int Inside => Volatile.Read(ref _inside);

    /// <summary>Those of them that ignore their token.</summary>
    public int Ignoring => Volatile.Read(ref _ignoring);

    public string Script()
    {
        var script = new StringBuilder(
            "const out = [], ps = [];\nconst settle = (i, p) => ps.push(p.then((v) => { out.push([i, 'ok', v]) }, (e) => { out.push([i, e.code]) }));\n");
        for (int i = 0; i < _calls.Length; i++)
        {
            string extra = _calls[i].Kind == "misfit" ? ", surprise: 1" : "";
            script.Append(CultureInfo.InvariantCulture, $"settle({i}, callTool('{_calls[i].Tool}', {{ id: {i}, kind: '{_calls[i].Kind}'{extra} }}));\n");
        }

        return script.Append(End switch
        {
            Ending.WhenAllSettled or Ending.CancelledByCaller => "await Promise.all(ps); return out;",
            Ending.WhenOneSettled => "await Promise.race(ps); return out;",
            Ending.AtOnce => "return out;",
            Ending.Throwing => "await Promise.race(ps); throw new Error('end');",
            _ => "await callTool('free', { id: 0, kind: 'waits' }); return out;",
        }).ToString();
    }

    /// <summary>The body of every tool.</summary>
    public async Task<int> RunAsync(int id, string kind, CancellationToken token)
    {
        Interlocked.Increment(ref _inside);
        try
        {
            if (kind != "waits") Interlocked.Increment(ref _entered[id]);
            Started();
            switch (kind)
            {
                case "later":
                    for (int i = 0; i < 3; i++) await Task.Yield();
                    break;
                case "fail": throw new ToolException("as asked") { Code = "E" };
                case "break": throw new InvalidOperationException("as asked");
                case "heeds" or "waits": await Task.Delay(Timeout.Infinite, token); break;
                case "ignores":
                    Interlocked.Increment(ref _ignoring);
                    await _released.Task;
                    Interlocked.Decrement(ref _ignoring);
                    break;
            }

            return id;
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    /// <summary>The decision on a call that needs an approval.</summary>
    public async ValueTask<ToolApproval> DecideAsync(string kind, CancellationToken token)
    {
        Started();
        if (kind == "unanswered") await _released.Task;
        return kind == "denied" || token.IsCancellationRequested ? ToolApproval.Denied() : ToolApproval.Approved;
    }

    /// <summary>Releases those that ignore their token.</summary>
    public void Release() => _released.TrySetResult();

    public void Dispose() => _cancel.Dispose();

    /// <summary>The codes that a call may settle with; "ok" is not one. On a busy machine any time limit may pass.</summary>
    public IReadOnlyCollection<string> Expected(int call)
    {
        (string tool, string kind) = _calls[call];
        if (kind == "misfit") return ["TOOL_INVALID_ARGUMENTS"];
        string own = kind switch
        {
            "ok" or "later" => "ok",
            "fail" => "E",
            "break" => "TOOL_FAILED",
            "denied" => "TOOL_APPROVAL_DENIED",
            "unanswered" => "TOOL_APPROVAL_TIMEOUT",
            _ => "TOOL_TIMEOUT",
        };
        return tool switch
        {
            "few" => [own, "TOOL_MAX_CALLS"],
            "rated" => [own, "TOOL_RATE_LIMITED"],
            "timed" => [own, "TOOL_TIMEOUT"],
            "turns" => [own, "TOOL_TIMEOUT", "TOOL_BUSY"],
            "asked" => [own, "TOOL_APPROVAL_TIMEOUT", "TOOL_APPROVALS_FULL"],
            _ => [own],
        };
    }

    private void Started()
    {
        if (End == Ending.CancelledByCaller && Interlocked.Increment(ref _starts) == _cancelAt) _ = _cancel.CancelAsync();
    }

    private static (string Tool, string Kind) Call(Random random)
    {
        string tool = s_tools[random.Next(s_tools.Length)];
        string[] kinds = tool switch
        {
            "timed" or "turns" => s_timedKinds,
            "asked" => s_askedKinds,
            _ => s_kinds,
        };
        return (tool, kinds[random.Next(kinds.Length)]);
    }
}
