using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Runtime.Server;
using Microsoft.AspNetCore.Http;

namespace Enclave.Cluster.Web;

/// <summary>The HTTP server for requesting faults, protected by a token.</summary>
internal sealed class ControlServer : IAsyncDisposable
{
    private const int MaxConnections = 64, MaxBody = 4096;

    private readonly FaultInjector _desk;
    private readonly byte[] _token;
    private LocalServer? _server;

    private ControlServer(FaultInjector faults, string token) => (_desk, _token) = (faults, Encoding.ASCII.GetBytes($"Bearer {token}"));

    public Uri Address => _server!.Address;

    public static async Task<ControlServer> StartAsync(FaultInjector faults, string token, CancellationToken cancellationToken)
    {
        var control = new ControlServer(faults, token);
        control._server = await LocalServer.StartAsync(0, MaxConnections, MaxBody, control.AnswerAsync, cancellationToken).ConfigureAwait(false);
        return control;
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? default;

    private async Task AnswerAsync(HttpContext context)
    {
        // Protects against DNS rebinding: a page whose name was made to lead here sends another Host.
        if (context.Request.Host.Host is not ("127.0.0.1" or "localhost"))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "only 127.0.0.1 and localhost are accepted as Host").ConfigureAwait(false);
            return;
        }

        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(context.Request.Headers.Authorization.ToString()), _token))
        {
            await RefuseAsync(
                context, StatusCodes.Status401Unauthorized, "send Authorization: Bearer with the controlToken that the command printed").ConfigureAwait(false);
            return;
        }

        UnauthenticatedConnections.Admit(context);
        try
        {
            JsonNode answer = await DoAsync(context.Request, context.RequestAborted).ConfigureAwait(false);
            await WriteAsync(context, StatusCodes.Status200OK, answer).ConfigureAwait(false);
        }
        catch (FaultException refused)
        {
            await RefuseAsync(context, refused.Status, refused.Message).ConfigureAwait(false);
        }
        catch (PartException refused)
        {
            await RefuseAsync(context, StatusCodes.Status409Conflict, refused.Message).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone; the fault is carried out all the same.
        }
    }

    private async Task<JsonNode> DoAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        string[] path = (request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (HttpMethods.IsGet(request.Method))
        {
            return path switch
            {
                ["parts"] => _desk.Parts(),
                ["links"] => _desk.Links(),
                _ => throw FaultException.NotFound("no such route; docs/cluster.md lists the routes"),
            };
        }

        if (!HttpMethods.IsPost(request.Method)) throw new FaultException(StatusCodes.Status405MethodNotAllowed, "only GET and POST are supported");
        return path switch
        {
            ["parts", var name, var action] => await _desk.ActAsync(name, action).ConfigureAwait(false),
            ["clocks", var name] => await _desk.StepClockAsync(name, await BodyAsync(request, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false),
            ["links", var name] => _desk.SetLink(name, await BodyAsync(request, cancellationToken).ConfigureAwait(false)),
            _ => throw FaultException.NotFound("no such route; docs/cluster.md lists the routes"),
        };
    }

    private static async Task<JsonObject> BodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonNode.ParseAsync(request.Body, documentOptions: new JsonDocumentOptions { MaxDepth = 4 },
                cancellationToken: cancellationToken).ConfigureAwait(false) as JsonObject ?? throw FaultException.Wrong("the body must be a JSON object");
        }
        catch (JsonException)
        {
            throw FaultException.Wrong("the body must be a JSON object");
        }
        catch (BadHttpRequestException fault)
        {
            throw new FaultException(fault.StatusCode, fault.Message);
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string reason) => WriteAsync(context, status, new JsonObject { ["reason"] = reason });

    private static Task WriteAsync(HttpContext context, int status, JsonNode answer)
    {
        (context.Response.StatusCode, context.Response.ContentType) = (status, "application/json; charset=utf-8");
        return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(answer.ToJsonString(ClusterJson.Plain)), context.RequestAborted).AsTask();
    }
}
