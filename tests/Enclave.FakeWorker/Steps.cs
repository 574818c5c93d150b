using Enclave.Protocol;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;

namespace Enclave.FakeWorker;

/// <summary>The steps of a fake worker. A step is a name, or a name and an argument after a colon.</summary>
internal static class Steps
{
    private static readonly Dictionary<string, Action<HostPeer, string>> s_steps = new(StringComparer.Ordinal)
    {
        // Manners.
        ["hello"] = static (host, _) => host.Await(FrameType.Hello),
        ["ready"] = static (host, _) => host.Send(Ready(host.Nonce).Write),
        ["ready-claiming"] = static (host, claims) =>
            host.Send((Ready(host.Nonce) with { Capabilities = claims.Split(',', StringSplitOptions.RemoveEmptyEntries) }).Write),
        ["job"] = static (host, _) => host.Await(FrameType.Execute),
        ["cancel"] = static (host, _) => host.Await(FrameType.Cancel),
        ["tool-result"] = static (host, _) => host.Await(FrameType.ToolResult),
        ["value"] = static (host, text) => host.Send((frames) => Value(frames, host.JobId, text)),

        // Lies. Their bytes are in a file: the test that expects the outcome wrote them.
        ["ready-with-another-nonce"] = static (host, _) => host.Send(Ready(new byte[ProtocolLimits.NonceBytes]).Write),
        ["send"] = static (host, file) => host.Send(File.ReadAllBytes(file)),
        ["trickle"] = static (host, file) => Trickle(host, File.ReadAllBytes(file)),
        ["flood"] = static (host, file) => Flood(host, File.ReadAllBytes(file)),
        ["log-megabytes"] = static (_, count) => Log(int.Parse(count)),
        ["log"] = static (_, file) => Console.OpenStandardError().Write(File.ReadAllBytes(file)),

        // Each job's source name is the file to send; what the file is named decides whether the process then ends.
        ["play"] = static (host, _) => Play(host),

        // Ends.
        ["close"] = static (_, _) => HostPeer.CloseOutput(),
        ["exit"] = static (_, code) => Environment.Exit(int.Parse(code)),
        ["signal"] = static (_, signal) => Libc.Die(int.Parse(signal)),
        ["read-on"] = static (host, _) => host.Await((FrameType)255),
        ["sleep"] = static (_, _) => new ManualResetEventSlim().Wait(),
        ["spin"] = static (_, _) => Spin(),
        ["again"] = static (host, steps) => Again(host, steps.Split(',')),
    };

    public static void Do(HostPeer host, string step)
    {
        string[] parts = step.Split(':', 2);
        s_steps[parts[0]](host, parts.Length > 1 ? parts[1] : "");
    }

    private static ReadyMessage Ready(byte[] nonce) => new(nonce, "14.6", "10.0", []);

    private static void Value(FrameBuffer frames, ulong jobId, string text) =>
        ResultMessage.Write(frames, jobId, RunStatus.Value, ScriptValueCodec.Encode(ScriptValue.From(text)), new RunUsage(0, 0, 0, Ready: 1, 0));

    private static void Trickle(HostPeer host, ReadOnlySpan<byte> bytes)
    {
        foreach (byte one in bytes) host.Send([one]);
    }

    private static void Flood(HostPeer host, byte[] bytes)
    {
        while (true) host.Send(bytes);
    }

    private static void Log(int megabytes)
    {
        using Stream log = Console.OpenStandardError();
        byte[] line = new byte[64 * 1024];
        Array.Fill(line, (byte)'x');
        for (int i = 0; i < megabytes * 16; i++) log.Write(line);
    }

    private static void Spin()
    {
        while (true)
        {
        }
    }

    private static void Play(HostPeer host)
    {
        while (true)
        {
            host.Await(FrameType.Execute);
            host.Send(File.ReadAllBytes(host.SourceName));
            if (host.SourceName.EndsWith(".exit", StringComparison.Ordinal)) Environment.Exit(0);
        }
    }

    private static void Again(HostPeer host, string[] steps)
    {
        while (true)
        {
            foreach (string step in steps) Do(host, step);
        }
    }
}
