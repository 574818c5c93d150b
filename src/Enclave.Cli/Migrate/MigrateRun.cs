using Enclave.Broker.PostgreSql;
using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Cli.Serve;
using Enclave.Cli.Terminals;
using Npgsql;

namespace Enclave.Cli.Migrate;

/// <summary>Migrates a store once.</summary>
internal sealed class MigrateRun(Terminal terminal)
{
    public async Task<int> RunAsync(string? storeFile, string? ownerFile, CancellationToken signal)
    {
        string store = SharedSecret.Read("--store-file", storeFile, ServeRun.StoreVariable) ?? throw new UsageException($"whose rights are to be given is not known: add --store-file FILE, or set {ServeRun.StoreVariable}.");
        string owner = SharedSecret.Read("--store-owner-file", ownerFile, ServeRun.StoreOwnerVariable) ?? throw new UsageException($"the owner of the schema is not known: add --store-owner-file FILE, or set {ServeRun.StoreOwnerVariable}.");
        try
        {
            int steps = await PostgreSqlSchema.MigrateAsync(owner, RoleOf(store), signal).ConfigureAwait(false);
            terminal.Output.WriteLine(steps == 0 ? "the schema was of this version already" : $"the schema is of this version: {Plural.Of(steps, "step")} taken");
            return ExitCode.Success;
        }
        catch (Exception fault) when (fault is NpgsqlException or InvalidOperationException or TimeoutException)
        {
            terminal.Fail($"the store was not migrated, and nothing of it changed: {fault.Message}");
            return ExitCode.HostFailed;
        }
    }

    /// <summary>What Npgsql says of a string that is none has the string in it, and with it a password.</summary>
    private static string RoleOf(string store)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(store).Username is { Length: > 0 } role ? role : throw new UsageException("--store-file names no user (Username=).");
        }
        catch (ArgumentException)
        {
            throw new UsageException("--store-file has no connection string such as Host=db;Database=enclave;Username=enclave_broker;Password=….");
        }
    }
}
