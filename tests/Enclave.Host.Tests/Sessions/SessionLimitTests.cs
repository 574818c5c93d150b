using System.Globalization;
using Enclave.Tests;

namespace Enclave.Host.Tests.Sessions;

/// <summary>Each counted limit of a session lowers the limit of its run.</summary>
public sealed class SessionLimitTests : IAsyncLifetime
{
    private const string Loops = "for (let i = 0; i < 1000; i++);", Prints = "for (let i = 0; i < 5; i++) console.log('x');";

    private readonly EnclaveHost _host = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_sessions_limit_lowers_the_runs()
    {
        Assert.Equal((ErrorCode.MaxIterations, 10), await LimitOf(Loops, new EnclaveSessionOptions { MaxIterations = 10 }));
        Assert.Equal((ErrorCode.OutputLimit, 3), await LimitOf(Prints, new EnclaveSessionOptions { MaxConsoleCalls = 3 }));
    }

    [Fact]
    public async Task A_sessions_limit_does_not_raise_the_runs()
    {
        var options = new EnclaveSessionOptions { MaxIterations = 100_000, Run = new RunOptions { MaxIterations = 20 } };

        Assert.Equal((ErrorCode.MaxIterations, 20), await LimitOf(Loops, options));
    }

    [Fact]
    public void A_wrong_limit_is_named_with_its_range()
    {
        var options = new EnclaveSessionOptions { MaxToolCalls = -1, MaxIterations = 0, MaxConsoleBytes = 2L << 30 };

        var fault = Assert.Throws<ArgumentException>(() => _host.OpenSession("return 1", options));

        Assert.Equal(
            "MaxToolCalls is -1; its range is 0 to 1000000. MaxIterations is 0; its range is 1 to 1000000000. "
                + "MaxConsoleBytes is 2147483648; its range is 0 to 1073741824 (bytes).",
            fault.Message);
    }

    private async Task<(ErrorCode Code, int Limit)> LimitOf(string code, EnclaveSessionOptions options)
    {
        await using ExecutionSession session = _host.OpenSession(code, options);
        ExecutionError error = (await Within.Deadline(session.Completion, "answer")).Error!;
        return (error.Code, Convert.ToInt32(error.Data!["limit"], CultureInfo.InvariantCulture));
    }
}
