namespace Enclave.RabbitMq.Tests;

/// <summary>Records the effects of scripts: each call of the tool <c>effect</c>, in order.</summary>
internal sealed class Effects
{
    private readonly List<string> _seen = [];

    public string[] Seen
    {
        get
        {
            lock (_seen) return [.. _seen];
        }
    }

    public void Add(EnclaveOptions options) => options.Tools.Add("effect", (Effect args, ToolContext _, CancellationToken _) =>
    {
        lock (_seen) _seen.Add(args.Name);
        return Task.FromResult(true);
    });

    private sealed record Effect(string Name);
}
