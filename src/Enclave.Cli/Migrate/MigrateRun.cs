using Enclave.Broker.PostgreSql;
using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Cli.Terminals;
using Npgsql;

namespace Enclave.Cli.Migrate;

/// <summary>Migrates a store once.</summary>
internal sealed class MigrateRun(Terminal terminal)
{
    public async Task<int> RunAsync(string? storeFile, string? ownerFile, CancellationToken signal)
    {
        string store = SharedSecret.Read("--store-file", storeFile, SharedSecret.StoreVariable)
            ?? throw new UsageException($"the brokers' role is unknown: add --store-file FILE, or set {SharedSecret.StoreVariable}.");
        string owner = SharedSecret.Read("--store-owner-file", ownerFile, SharedSecret.StoreOwnerVariable)
            ?? throw new UsageException($"the owner of the schema is unknown: add --store-owner-file FILE, or set {SharedSecret.StoreOwnerVariable}.");
        try
        {
            int steps = await PostgreSqlSchema.MigrateAsync(owner, RoleOf(store), signal).ConfigureAwait(false);
            terminal.Output.WriteLine(
                steps == 0 ? "the schema already has this version" : $"the schema now has this version: {Plural.Of(steps, "step")} applied");
            return ExitCode.Success;
        }
        catch (Exception fault) when (fault is NpgsqlException or InvalidOperationException or TimeoutException)
        {
            terminal.Fail($"the store was not migrated and has not changed: {fault.Message}");
            return ExitCode.HostFailed;
        }
    }

    /// <summary>Npgsql's message about an invalid connection string would quote it, with its password.</summary>
    private static string RoleOf(string store)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(store).Username is { Length: > 0 } role
                ? role
                : throw new UsageException("--store-file names no user (Username=).");
        }
        catch (ArgumentException)
        {
            throw new UsageException("--store-file does not contain a connection string such as Host=db;Database=enclave;Username=enclave_broker;Password=….");
        }
    }
}
