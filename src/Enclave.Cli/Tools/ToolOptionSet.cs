using System.CommandLine;
using Enclave.Cli.Commands;
using Enclave.Cli.Processes;

namespace Enclave.Cli.Tools;

/// <summary>The options that name tools, of every command that has them.</summary>
internal sealed class ToolOptionSet
{
    private readonly Option<string[]> _tool = new("--tool")
    {
        Description = "A tool that is a shell command; may be repeated. It gets the arguments as JSON on standard input and answers JSON or text.",
        HelpName = "NAME=COMMAND",
        DefaultValueFactory = (_) => [],
    };

    private readonly Option<string?> _tools = new("--tools") { Description = "A JSON object of tools with fixed answers.", HelpName = "FILE" };

    private readonly Option<string[]> _variables = new("--tool-env")
    {
        Description = $"A variable that the commands of --tool get; may be repeated. Without it they get {string.Join(", ", ChildEnvironment.Usual)} and nothing else.",
        HelpName = "NAME",
        DefaultValueFactory = (_) => [],
    };

    public IEnumerable<Option> All => [_tool, _tools, _variables];

    /// <exception cref="UsageException">A tool has another form, or is defined twice; a variable is not set.</exception>
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
