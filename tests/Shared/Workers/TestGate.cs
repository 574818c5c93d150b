namespace Enclave.Tests;

/// <summary>A tool that holds its callers until the test releases them, so that a test knows that a job is running.</summary>
internal sealed class TestGate
{
    /// <summary>A program that waits at the gate and then returns its argument.</summary>
    public const string Script = "await callTool('gate', {}); return 'through';";

    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly System.Threading.Channels.Channel<int> _arrived = System.Threading.Channels.Channel.CreateUnbounded<int>();

    public bool IsOpen => _open.Task.IsCompleted;

    public void Open() => _open.TrySetResult();

    /// <summary>Counts one more caller, who waits for something else.</summary>
    public void Arrive() => _arrived.Writer.TryWrite(0);

    /// <summary>Waits until one more caller stands at the gate.</summary>
    public Task Arrival(string who = "job at the gate") => Within.Deadline(_arrived.Reader.ReadAsync().AsTask(), who);

    /// <summary>Every other tool returns its arguments.</summary>
    public async ValueTask<object?> Handle(string name, Protocol.ScriptValue args, ToolContext context)
    {
        if (name != "gate") return args;
        Arrive();
        await _open.Task.WaitAsync(context.CancellationToken);
        return null;
    }
}
