using Enclave.Tools;

namespace Enclave;

/// <summary>A tool as a class, registered with <see cref="EnclaveBuilder.AddTool{TTool}()"/>.</summary>
/// <typeparam name="TArguments">The type that a call's object is bound to, strictly.</typeparam>
/// <typeparam name="TResult">The type of the result, which the script gets in its JSON form.</typeparam>
/// <example>
/// <code>
/// internal sealed class ListUsers(UserStore users) : ITool&lt;ListUsersArgs, User[]&gt;
/// {
///     public static string Name => "users:list";
///
/// public Task&lt;User[]&gt; CallAsync(ListUsersArgs args, ToolContext context, CancellationToken
/// token) => users.ListAsync(context.Tenant, args.Limit, token); }
/// </code>
/// </example>
public interface ITool<TArguments, TResult> : ITool
{
    /// <summary>Handles one call.</summary>
    /// <param name="arguments">The arguments, bound and checked.</param>
    /// <param name="context">The run that calls: its tenant and its context.</param>
    /// <param name="cancellationToken">Cancelled when the run has ended or the tool's time is over.</param>
    Task<TResult> CallAsync(TArguments arguments, ToolContext context, CancellationToken cancellationToken);

    /// <inheritdoc/>
    static ToolBinding? ITool.Binding => new ToolBinding<TArguments, TResult>();
}
