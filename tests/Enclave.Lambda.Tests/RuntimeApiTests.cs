using System.Diagnostics;
using Enclave.Tests;
using Microsoft.AspNetCore.Http;

namespace Enclave.Lambda.Tests;

/// <summary>The function with a runtime interface that misbehaves, and the built program with one that behaves.</summary>
public sealed class RuntimeApiTests
{
    private static readonly string s_program = Path.Combine(
        Repository.Root, "artifacts", "bin", "Enclave.Lambda", new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Name, "Enclave.Lambda.dll");

    [Theory]
    [InlineData(500, "id", "1", "500")]
    [InlineData(200, null, "1", "without an id")]
    [InlineData(200, "id", null, "without a deadline")]
    [InlineData(200, "id", "soon", "without a deadline")]
    [InlineData(200, "id", "9999999999999999", "without a deadline")]
    public async Task An_answer_that_is_no_invocation_ends_the_conversation(int status, string? id, string? deadline, string words)
    {
        await using FakeLambda lambda = await FakeLambda.StartAsync();
        lambda.Next = (context) =>
        {
            context.Response.StatusCode = status;
            if (id is not null) context.Response.Headers["Lambda-Runtime-Aws-Request-Id"] = id;
            if (deadline is not null) context.Response.Headers["Lambda-Runtime-Deadline-Ms"] = deadline;
            return context.Response.WriteAsync("{}");
        };
        using var api = new RuntimeApi(lambda.Place);

        RuntimeApiException fault = await Assert.ThrowsAsync<RuntimeApiException>(() => api.NextAsync(CancellationToken.None));

        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_above_lambdas_bound_is_not_read()
    {
        await using FakeLambda lambda = await FakeLambda.StartAsync();
        lambda.Next = (context) =>
        {
            context.Response.ContentLength = 1L << 40;
            return context.Response.WriteAsync("{");
        };
        using var api = new RuntimeApi(lambda.Place);

        await Assert.ThrowsAsync<RuntimeApiException>(() => api.NextAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Nobody_there_ends_the_talk()
    {
        string place;
        await using (FakeLambda lambda = await FakeLambda.StartAsync()) place = lambda.Place;
        using var api = new RuntimeApi(place);

        await Assert.ThrowsAsync<RuntimeApiException>(() => api.NextAsync(CancellationToken.None));
    }

    [Fact]
    public async Task The_program_serves_until_lambda_ends_it()
    {
        await using FakeLambda lambda = await FakeLambda.StartAsync();
        using Process function = Start((RuntimeApi.Variable, lambda.Place));

        FakeAnswer answer = await Within.Deadline(lambda.InvokeAsync("""{ "code": "return 6 * 7" }"""), "answer");
        FakeAnswer tool = await Within.Deadline(lambda.InvokeAsync("""{ "code": "await callTool('x', {})" }"""), "answer");
        ProcessTable.Signal(function.Id, 15);

        Assert.Equal((42, "TOOL_ERROR"), (answer.Body.GetProperty("value").GetInt32(), tool.Code));
        await Within.Deadline(function.WaitForExitAsync(), "end of the function");
        Assert.Equal(0, function.ExitCode);
    }

    [Fact]
    public async Task A_machine_without_an_engine_is_told_at_the_start()
    {
        await using FakeLambda lambda = await FakeLambda.StartAsync();
        using Process function = Start((RuntimeApi.Variable, lambda.Place), ("ENCLAVE_ENGINE", "/nowhere"));

        FakeAnswer answer = await Within.Deadline(lambda.InitAsync(), "failure of the start");

        await Within.Deadline(function.WaitForExitAsync(), "end of the function");
        Assert.Equal(("error", "Enclave.NotReady", 1), (answer.Kind, answer.ErrorType, function.ExitCode));
        Assert.Contains("/nowhere", answer.Json.GetProperty("errorMessage").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Started_by_hand_it_says_so()
    {
        using Process function = Start();

        await Within.Deadline(function.WaitForExitAsync(), "end of the function");

        Assert.Equal(2, function.ExitCode);
        Assert.Contains(RuntimeApi.Variable, await function.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
    }

    private static Process Start(params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [s_program]) { RedirectStandardError = true };
        start.Environment.Remove(RuntimeApi.Variable);
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
