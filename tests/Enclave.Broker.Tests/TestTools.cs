using System.Numerics;

namespace Enclave.Broker.Tests;

/// <summary>The tools that the recorded scenarios call.</summary>
internal static class TestTools
{
    public static void Add(EnclaveOptions options)
    {
        options.Tools.Add("math:add", static (Sum args, ToolContext _, CancellationToken _) =>
            Task.FromResult(new { sum = args.A + args.B }), new ToolOptions { Description = "Add two numbers" });
        options.Tools.Add(
            "time:sleep",
            static async (Pause args, ToolContext _, CancellationToken cancelled) =>
            {
                await Task.Delay(args.Ms, cancelled);
                return new { slept = args.Ms };
            },
            new ToolOptions { Description = "Sleep" });
        options.Tools.Add("fail:now", static (Nothing _, ToolContext _, CancellationToken _) => Task.FromException<int>(
            new ToolException("tool exploded") { Code = "BOOM" }));
        options.Tools.Add("echo", static (Anything args, ToolContext _, CancellationToken _) => Task.FromResult(args));
        options.Tools.Add("secret:use", static (Nothing _, ToolContext context, CancellationToken _) =>
            Task.FromResult(context.Secrets["API_KEY"].Length), new ToolOptions { Secrets = ["API_KEY"] });
        options.Secrets = SecretSources.Of(static (_, _, _) => default);
        options.Tools.Add("give:big", static (Size args, ToolContext _, CancellationToken _) => Task.FromResult(new string('x', args.N ?? args.Bytes)));
        options.Tools.Add("give:bigint", static (Nothing _, ToolContext _, CancellationToken _) => Task.FromResult(new BigInteger(10)));
        options.Tools.Add("who:am", static (Nothing _, ToolContext context, CancellationToken _) => Task.FromResult(((BrokerRun)context.Context!).Owner));
    }

    private sealed record Sum(double A, double B);

    private sealed record Pause(int Ms);

    private sealed record Size(int Bytes = 0, int? N = null);

    private sealed record Anything(object? Value = null);

    private sealed record Nothing;
}
