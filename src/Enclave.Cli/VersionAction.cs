using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using Enclave.Cli.Commands;
using Enclave.Engine;

namespace Enclave.Cli;

/// <summary>Prints the versions of the product and the engine.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    public static string Product { get; } =
        typeof(VersionAction).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public override int Invoke(ParseResult parseResult)
    {
        string engine = EngineNote.Find()?.V8 is { } v8 ? $"V8 {v8}" : "no engine: enclave doctor shows what is missing";
        parseResult.InvocationConfiguration.Output.WriteLine($"enclave {Product} ({engine})");
        return ExitCode.Success;
    }
}
