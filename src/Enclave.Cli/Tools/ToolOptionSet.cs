using System.CommandLine;
using Enclave.Cli.Commands;
using Enclave.Cli.Processes;

namespace Enclave.Cli.Tools;

/// <summary>The options for tools, of every command that has them.</summary>
internal sealed class ToolOptionSet
{
    private readonly Option<string[]> _tool = new("--tool")
    {
        Description = "A tool that is a shell command; may be repeated. It gets the arguments as JSON on standard input and prints JSON or text.",
        HelpName = "NAME=COMMAND",
        DefaultValueFactory = (_) => [],
    };

    private readonly Option<string?> _tools = new("--tools") { Description = "A JSON object of tools with fixed answers.", HelpName = "FILE" };

    private readonly Option<string[]> _variables = new("--tool-env")
    {
        Description =
            $"An environment variable for the commands of --tool; may be repeated. Without it they get only {string.Join(", ", ChildEnvironment.Usual)}.",
        HelpName = "NAME",
        DefaultValueFactory = (_) => [],
    };

    public IEnumerable<Option> All => [_tool, _tools, _variables];

    /// <exception cref="UsageException">A tool is malformed or defined twice; a variable is not set.</exception>
    public ToolBox Read(ParseResult parsed)
    {
        var tools = new ToolBox(parsed.GetValue(_variables)!);
        try
        {
            foreach (string definition in parsed.GetValue(_tool)!) tools.AddCommand(definition);
            if (parsed.GetValue(_tools) is { } answers) tools.AddAnswers(answers);
            return tools;
        }
        catch
        {
            tools.Dispose();
            throw;
        }
    }
}
