using System.CommandLine;
using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Cli.Terminals;

namespace Enclave.Cli.Migrate;

/// <summary>The options of <c>enclave migrate</c>.</summary>
internal static class MigrateCommand
{
    public static Command Create(Terminal terminal, Interrupt interrupt)
    {
        Option<string?> store = new("--store-file")
        {
            Description = "The file with the brokers' connection string; its user gets the brokers' rights. Default: the variable "
                + $"{SharedSecret.StoreVariable}.",
            HelpName = "FILE",
        };
        Option<string?> owner = new("--store-owner-file")
        {
            Description = $"The file with the connection string of the schema's owner. Default: the variable {SharedSecret.StoreOwnerVariable}.",
            HelpName = "FILE",
        };
        var command = new Command("migrate", "Migrates the database of shared sessions to this version's schema.") { store, owner };
        command.SetAction((parsed, _) => new MigrateRun(terminal).RunAsync(parsed.GetValue(store), parsed.GetValue(owner), interrupt.Token));
        HelpExamples.Add(command, "enclave migrate --store-file /run/secrets/store --store-owner-file /run/secrets/store-owner");
        return command;
    }
}
