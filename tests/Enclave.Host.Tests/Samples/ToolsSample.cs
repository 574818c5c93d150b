using System.ComponentModel.DataAnnotations;
using Enclave.Protocol;

namespace Enclave.Host.Tests;

/// <summary>The sample of docs/tools.md.</summary>
public sealed class ToolsSample
{
    [Fact]
    public async Task A_registered_tool_is_called_checked_and_approved()
    {
        // sample
        var options = new EnclaveOptions
        {
            OnToolApproval = async (request) => request.ShownArguments is { } shown && await Desk.AskAsync(request.Tool.Name, shown, request.CancellationToken)
                ? ToolApproval.Approved
                : ToolApproval.Denied("ask your administrator"),
        };
        options.Tools
            .Add(
                "users:list",
                async (ListArgs args, ToolContext context, CancellationToken token) => await Users.ListAsync(context.Tenant!, args.Limit, token),
                new ToolOptions { Description = "The tenant's users, newest first.", Timeout = TimeSpan.FromSeconds(2), MaxConcurrency = 8 })
            .Add(
                "users:remove",
                async (RemoveArgs args, ToolContext context, CancellationToken token) => await Users.RemoveAsync(context.Tenant!, args.Id, token),
                new ToolOptions { RequiresApproval = true, MaxCalls = 1, RateLimit = new ToolRateLimit(10, TimeSpan.FromMinutes(1)) });

        await using var enclave = new EnclaveHost(options);
        ExecutionResult result = await enclave.RunAsync(
            """
            const users = await callTool('users:list', { limit: 2 });
            const refused = [];
            try { await callTool('users:list', { limit: '2' }) } catch (e) { refused.push(e.code + ': ' + e.message) }
            try { await callTool('users:remove', { id: users[0].id }) } catch (e) { refused.push(e.code + ': ' + e.message) }
            return { names: users.map((u) => u.name), refused };
            """,
            new RunOptions { Tenant = "acme" });
        // end

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal(
            """{"names":["Ann","Bob"],"refused":["TOOL_INVALID_ARGUMENTS: the arguments of users:list do not fit: """ +
            """$.limit is \"2\"; expected an integer","TOOL_APPROVAL_DENIED: users:remove was not approved: ask your administrator"]}""",
            result.Value.ToJsonString());
    }

    // sample
    internal sealed record ListArgs([Range(1, 100)] int Limit);

    internal sealed record RemoveArgs(int Id);

    internal sealed record User(int Id, string Name);
    // end

    private static class Users
    {
        public static Task<IReadOnlyList<User>> ListAsync(string tenant, int limit, CancellationToken token) =>
            Task.FromResult<IReadOnlyList<User>>([.. new[] { new User(7, "Ann"), new User(5, "Bob"), new User(2, tenant) }.Take(limit)]).WaitAsync(token);

        public static Task<bool> RemoveAsync(string tenant, int id, CancellationToken token) =>
            Task.FromException<bool>(new InvalidOperationException($"{tenant} {id} {token}"));
    }

    private static class Desk
    {
        public static Task<bool> AskAsync(string tool, string arguments, CancellationToken token) =>
            Task.FromResult(tool == "users:list" && arguments == "{}").WaitAsync(token);
    }
}
