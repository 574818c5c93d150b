using Enclave.Mcp.Tests.Clients;
using ModelContextProtocol.Authentication;

namespace Enclave.Mcp.Tests;

/// <summary>The sample of docs/mcp.md: a server that asks for a sign-in.</summary>
public sealed class SignInSample
{
    [Fact]
    public async Task A_person_signs_in_to_a_server()
    {
        await using SignInServer server = await SignInServer.StartAsync();
        ClientOAuthOptions agreeing = server.Agreeing();
        Uri address = server.Address, callback = agreeing.RedirectUri!;
        var tokens = new KeptTokens();
        // sample
        await using McpToolSource crm = await McpToolSource.ConnectAsync(new McpSourceOptions
        {
            Name = "crm",
            Address = address,
            OAuth = new ClientOAuthOptions
            {
                RedirectUri = callback,
                AuthorizationCallbackHandler = (context, token) => askInBrowser(context, token),
                TokenCache = tokens,
            },
        });
        // end

        Assert.Equal(3, crm.Tools.Count);
        Assert.NotNull(tokens.Current);

        Task<AuthorizationResult?> askInBrowser(AuthorizationCallbackContext context, CancellationToken token) =>
            agreeing.AuthorizationCallbackHandler!(context, token);
    }
}
