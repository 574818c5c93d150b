using System.Text;
using System.Text.Json;
using Enclave.Tests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Enclave.Client.UnitTests;

/// <summary>One request to a <see cref="ScriptedBroker"/> and its response.</summary>
internal sealed class Exchange(HttpContext context)
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Method { get; } = context.Request.Method;

    public string Path { get; } = context.Request.Path.Value!;

    public IReadOnlyDictionary<string, string> Headers { get; } = context.Request.Headers.ToDictionary(
        (header) => header.Key, (header) => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);

    public string Body { get; private set; } = "";

    /// <summary>The path as it was sent, still escaped.</summary>
    public string Line { get; } = $"{context.Request.Method} {context.Features.Get<IHttpRequestFeature>()!.RawTarget}";

    /// <summary>The method and path, with a star for the session's name.</summary>
    public string Route
    {
        get
        {
            string[] parts = Path.Split('/');
            if (parts is ["", "sessions", not "", ..]) parts[2] = "*";
            return $"{Method} {string.Join('/', parts)}";
        }
    }

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>The requested session, from the body or the path.</summary>
    public string SessionId => Path.Split('/') is ["", "sessions", var id, ..] ? Uri.UnescapeDataString(id) : Json.GetProperty("sessionId").GetString()!;

    /// <summary>Completes when the client has closed the connection.</summary>
    public Task Left => _left.Task;

    public async Task ReadAsync()
    {
        context.RequestAborted.Register(() => _left.TrySetResult());
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        Body = await reader.ReadToEndAsync();
    }

    public async Task AnswerAsync(int status, string body, string type = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.WriteAsync(body);
    }

    public Exchange Header(string name, string value)
    {
        context.Response.Headers[name] = value;
        return this;
    }

    public Exchange Type(string type)
    {
        context.Response.ContentType = type;
        return this;
    }

    public Exchange Status(int status)
    {
        context.Response.StatusCode = status;
        return this;
    }

    /// <summary>Sends lines of a stream, each in its own write.</summary>
    public async Task SendAsync(params string[] lines)
    {
        foreach (string line in lines) await SendRawAsync(Encoding.UTF8.GetBytes($"{line}\n"));
    }

    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes)
    {
        await BeginAsync();
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    /// <summary>Sends the headers.</summary>
    public async Task BeginAsync()
    {
        if (context.Response.HasStarted) return;
        context.Response.ContentType ??= "application/x-ndjson";
        await context.Response.StartAsync();
        await context.Response.Body.FlushAsync();
    }

    /// <summary>Breaks the connection after the sent data.</summary>
    public void Cut()
    {
        // An abort could overtake sent data; an exception in the middle of a response does not.
        if (context.Response.HasStarted) throw new CutException();
        context.Features.Get<IHttpRequestLifetimeFeature>()!.Abort();
    }

    /// <summary>Sends nothing until the client disconnects or the test ends.</summary>
    public Task HoldAsync() => Task.WhenAny(_left.Task, _released.Task);

    public Task UntilAsync(Task gate) => Task.WhenAny(gate, _released.Task);

    public void Release() => _released.TrySetResult();

    public Task LeftAsync() => Within.Deadline(Left, $"end of {Line} by the client");

    private sealed class CutException : Exception;
}
