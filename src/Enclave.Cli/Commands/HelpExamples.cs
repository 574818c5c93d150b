using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Enclave.Cli.Commands;

/// <summary>A command's help with examples below it.</summary>
internal sealed class HelpExamples(HelpAction help, Command command, string[] examples) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    /// <summary>Adds examples to the help of one command.</summary>
    public static void Add(Command command, params string[] examples)
    {
        HelpOption? option = command.Options.OfType<HelpOption>().FirstOrDefault();
        if (option is null) command.Options.Add(option = new HelpOption());
        option.Action = new HelpExamples(new HelpAction(), command, examples);
    }

    public override int Invoke(ParseResult parseResult)
    {
        int code = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command != command) return code;
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (string example in examples) output.WriteLine("  " + example);
        output.WriteLine();
        return code;
    }
}
