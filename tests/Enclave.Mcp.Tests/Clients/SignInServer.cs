using System.Net;
using Enclave.Mcp.Tests.Http;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Authentication;

namespace Enclave.Mcp.Tests.Clients;

/// <summary>An MCP server that wants a sign-in, with an authorization server on a port of its own.</summary>
internal sealed class SignInServer : IAsyncDisposable
{
    private const string Metadata = "/.well-known/oauth-protected-resource/mcp";

    private readonly WebApplication _authorization;
    private McpApp _server = null!;

    private SignInServer(WebApplication authorization) => _authorization = authorization;

    public Uri Address => _server.Address;

    /// <summary>The requests to the authorization server: path and the header <c>X-Key</c>.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>The authorization server that the MCP server names.</summary>
    public string? Named { get; set; }

    /// <summary>How often a person was asked.</summary>
    public int People { get; private set; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public string Issuer => _authorization.Urls.Single();

    public static async Task<SignInServer> StartAsync()
    {
        var server = new SignInServer(LocalWeb.Builder().Build());
        server.MapAuthorization();
        await LocalWeb.Start(server._authorization);
        server._server = await McpApp.StartAsync(hasTokens: true, before: server.MapResource);
        return server;
    }

    /// <summary>The options of a client whose person agrees at once.</summary>
    public ClientOAuthOptions Agreeing(ITokenCache? tokens = null) => new()
    {
        RedirectUri = new Uri("http://127.0.0.1:1/callback"),
        TokenCache = tokens,
        AuthorizationCallbackHandler = async (context, token) =>
        {
            People++;
            using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
            using HttpResponseMessage back = await browser.GetAsync(context.AuthorizationUri, token);
            System.Collections.Specialized.NameValueCollection query = System.Web.HttpUtility.ParseQueryString(back.Headers.Location!.Query);
            return new AuthorizationResult { Code = query["code"]!, State = query["state"] };
        },
    };

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _authorization.DisposeAsync();
    }

    private void MapResource(WebApplication app)
    {
        app.Use(async (context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                if (context.Response.StatusCode == (int)HttpStatusCode.Unauthorized)
                    context.Response.Headers.WWWAuthenticate = $"Bearer resource_metadata=\"http://{context.Request.Host}{Metadata}\"";
                return Task.CompletedTask;
            });
            await next();
        });
        app.MapGet(
            Metadata, (HttpContext context) => Results.Json(
                new { resource = $"http://{context.Request.Host}/mcp", authorization_servers = (string[])[Named ?? Issuer] }));
    }

    private void MapAuthorization()
    {
        _authorization.Use(async (context, next) =>
        {
            lock (Asked) Asked.Add($"{context.Request.Path} {context.Request.Headers["X-Key"]}".TrimEnd());
            await next();
        });
        _authorization.MapGet("/.well-known/oauth-authorization-server", () => Results.Json(new
        {
            issuer = Named ?? Issuer,
            authorization_endpoint = $"{Named ?? Issuer}/authorize",
            token_endpoint = $"{Named ?? Issuer}/token",
            registration_endpoint = $"{Named ?? Issuer}/register",
            response_types_supported = (string[])["code"],
            grant_types_supported = (string[])["authorization_code", "refresh_token"],
            code_challenge_methods_supported = (string[])["S256"],
            token_endpoint_auth_methods_supported = (string[])["none"],
        }));
        _authorization.MapPost("/register", () => Results.Json(
            new { client_id = "client-1", redirect_uris = (string[])["http://127.0.0.1:1/callback"], token_endpoint_auth_method = "none" }, statusCode: 201));
        _authorization.MapGet(
            "/authorize",
            (string redirect_uri, string state) => Results.Redirect($"{redirect_uri}?code=code-1&state={Uri.EscapeDataString(state)}"));
        _authorization.MapPost("/token", () => Results.Json(
            new { access_token = McpApp.AnnsToken, token_type = "Bearer", expires_in = 3600, refresh_token = "refresh-token-of-ann" }));
    }
}
