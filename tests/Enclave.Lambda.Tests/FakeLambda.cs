using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Enclave.Lambda.Tests;

/// <summary>Lambda's side of the runtime interface: delivers requests and records the answers.</summary>
internal sealed class FakeLambda : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<(string Id, byte[] Event, DateTimeOffset Deadline)> _requests =
        System.Threading.Channels.Channel.CreateUnbounded<(string, byte[], DateTimeOffset)>();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<FakeAnswer>> _answers = new();
    private int _last;

    private FakeLambda()
    {
        _app = LocalWeb.Builder().Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>Host and port, for AWS_LAMBDA_RUNTIME_API.</summary>
    public string Place => LocalWeb.AddressOf(_app).Authority;

    /// <summary>The response that replaces the next request.</summary>
    public Func<HttpContext, Task>? Next { get; set; }

    public static async Task<FakeLambda> StartAsync()
    {
        var lambda = new FakeLambda();
        await LocalWeb.Start(lambda._app);
        return lambda;
    }

    /// <summary>Sends a request to the function and returns its answer.</summary>
    public Task<FakeAnswer> InvokeAsync(string json, TimeSpan? time = null)
    {
        string id = $"request-{Interlocked.Increment(ref _last)}";
        _requests.Writer.TryWrite((id, Encoding.UTF8.GetBytes(json), TimeProvider.System.GetUtcNow() + (time ?? TimeSpan.FromMinutes(1))));
        return Answer($"invocation/{id}").Task;
    }

    /// <summary>The function's report that it could not start.</summary>
    public Task<FakeAnswer> InitAsync() => Answer("init").Task;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private TaskCompletionSource<FakeAnswer> Answer(string place) =>
        _answers.GetOrAdd(place, (_) => new TaskCompletionSource<FakeAnswer>(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path.Value!;
        const string Root = "/2018-06-01/runtime/";
        Assert.StartsWith(Root, path, StringComparison.Ordinal);
        path = path[Root.Length..];
        if (path == "invocation/next")
        {
            if (Next is { } other)
            {
                await other(context);
                return;
            }

            (string id, byte[] json, DateTimeOffset deadline) = await _requests.Reader.ReadAsync(context.RequestAborted);
            context.Response.Headers["Lambda-Runtime-Aws-Request-Id"] = id;
            context.Response.Headers["Lambda-Runtime-Deadline-Ms"] = deadline.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
            await context.Response.Body.WriteAsync(json);
            return;
        }

        using var reader = new StreamReader(context.Request.Body);
        int kind = path.LastIndexOf('/');
        var answer = new FakeAnswer(
            path[(kind + 1)..], JsonElement.Parse(await reader.ReadToEndAsync()), context.Request.Headers["Lambda-Runtime-Function-Error-Type"]);
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        Answer(path[..kind]).TrySetResult(answer);
    }
}
